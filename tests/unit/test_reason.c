#include "proto/reason.h"

#include <string.h>

#include "tests/support/suite.h"

static struct ayni_reason reason;

START_TEST(arguments_are_kept_in_order_as_texts)
{
    ayni_reason_set(&reason, "x", "{} of {}");
    ayni_reason_arg_int(&reason, -3);
    ayni_reason_arg_text(&reason, "{}");
    ck_assert_str_eq(reason.message, "{} of {}");
    ck_assert_uint_eq(reason.arg_count, 2);
    ck_assert_str_eq(reason.args[0], "-3");
    ck_assert_str_eq(reason.args[1], "{}");
}
END_TEST

START_TEST(long_arguments_are_cut_between_characters)
{
    char text[201] = { 0 };

    for (size_t i = 0; i < 100; i++)
        memcpy(text + 2 * i, "ñ", 2);
    ayni_reason_set(&reason, "x", "{}");
    ayni_reason_arg_text(&reason, text);
    ck_assert_uint_eq(strlen(reason.args[0]), AYNI_REASON_ARG_SIZE - 2);
}
END_TEST

START_TEST(control_characters_are_not_printed)
{
    ayni_reason_set(&reason, "x", "{}");
    ayni_reason_arg_text(&reason, "a\x1b[31mb\n");
    ck_assert_str_eq(reason.args[0], "a?[31mb?");
}
END_TEST

START_TEST(there_are_never_too_many_arguments)
{
    ayni_reason_set(&reason, "x", "{}");
    for (int i = 0; i < 10; i++)
        ayni_reason_arg_int(&reason, i);
    ck_assert_uint_eq(reason.arg_count, AYNI_REASON_ARGS_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reason");
    TCase *reasons = tcase_create("reasons");

    tcase_add_test(reasons, arguments_are_kept_in_order_as_texts);
    tcase_add_test(reasons, long_arguments_are_cut_between_characters);
    tcase_add_test(reasons, control_characters_are_not_printed);
    tcase_add_test(reasons, there_are_never_too_many_arguments);
    suite_add_tcase(suite, reasons);
    return test_run(suite);
}
