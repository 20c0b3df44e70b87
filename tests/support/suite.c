#include "tests/support/suite.h"

#include <stdio.h>

void test_case(Suite *suite, const char *name, SFun setup, SFun teardown, const TTest *const *tests)
{
    TCase *tcase = tcase_create(name);

    if (setup != NULL)
        tcase_add_checked_fixture(tcase, setup, teardown);
    for (; *tests != NULL; tests++)
        tcase_add_test(tcase, *tests);
    suite_add_tcase(suite, tcase);
}

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
