#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Check ends a test after 4 s by the clock on the wall, which on a busy machine
 * says nothing of the test. It asks the environment when a tcase is made, so
 * this comes before main(). What hangs is ended all the same.
 */
__attribute__((constructor)) static void give_time(void)
{
    setenv("CK_DEFAULT_TIMEOUT", "300", 0);
}

void test_case(Suite *suite, const char *name, SFun setup, SFun teardown, const TTest *const *tests)
{
    TCase *tcase = tcase_create(name);

    if (setup != NULL)
        tcase_add_checked_fixture(tcase, setup, teardown);
    for (; *tests != NULL; tests++)
        tcase_add_test(tcase, *tests);
    suite_add_tcase(suite, tcase);
}

void test_require(bool holds, const char *what)
{
    if (!holds)
        ck_abort_msg("%s", what);
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
