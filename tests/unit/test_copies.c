#include "daemon/records/copies.h"
#include "tests/support/log.h"
#include "tests/support/suite.h"

/* What the feeds of a node say of its home: one hand, one after the other, two at once. */
enum { DAY_MS = 24 * 3600 * 1000 };
static const uint64_t start_ms = UINT64_C(1800000000000);

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

int main(void)
{
    Suite *suite = suite_create("copies");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, one_hand_is_nothing_to_speak_of);
    tcase_add_test(core, a_hand_that_takes_over_began_anew_and_is_forgotten_after_a_while);
    tcase_add_loop_test(core, two_hands_at_once_run_twice, 0, 2);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
