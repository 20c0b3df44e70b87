#ifndef AYNI_TESTS_SUPPORT_NODE_FORK_H
#define AYNI_TESTS_SUPPORT_NODE_FORK_H

#include "tests/support/node.h"

/*
 * Forks between nodes in this process, as comparing heads leads to them. `from`
 * may be a log alone, without a node around it: it then has nothing but `log`.
 */

/* Wherever both hold a segment and differ in it, `to` proves the fork; until there is nothing left.
 */
void test_node_compare(const struct test_node *from, struct test_node *to);
/* `to` gets the proofs that `from` has, as they are: not by entries. */
void test_node_share_proofs(const struct test_node *from, struct test_node *to);

#endif
