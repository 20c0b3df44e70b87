#ifndef AYNI_TESTS_SUPPORT_FORK_H
#define AYNI_TESTS_SUPPORT_FORK_H

#include "tests/support/federation.h"

/* Two histories that node `number` wrote into one feed of a space: `common` entries (up to 4) that
 * they share, then one entry that is each one's own. Sealed once before the fork, once after it. */
enum { TEST_FORK_COMMON_MAX = 4 };
struct test_fork {
    struct test_keys keys;
    struct ayni_node root;
    struct ayni_feed_descriptor descriptor;
    struct ayni_feed feed;
    struct ayni_entry shared[TEST_FORK_COMMON_MAX], own[2];
    struct ayni_run common, sides[2];
    struct ayni_head at; /* where the common part ends */
};
void test_fork_make(struct test_fork *fork, uint8_t number, const struct ayni_space *space,
                    size_t common);

/* Nothing but the two ways, after `at` in a feed of the same node. */
void test_fork_after(struct test_fork *fork, uint8_t number,
                     const struct ayni_feed_descriptor *descriptor, const struct ayni_head *at);

/* The proof, appended. `sides` 0 and 1 in any order; the same twice proves nothing. */
void test_fork_prove(const struct test_fork *fork, int one, int other, struct ayni_buffer *proof);

#endif
