#ifndef AYNI_TESTS_SUPPORT_SUITE_H
#define AYNI_TESTS_SUPPORT_SUITE_H

#include <check.h>
#include <stdbool.h>

/* Fails the test, saying what, where it doesn't hold. Unlike Check's own it may be called where no
 * test runs, as long as it holds. */
void test_require(bool holds, const char *what);

/* Runs the suite and answers what main() returns: 0 where all passed. The suite is used up. */
int test_run(Suite *suite);

/* A test case of these tests, each with the checked fixture (NULL: without one). */
#define TEST_CASE(suite, name, setup, teardown, ...)                                               \
    test_case(suite, name, setup, teardown, (const TTest *const[]){ __VA_ARGS__, NULL })
void test_case(Suite *suite, const char *name, SFun setup, SFun teardown,
               const TTest *const *tests);

/* What ctest takes for a skip. */
#define TEST_SKIPPED 77

/* Prints why nothing is run and answers what main() returns then. The suite is used up. */
int test_skip(Suite *suite, const char *reason);

/* A literal as a view of bytes, without its NUL. */
#define TEST_BYTES(literal)                                                                        \
    ((struct ayni_bytes){ (const uint8_t *)("" literal), sizeof(literal) - 1 })

#endif
