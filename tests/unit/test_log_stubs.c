#include <stdio.h>

#include "tests/support/log.h"
#include "tests/support/log_check.h"
#include "tests/support/suite.h"

/* A log made in the child, with two runs of one feed: entries 1 to 4 and 5 to 8. */
static struct test_log store;
static struct test_random random_numbers;
static struct test_feed feed;
static struct test_run runs[2];
static feed_no no;

enum { EACH = 4, PAYLOAD = 300 };
static const struct ayni_instant now = { 1800000000000 };
static const struct ayni_bytes kept = { (const uint8_t *)"what stays", 10 };

static void setup(void)
{
    random_numbers = (struct test_random){ 1 };
    test_feed_init(&feed, AYNI_LANE_CURRENT, &random_numbers);
    test_log_make(&store, 64 * 1024 * 1024);
    for (size_t i = 0; i < 2; i++) {
        test_feed_next(&feed, EACH, PAYLOAD, &random_numbers, &runs[i]);
        ck_assert_int_eq(test_log_append(&store, &feed, &runs[i]), AYNI_OK);
    }
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    struct log_feed held;
    ck_assert_int_eq(log_find_feed(snapshot, &feed.id, &held), AYNI_OK);
    no = held.no;
}

static void teardown(void)
{
    test_log_remove(&store);
}

static const struct ayni_entry *wrote(uint64_t seq)
{
    return &runs[(seq - 1) / EACH].entries[(seq - 1) % EACH];
}

typedef enum ayni_status change(struct log_txn *txn, uint64_t seq);

static enum ayni_status drop(struct log_txn *txn, uint64_t seq)
{
    return log_txn_drop(txn, no, seq, AYNI_HOLLOW_ERASED, kept);
}

static enum ayni_status lose(struct log_txn *txn, uint64_t seq)
{
    return log_txn_set_reason(txn, no, seq, AYNI_HOLLOW_LOST);
}

static enum ayni_status fill(struct log_txn *txn, uint64_t seq)
{
    return log_txn_fill(txn, no, seq, wrote(seq)->payload, now);
}

static enum ayni_status fill_with_another(struct log_txn *txn, uint64_t seq)
{
    return log_txn_fill(txn, no, seq, wrote(seq % 8 + 1)->payload, now);
}

/* In a transaction of its own. */
static enum ayni_status commit(change *made, uint64_t seq)
{
    struct log_txn *txn;

    ck_assert_int_eq(log_txn_begin(store.store, &txn), AYNI_OK);
    enum ayni_status status = made(txn, seq);
    if (status == AYNI_OK)
        return log_txn_commit(txn);
    log_txn_abort(txn);
    return status;
}

static struct ayni_entry held(struct log_snapshot *snapshot, uint64_t seq)
{
    struct log_entry entry;

    ck_assert_int_eq(log_get_entry(snapshot, no, seq, &entry), AYNI_OK);
    return entry.entry;
}

/* The first, the last of a run, and any other; chains and seals hold. */
START_TEST(what_is_dropped_is_hollow_and_the_feed_verifies)
{
    uint64_t seq = (uint64_t)_i;

    ck_assert_int_eq(commit(drop, seq), AYNI_OK);
    test_log_reopen(&store);
    ck_assert_uint_eq(test_log_check(store.store), 2 * EACH);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    struct ayni_entry entry = held(snapshot, seq);
    ck_assert_uint_eq(entry.hollow, AYNI_HOLLOW_ERASED);
    ck_assert_uint_eq(entry.payload_size, PAYLOAD);
    ck_assert_uint_eq(entry.payload.size, 0);
    struct ayni_hash hash = ayni_payload_hash(wrote(seq)->payload);
    ck_assert(ayni_id_equal(&entry.payload_hash, &hash));
    for (uint64_t other = 1; other <= 2 * EACH; other++)
        if (other != seq)
            ck_assert(ayni_bytes_equal(held(snapshot, other).payload, wrote(other)->payload));
}
END_TEST

START_TEST(a_stub_has_what_is_kept_and_its_number)
{
    struct log_stub stub;
    uint64_t last;

    ck_assert_int_eq(commit(drop, 5), AYNI_OK);
    ck_assert_int_eq(commit(drop, 2), AYNI_OK);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_int_eq(log_get_stub(snapshot, no, 5, &stub), AYNI_OK);
    ck_assert_uint_eq(stub.number, 1);
    ck_assert(ayni_bytes_equal(stub.kept, kept));
    ck_assert_int_eq(log_get_stub(snapshot, no, 2, &stub), AYNI_OK);
    ck_assert_uint_eq(stub.number, 2);
    ck_assert_int_eq(log_get_stub(snapshot, no, 3, &stub), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_last_drop(snapshot, &last), AYNI_OK);
    ck_assert_uint_eq(last, 2);
}
END_TEST

START_TEST(nothing_was_dropped_at_first)
{
    uint64_t last = 7;
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);

    ck_assert_int_eq(log_last_drop(snapshot, &last), AYNI_OK);
    ck_assert_uint_eq(last, 0);
}
END_TEST

START_TEST(what_is_hollow_is_not_dropped_again)
{
    ck_assert_int_eq(commit(drop, 3), AYNI_OK);
    ck_assert_int_eq(commit(drop, 3), AYNI_E_EXISTS);
    ck_assert_int_eq(commit(drop, 9), AYNI_E_NOT_FOUND);
}
END_TEST

START_TEST(why_it_is_hollow_can_change)
{
    ck_assert_int_eq(commit(lose, 3), AYNI_E_EXISTS);
    ck_assert_int_eq(commit(drop, 3), AYNI_OK);
    ck_assert_int_eq(commit(lose, 3), AYNI_OK);
    ck_assert_int_eq(commit(lose, 3), AYNI_E_EXISTS);
    ck_assert_uint_eq(test_log_check(store.store), 2 * EACH);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_uint_eq(held(snapshot, 3).hollow, AYNI_HOLLOW_LOST);
}
END_TEST

static bool last_arrival(void *context, const struct log_arrival *arrival)
{
    *(struct log_arrival *)context = *arrival;
    return true;
}

START_TEST(a_payload_that_comes_again_takes_its_place_and_arrives)
{
    struct log_arrival arrival = { 0 };
    struct log_stub stub;
    struct log_feed after;

    ck_assert_int_eq(commit(drop, 4), AYNI_OK);
    ck_assert_int_eq(commit(fill_with_another, 4), AYNI_E_INVALID);
    ck_assert_int_eq(commit(fill, 4), AYNI_OK);
    ck_assert_int_eq(commit(fill, 4), AYNI_E_EXISTS);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert(ayni_bytes_equal(held(snapshot, 4).payload, wrote(4)->payload));
    ck_assert_uint_eq(held(snapshot, 4).hollow, AYNI_HOLLOW_NONE);
    ck_assert_int_eq(log_get_stub(snapshot, no, 4, &stub), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(log_each_arrival(snapshot, 1, last_arrival, &arrival), AYNI_OK);
    ck_assert_uint_eq(arrival.no, log_last_arrival(snapshot));
    ck_assert(arrival.from == 4 && arrival.to == 4);
    ck_assert_int_eq(log_get_feed(snapshot, no, &after), AYNI_OK);
    ck_assert_uint_eq(after.head.seq, 2 * EACH);
    ck_assert_uint_lt(after.arrival, arrival.no); /* its head hasn't moved */
}
END_TEST

/* What a reader began before still sees the payload; a feed goes on after a drop. */
START_TEST(a_snapshot_sees_what_was_there)
{
    struct ayni_entry entry;
    static struct test_run more;

    SCOPED_LOG_SNAPSHOT *before = test_log_snapshot(&store);
    ck_assert_int_eq(commit(drop, 8), AYNI_OK);
    entry = held(before, 8);
    ck_assert(ayni_bytes_equal(entry.payload, wrote(8)->payload));
    test_feed_next(&feed, 2, PAYLOAD, &random_numbers, &more);
    ck_assert_int_eq(test_log_append(&store, &feed, &more), AYNI_OK);
    ck_assert_uint_eq(test_log_check(store.store), 2 * EACH + 2);
}
END_TEST

static bool keep_on(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    return done <= total;
}

/* Whether the payload of the entry is anywhere in the file. */
static bool is_in_file(uint64_t seq)
{
    char path[600];

    snprintf(path, sizeof(path), "%s/data.mdb", store.path);
    return test_file_holds(path, wrote(seq)->payload);
}

START_TEST(after_compaction_its_bytes_are_gone)
{
    const struct store_listener listener = { NULL, keep_on };
    struct compaction_result result;

    ck_assert(is_in_file(6));
    ck_assert_int_eq(commit(drop, 6), AYNI_OK);
    ck_assert_int_eq(log_compact(store.store, &listener, &result), AYNI_OK);
    ck_assert(!is_in_file(6));
    ck_assert(is_in_file(7));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log_stubs");
    TCase *tcase = tcase_create("stubs");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, what_is_dropped_is_hollow_and_the_feed_verifies, 1, 2 * EACH + 1);
    tcase_add_test(tcase, a_stub_has_what_is_kept_and_its_number);
    tcase_add_test(tcase, nothing_was_dropped_at_first);
    tcase_add_test(tcase, what_is_hollow_is_not_dropped_again);
    tcase_add_test(tcase, why_it_is_hollow_can_change);
    tcase_add_test(tcase, a_payload_that_comes_again_takes_its_place_and_arrives);
    tcase_add_test(tcase, a_snapshot_sees_what_was_there);
    tcase_add_test(tcase, after_compaction_its_bytes_are_gone);
    suite_add_tcase(suite, tcase);

    return test_run(suite);
}
