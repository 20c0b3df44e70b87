#include "daemon/records/copies.h"
#include "tests/support/fork.h"
#include "tests/support/log.h"
#include "tests/support/suite.h"

/* What the feeds of a node say of its home: one hand, one after the other, two at once. */
enum { DAY_MS = 24 * 3600 * 1000 };
static const uint64_t start_ms = UINT64_C(1800000000000);
static const struct ayni_instant proof_time = { 5 };

static struct test_log node_log;
static struct test_random random_numbers;
static struct test_run run;

static void setup(void)
{
    random_numbers.state = 11;
    test_log_make(&node_log, 64 * 1024 * 1024);
}

static void teardown(void)
{
    test_log_remove(&node_log);
}

/* Another incarnation of a feed's writer, in the same place. */
static void begin_anew(const struct test_feed *of, struct test_feed *feed)
{
    const struct ayni_node root = { { 0 } };

    *feed = *of;
    test_random_fill(&random_numbers, feed->descriptor.incarnation.bytes, 16);
    feed->id = ayni_feed_of(&root, &feed->descriptor);
    feed->head = (struct ayni_head){ 0, ayni_chain_start(&feed->id) };
}

static void write_at(struct test_feed *feed, uint64_t ms)
{
    feed->last_time.ms = ms;
    test_feed_next(feed, 1, 10, &random_numbers, &run);
    ck_assert_int_eq(test_log_append(&node_log, feed, &run), AYNI_OK);
}

struct seen {
    size_t count;
    struct copies_finding finding;
};

static bool see(void *context, const struct copies_finding *finding)
{
    struct seen *seen = context;

    seen->count++;
    seen->finding = *finding;
    return true;
}

static struct seen look(uint64_t now_ms)
{
    struct seen seen = { .count = 0 };
    struct log_snapshot *snapshot = test_log_snapshot(&node_log);

    ck_assert_int_eq(copies_each(snapshot, (struct ayni_instant){ now_ms }, see, &seen), AYNI_OK);
    log_snapshot_end(snapshot);
    return seen;
}

START_TEST(one_hand_is_nothing_to_speak_of)
{
    struct test_feed first, other_lane, other_node;

    ck_assert_uint_eq(look(start_ms).count, 0);
    test_feed_init(&first, AYNI_LANE_CURRENT, &random_numbers);
    other_lane = first;
    other_lane.descriptor.lane = AYNI_LANE_BULK;
    begin_anew(&other_lane, &other_lane);
    test_feed_init(&other_node, AYNI_LANE_CURRENT, &random_numbers);
    for (uint64_t i = 0; i < 5; i++) {
        write_at(&first, start_ms + i * 1000);
        write_at(&other_lane, start_ms + i * 1000);
        write_at(&other_node, start_ms + i * 1000);
    }
    ck_assert_uint_eq(look(start_ms + 5000).count, 0);
}
END_TEST

START_TEST(a_hand_that_takes_over_began_anew_and_is_forgotten_after_a_while)
{
    struct test_feed first, second;

    test_feed_init(&first, AYNI_LANE_CURRENT, &random_numbers);
    begin_anew(&first, &second);
    write_at(&first, start_ms);
    write_at(&first, start_ms + 1000);
    write_at(&second, start_ms + 2000);
    write_at(&second, start_ms + 9000);
    struct seen seen = look(start_ms + 10000);
    ck_assert_uint_eq(seen.count, 1);
    ck_assert(!seen.finding.twice);
    ck_assert(ayni_id_equal(&seen.finding.node, &first.descriptor.node));
    ck_assert_uint_ge(seen.finding.since.ms, start_ms + 2000);
    ck_assert_uint_eq(look(start_ms + COPIES_DAYS * (uint64_t)DAY_MS).count, 1);
    ck_assert_uint_eq(look(start_ms + 3000 + COPIES_DAYS * (uint64_t)DAY_MS).count, 0);
}
END_TEST

/* Also where each has begun anew since, as copies that hear of each other do once. */
START_TEST(two_hands_at_once_run_twice)
{
    struct test_feed first, second, third;

    test_feed_init(&first, AYNI_LANE_CURRENT, &random_numbers);
    begin_anew(&first, &second);
    begin_anew(&first, &third);
    write_at(&first, start_ms);
    write_at(&second, start_ms + 1000);
    if (_i == 0) {
        write_at(&first, start_ms + 2000);
    } else {
        write_at(&third, start_ms + 2000);
        write_at(&second, start_ms + 3000);
    }
    struct seen seen = look(start_ms + 10000);
    ck_assert_uint_eq(seen.count, 1);
    ck_assert(seen.finding.twice);
    ck_assert_uint_eq(look(start_ms + 4000 + COPIES_DAYS * (uint64_t)DAY_MS).count, 0);
}
END_TEST

static void put_proof(const struct test_fork *fork, struct log_txn *txn)
{
    struct ayni_fork_proof proof;
    SCOPED_BUFFER bytes = { 0 };

    test_fork_prove(fork, 0, 1, &bytes);
    ck_assert_int_eq(ayni_fork_proof_decode(ayni_buffer_bytes(&bytes), &proof), AYNI_OK);
    ck_assert_int_eq(log_txn_put_fork(txn, &proof, ayni_buffer_bytes(&bytes), proof_time), AYNI_OK);
}

/* A run of the feed's own segment, or of one that begins with it. */
static void extend(const struct test_fork *fork, const struct ayni_run *signed_run, bool branches,
                   const struct ayni_head *at, struct log_txn *txn)
{
    struct ayni_hash chains[TEST_FORK_COMMON_MAX];
    struct ayni_head after;

    ck_assert_int_eq(ayni_run_verify(signed_run, &fork->feed, &fork->keys.node,
                                     fork->descriptor.lane, at, proof_time, &after, chains),
                     AYNI_OK);
    struct ayni_feed segment =
        branches ? ayni_feed_branch(&fork->feed, at->seq + 1, &chains[0]) : fork->feed;
    ck_assert_int_eq(log_txn_extend(txn, &segment, &fork->feed, &fork->descriptor, at, signed_run,
                                    chains, &after, proof_time),
                     AYNI_OK);
}

/* That is told as a fork, by its proof, and its histories count as one hand. */
START_TEST(two_histories_of_one_feed_are_no_second_home)
{
    struct test_fork fork;
    struct test_feed first;
    struct log_txn *txn;

    test_fork_make(&fork, 2, &(struct ayni_space){ { 1 } }, (size_t)_i);
    struct ayni_head start = { 0, ayni_chain_start(&fork.feed) };
    ck_assert_int_eq(log_txn_begin(node_log.store, &txn), AYNI_OK);
    if (_i > 0)
        extend(&fork, &fork.common, false, &start, txn);
    put_proof(&fork, txn);
    for (int side = 0; side < 2; side++)
        extend(&fork, &fork.sides[side], true, &fork.at, txn);
    ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
    ck_assert_uint_eq(look(fork.own[0].time.ms + 1000).count, 0);

    /* Another incarnation is one, whichever of the histories it is compared with. */
    test_feed_init(&first, AYNI_LANE_CURRENT, &random_numbers);
    first.secret = fork.keys.secret;
    first.descriptor = fork.descriptor;
    begin_anew(&first, &first);
    write_at(&first, fork.own[0].time.ms + 2000);
    struct seen seen = look(fork.own[0].time.ms + 5000);
    ck_assert_uint_eq(seen.count, 1);
    ck_assert(!seen.finding.twice);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("copies");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, one_hand_is_nothing_to_speak_of);
    tcase_add_test(core, a_hand_that_takes_over_began_anew_and_is_forgotten_after_a_while);
    tcase_add_loop_test(core, two_hands_at_once_run_twice, 0, 2);
    tcase_add_loop_test(core, two_histories_of_one_feed_are_no_second_home, 0, 3);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
