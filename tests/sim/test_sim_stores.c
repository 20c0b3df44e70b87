#include <stdlib.h>

#include "tests/support/sim_trials.h"
#include "tests/support/suite.h"

/*
 * As sim.convergence, with few nodes that keep their logs on a disk: the
 * daemon's own store, writer, intake and what tells the engine of heads. Beside
 * it a log in memory says what must be there after each step, and again
 * whenever a store is opened: after a crash, after a disk was full, in a home
 * that was put back.
 */
enum { SEEDS = 100, SEEDS_TO_ONE = 25 };

static struct sim_trials *trials;

/* They take longer than those in memory. */
static int seed_count(void)
{
    int count = sim_trials_seed_count(SEEDS);

    return count < SEEDS_TO_ONE ? 1 : count / SEEDS_TO_ONE;
}

START_TEST(honest_nodes_agree)
{
    sim_trials_run(trials, sim_trials_first_seed() + (uint64_t)_i, SIM_IN_STORES);
}
END_TEST

START_TEST(what_came_about)
{
    sim_trials_print(trials);
    ck_assert_uint_eq(trials->tally.seeds, (unsigned)seed_count());
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sim.stores");
    TCase *stores = tcase_create("seeds"), *coverage = tcase_create("all seeds");

    trials = sim_trials_new();
    tcase_add_loop_test(stores, honest_nodes_agree, 0, seed_count());
    suite_add_tcase(suite, stores);
    tcase_add_test(coverage, what_came_about);
    suite_add_tcase(suite, coverage);
    return test_run(suite);
}
