#ifndef AYNI_TESTS_SUPPORT_REFILL_H
#define AYNI_TESTS_SUPPORT_REFILL_H

#include "tests/support/node.h"

/* Payloads that get lost, and come again from whoever still has them. */

/* The node loses the payload of the newest entry of a kind in the control lane of a space; what it
 * hands on from there is hollow. */
void test_lose_payload(struct test_node *node, const struct ayni_space *space, uint64_t kind);
/* How many payloads the node lacks and wants. */
size_t test_missing(struct test_node *node);
/* `to` gets those of them that `from` has. */
void test_fill_missing(struct test_node *from, struct test_node *to);

#endif
