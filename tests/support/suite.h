#ifndef AYNI_TESTS_SUPPORT_SUITE_H
#define AYNI_TESTS_SUPPORT_SUITE_H

#include <check.h>

/* Runs the suite and answers what main() returns: 0 where all passed. The suite is used up. */
int test_run(Suite *suite);

/* A literal as a view of bytes, without its NUL. */
#define TEST_BYTES(literal)                                                                        \
    ((struct ayni_bytes){ (const uint8_t *)("" literal), sizeof(literal) - 1 })

#endif
