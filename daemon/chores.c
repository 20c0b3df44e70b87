#include "daemon/chores.h"

#include <stdlib.h>

#include "daemon/bundle/bundles.h"
#include "daemon/daemon.h"
#include "daemon/duty.h"
#include "daemon/federation/copies_watch.h"
#include "daemon/federation/cuts.h"
#include "daemon/federation/federation.h"
#include "daemon/federation/forks.h"
#include "daemon/federation/membership.h"
#include "daemon/federation/space_keys.h"
#include "daemon/net/net.h"
#include "daemon/records/projection/projector.h"
#include "daemon/records/standing.h"
#include "daemon/report.h"

enum { ENDPOINTS_SIZE = 1200, LOOK_MS = 60 * 1000 };

struct chores {
    struct daemon *daemon;
    struct duty duty;
    struct copies_watch copies; /* the thread's */
    bool forks_came;            /* with the projector's batch; in its thread */
};

/* --- when something is due --- */

static void note_due(void *context)
{
    struct chores *chores = context;

    duty_note(&chores->duty);
}

void chores_wake(struct chores *chores)
{
    note_due(chores);
}

static void note_charter(void *context, const struct charter *charter)
{
    (void)charter;
    note_due(context);
}

static enum ayni_status note_forks(void *context, const struct projection_batch *batch)
{
    struct chores *chores = context;

    chores->forks_came = batch->new_forks;
    return AYNI_OK;
}

static void note_projected(void *context, uint64_t position)
{
    struct chores *chores = context;

    (void)position;
    if (chores->forks_came)
        note_due(chores);
}

enum ayni_status chores_new(struct daemon *daemon, struct chores **chores)
{
    struct chores *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->daemon = daemon;
    duty_init(&made->duty);
    struct projection_hook hook = { .project = note_forks,
                                    .committed = note_projected,
                                    .context = made };
    standing_listen(daemon->records.standing, note_charter, made);
    projector_add_hook(daemon->records.projector, &hook);
    net_listen_forks(daemon->net, note_due, made);
    *chores = made;
    return AYNI_OK;
}

/* --- what is done --- */

static enum ayni_status publish_card(struct chores *chores)
{
    struct daemon *daemon = chores->daemon;
    SCOPED_BUFFER card = { 0 };
    char endpoints[ENDPOINTS_SIZE];

    uint64_t serial = 0;

    net_endpoints(daemon->net, endpoints, sizeof(endpoints));
    enum ayni_status status = federation_card(daemon->federation, endpoints, &card);
    if (status == AYNI_OK)
        status = membership_publish_card(&daemon->records, ayni_buffer_bytes(&card), &serial);
    if (status != AYNI_E_CHANGED)
        return status;
    /* Two copies that outbid each other would never end. */
    if (copies_watch_runs_twice(&chores->copies, &daemon->identity.node))
        return AYNI_OK;
    ayni_buffer_clear(&card);
    status = federation_card_above(daemon->federation, endpoints, serial, &card);
    if (status == AYNI_OK)
        status = membership_publish_card(&daemon->records, ayni_buffer_bytes(&card), &serial);
    return status == AYNI_E_CHANGED ? AYNI_OK : status;
}

static void tell_net(void *net, const struct ayni_feed *feed)
{
    net_tell_fork(net, feed);
}

static bool log_failure(const char *chore, enum ayni_status status)
{
    if (status == AYNI_OK || status == AYNI_E_STOPPED)
        return false;
    report(REPORT_WARNING, "chore_failed", "chore=%s reason=%s", chore, ayni_status_name(status));
    return true;
}

static void say_cleared(const char *store, enum ayni_status status, unsigned cleared)
{
    if (status != AYNI_OK)
        report(REPORT_WARNING, "readers_not_checked", "store=%s reason=%s", store,
               ayni_status_name(status));
    else if (cleared > 0)
        report(REPORT_WARNING, "dead_readers_cleared", "store=%s count=%u", store, cleared);
}

/* Who looks into a store from outside and dies there would keep it from using its pages again. */
static void clear_readers(struct daemon *daemon)
{
    unsigned cleared;
    enum ayni_status status = log_clear_readers(daemon->log, &cleared);

    say_cleared("log", status, cleared);
    status = views_clear_readers(daemon->views, &cleared);
    say_cleared("views", status, cleared);
}

/* True where it is to be tried again. */
static bool do_all(struct chores *chores)
{
    struct daemon *daemon = chores->daemon;
    bool failed = log_failure("card", publish_card(chores));

    failed |= log_failure("cuts", cuts_give(&daemon->records));
    failed |= log_failure("keys", space_keys_tend(daemon->space_keys));
    failed |= log_failure("forks", forks_tend(&daemon->records, tell_net, daemon->net));
    failed |= log_failure("bundles", bundles_resume(daemon->bundles));
    return failed;
}

static void *run(void *context)
{
    struct chores *chores = context;
    bool failed = false;

    while (duty_wait(&chores->duty, LOOK_MS)) {
        bool due = duty_take(&chores->duty);
        clear_readers(chores->daemon);
        (void)log_failure("copies", copies_watch_look(&chores->copies, chores->daemon->log));
        if (due || failed)
            failed = do_all(chores);
    }
    return NULL;
}

enum ayni_status chores_start(struct chores *chores)
{
    return duty_start(&chores->duty, "chores", run, chores);
}

void chores_stop(struct chores *chores)
{
    if (chores != NULL)
        duty_stop(&chores->duty);
}

void chores_free(struct chores *chores)
{
    if (chores == NULL)
        return;
    chores_stop(chores);
    copies_watch_done(&chores->copies);
    duty_done(&chores->duty);
    free(chores);
}
