#ifndef AYNI_TESTS_SUPPORT_ERASING_H
#define AYNI_TESTS_SUPPORT_ERASING_H

#include "daemon/federation/receipts.h"
#include "daemon/records/erasure/erase.h"
#include "daemon/records/problem.h"
#include "tests/support/node_pair.h"

/* Erase a record as people do, it alone. `result` may be NULL. */
void test_erase(struct test_node *node, const struct record_key *key, struct erase_result *result);
enum ayni_status test_try_erase(struct test_node *node, const struct record_key *key,
                                struct erase_result *result, struct complaint *complaint);

/* What the node does by itself: name in ranges what came late. */
void test_name_late(struct test_node *node);
/* Compact both stores, and give the receipts that are owed; whether any still waits for the former.
 */
void test_scrub(struct test_node *node);
enum ayni_status test_try_scrub(struct test_node *node);
bool test_give_receipts(struct test_node *node, const struct receipts_backup *backup);
/* Whether the bytes are in the files of the stores, free pages included. */
bool test_files_hold(struct test_node *node, struct ayni_bytes bytes);
/* An order about the record that names nothing and asks nobody whether it may. */
void test_force_order(struct test_node *node, const struct record_key *key);

/* Whether anything of the record is read there. */
bool test_is_here(struct test_node *node, const struct record_key *key);
/* How many entries of kind 1 have no payload in the log, and how many of them nobody may pass over.
 */
size_t test_hollow(struct test_node *node);
uint64_t test_unread(struct test_node *node);
/* How many problems of a kind are listed. */
size_t test_problems_of(struct test_node *node, enum problem_kind kind);
/* Whether the bytes are in some payload of the log, or anywhere in views/. */
bool test_log_holds(struct test_node *node, const char *text);

/* What views/ answers stays the same when it is made anew; and the log verifies. */
void test_same_after_rebuild(struct test_node *node);

#endif
