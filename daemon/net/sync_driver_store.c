/* What goes into the log because a peer sent it, and what the log has taken. */
#include <inttypes.h>

#include "daemon/net/meets.h"
#include "daemon/net/sync_driver_private.h"
#include "daemon/records/author.h"
#include "daemon/records/charter.h"
#include "daemon/report.h"
#include "proto/registry.h"

/* --- heads --- */

static void tell_head(struct sync_driver *driver, const struct log_segment *segment,
                      uint64_t before)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_HEAD };

    event.head = (struct ayni_sync_head){
        .feed = segment->id,
        .descriptor = segment->descriptor,
        .branch = !ayni_id_equal(&segment->id, &segment->feed),
        .start = segment->start.seq,
        .seq = segment->head.seq,
        .chain = segment->head.chain,
        .arrival = segment->arrival,
        .before = before,
        .ended = segment->ended,
    };
    sync_driver_handle(driver, &event);
}

/* It grew since the engine was told of it last, or it is new. */
static bool tell_segment(void *context, const struct log_segment *segment)
{
    tell_head(context, segment, 0);
    return true;
}

struct moved {
    struct sync_driver *driver;
    struct log_snapshot *snapshot;
};

static bool stop_at(void *context, const struct log_arrival *arrival)
{
    *(struct log_arrival *)context = *arrival;
    return false;
}

/* Where the segment ended before its newest entries came; its head where nobody will ask any more,
 * since that was long ago. */
static uint64_t seq_before(const struct moved *moved, const struct log_segment *segment)
{
    enum { NEW_ARRIVALS = 4096 };
    struct log_arrival arrival = { 0 };

    if (moved->driver->told_arrival - segment->arrival >= NEW_ARRIVALS ||
        log_each_arrival(moved->snapshot, segment->arrival, stop_at, &arrival) != AYNI_OK)
        return segment->head.seq;
    bool is_newest = arrival.no == segment->arrival && arrival.feed == segment->no &&
                     arrival.to == segment->head.seq && arrival.from > segment->start.seq;
    return is_newest ? arrival.from - 1 : segment->head.seq;
}

static bool tell_at_start(void *context, const struct log_segment *segment)
{
    const struct moved *moved = context;

    tell_head(moved->driver, segment, seq_before(moved, segment));
    return true;
}

enum ayni_status sync_driver_tell_all(struct sync_driver *driver, struct log_snapshot *snapshot)
{
    struct moved moved = { driver, snapshot };

    driver->told_arrival = log_last_arrival(snapshot);
    return log_each_segment(snapshot, tell_at_start, &moved);
}

/* What has grown of a forked feed, and what has become known by that, is among its segments. */
static bool tell_arrival(void *context, const struct log_arrival *arrival)
{
    struct moved *moved = context;
    struct log_feed feed;
    enum ayni_status status;

    moved->driver->told_arrival = arrival->no;
    status = log_get_feed(moved->snapshot, arrival->feed, &feed);
    /* A feed that moved several times is told once, with its last arrival. */
    if (status == AYNI_OK && feed.arrival == arrival->no)
        status = log_each_segment_of(moved->snapshot, &feed.id, tell_segment, moved->driver);
    if (status != AYNI_OK)
        report(REPORT_ERROR, "head_not_read", "reason=%s", ayni_status_name(status));
    return true;
}

/* Tell the heads that moved since the last time, in the order in which they came. */
void sync_driver_tell_moved(struct sync_driver *driver)
{
    struct log_snapshot *snapshot;

    if (log_snapshot_begin(driver->options.log, &snapshot) != AYNI_OK)
        return;
    struct moved moved = { driver, snapshot };
    enum ayni_status status =
        log_each_arrival(snapshot, driver->told_arrival + 1, tell_arrival, &moved);
    log_snapshot_end(snapshot);
    if (status != AYNI_OK)
        report(REPORT_ERROR, "journal_not_read", "reason=%s", ayni_status_name(status));
}

/* --- who holds what --- */

static void note_meet(const struct sync_driver *driver, const struct ayni_node *peer,
                      const struct ayni_space *space, struct ayni_buffer *meets)
{
    struct meet meet = { *space, driver->told_arrival };
    struct ayni_sync_lag lag;

    if (ayni_sync_get_lag(driver->engine, peer, space, &lag) == AYNI_OK && lag.in_sync)
        ayni_buffer_append(meets, &meet, sizeof(meet));
}

void sync_driver_meets(const struct sync_driver *driver, const struct ayni_node *peer,
                       struct ayni_buffer *meets)
{
    size_t count;

    if (driver->charter == NULL)
        return;
    const struct ayni_space_info *spaces = ayni_registry_spaces(driver->charter->registry, &count);
    note_meet(driver, peer, &driver->charter->registry_space, meets);
    for (size_t i = 0; i < count; i++)
        note_meet(driver, peer, &spaces[i].id, meets);
}

/* --- what the engine asks to store --- */

static void refuse(struct sync_driver *driver, uint64_t number, enum ayni_status status)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_REFUSED };

    event.store = number;
    event.status = status;
    sync_driver_handle(driver, &event);
}

static bool is_breach(enum ayni_status status)
{
    return status == AYNI_E_SIGNATURE || status == AYNI_E_MALFORMED || status == AYNI_E_INVALID ||
           status == AYNI_E_LIMIT;
}

static enum ayni_status take(struct sync_driver *driver, const struct ayni_sync_action *action)
{
    switch (action->type) {
    case AYNI_SYNC_FILL:
        return intake_take_payloads(driver->intake, &action->store);
    case AYNI_SYNC_FORK:
        return intake_take_fork(driver->intake, &action->store);
    default:
        return intake_take(driver->intake, &action->store);
    }
}

void sync_driver_store(struct sync_driver *driver, const struct ayni_sync_action *action)
{
    const struct ayni_sync_store *batch = &action->store;
    char node[AYNI_NODE_TEXT_SIZE];
    enum ayni_status status = charter_check_author(driver->charter, &batch->descriptor);

    if (status == AYNI_OK)
        status = take(driver, action);
    if (status == AYNI_OK)
        return;
    if (is_breach(status)) {
        ayni_node_text(&action->peer, node);
        report(REPORT_WARNING, "runs_refused", "reason=%s peer=%.8s from=%" PRIu64,
               ayni_status_name(status), node, batch->from);
    }
    refuse(driver, batch->number, status);
}

enum ayni_status sync_driver_own_came(void *context, const struct ayni_feed *feed,
                                      const struct ayni_feed_descriptor *descriptor)
{
    struct sync_driver *driver = context;

    return author_meet(driver->options.author, feed, descriptor);
}

/* That a feed has forked is in no journal. */
void sync_driver_tell_fork(struct sync_driver *driver, const struct ayni_feed *id)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    enum ayni_status status = log_snapshot_begin(driver->options.log, &snapshot);

    if (status == AYNI_OK)
        status = log_each_segment_of(snapshot, id, tell_segment, driver);
    if (status != AYNI_OK)
        report(REPORT_ERROR, "head_not_read", "reason=%s", ayni_status_name(status));
}

void sync_driver_tell_finished(struct sync_driver *driver)
{
    struct intake_result result;

    while (intake_next(driver->intake, &result)) {
        bool stored = result.status == AYNI_OK;
        struct ayni_sync_event event = { .type = stored ? AYNI_SYNC_STORED : AYNI_SYNC_REFUSED };
        event.store = result.number;
        event.status = result.status;
        sync_driver_tell_moved(driver); /* its heads come first */
        if (stored && result.is_fork) {
            sync_driver_tell_fork(driver, &result.feed);
            driver->options.fork_found(driver->options.fork_context);
        }
        sync_driver_handle(driver, &event);
    }
}
