#include <stdlib.h>

#include "tests/support/log.h"
#include "tests/support/suite.h"

/* A log made in the child, and one feed that a test writes. */
static struct test_log store;
static struct test_random random_numbers;
static struct test_feed feed;
static struct test_run run;

static const struct ayni_instant now = { 1800000000000 };

static void setup(void)
{
    random_numbers = (struct test_random){ 1 };
    test_feed_init(&feed, AYNI_LANE_BULK, &random_numbers);
    test_log_make(&store, 64 * 1024 * 1024);
}

static void teardown(void)
{
    test_log_remove(&store);
}

/* Make the next run of the feed and store it. */
static void write_run(size_t count, size_t payload_size)
{
    test_feed_next(&feed, count, payload_size, &random_numbers, &run);
    ck_assert_int_eq(test_log_append(&store, &feed, &run), AYNI_OK);
}

static struct log_feed stored_feed(struct log_snapshot *snapshot)
{
    struct log_feed stored = { 0 };
    ck_assert_int_eq(log_find_feed(snapshot, &feed.id, &stored), AYNI_OK);
    return stored;
}

/* --- what may follow what --- */

START_TEST(a_run_that_is_held_exists_already)
{
    static struct test_run first;

    test_feed_next(&feed, 5, 10, &random_numbers, &first);
    ck_assert_int_eq(test_log_append(&store, &feed, &first), AYNI_OK);
    ck_assert_int_eq(test_log_append(&store, &feed, &first), AYNI_E_EXISTS);
    write_run(5, 10);
    ck_assert_int_eq(test_log_append(&store, &feed, &first), AYNI_E_EXISTS);
    ck_assert_int_eq(test_log_append(&store, &feed, &run), AYNI_E_EXISTS);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_uint_eq(log_last_arrival(snapshot), 2);
}
END_TEST

START_TEST(a_run_after_another_head_is_refused)
{
    static struct test_run gap, other;
    struct test_feed liar = feed;

    test_feed_next(&liar, 5, 10, &random_numbers, &other); /* another history of the same feed */
    write_run(5, 10);
    ck_assert_int_eq(test_log_append(&store, &feed, &other), AYNI_E_CHAIN);

    test_feed_next(&liar, 5, 10, &random_numbers, &other);
    ck_assert_int_eq(test_log_append(&store, &feed, &other), AYNI_E_CHAIN);

    test_feed_next(&feed, 1, 10, &random_numbers, &gap);
    test_feed_next(&feed, 1, 10, &random_numbers, &run);
    ck_assert_int_eq(test_log_append(&store, &feed, &run), AYNI_E_CHAIN);
    ck_assert_int_eq(test_log_append(&store, &feed, &gap), AYNI_OK);
    ck_assert_int_eq(test_log_append(&store, &feed, &run), AYNI_OK);
}
END_TEST

/* A run that begins below the head and ends above it: the caller asks from the head. */
START_TEST(a_run_that_overlaps_the_head_is_refused)
{
    static struct test_run longer;
    struct test_feed same = feed;
    struct test_random again = random_numbers;

    write_run(3, 10);
    test_feed_next(&same, 6, 10, &again, &longer);
    ck_assert_int_eq(test_log_append(&store, &feed, &longer), AYNI_E_CHAIN);
}
END_TEST

/* --- transactions and snapshots --- */

START_TEST(an_aborted_transaction_leaves_nothing)
{
    struct log_txn *txn;
    struct log_space space;

    test_feed_next(&feed, 5, 10, &random_numbers, &run);
    ck_assert_int_eq(log_txn_begin(store.store, &txn), AYNI_OK);
    ck_assert_int_eq(test_log_append_in(txn, &feed, &run, now), AYNI_OK);
    ck_assert_uint_eq(log_last_arrival(log_txn_snapshot(txn)), 1);
    log_txn_abort(txn);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    struct log_feed f;
    ck_assert_int_eq(log_find_feed(snapshot, &feed.id, &f), AYNI_E_NOT_FOUND);
    ck_assert_uint_eq(log_last_arrival(snapshot), 0);
    ck_assert_int_eq(log_measure(store.store, &space), AYNI_OK);
    ck_assert_uint_eq(space.entries, 0);
}
END_TEST

START_TEST(a_snapshot_sees_one_state)
{
    struct log_entry entry;

    write_run(5, 100);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_int_eq(log_get_entry(snapshot, 1, 5, &entry), AYNI_OK);
    uint8_t first = entry.entry.payload.data[0];
    for (unsigned i = 0; i < 50; i++)
        write_run(5, 100);
    ck_assert_int_eq(log_get_entry(snapshot, 1, 6, &entry), AYNI_E_NOT_FOUND);
    ck_assert_uint_eq(stored_feed(snapshot).head.seq, 5);
    ck_assert_int_eq(log_get_entry(snapshot, 1, 5, &entry), AYNI_OK);
    ck_assert_uint_eq(entry.entry.payload.data[0], first);
}
END_TEST

START_TEST(settings_are_kept_and_replaced)
{
    SCOPED_BUFFER value = { 0 };
    struct log_txn *txn;

    ck_assert_int_eq(log_txn_begin(store.store, &txn), AYNI_OK);
    ck_assert_int_eq(log_txn_put_setting(txn, "name", TEST_BYTES("first")), AYNI_OK);
    ck_assert_int_eq(log_txn_put_setting(txn, "name", TEST_BYTES("second")), AYNI_OK);
    ck_assert_int_eq(log_txn_put_setting(txn, "", TEST_BYTES("x")), AYNI_E_LIMIT);
    ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
    test_log_reopen(&store);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ayni_buffer_append_text(&value, "what was there");
    ck_assert_int_eq(log_get_setting(snapshot, "name", &value), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&value), TEST_BYTES("second")));
    ck_assert_int_eq(log_get_setting(snapshot, "nam", &value), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_get_setting(snapshot, "", &value), AYNI_E_LIMIT);
}
END_TEST

/* --- the arrival journal --- */

struct arrivals {
    struct log_arrival seen[16];
    size_t count, stop_at;
};

static bool see_arrival(void *context, const struct log_arrival *arrival)
{
    struct arrivals *arrivals = context;

    arrivals->seen[arrivals->count++] = *arrival;
    return arrivals->count != arrivals->stop_at;
}

static struct arrivals arrivals_from(uint64_t from, size_t stop_at)
{
    struct arrivals arrivals = { .stop_at = stop_at };
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);

    ck_assert_int_eq(log_each_arrival(snapshot, from, see_arrival, &arrivals), AYNI_OK);
    return arrivals;
}

START_TEST(the_journal_tells_what_came_in_its_order)
{
    struct test_feed other;

    test_feed_init(&other, AYNI_LANE_CURRENT, &random_numbers);
    ck_assert_uint_eq(arrivals_from(0, 0).count, 0);
    write_run(5, 10);
    test_feed_next(&other, 2, 10, &random_numbers, &run);
    ck_assert_int_eq(test_log_append(&store, &other, &run), AYNI_OK);
    write_run(1, 10);

    struct arrivals all = arrivals_from(0, 0);
    ck_assert_uint_eq(all.count, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(all.seen[i].no, i + 1);
        ck_assert_uint_eq(all.seen[i].time.ms, now.ms);
    }
    ck_assert(all.seen[0].feed == 1 && all.seen[0].from == 1 && all.seen[0].to == 5);
    ck_assert(all.seen[1].feed == 2 && all.seen[1].from == 1 && all.seen[1].to == 2);
    ck_assert(all.seen[2].feed == 1 && all.seen[2].from == 6 && all.seen[2].to == 6);
    ck_assert_uint_eq(arrivals_from(3, 0).count, 1);
    ck_assert_uint_eq(arrivals_from(4, 0).count, 0);
    ck_assert_uint_eq(arrivals_from(1, 2).count, 2);
}
END_TEST

/* Runs of one feed that one transaction stores one after another come as one arrival. */
START_TEST(runs_that_come_together_are_one_arrival)
{
    struct log_txn *txn;

    for (unsigned group = 0; group < 2; group++) {
        ck_assert_int_eq(log_txn_begin(store.store, &txn), AYNI_OK);
        for (unsigned i = 0; i < 3; i++) {
            test_feed_next(&feed, 2, 10, &random_numbers, &run);
            ck_assert_int_eq(test_log_append_in(txn, &feed, &run, now), AYNI_OK);
        }
        ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
    }
    struct arrivals all = arrivals_from(1, 0);
    ck_assert_uint_eq(all.count, 2);
    ck_assert(all.seen[0].from == 1 && all.seen[0].to == 6);
    ck_assert(all.seen[1].from == 7 && all.seen[1].to == 12);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_uint_eq(stored_feed(snapshot).arrival, 2);
}
END_TEST

/* Whoever follows the journal takes arrivals whole. */
START_TEST(an_arrival_has_a_maximum)
{
    enum { RUNS = 40, RUN = 250 };
    struct log_txn *txn;

    ck_assert_int_eq(log_txn_begin(store.store, &txn), AYNI_OK);
    for (unsigned i = 0; i < RUNS; i++) {
        test_feed_next(&feed, RUN, 10, &random_numbers, &run);
        ck_assert_int_eq(test_log_append_in(txn, &feed, &run, now), AYNI_OK);
    }
    ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
    struct arrivals all = arrivals_from(1, 0);
    ck_assert_uint_eq(all.count, 3);
    for (size_t i = 0; i < all.count; i++) {
        ck_assert_uint_eq(all.seen[i].from, i == 0 ? 1 : all.seen[i - 1].to + 1);
        ck_assert_uint_le(all.seen[i].to - all.seen[i].from + 1, 4096);
    }
    ck_assert_uint_eq(all.seen[2].to, RUNS * RUN);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_uint_eq(stored_feed(snapshot).arrival, 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log_txn");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, a_run_that_is_held_exists_already);
    tcase_add_test(core, a_run_after_another_head_is_refused);
    tcase_add_test(core, a_run_that_overlaps_the_head_is_refused);
    tcase_add_test(core, an_aborted_transaction_leaves_nothing);
    tcase_add_test(core, a_snapshot_sees_one_state);
    tcase_add_test(core, settings_are_kept_and_replaced);
    tcase_add_test(core, the_journal_tells_what_came_in_its_order);
    tcase_add_test(core, runs_that_come_together_are_one_arrival);
    tcase_add_test(core, an_arrival_has_a_maximum);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
