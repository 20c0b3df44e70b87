#ifndef AYNI_TESTS_SUPPORT_REGISTRY_FIXTURE_H
#define AYNI_TESTS_SUPPORT_REGISTRY_FIXTURE_H

#include "tests/support/registry_world.h"

/*
 * A federation's registry, for the tests of one: a checked fixture begins it
 * and ends it. What was written since is there after test_registry_rebuild().
 */
extern struct world test_world;
extern struct ayni_registry *test_registry; /* NULL until it is built */
extern struct ayni_space test_registry_space;
extern struct ayni_space test_open_space, test_secret_space; /* where there are spaces */

/* Node 0 steers, 1 and 2 are the first nodes of the organisations ALFA and BETA. */
void test_registry_begin_members(void);
/* Node 0 steers, 1 owns the spaces `open` and `secret`, 2 and 3 are members, 5 is nobody. */
void test_registry_begin_spaces(void);
void test_registry_end(void);
void test_registry_rebuild(void);

/* --- what it says --- */

/* NULL: nobody. */
const struct ayni_member *test_member(unsigned node);
/* Known, and not revoked. */
bool test_is_member(unsigned node);
enum ayni_right test_right_of(unsigned node, const struct ayni_space *space);
/* How a version of `node` at `seq` of its feed in `space` stands. */
enum ayni_standing test_at(unsigned node, const struct ayni_space *space, uint64_t seq);
enum ayni_standing test_standing_of(const struct ayni_registry_item *item);
struct ayni_record test_revocation_of(unsigned node);
/* `by` cuts the feed of `node` in `space` at `seq`. */
void test_cut_at(unsigned by, const struct ayni_space *space, const struct ayni_record *ending,
                 unsigned node, uint64_t seq);

#endif
