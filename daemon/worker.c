#include "daemon/worker.h"

#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/control/error.h"
#include "daemon/daemon.h"
#include "daemon/federation/federation.h"
#include "daemon/federation/founding.h"
#include "daemon/report.h"

enum { WHY_SIZE = 1024 };

/* --- frames on standard output --- */

static int send_frame(struct ayni_buffer *frame)
{
    bool sent = frame->size > 0 && fwrite(frame->data, 1, frame->size, stdout) == frame->size &&
                fflush(stdout) == 0;

    ayni_buffer_free(frame);
    return sent ? 0 : 5;
}

static enum ayni_status send_item(struct ayni_buffer *frame)
{
    enum ayni_status status = ayni_control_frame_finish(frame);

    if (status != AYNI_OK) {
        ayni_buffer_free(frame);
        return status;
    }
    return send_frame(frame) == 0 ? AYNI_OK : AYNI_E_IO;
}

static int send_end(enum ayni_status status, const struct complaint *complaint)
{
    struct ayni_buffer frame = { 0 };
    SCOPED_BUFFER error = { 0 };

    if (status != AYNI_OK) {
        struct ayni_control_writer writer = ayni_control_writer(&error);
        control_error_put(&writer, status, complaint);
    }
    if (ayni_control_end_frame(&frame, status, ayni_buffer_bytes(&error)) != AYNI_OK)
        return 5;
    return send_frame(&frame);
}

/* --- init --- */

struct init {
    const char *home, *name, *federation;
    bool steering;
};

static const struct option init_options[] = {
    { "home", required_argument, NULL, 'h' },
    { "name", required_argument, NULL, 'n' },
    { "steering", no_argument, NULL, 's' },
    { "federation", required_argument, NULL, 'f' },
    { NULL, 0, NULL, 0 },
};

static bool parse_init(int argc, char **argv, struct init *init)
{
    int option;

    optind = 0;
    while ((option = getopt_long(argc, argv, "", init_options, NULL)) != -1) {
        switch (option) {
        case 'h':
            init->home = optarg;
            break;
        case 'n':
            init->name = optarg;
            break;
        case 's':
            init->steering = true;
            break;
        case 'f':
            init->federation = optarg;
            break;
        default:
            return false;
        }
    }
    return init->home != NULL && init->name != NULL && init->steering == (init->federation != NULL);
}

/* The folder and those above it, for this user alone. */
static enum ayni_status make_folders(const char *home)
{
    char path[CONFIG_TEXT_MAX];

    if (snprintf(path, sizeof(path), "%s", home) >= (int)sizeof(path))
        return AYNI_E_LIMIT;
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return AYNI_E_IO;
        *slash = '/';
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST ? AYNI_OK : AYNI_E_IO;
}

static const char *local_user(void)
{
    const struct passwd *user = getpwuid(getuid());

    return user != NULL ? user->pw_name : "root";
}

static enum ayni_status found(struct daemon *daemon, const struct init *init,
                              const char *root_key_path, struct complaint *complaint)
{
    char why[WHY_SIZE] = "";
    struct founding founding = {
        .federation = init->federation,
        .steward = local_user(),
        .root_key_path = root_key_path,
    };

    enum ayni_status status = founding_run(&founding, &daemon->identity, daemon->federation,
                                           &daemon->records, why, sizeof(why));
    if (status != AYNI_OK && why[0] != '\0')
        return complain(complaint, status, "{}", why, NULL);
    return status;
}

static enum ayni_status make_home(const struct init *init, struct daemon *daemon,
                                  const char *root_key_path, struct complaint *complaint)
{
    struct config config;
    char why[WHY_SIZE] = "";

    config_init(&config);
    snprintf(config.home, sizeof(config.home), "%s", init->home);
    if (!ayni_name_valid(ayni_bytes_of_text(init->name)))
        return complain(complaint, AYNI_E_INVALID,
                        N_("--name: a name is one line of 1 to 120 bytes"), NULL);
    if (init->steering && !ayni_name_valid(ayni_bytes_of_text(init->federation)))
        return complain(complaint, AYNI_E_INVALID,
                        N_("--federation: a name is one line of 1 to 120 bytes"), NULL);
    if (make_folders(init->home) != AYNI_OK)
        return complain(complaint, AYNI_E_IO, N_("{}: the folder can't be made: {}"), init->home,
                        strerror(errno), NULL);
    enum ayni_status status = identity_make(init->home, why, sizeof(why));
    if (status == AYNI_E_EXISTS) {
        status = complain(complaint, AYNI_E_RIGHT, N_("{} is a home already"), init->home, NULL);
        complain_hint(complaint, N_("another one is made with --home DIR"), NULL);
        return status;
    }
    if (status == AYNI_OK)
        status = daemon_open(daemon, &config, false, why, sizeof(why));
    if (status == AYNI_OK)
        status = federation_name_node(daemon->federation, init->name, local_user());
    if (status != AYNI_OK)
        return complain(complaint, status, "{}", why[0] != '\0' ? why : ayni_status_name(status),
                        NULL);
    return init->steering ? found(daemon, init, root_key_path, complaint) : AYNI_OK;
}

static int run_init(int argc, char **argv)
{
    static struct daemon daemon;
    struct init init = { 0 };
    struct complaint complaint = { 0 };
    struct ayni_buffer frame = { 0 };
    char root_key_path[CONFIG_TEXT_MAX + 16];

    if (!parse_init(argc, argv, &init))
        return send_end(AYNI_E_USAGE, &complaint);
    snprintf(root_key_path, sizeof(root_key_path), "%s/root.key", init.home);
    enum ayni_status status = make_home(&init, &daemon, root_key_path, &complaint);
    if (status == AYNI_OK) {
        struct ayni_control_writer item = ayni_control_item_begin(&frame);
        ayni_control_open_object(&item, NULL);
        ayni_control_put_node(&item, "node", &daemon.identity.node);
        ayni_control_put_text(&item, "name", init.name);
        if (init.steering) {
            ayni_control_put_text(&item, "federation", init.federation);
            ayni_control_put_text(&item, "root_key_file", root_key_path);
        } else {
            ayni_control_put_null(&item, "federation");
        }
        ayni_control_close(&item);
        status = send_item(&frame);
    }
    daemon_close(&daemon);
    return send_end(status, &complaint);
}

int worker_run(const char *name, int argc, char **argv)
{
    /* getopt reads from argv[1] on; the slot before the first argument is the worker's name. */
    argc++;
    argv--;
    report_set_level(REPORT_WARNING);
    if (strcmp(name, "init") == 0)
        return run_init(argc, argv);
    fprintf(stderr, "aynid: there is no worker %s\n", name);
    return 2;
}
