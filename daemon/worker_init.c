/* The worker behind `ayni init`. */
#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/federation/federation.h"
#include "daemon/federation/founding.h"
#include "daemon/folder.h"
#include "daemon/worker_private.h"

enum { WHY_SIZE = 1024 };

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
        return worker_complain(complaint, status, why);
    return status;
}

/* Nothing is begun before it answers AYNI_OK. */
static enum ayni_status check(const struct init *init, const char *root_key_path,
                              struct complaint *complaint)
{
    if (!ayni_name_valid(ayni_bytes_of_text(init->name)))
        return complain(complaint, AYNI_E_INVALID,
                        N_("--name: a name is one line of 1 to 120 bytes"), NULL);
    if (init->steering && !ayni_name_valid(ayni_bytes_of_text(init->federation)))
        return complain(complaint, AYNI_E_INVALID,
                        N_("--federation: a name is one line of 1 to 120 bytes"), NULL);
    if (init->steering && access(root_key_path, F_OK) == 0)
        return complain(complaint, AYNI_E_EXISTS, N_("{} is there already, of another federation"),
                        root_key_path, NULL);
    return AYNI_OK;
}

/* With the folder it is in. */
static enum ayni_status make_key(const struct init *init, struct complaint *complaint)
{
    char why[WHY_SIZE] = "";

    if (!folder_make_home(init->home))
        return complain(complaint, AYNI_E_IO, N_("{}: the folder can't be made: {}"), init->home,
                        strerror(errno), NULL);
    enum ayni_status status = identity_make(init->home, why, sizeof(why));
    if (status == AYNI_E_EXISTS) {
        complain_hint(complaint, N_("another one is made with --home DIR"), NULL);
        return complain(complaint, AYNI_E_EXISTS, N_("{} is a home already"), init->home, NULL);
    }
    return status == AYNI_OK ? AYNI_OK : worker_complain(complaint, status, why);
}

/* All that a home has behind its key. */
static enum ayni_status fill_home(const struct init *init, const struct config *config,
                                  struct daemon *daemon, const char *root_key_path,
                                  struct complaint *complaint)
{
    char why[WHY_SIZE] = "";
    enum ayni_status status = daemon_open(daemon, config, false, why, sizeof(why));

    if (status == AYNI_OK)
        status = federation_name_node(daemon->federation, init->name, local_user());
    if (status != AYNI_OK)
        return worker_complain(complaint, status, why);
    return init->steering ? found(daemon, init, root_key_path, complaint) : AYNI_OK;
}

static enum ayni_status make_home(const struct init *init, struct daemon *daemon,
                                  const char *root_key_path, struct complaint *complaint)
{
    struct config config;
    enum ayni_status status = worker_config(init->home, &config, complaint);

    if (status == AYNI_OK)
        status = check(init, root_key_path, complaint);
    if (status == AYNI_OK)
        status = make_key(init, complaint);
    if (status != AYNI_OK)
        return status;
    status = fill_home(init, &config, daemon, root_key_path, complaint);
    if (status != AYNI_OK)
        complain_hint(complaint, N_("the home isn't complete: delete {} before you try it again"),
                      init->home, NULL);
    return status;
}

int worker_init(int argc, char **argv)
{
    static struct daemon daemon;
    struct init init = { 0 };
    struct complaint complaint = { 0 };
    struct ayni_buffer frame = { 0 };
    char root_key_path[CONFIG_TEXT_MAX + 16];

    if (!parse_init(argc, argv, &init))
        return worker_send_end(AYNI_E_USAGE, &complaint);
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
        status = worker_send_item(&frame);
    }
    daemon_close(&daemon);
    return worker_send_end(status, &complaint);
}
