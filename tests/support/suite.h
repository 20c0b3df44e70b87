#ifndef AYNI_TESTS_SUPPORT_SUITE_H
#define AYNI_TESTS_SUPPORT_SUITE_H

#include <check.h>

/* Runs the suite and answers what main() returns: 0 where all passed. The suite is used up. */
int test_run(Suite *suite);

/* What ctest takes for a skip. */
#define TEST_SKIPPED 77

/* Prints why nothing is run and answers what main() returns then. The suite is used up. */
int test_skip(Suite *suite, const char *reason);

/* A literal as a view of bytes, without its NUL. */
#define TEST_BYTES(literal)                                                                        \
    ((struct ayni_bytes){ (const uint8_t *)("" literal), sizeof(literal) - 1 })

#endif
