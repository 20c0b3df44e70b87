#include "proto/reason.h"

#include <string.h>

#include "tests/support/suite.h"

static struct ayni_reason reason;

static void formatted_is(const char *message, const char *expected)
{
    SCOPED_BUFFER text = { 0 };

    ayni_reason_format(&reason, message, &text);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&text), ayni_bytes_of_text(expected)));
}

START_TEST(arguments_stand_in_their_places)
{
    ayni_reason_set(&reason, "x", "{} of {}");
    ayni_reason_arg_int(&reason, -3);
    ayni_reason_arg_text(&reason, "five");
    formatted_is(reason.message, "-3 of five");
    formatted_is("de {}: {}!", "de -3: five!");
}
END_TEST

START_TEST(places_without_arguments_are_empty_and_arguments_without_places_are_left_out)
{
    ayni_reason_set(&reason, "x", "");
    ayni_reason_arg_text(&reason, "one");
    formatted_is("{}{}{}", "one");
    formatted_is("none", "none");
}
END_TEST

START_TEST(an_argument_is_not_read_as_a_message)
{
    ayni_reason_set(&reason, "x", "{} {}");
    ayni_reason_arg_text(&reason, "{}");
    ayni_reason_arg_text(&reason, "b");
    formatted_is(reason.message, "{} b");
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

    tcase_add_test(reasons, arguments_stand_in_their_places);
    tcase_add_test(reasons,
                   places_without_arguments_are_empty_and_arguments_without_places_are_left_out);
    tcase_add_test(reasons, an_argument_is_not_read_as_a_message);
    tcase_add_test(reasons, long_arguments_are_cut_between_characters);
    tcase_add_test(reasons, control_characters_are_not_printed);
    tcase_add_test(reasons, there_are_never_too_many_arguments);
    suite_add_tcase(suite, reasons);
    return test_run(suite);
}
