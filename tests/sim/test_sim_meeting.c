#include "tests/support/sim_pair.h"
#include "tests/support/suite.h"

/* What two nodes say that hold thousands of feeds, to find out which few differ. */

enum { FEEDS = 5000, CHANGED = 100 };
static struct sim_pair pair;

static void write_feeds(unsigned node)
{
    pair.random = (struct test_random){ 7 }; /* both get the same */
    for (uint32_t i = 0; i < FEEDS; i++)
        sim_pair_write_of(&pair, node, i, 1);
}

static void change_feeds(unsigned of_dialler, unsigned of_dialled)
{
    for (uint32_t i = 0; i < of_dialler + of_dialled; i++)
        sim_pair_write_of(&pair, i < of_dialler ? 0 : 1, i * (FEEDS / CHANGED), 1);
}

static void begin(void)
{
    sim_pair_init(&pair, 4242);
    write_feeds(0);
    write_feeds(1);
}

static void end(void)
{
    sim_pair_free(&pair);
}

static void meet_first(void)
{
    sim_pair_connect(&pair);
    sim_pair_run(&pair, 60000);
    ck_assert(sim_pair_in_sync(&pair));
}

/* What is said on the line but runs, from now until both know that they are in sync. */
static uint64_t overhead_of_meeting(void)
{
    uint64_t bytes = sim_pair_bytes(&pair), content = pair.content_bytes;

    sim_pair_connect(&pair);
    sim_pair_run(&pair, 60000);
    ck_assert(sim_pair_in_sync(&pair));
    return sim_pair_bytes(&pair) - bytes - (pair.content_bytes - content);
}

static const unsigned sides[][2] = { { 0, CHANGED }, { CHANGED, 0 }, { CHANGED / 2, CHANGED / 2 } };

START_TEST(what_changed_since_the_last_time_takes_two_round_trips_and_35_bytes_a_feed)
{
    meet_first();
    if (_i == 0)
        sim_pair_cut(&pair);
    else
        sim_pair_restart(&pair);
    change_feeds(sides[_i][0], sides[_i][1]);
    uint64_t bytes = sim_pair_bytes(&pair), content = pair.content_bytes;
    sim_pair_connect(&pair);
    sim_pair_run(&pair, 4 * SIM_PAIR_LATENCY);
    ck_assert(sim_pair_holds_same(&pair));
    sim_pair_run(&pair, 60000);
    ck_assert(sim_pair_in_sync(&pair));
    ck_assert_uint_le(sim_pair_bytes(&pair) - bytes - (pair.content_bytes - content), 35 * CHANGED);
}
END_TEST

START_TEST(a_first_contact_looks_for_what_differs_in_four_round_trips)
{
    change_feeds(sides[_i][0], sides[_i][1]);
    uint64_t bytes = sim_pair_bytes(&pair), content = pair.content_bytes;
    sim_pair_connect(&pair);
    sim_pair_run(&pair, 8 * SIM_PAIR_LATENCY);
    ck_assert(sim_pair_holds_same(&pair));
    sim_pair_run(&pair, 60000);
    ck_assert(sim_pair_in_sync(&pair));
    ck_assert_uint_le(sim_pair_bytes(&pair) - bytes - (pair.content_bytes - content), 60000);
}
END_TEST

/* Whose log is another than before has no acknowledgements, and neither have others of it. */
START_TEST(a_log_out_of_a_backup_never_begins_from_zero)
{
    meet_first();
    sim_pair_restart(&pair);
    sim_pair_renew_log(&pair, (unsigned)_i);
    ck_assert_uint_le(overhead_of_meeting(), 300);
    sim_pair_restart(&pair);
    sim_pair_renew_log(&pair, (unsigned)_i);
    change_feeds(CHANGED / 2, CHANGED / 2);
    ck_assert_uint_le(overhead_of_meeting(), 60000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sim.meeting");
    TCase *pairs = tcase_create("pairs");

    tcase_add_checked_fixture(pairs, begin, end);
    tcase_add_loop_test(
        pairs, what_changed_since_the_last_time_takes_two_round_trips_and_35_bytes_a_feed, 0, 3);
    tcase_add_loop_test(pairs, a_first_contact_looks_for_what_differs_in_four_round_trips, 0, 3);
    tcase_add_loop_test(pairs, a_log_out_of_a_backup_never_begins_from_zero, 0, 2);
    suite_add_tcase(suite, pairs);
    return test_run(suite);
}
