#include "daemon/eraser.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/backup.h"
#include "daemon/bundle/bundles.h"
#include "daemon/clock.h"
#include "daemon/daemon.h"
#include "daemon/duty.h"
#include "daemon/federation/receipts.h"
#include "daemon/records/erasure/erase_late.h"
#include "daemon/records/erasure/scrub.h"
#include "daemon/records/projection/projector.h"
#include "daemon/records/standing.h"
#include "daemon/records/tables.h"
#include "daemon/report.h"
#include "daemon/store/room.h"

enum {
    GATHER_MS = 200,       /* what comes within that is confirmed together */
    LATE_MS = 5 * 1000,    /* left to its writer's node; then the owner's names it */
    RETRY_MS = 60 * 1000,  /* after a failure */
    BUSY_MS = 5 * 1000,    /* while somebody else is at the stores */
    ROOM_MS = 2 * 1000,    /* while there is no room to compact */
    IDLE_MS = 3600 * 1000, /* looked at again in any case */
    DAY_MS = 24 * 60 * 60 * 1000,
};

/* What is to be done first, and what there is to do: due where it gets more or less. */
enum { WATCHED_COUNT = 3 };
static const size_t watched[WATCHED_COUNT] = { RECORDS_TABLE_LATE, RECORDS_TABLE_DROPS,
                                               RECORDS_TABLE_TASKS };
struct watch {
    uint64_t rows[WATCHED_COUNT];
    bool owed; /* receipts came to be owed */
};

struct eraser {
    struct daemon *daemon;
    struct duty duty;
    uint64_t late_since_ms; /* the thread's own: since when others were waited for; 0: nobody */
    struct watch before;    /* the projector's: after its last batch */
    struct watch now;       /* with the one that it is at */
    _Atomic uint64_t room_needed;
};

/* --- when something is due --- */

void eraser_wake(struct eraser *eraser)
{
    if (eraser != NULL)
        duty_note(&eraser->duty);
}

static void note_charter(void *context, const struct charter *charter)
{
    (void)charter;
    eraser_wake(context);
}

static enum ayni_status note_batch(void *context, const struct projection_batch *batch)
{
    struct views_snapshot *views = views_txn_snapshot(batch->views);
    struct eraser *eraser = context;
    enum ayni_status status = AYNI_OK;

    eraser->now.owed = batch->new_owed;
    for (size_t i = 0; status == AYNI_OK && i < WATCHED_COUNT; i++)
        status = views_count(views, watched[i], &eraser->now.rows[i]);
    return status;
}

static void note_projected(void *context, uint64_t position)
{
    struct eraser *eraser = context;

    (void)position;
    if (eraser->now.owed ||
        memcmp(eraser->now.rows, eraser->before.rows, sizeof(eraser->now.rows)) != 0)
        eraser_wake(eraser);
    eraser->before = eraser->now;
}

enum ayni_status eraser_new(struct daemon *daemon, struct eraser **eraser)
{
    struct eraser *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->daemon = daemon;
    duty_init(&made->duty);
    struct projection_hook hook = { .project = note_batch,
                                    .committed = note_projected,
                                    .context = made };
    standing_listen(daemon->records.standing, note_charter, made);
    projector_add_hook(daemon->records.projector, &hook);
    *eraser = made;
    return AYNI_OK;
}

/* --- what is done --- */

static uint64_t soonest(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* What its writer's node doesn't name within a while the owner's does. */
static enum ayni_status name_late(struct eraser *eraser, uint64_t *wait_ms)
{
    uint64_t now_ms = clock_ticks_ms();
    bool all = eraser->late_since_ms != 0 && now_ms - eraser->late_since_ms >= LATE_MS;
    bool waiting = false;
    enum ayni_status status = erase_name_late(&eraser->daemon->records, all, &waiting);

    if (!waiting)
        eraser->late_since_ms = 0;
    else if (eraser->late_since_ms == 0)
        eraser->late_since_ms = now_ms;
    if (waiting)
        *wait_ms = soonest(*wait_ms, LATE_MS);
    return status;
}

/* A moment at the beginning of a setting; 0 where there is none. */
static uint64_t read_setting(struct daemon *daemon, const char *name)
{
    SCOPED_BUFFER value = { 0 };
    struct log_snapshot *log;
    uint64_t number = 0;

    if (log_snapshot_begin(daemon->log, &log) != AYNI_OK)
        return 0;
    if (log_get_setting(log, name, &value) == AYNI_OK && value.size >= 8)
        number = ayni_get_u64(value.data);
    log_snapshot_end(log);
    return number;
}

/* The first one that was begun, as far as backups are kept. */
static struct receipts_backup oldest_backup(struct daemon *daemon)
{
    uint64_t first_ms = read_setting(daemon, BACKUP_FIRST_SETTING);
    uint64_t last_ms = read_setting(daemon, BACKUP_LAST_SETTING);
    uint64_t kept_ms = daemon->config.backups_kept_ms;
    uint64_t now_ms = clock_now().ms;
    uint64_t oldest_ms = kept_ms == 0 || kept_ms > now_ms ? 0 : now_ms - kept_ms;

    if (last_ms < first_ms)
        last_ms = first_ms; /* this home was made of it, or it wasn't finished */
    return (struct receipts_backup){
        .exists = first_ms != 0 && last_ms >= oldest_ms,
        .day = (int64_t)((first_ms > oldest_ms ? first_ms : oldest_ms) / DAY_MS),
    };
}

static bool go_on(void *context, uint64_t done, uint64_t total)
{
    struct eraser *eraser = context;

    (void)done;
    (void)total;
    return !duty_ends(&eraser->duty);
}

uint64_t eraser_room_needed(const struct eraser *eraser)
{
    return eraser->room_needed;
}

/* It isn't tried in vain. */
static bool has_room(const struct eraser *eraser)
{
    struct room_measures measures;

    if (eraser->room_needed == 0)
        return true;
    room_measure(eraser->daemon->room, &measures);
    return measures.free_bytes >= eraser->room_needed;
}

static enum ayni_status scrub(struct eraser *eraser)
{
    const struct store_listener listener = { eraser, go_on };
    struct scrub_result result;
    enum ayni_status status = scrub_run(&eraser->daemon->records, &listener, &result);

    if (status == AYNI_E_FULL)
        eraser->room_needed = result.failed.room_bytes;
    if (status == AYNI_OK)
        report(REPORT_INFO, "scrubbed", "log_bytes=%llu views_bytes=%llu",
               (unsigned long long)result.log.bytes_after,
               (unsigned long long)result.views.bytes_after);
    return status;
}

static enum ayni_status give(struct eraser *eraser, struct receipts_left *left)
{
    struct daemon *daemon = eraser->daemon;
    SCOPED_BUFFER waiting = { 0 };
    enum ayni_status status = bundles_waiting_spaces(daemon->bundles, &waiting);
    struct receipts_elsewhere elsewhere = { oldest_backup(daemon), ayni_buffer_bytes(&waiting) };

    if (status == AYNI_OK)
        status = receipts_give(&daemon->records, &elsewhere, left);
    if (status == AYNI_OK && left->since.ms == 0)
        eraser->room_needed = 0;
    return status;
}

/* How long until what was dropped then is to be scrubbed; 0: now. */
static uint64_t time_left(const struct eraser *eraser, struct ayni_instant since)
{
    uint64_t within_ms = eraser->daemon->config.scrub_after_ms;
    uint64_t now_ms = clock_now().ms;
    uint64_t waited_ms = now_ms > since.ms ? now_ms - since.ms : 0;

    return waited_ms < within_ms ? within_ms - waited_ms : 0;
}

static enum ayni_status confirm(struct eraser *eraser, uint64_t *wait_ms)
{
    SCOPED_RECEIPTS_LEFT left = { 0 };
    enum ayni_status status = give(eraser, &left);

    if (status != AYNI_OK || left.since.ms == 0)
        return status;
    uint64_t left_ms = time_left(eraser, left.since);
    if (left_ms == 0 && !has_room(eraser))
        left_ms = ROOM_MS;
    if (left_ms > 0) {
        *wait_ms = soonest(*wait_ms, left_ms);
        return AYNI_OK;
    }
    status = bundles_give_up(eraser->daemon->bundles, ayni_buffer_bytes(&left.spaces));
    if (status == AYNI_OK)
        status = scrub(eraser);
    if (status == AYNI_E_FULL)
        *wait_ms = soonest(*wait_ms, ROOM_MS);
    return status == AYNI_OK ? give(eraser, &left) : status;
}

static uint64_t retry_after(const char *what, enum ayni_status status)
{
    switch (status) {
    case AYNI_OK:
    case AYNI_E_STOPPED:
    case AYNI_E_RIGHT: /* until the registry says otherwise */
        return IDLE_MS;
    case AYNI_E_CHANGED: /* views/ is being made anew */
    case AYNI_E_BUSY:    /* a copy is being made */
        return BUSY_MS;
    default:
        report(REPORT_WARNING, "erasing_failed", "what=%s reason=%s", what,
               ayni_status_name(status));
        return RETRY_MS;
    }
}

/* How long until it is to be looked at again. */
static uint64_t do_all(struct eraser *eraser)
{
    uint64_t wait_ms = IDLE_MS;
    uint64_t late_ms = retry_after("late", name_late(eraser, &wait_ms));
    uint64_t receipts_ms = retry_after("receipts", confirm(eraser, &wait_ms));

    return soonest(wait_ms, soonest(late_ms, receipts_ms));
}

/* --- the thread --- */

static void *run(void *context)
{
    struct eraser *eraser = context;
    uint64_t wait_ms = 0;

    while (duty_wait(&eraser->duty, wait_ms) && duty_pause(&eraser->duty, GATHER_MS)) {
        (void)duty_take(&eraser->duty); /* what hasn't changed may be due by now */
        wait_ms = do_all(eraser);
    }
    return NULL;
}

enum ayni_status eraser_start(struct eraser *eraser)
{
    return duty_start(&eraser->duty, "eraser", run, eraser);
}

void eraser_stop(struct eraser *eraser)
{
    if (eraser != NULL)
        duty_stop(&eraser->duty);
}

void eraser_free(struct eraser *eraser)
{
    if (eraser == NULL)
        return;
    eraser_stop(eraser);
    duty_done(&eraser->duty);
    free(eraser);
}
