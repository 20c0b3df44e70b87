#ifndef AYNI_TESTS_SUPPORT_SIM_TRIALS_H
#define AYNI_TESTS_SUPPORT_SIM_TRIALS_H

#include "tests/support/sim_world.h"

/*
 * The world of a seed, from its first trouble until all agree. In the end
 * honest members of a space must hold the same, and say so. Unless some key
 * writes in two places, or a home is put back that doesn't know it, nobody
 * ever proves a fork, whatever is lost, twice, out of order, changed or made
 * up, and whoever is restored.
 *
 *     AYNI_SIM_SEEDS=500  how many seeds; of worlds with stores on a disk one for 25 of them
 *     AYNI_SEED=17        only this one, or the first if AYNI_SIM_SEEDS is given
 *     AYNI_NODES=50       nodes in each
 */

/* Of all seeds, shared by the processes that run them; what these print comes line by line. */
struct sim_trials {
    struct sim_tally tally;
    uint64_t running; /* seed; not 0 while one does, or after it has failed */
    uint64_t failed[64];
    size_t failed_count;
};

struct sim_trials *sim_trials_new(void);
/* Runs one, and fails the test where they don't agree. */
void sim_trials_run(struct sim_trials *trials, uint64_t seed, enum sim_ground ground);
/* The table, and each seed that failed with what shows it again. */
void sim_trials_print(struct sim_trials *trials);

/* The first seed, and how many of them there are. */
uint64_t sim_trials_first_seed(void);
int sim_trials_seed_count(int fallback);

#endif
