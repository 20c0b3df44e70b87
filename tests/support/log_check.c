#include "tests/support/log_check.h"

#include <check.h>
#include <stdlib.h>

#include "proto/limits.h"

/* What the check has seen. */
struct seen {
    struct log_snapshot *snapshot;
    uint64_t entries;
    uint64_t arrival;  /* the last */
    uint64_t *arrived; /* by feed number: the last seq */
    feed_no feed_count;
};

/* Where a walk through a feed stands. */
struct position {
    struct ayni_head head;
    struct ayni_instant last_time;
};

/* One run at the front of `bytes`; answers its size. */
static size_t check_run(const struct log_feed *feed, struct ayni_bytes bytes,
                        struct position *position)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX] = { 0 };
    struct ayni_run run = { .entries = entries };
    size_t used = 0;

    ck_assert_int_eq(ayni_run_read(bytes, &used, &run), AYNI_OK);
    ck_assert_int_eq(ayni_run_verify(&run, &feed->id, &feed->descriptor.node, feed->descriptor.lane,
                                     &position->head, position->last_time, &position->head, NULL),
                     AYNI_OK);
    position->last_time = entries[run.count - 1].time;
    return used;
}

static bool check_feed(void *context, const struct log_feed *feed)
{
    struct seen *seen = context;
    struct position position = { .head = { .seq = feed->first - 1 } };
    struct log_entry before = { 0 };
    SCOPED_BUFFER runs = { 0 };

    ck_assert_uint_eq(feed->no, seen->feed_count + 1);
    ck_assert_int_eq(
        log_get_chain(seen->snapshot, feed->no, position.head.seq, &position.head.chain), AYNI_OK);
    if (position.head.seq > 0)
        ck_assert_int_eq(log_find_entry(seen->snapshot, feed->no, position.head.seq, &before),
                         AYNI_OK);
    position.last_time = before.entry.time;
    while (position.head.seq < feed->head.seq) {
        uint64_t next = 0;
        ayni_buffer_clear(&runs);
        ck_assert_int_eq(log_read_runs(seen->snapshot, feed->no, position.head.seq + 1, UINT64_MAX,
                                       64 * 1024, &runs, &next),
                         AYNI_OK);
        ck_assert_uint_gt(next, position.head.seq + 1);
        for (size_t at = 0; at < runs.size;)
            at += check_run(feed, (struct ayni_bytes){ runs.data + at, runs.size - at }, &position);
        ck_assert_uint_eq(position.head.seq + 1, next);
    }
    ck_assert_uint_eq(position.head.seq, feed->head.seq);
    ck_assert(ayni_id_equal(&position.head.chain, &feed->head.chain));
    ck_assert_uint_eq(position.last_time.ms, feed->last_time.ms);
    seen->entries += log_feed_count(feed);
    seen->feed_count++;
    return true;
}

static bool check_arrival(void *context, const struct log_arrival *arrival)
{
    struct seen *seen = context;

    ck_assert_uint_eq(arrival->no, seen->arrival + 1);
    ck_assert(arrival->feed >= 1 && arrival->feed <= seen->feed_count);
    ck_assert_uint_ge(arrival->to, arrival->from);
    seen->arrival = arrival->no;
    if (arrival->to <= seen->arrived[arrival->feed])
        return true; /* a payload that came later than its entry */
    if (seen->arrived[arrival->feed] != 0)
        ck_assert_uint_eq(arrival->from, seen->arrived[arrival->feed] + 1);
    seen->arrived[arrival->feed] = arrival->to;
    return true;
}

static bool check_all_arrived(void *context, const struct log_feed *feed)
{
    const struct seen *seen = context;

    if (log_feed_count(feed) > 0)
        ck_assert_uint_eq(seen->arrived[feed->no], feed->head.seq);
    return true;
}

uint64_t test_log_check(struct log_store *store)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    struct log_space space;

    ck_assert_int_eq(log_snapshot_begin(store, &snapshot), AYNI_OK);
    struct seen seen = { .snapshot = snapshot };
    ck_assert_int_eq(log_each_feed(snapshot, check_feed, &seen), AYNI_OK);
    seen.arrived = calloc(seen.feed_count + 1, sizeof(*seen.arrived));
    ck_assert_ptr_nonnull(seen.arrived);
    ck_assert_int_eq(log_each_arrival(snapshot, 1, check_arrival, &seen), AYNI_OK);
    ck_assert_uint_eq(seen.arrival, log_last_arrival(snapshot));
    ck_assert_int_eq(log_each_feed(snapshot, check_all_arrived, &seen), AYNI_OK);
    free(seen.arrived);
    ck_assert_int_eq(log_measure(store, &space), AYNI_OK);
    ck_assert_uint_eq(space.entries, seen.entries);
    return seen.entries;
}
