#ifndef AYNI_TESTS_SUPPORT_LIKENESS_ORACLE_H
#define AYNI_TESTS_SUPPORT_LIKENESS_ORACLE_H

#include "daemon/records/links/duplicates.h"
#include "tests/support/node.h"

/*
 * The duplicates of a node as docs/duplicates.md says them, found the slow way: every child with
 * every other, by what the fold says of all records, with none of the code of daemon/records/
 * likeness*.c. Names are of the letters of test data: a to z and a few with accents.
 */
void likeness_oracle(struct test_node *node, struct duplicates *duplicates);

/* Fails the test where the node's own search says otherwise, `seed` in the message. */
void likeness_oracle_agrees(struct test_node *node, unsigned long long seed, const char *when);

/* All pairs the node finds, whatever their score. */
void likeness_oracle_found(struct test_node *node, struct duplicates *duplicates);

#endif
