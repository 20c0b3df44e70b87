#ifndef AYNI_TESTS_SUPPORT_REGISTRY_HISTORY_H
#define AYNI_TESTS_SUPPORT_REGISTRY_HISTORY_H

#include "tests/support/registry_fixture.h"

/*
 * Random histories of a registry in test_world, told by honest and hostile
 * nodes alike: whoever may not write a thing writes it too. One seed, one history.
 */
enum { REGISTRY_HISTORY_SPACES = 3 };
extern struct ayni_space registry_history_spaces[REGISTRY_HISTORY_SPACES + 1]; /* the last is the
                                                                                   registry */

/* The founding and so many steps; ends with world_done(). */
void registry_history_tell(uint64_t seed, int steps);
void registry_history_step(void);
/* Some version has seen another one of its record. */
void registry_history_add_sight(void);
/* A number below `count` from the history's seed. */
unsigned registry_history_below(unsigned count);

#endif
