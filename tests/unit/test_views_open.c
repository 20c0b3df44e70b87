#include "daemon/store/views.h"

#include <string.h>

#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "tests/support/views_fixture.h"

START_TEST(views_of_another_log_or_format_are_made_anew)
{
    test_put_key(TEST_FIRST, "key", "value");
    if (_i == 0)
        test_views_options.log.instance.bytes[3] ^= 1;
    else
        test_views_options.format++;
    test_views_reopen();
    ck_assert_uint_eq(test_views_count(TEST_FIRST), 0);
    test_put_key(TEST_FIRST, "key", "value");
    test_views_reopen();
    ck_assert_uint_eq(test_views_count(TEST_FIRST), 1);
}
END_TEST

static void reopen_with(struct log_lineage log)
{
    test_views_options.log = log;
    test_views_reopen();
}

/* A copied home goes on under another instance, with the views that it has. */
START_TEST(views_of_a_log_that_was_renewed_are_taken_over)
{
    struct log_lineage log = test_views_options.log;

    test_put_key(TEST_FIRST, "key", "value");
    log.before = log.instance;
    log.instance.bytes[3] ^= 1;
    reopen_with(log);
    ck_assert_uint_eq(test_views_count(TEST_FIRST), 1);
    log.before =
        log.instance; /* and once more: they are known by the one before, not by the first */
    log.instance.bytes[3] ^= 2;
    reopen_with(log);
    ck_assert_uint_eq(test_views_count(TEST_FIRST), 1);
    log.before.bytes[0] ^= 1;
    log.instance.bytes[3] ^= 4;
    reopen_with(log);
    ck_assert_uint_eq(test_views_count(TEST_FIRST), 0);
}
END_TEST

/* An older log was put in the place of its own. */
START_TEST(views_that_are_ahead_of_their_log_are_made_anew)
{
    struct log_lineage log = test_views_options.log;

    test_put_key(TEST_FIRST, "key", "value");
    test_put_position(7);
    log.last = 7;
    reopen_with(log);
    ck_assert_uint_eq(test_views_count(TEST_FIRST), 1);
    ck_assert_uint_eq(test_views_position(), 7);
    log.last = 6;
    reopen_with(log);
    ck_assert_uint_eq(test_views_count(TEST_FIRST), 0);
    ck_assert_uint_eq(test_views_position(), 0);
}
END_TEST

START_TEST(a_damaged_file_is_made_anew)
{
    static uint8_t garbage[64 * 1024];
    struct test_random random = { 5 };

    test_put_key(TEST_FIRST, "key", "value");
    views_close(test_views);
    test_random_fill(&random, garbage, sizeof(garbage));
    test_folder_write(&test_views_folder, "views/data.mdb", garbage,
                      _i == 0 ? sizeof(garbage) : 100);
    test_views_open();
    ck_assert_uint_eq(test_views_count(TEST_FIRST), 0);
}
END_TEST

START_TEST(destroyed_views_start_again_from_nothing)
{
    test_put_key(TEST_FIRST, "key", "value");
    views_close(test_views);
    ck_assert_int_eq(views_destroy(test_views_options.folder), AYNI_OK);
    ck_assert_int_eq(views_destroy(test_views_options.folder), AYNI_OK);
    ck_assert_int_eq(views_destroy("/nowhere/at/all"), AYNI_OK);
    test_views_open();
    ck_assert_uint_eq(test_views_count(TEST_FIRST), 0);
}
END_TEST

START_TEST(a_second_open_is_busy_and_says_so)
{
    struct views *second = NULL;

    ck_assert_int_eq(
        views_open(&test_views_options, &second, test_views_why, sizeof(test_views_why)),
        AYNI_E_BUSY);
    ck_assert_ptr_nonnull(strstr(test_views_why, "in use by another daemon"));
    ck_assert_ptr_null(second);
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_a_sentence)
{
    struct views *second = NULL;

    test_views_options.folder = "/nowhere/at/all";
    ck_assert_int_eq(
        views_open(&test_views_options, &second, test_views_why, sizeof(test_views_why)),
        AYNI_E_IO);
    ck_assert_ptr_nonnull(strstr(test_views_why, "/nowhere/at/all cannot be made"));
}
END_TEST

START_TEST(its_size_is_measured)
{
    struct views_space space;

    test_put_key(TEST_FIRST, "key", "value");
    ck_assert_int_eq(views_measure(test_views, &space), AYNI_OK);
    ck_assert_uint_ge(space.file_bytes, 4096);
    ck_assert_uint_gt(space.free_bytes, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("views_open");
    TCase *anew = tcase_create("anew");

    tcase_add_checked_fixture(anew, test_views_begin, test_views_end);
    tcase_add_loop_test(anew, views_of_another_log_or_format_are_made_anew, 0, 2);
    tcase_add_test(anew, views_of_a_log_that_was_renewed_are_taken_over);
    tcase_add_test(anew, views_that_are_ahead_of_their_log_are_made_anew);
    tcase_add_loop_test(anew, a_damaged_file_is_made_anew, 0, 2);
    suite_add_tcase(suite, anew);
    TEST_CASE(suite, "opening", test_views_begin, test_views_end,
              destroyed_views_start_again_from_nothing, a_second_open_is_busy_and_says_so,
              a_folder_that_cannot_be_made_is_a_sentence, its_size_is_measured);

    return test_run(suite);
}
