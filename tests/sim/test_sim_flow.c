#include <stdio.h>
#include <stdlib.h>

#include "proto/limits.h"
#include "tests/support/slow_pair.h"
#include "tests/support/suite.h"

/* A satellite's line, and a good one. Bytes a second, and ms one way. */
enum { SLOW = 8000, SLOW_WAY = 350, FAST = 5000000, FAST_WAY = 40 };

/* Until node 1 holds that much of a feed; how long it took. */
static uint64_t run_until_held(struct slow_pair *pair, uint8_t lane, uint64_t count, uint64_t max)
{
    uint64_t began = pair->now;

    while (slow_pair_held(pair, lane) < count && pair->now - began < max)
        slow_pair_run(pair, 50);
    ck_assert_uint_ge(slow_pair_held(pair, lane), count);
    return pair->now - began;
}

START_TEST(a_slow_line_is_filled)
{
    struct slow_pair pair;

    slow_pair_init(&pair, 11, SLOW, SLOW_WAY);
    slow_pair_write(&pair, AYNI_LANE_BULK, 10000);
    slow_pair_connect(&pair);
    uint64_t took = run_until_held(&pair, AYNI_LANE_BULK, 10000, 3600000);
    uint64_t share = pair.packed_bytes * 1000 * 100 / took / SLOW;
    printf("slow line: %llu bytes in %llu ms, %llu %% of the line\n",
           (unsigned long long)pair.packed_bytes, (unsigned long long)took,
           (unsigned long long)share);
    ck_assert_uint_ge(share, 90);
    slow_pair_free(&pair);
}
END_TEST

START_TEST(a_fast_line_is_filled)
{
    struct slow_pair pair;

    slow_pair_init(&pair, 12, FAST, FAST_WAY);
    slow_pair_write(&pair, AYNI_LANE_BULK, 100000);
    slow_pair_connect(&pair);
    uint64_t took = run_until_held(&pair, AYNI_LANE_BULK, 100000, 3600000);
    printf("fast line: %llu bytes in %llu ms\n", (unsigned long long)pair.packed_bytes,
           (unsigned long long)took);
    ck_assert_uint_ge(pair.packed_bytes * 1000 * 100 / took / FAST, 50);
    slow_pair_free(&pair);
}
END_TEST

/* Cut every minute: nothing goes over one connection twice (tests/support/slow_pair.c), and what a
 * cut loses is what was on its way. */
START_TEST(cuts_cost_what_was_on_its_way)
{
    struct slow_pair pair;
    uint64_t cuts = 0;

    slow_pair_init(&pair, 13, SLOW, SLOW_WAY);
    slow_pair_write(&pair, AYNI_LANE_BULK, 20000);
    slow_pair_connect(&pair);
    while (slow_pair_held(&pair, AYNI_LANE_BULK) < 20000 && cuts < 100) {
        slow_pair_run(&pair, 60000);
        slow_pair_cut(&pair);
        slow_pair_connect(&pair);
        cuts++;
    }
    printf("cuts: %llu, entries sent: %llu\n", (unsigned long long)cuts,
           (unsigned long long)pair.nodes[0].entries_sent);
    ck_assert_uint_eq(slow_pair_held(&pair, AYNI_LANE_BULK), 20000);
    ck_assert_uint_le(pair.packed_bytes, cuts * 60 * SLOW);
    ck_assert_uint_le(pair.nodes[0].entries_sent, 20000 + cuts * AYNI_SYNC_WINDOW_MIN * 2 / 60);
    ck_assert_uint_le(cuts * 60000 * SLOW / 1000 * 85 / 100, pair.packed_bytes + 60 * SLOW);
    slow_pair_free(&pair);
}
END_TEST

/* ms until what is urgent has arrived, while a first sync of 100,000 runs. */
static uint64_t urgent_takes(size_t entries, uint64_t seed)
{
    struct slow_pair pair;

    slow_pair_init(&pair, seed, SLOW, SLOW_WAY);
    slow_pair_write(&pair, AYNI_LANE_BULK, 100000);
    slow_pair_connect(&pair);
    slow_pair_run(&pair, 60000 + seed * 777);
    ck_assert_uint_gt(slow_pair_held(&pair, AYNI_LANE_BULK), 100);
    slow_pair_write(&pair, AYNI_LANE_CONTROL, entries);
    uint64_t took = run_until_held(&pair, AYNI_LANE_CONTROL, entries, 60000);
    printf("%zu urgent entries: %llu ms\n", entries, (unsigned long long)took);
    ck_assert_uint_lt(slow_pair_held(&pair, AYNI_LANE_BULK), 100000);
    slow_pair_free(&pair);
    return took;
}

START_TEST(what_is_urgent_arrives_within_five_seconds)
{
    ck_assert_uint_le(urgent_takes(1, 20 + (uint64_t)_i), 5000);
}
END_TEST

/* It is too large for a note, and so has to be asked for. */
START_TEST(what_is_urgent_and_large_arrives_within_ten_seconds)
{
    ck_assert_uint_le(urgent_takes(50, 30 + (uint64_t)_i), 10000);
}
END_TEST

/* A line that becomes slow while much is on its way: nothing is sent twice, and then what waits is
 * little again. */
START_TEST(a_line_that_becomes_slow_is_waited_for)
{
    struct slow_pair pair;

    slow_pair_init(&pair, 40, FAST, FAST_WAY);
    slow_pair_write(&pair, AYNI_LANE_BULK, 200000);
    slow_pair_connect(&pair);
    slow_pair_run(&pair, 800);
    pair.rate = FAST / 10;
    slow_pair_run(&pair, 9000);
    ck_assert_uint_lt(slow_pair_held(&pair, AYNI_LANE_BULK), 200000);
    pair.queued_max_ms = 0;
    run_until_held(&pair, AYNI_LANE_BULK, 200000, 3600000);
    printf("longest wait: %llu ms\n", (unsigned long long)pair.queued_max_ms);
    ck_assert_uint_le(pair.queued_max_ms, 3000);
    slow_pair_free(&pair);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sim.flow");
    TCase *flow = tcase_create("flow");

    tcase_add_test(flow, a_slow_line_is_filled);
    tcase_add_test(flow, a_fast_line_is_filled);
    tcase_add_test(flow, cuts_cost_what_was_on_its_way);
    tcase_add_loop_test(flow, what_is_urgent_arrives_within_five_seconds, 0, 5);
    tcase_add_loop_test(flow, what_is_urgent_and_large_arrives_within_ten_seconds, 0, 5);
    tcase_add_test(flow, a_line_that_becomes_slow_is_waited_for);
    suite_add_tcase(suite, flow);
    return test_run(suite);
}
