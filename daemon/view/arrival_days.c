#include "daemon/view/arrival_days.h"

#include <stdlib.h>

#include "daemon/clock.h"

/* Of a feed, what came up to this seq, after the step before it, came on this day. */
struct arrival_step {
    feed_no feed;
    uint64_t upto;
    int64_t day;
};

struct reading {
    struct arrival_days *days;
    size_t *last; /* by feed: its last step + 1; 0: none yet */
    size_t feed_count;
    bool failed;
};

static bool make_room(struct reading *reading, feed_no feed)
{
    struct arrival_days *days = reading->days;

    if (days->count == days->room) {
        size_t room = days->room == 0 ? 64 : 2 * days->room;
        struct arrival_step *steps = reallocarray(days->steps, room, sizeof(*steps));
        if (steps == NULL)
            return false;
        days->steps = steps;
        days->room = room;
    }
    if (feed >= reading->feed_count) {
        size_t count = 2 * (size_t)feed + 16;
        size_t *last = reallocarray(reading->last, count, sizeof(*last));
        if (last == NULL)
            return false;
        for (size_t i = reading->feed_count; i < count; i++)
            last[i] = 0;
        reading->last = last;
        reading->feed_count = count;
    }
    return true;
}

/* A payload that came later than its entry arrives again: the entry was here by then. */
static bool take(void *context, const struct log_arrival *arrival)
{
    struct reading *reading = context;
    int64_t day = clock_day_of(arrival->time);
    struct arrival_step *last;

    reading->failed = !make_room(reading, arrival->feed);
    if (reading->failed)
        return false;
    size_t *at = &reading->last[arrival->feed];
    last = *at == 0 ? NULL : &reading->days->steps[*at - 1];
    if (last != NULL && arrival->to <= last->upto)
        return true;
    if (last != NULL && last->day == day) {
        last->upto = arrival->to;
        return true;
    }
    reading->days->steps[reading->days->count++] =
        (struct arrival_step){ arrival->feed, arrival->to, day };
    *at = reading->days->count;
    return true;
}

static int by_seq(const void *a, const void *b)
{
    const struct arrival_step *one = a, *other = b;

    if (one->feed != other->feed)
        return one->feed < other->feed ? -1 : 1;
    return (one->upto > other->upto) - (one->upto < other->upto);
}

enum ayni_status arrival_days_read(struct reader *reader, struct arrival_days *days)
{
    struct reading reading = { .days = days };
    enum ayni_status status = log_each_arrival(reader_log(reader), 1, take, &reading);

    free(reading.last);
    if (status == AYNI_OK && reading.failed)
        status = AYNI_E_MEMORY;
    if (status == AYNI_OK && days->count > 1)
        qsort(days->steps, days->count, sizeof(*days->steps), by_seq);
    return status;
}

bool arrival_days_find(const struct arrival_days *days, feed_no feed, uint64_t seq, int64_t *day)
{
    size_t low = 0, high = days->count;
    const struct arrival_step wanted = { feed, seq, 0 };

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_seq(&days->steps[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == days->count || days->steps[low].feed != feed)
        return false;
    *day = days->steps[low].day;
    return true;
}

void arrival_days_free(struct arrival_days *days)
{
    free(days->steps);
    *days = (struct arrival_days){ 0 };
}
