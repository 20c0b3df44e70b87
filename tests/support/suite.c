#include "tests/support/suite.h"

#include <stdio.h>

int test_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

int test_skip(Suite *suite, const char *reason)
{
    srunner_free(srunner_create(suite));
    printf("SKIP: %s\n", reason);
    return TEST_SKIPPED;
}
