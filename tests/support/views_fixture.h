#ifndef AYNI_TESTS_SUPPORT_VIEWS_FIXTURE_H
#define AYNI_TESTS_SUPPORT_VIEWS_FIXTURE_H

#include "daemon/store/views.h"
#include "tests/support/folder.h"

/* A views environment of two tables in a folder of its own, made in the child: a checked fixture.
 */
enum { TEST_FIRST, TEST_SECOND, TEST_TABLES };
extern struct test_folder test_views_folder;
extern struct views_options test_views_options;
extern struct views *test_views;
extern char test_views_why[256];

void test_views_begin(void);
void test_views_end(void);
/* Open it, or fail the test; again, by the options as they are now. */
void test_views_open(void);
void test_views_reopen(void);

/* One key of one table, in a commit of its own. */
void test_put_key(size_t table, const char *key, const char *value);
/* What views/ has followed, set and read. */
void test_put_position(uint64_t arrival);
uint64_t test_views_position(void);
uint64_t test_views_count(size_t table);

#endif
