#include "daemon/net/head_teller.h"

#include "daemon/report.h"

/* Beside what is read, where it is read from. */
struct reading {
    struct head_teller *teller;
    struct log_snapshot *snapshot;
};

static void tell_head(struct head_teller *teller, const struct log_segment *segment,
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
    teller->tell(teller->context, &event);
}

/* It grew since the engine was told of it last, or it is new. */
static bool tell_segment(void *context, const struct log_segment *segment)
{
    tell_head(context, segment, 0);
    return true;
}

/* --- at the start --- */

static bool stop_at(void *context, const struct log_arrival *arrival)
{
    *(struct log_arrival *)context = *arrival;
    return false;
}

/* Where the segment ended before its newest entries came; its head where nobody will ask any more,
 * since that was long ago. */
static uint64_t seq_before(const struct reading *reading, const struct log_segment *segment)
{
    enum { NEW_ARRIVALS = 4096 };
    struct log_arrival arrival = { 0 };

    if (reading->teller->arrival - segment->arrival >= NEW_ARRIVALS ||
        log_each_arrival(reading->snapshot, segment->arrival, stop_at, &arrival) != AYNI_OK)
        return segment->head.seq;
    bool is_newest = arrival.no == segment->arrival && arrival.feed == segment->no &&
                     arrival.to == segment->head.seq && arrival.from > segment->start.seq;
    return is_newest ? arrival.from - 1 : segment->head.seq;
}

static bool tell_at_start(void *context, const struct log_segment *segment)
{
    const struct reading *reading = context;

    tell_head(reading->teller, segment, seq_before(reading, segment));
    return true;
}

enum ayni_status head_teller_tell_all(struct head_teller *teller)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    enum ayni_status status = log_snapshot_begin(teller->log, &snapshot);

    if (status != AYNI_OK)
        return status;
    struct reading reading = { teller, snapshot };
    teller->arrival = log_last_arrival(snapshot);
    return log_each_segment(snapshot, tell_at_start, &reading);
}

/* --- then --- */

/* What has grown of a forked feed, and what has become known by that, is among its segments. */
static bool tell_arrival(void *context, const struct log_arrival *arrival)
{
    const struct reading *reading = context;
    struct log_feed feed;

    reading->teller->arrival = arrival->no;
    enum ayni_status status = log_get_feed(reading->snapshot, arrival->feed, &feed);
    /* A feed that moved several times is told once, with its last arrival. */
    if (status == AYNI_OK && feed.arrival == arrival->no)
        status = log_each_segment_of(reading->snapshot, &feed.id, tell_segment, reading->teller);
    if (status != AYNI_OK)
        report(REPORT_ERROR, "head_not_read", "reason=%s", ayni_status_name(status));
    return true;
}

void head_teller_tell_moved(struct head_teller *teller)
{
    struct log_snapshot *snapshot;

    if (log_snapshot_begin(teller->log, &snapshot) != AYNI_OK)
        return;
    struct reading reading = { teller, snapshot };
    enum ayni_status status =
        log_each_arrival(snapshot, teller->arrival + 1, tell_arrival, &reading);
    log_snapshot_end(snapshot);
    if (status != AYNI_OK)
        report(REPORT_ERROR, "journal_not_read", "reason=%s", ayni_status_name(status));
}

void head_teller_tell_fork(struct head_teller *teller, const struct ayni_feed *feed)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    enum ayni_status status = log_snapshot_begin(teller->log, &snapshot);

    if (status == AYNI_OK)
        status = log_each_segment_of(snapshot, feed, tell_segment, teller);
    if (status != AYNI_OK)
        report(REPORT_ERROR, "head_not_read", "reason=%s", ayni_status_name(status));
}
