#ifndef AYNI_TESTS_SUPPORT_NODE_PAIR_H
#define AYNI_TESTS_SUPPORT_NODE_PAIR_H

#include "tests/support/node.h"

/* Two nodes of a federation, or three: midis steers and owns the space `visits`, innova and care
 * write in it. Fixtures. */
extern struct test_node test_midis, test_innova, test_care;
extern struct ayni_space test_visits;
extern struct ayni_record test_visits_grant; /* innova's */

void test_one_open(void); /* midis alone */
void test_one_close(void);
void test_two_open(void);
void test_two_close(void);
void test_three_open(void);
void test_three_close(void);

/* A child in `visits`, with all that is required. */
struct record_key test_put_child(struct test_node *node, const char *dni, const char *surname);

/* The text shown in a field; empty where there is none. `text` holds 128. */
void test_shown(struct test_node *node, const struct record_key *key, uint32_t field, char *text);
size_t test_alternatives(struct test_node *node, const struct record_key *key, uint32_t field);
uint64_t test_conflicts(struct test_node *node);
uint64_t test_problems(struct test_node *node);
/* Fails the test where the two answer otherwise. */
void test_same_answers(struct test_node *a, struct test_node *b);

#endif
