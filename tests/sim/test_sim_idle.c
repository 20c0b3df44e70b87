#include <stdio.h>
#include <stdlib.h>

#include "proto/limits.h"
#include "tests/support/sim_pair.h"
#include "tests/support/suite.h"

/* Two nodes that hold the same, with all that was acknowledged before, meet again. */
START_TEST(an_idle_resync_is_one_round_trip_and_300_bytes)
{
    struct sim_pair pair;

    sim_pair_init(&pair, 4242);
    for (size_t i = 0; i < 200; i++)
        sim_pair_write(&pair, i % 2, AYNI_LANE_CURRENT, 3);
    sim_pair_connect(&pair);
    sim_pair_run(&pair, 20000);
    ck_assert(sim_pair_in_sync(&pair));
    sim_pair_restart(&pair);
    uint64_t bytes = sim_pair_bytes(&pair);
    uint64_t messages = sim_pair_messages(&pair);
    sim_pair_connect(&pair);
    sim_pair_run(&pair, 60000);
    bytes = sim_pair_bytes(&pair) - bytes;
    messages = sim_pair_messages(&pair) - messages;
    printf("idle re-sync: %llu bytes in %llu messages\n", (unsigned long long)bytes,
           (unsigned long long)messages);
    ck_assert(sim_pair_in_sync(&pair));
    ck_assert_uint_eq(messages, 2);
    ck_assert_uint_le(bytes, 300);
    sim_pair_free(&pair);
}
END_TEST

/* What is written on one is on the other after one message, and nothing is sent twice. */
START_TEST(a_small_run_needs_one_hop)
{
    struct sim_pair pair;

    sim_pair_init(&pair, 7);
    sim_pair_write(&pair, 0, AYNI_LANE_CURRENT, 1);
    sim_pair_connect(&pair);
    sim_pair_run(&pair, 20000);
    ck_assert(sim_pair_in_sync(&pair));
    uint64_t stored = pair.nodes[1].entries_stored;
    sim_pair_write(&pair, 0, AYNI_LANE_CURRENT, 1);
    sim_pair_run(&pair, SIM_PAIR_LATENCY + 1);
    ck_assert_uint_eq(pair.nodes[1].entries_stored, stored + 1);
    sim_pair_run(&pair, 20000);
    ck_assert(sim_pair_in_sync(&pair));
    ck_assert_uint_eq(pair.nodes[0].entries_sent, 2);
    sim_pair_free(&pair);
}
END_TEST

/* Each of many, written one after the other: what was said before never holds up what is new. */
START_TEST(who_writes_all_the_time_needs_one_hop_each_time)
{
    enum { WRITTEN = 40 };
    struct sim_pair pair;

    sim_pair_init(&pair, 8);
    sim_pair_write(&pair, 0, AYNI_LANE_CURRENT, 1);
    sim_pair_connect(&pair);
    sim_pair_run(&pair, 20000);
    uint64_t stored = pair.nodes[1].entries_stored;
    for (uint64_t i = 1; i <= WRITTEN; i++) {
        sim_pair_write(&pair, 0, AYNI_LANE_CURRENT, 1);
        sim_pair_run(&pair, SIM_PAIR_LATENCY + 1);
        ck_assert_uint_eq(pair.nodes[1].entries_stored, stored + i);
        sim_pair_run(&pair, SIM_PAIR_LATENCY);
    }
    sim_pair_run(&pair, 20000);
    ck_assert(sim_pair_in_sync(&pair));
    sim_pair_free(&pair);
}
END_TEST

/* A first contact moves everything once, whatever its size, and then stands still. */
START_TEST(a_first_contact_sends_each_entry_once)
{
    struct sim_pair pair;
    uint64_t written = 0;

    sim_pair_init(&pair, 99);
    for (size_t i = 0; i < 400; i++) {
        sim_pair_write(&pair, 0, AYNI_LANE_BULK, 100);
        written += 100;
    }
    for (size_t i = 0; i < 600; i++) {
        sim_pair_write_new_feed(&pair, 0);
        written++;
    }
    sim_pair_connect(&pair);
    sim_pair_run(&pair, 60000);
    printf("first contact: %llu entries in %llu feeds, %llu bytes, %llu messages, after %llu ms\n",
           (unsigned long long)written, 601ULL, (unsigned long long)sim_pair_bytes(&pair),
           (unsigned long long)sim_pair_messages(&pair), (unsigned long long)pair.quiet_since);
    ck_assert(sim_pair_in_sync(&pair));
    ck_assert_uint_eq(pair.nodes[1].entries_stored, written);
    ck_assert_uint_eq(pair.nodes[0].entries_sent, written);
    sim_pair_free(&pair);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sim.idle");
    TCase *pair = tcase_create("pair");

    tcase_add_test(pair, an_idle_resync_is_one_round_trip_and_300_bytes);
    tcase_add_test(pair, a_small_run_needs_one_hop);
    tcase_add_test(pair, who_writes_all_the_time_needs_one_hop_each_time);
    tcase_add_test(pair, a_first_contact_sends_each_entry_once);
    suite_add_tcase(suite, pair);
    return test_run(suite);
}
