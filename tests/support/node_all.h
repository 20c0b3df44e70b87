#ifndef AYNI_TESTS_SUPPORT_NODE_ALL_H
#define AYNI_TESTS_SUPPORT_NODE_ALL_H

#include "tests/support/node.h"

/* Of records and conflicts what is answered; of the view its tables, from which it answers. */
void test_node_all(struct test_node *node, struct ayni_buffer *text);
/* Fails the test, naming `seed` where it isn't 0, unless all of it is as it was before `what`. */
void test_node_same(struct test_node *node, const struct ayni_buffer *before,
                    unsigned long long seed, const char *what);

#endif
