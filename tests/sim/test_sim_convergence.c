#include <stdlib.h>

#include "tests/support/sim_trials.h"
#include "tests/support/suite.h"

/*
 * Nodes under every trouble that the simulator knows, from one seed each
 * (tests/support/sim_trials.h). At the end a table says what came about; over
 * many seeds all of it must.
 */
enum { SEEDS = 100, SEEDS_TO_SEE_ALL = 250 };

/* Each showed a fault of the engine in the world that it made then: docs/testing.md. */
static const uint64_t once_failed[] = { 47, 175, 384, 1322, 1942 };

static struct sim_trials *trials;

START_TEST(honest_nodes_agree)
{
    sim_trials_run(trials, sim_trials_first_seed() + (uint64_t)_i, SIM_IN_MEMORY);
}
END_TEST

START_TEST(honest_nodes_agree_where_they_once_did_not)
{
    sim_trials_run(trials, once_failed[_i], SIM_IN_MEMORY);
}
END_TEST

START_TEST(all_that_can_go_wrong_did)
{
    const char *missing = sim_tally_missing(&trials->tally);

    sim_trials_print(trials);
    ck_assert_msg(trials->tally.seeds < SEEDS_TO_SEE_ALL || missing == NULL,
                  "not once in all seeds: %s", missing);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sim.convergence");
    TCase *convergence = tcase_create("seeds"), *coverage = tcase_create("all seeds");

    trials = sim_trials_new();
    tcase_add_loop_test(convergence, honest_nodes_agree, 0, sim_trials_seed_count(SEEDS));
    if (getenv("AYNI_SEED") == NULL)
        tcase_add_loop_test(convergence, honest_nodes_agree_where_they_once_did_not, 0,
                            sizeof(once_failed) / sizeof(*once_failed));
    suite_add_tcase(suite, convergence);
    tcase_add_test(coverage, all_that_can_go_wrong_did);
    suite_add_tcase(suite, coverage);
    return test_run(suite);
}
