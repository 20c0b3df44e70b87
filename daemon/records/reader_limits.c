#include "daemon/records/reader_limits.h"

#include <stdlib.h>
#include <string.h>

struct scan {
    struct reader_limits *limits;
    struct ayni_instant as_of;
    bool failed;
};

static bool make_room(struct reader_limits *limits, feed_no no)
{
    size_t count = limits->count * 2 > no ? limits->count * 2 : (size_t)no + 16;
    uint64_t *wider;

    if (no < limits->count)
        return true;
    wider = reallocarray(limits->seq_max, count, sizeof(*wider));
    if (wider == NULL)
        return false;
    memset(wider + limits->count, 0, (count - limits->count) * sizeof(*wider));
    limits->seq_max = wider;
    limits->count = count;
    return true;
}

static bool take_arrival(void *context, const struct log_arrival *arrival)
{
    struct scan *scan = context;

    if (arrival->time.ms > scan->as_of.ms)
        return true; /* the clock may have jumped: later ones may be earlier */
    scan->failed = !make_room(scan->limits, arrival->feed);
    if (!scan->failed && arrival->to > scan->limits->seq_max[arrival->feed])
        scan->limits->seq_max[arrival->feed] = arrival->to;
    return !scan->failed;
}

enum ayni_status reader_limits_find(struct reader *reader, struct ayni_instant as_of,
                                    struct reader_limits *limits)
{
    struct scan scan = { .limits = limits, .as_of = as_of };
    enum ayni_status status = log_each_arrival(reader_log(reader), 1, take_arrival, &scan);

    return status == AYNI_OK && scan.failed ? AYNI_E_MEMORY : status;
}

/* --- by the writers' clocks --- */

struct written {
    struct log_snapshot *log;
    const struct ayni_space *space;
    struct ayni_instant until;
    struct reader_limits *limits;
    enum ayni_status status;
};

/* The last entry of a feed that isn't later: times never fall within it. */
static enum ayni_status last_written(struct log_snapshot *log, const struct log_feed *feed,
                                     struct ayni_instant until, uint64_t *last)
{
    uint64_t low = feed->first, high = feed->head.seq + 1; /* those before `low` aren't later */
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && low < high) {
        uint64_t middle = low + (high - low) / 2;
        struct log_entry entry;
        status = log_get_entry(log, feed->no, middle, &entry);
        if (status == AYNI_OK && entry.entry.time.ms <= until.ms)
            low = middle + 1;
        else
            high = middle;
    }
    *last = low - 1;
    return status;
}

static bool limit_feed(void *context, const struct log_feed *feed)
{
    struct written *written = context;

    if (!make_room(written->limits, feed->no))
        written->status = AYNI_E_MEMORY;
    else if (!ayni_id_equal(&feed->descriptor.space, written->space))
        written->limits->seq_max[feed->no] = feed->head.seq;
    else
        written->status =
            last_written(written->log, feed, written->until, &written->limits->seq_max[feed->no]);
    return written->status == AYNI_OK;
}

enum ayni_status reader_limits_written(struct reader *reader, const struct ayni_space *space,
                                       struct ayni_instant until, struct reader_limits *limits)
{
    struct written written = {
        .log = reader_log(reader), .space = space, .until = until, .limits = limits
    };
    enum ayni_status status = log_each_feed(written.log, limit_feed, &written);

    return status == AYNI_OK ? written.status : status;
}

void reader_limits_free(struct reader_limits *limits)
{
    free(limits->seq_max);
    *limits = (struct reader_limits){ 0 };
}
