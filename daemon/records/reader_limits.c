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

void reader_limits_free(struct reader_limits *limits)
{
    free(limits->seq_max);
    *limits = (struct reader_limits){ 0 };
}
