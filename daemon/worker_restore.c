/* The worker behind `ayni restore`. */
#include <getopt.h>
#include <stdio.h>

#include "daemon/backup.h"
#include "daemon/clock.h"
#include "daemon/daemon.h"
#include "daemon/federation/federation.h"
#include "daemon/home.h"
#include "daemon/worker_private.h"

static const struct option options[] = {
    { "home", required_argument, NULL, 'h' },
    { "from", required_argument, NULL, 'f' },
    { "alone", no_argument, NULL, 'a' },
    { NULL, 0, NULL, 0 },
};

static bool parse(int argc, char **argv, struct backup_restore *restore)
{
    int option;

    optind = 0;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'h':
            restore->home = optarg;
            break;
        case 'f':
            restore->folder = optarg;
            break;
        case 'a':
            restore->alone = true;
            break;
        default:
            return false;
        }
    }
    return restore->home != NULL && restore->folder != NULL;
}

static bool show_progress(void *context, uint64_t done, uint64_t total)
{
    enum { INTERVAL_MS = 100 };
    uint64_t *shown_ms = context, now = clock_ticks_ms();

    if (now - *shown_ms >= INTERVAL_MS) {
        worker_send_progress(done, total);
        *shown_ms = now;
    }
    return true;
}

/* --- who came back --- */

static void put_node(struct ayni_control_writer *item, struct federation *federation,
                     const struct identity *identity, uint64_t entries, bool waits)
{
    const struct ayni_ticket *ticket = federation_ticket(federation);

    ayni_control_open_object(item, NULL);
    ayni_control_put_node(item, "node", &identity->node);
    ayni_control_put_text(item, "name", federation_node_name(federation));
    if (ticket != NULL)
        ayni_control_put_string(item, "federation", ticket->federation);
    else
        ayni_control_put_null(item, "federation");
    ayni_control_put_int(item, "entries", (int64_t)entries);
    ayni_control_put_bool(item, "waiting", waits && ticket != NULL);
    ayni_control_close(item);
}

static enum ayni_status send_node(struct daemon *daemon, bool waits)
{
    struct ayni_buffer frame = { 0 };
    struct log_space space;
    enum ayni_status status = log_measure(daemon->log, &space);

    if (status != AYNI_OK)
        return status;
    struct ayni_control_writer item = ayni_control_item_begin(&frame);
    put_node(&item, daemon->federation, &daemon->identity, space.entries, waits);
    return worker_send_item(&frame);
}

/* What is needed to say it, and no more: views/ are the daemon's to make. */
static enum ayni_status tell(const struct backup_restore *restore, const struct config *config,
                             struct complaint *complaint)
{
    static struct daemon daemon;
    char why[1024] = "";

    enum ayni_status status = daemon_open_log(&daemon, config, why, sizeof(why));
    if (status == AYNI_OK)
        status = send_node(&daemon, !restore->alone);
    daemon_close(&daemon);
    return status == AYNI_OK ? status : worker_complain(complaint, status, why);
}

int worker_restore(int argc, char **argv)
{
    struct backup_restore restore = { 0 };
    struct config config;
    struct complaint complaint = { 0 };
    uint64_t shown_ms = 0;
    const struct store_listener listener = { &shown_ms, show_progress };

    if (!parse(argc, argv, &restore))
        return worker_send_end(AYNI_E_USAGE, &complaint);
    enum ayni_status status = worker_config(restore.home, &config, &complaint);
    if (status == AYNI_OK)
        status = backup_restore_home(&restore, &listener, &complaint);
    if (status == AYNI_OK)
        status = tell(&restore, &config, &complaint);
    return worker_send_end(status, &complaint);
}
