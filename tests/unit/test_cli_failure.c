#include "cli/failure.h"

#include "proto/control_writer.h"
#include "tests/support/suite.h"

static char filled[16];

/* The text with its places filled by the arguments, up to NULL, as the daemon sends them. */
static const char *fill(const char *text, const char *const *args)
{
    SCOPED_BUFFER encoded = { 0 };
    struct ayni_control_writer writer = ayni_control_writer(&encoded);
    struct ayni_control_value list;

    ayni_control_open_array(&writer, NULL);
    for (size_t i = 0; args[i] != NULL; i++)
        ayni_control_put_text(&writer, NULL, args[i]);
    ayni_control_close(&writer);
    ck_assert_int_eq(ayni_control_value_decode(ayni_buffer_bytes(&encoded), &list), AYNI_OK);
    fill_places(filled, sizeof(filled), text, &list);
    return filled;
}

START_TEST(arguments_stand_in_their_places)
{
    ck_assert_str_eq(fill("de {}: {}!", (const char *[]){ "-3", "five", NULL }), "de -3: five!");
}
END_TEST

START_TEST(places_without_arguments_are_empty_and_arguments_without_places_are_left_out)
{
    ck_assert_str_eq(fill("{}{}{}", (const char *[]){ "one", NULL }), "one");
    ck_assert_str_eq(fill("none", (const char *[]){ "one", NULL }), "none");
    ck_assert_str_eq(fill("", (const char *[]){ NULL }), "");
}
END_TEST

START_TEST(an_argument_is_not_read_as_a_message)
{
    ck_assert_str_eq(fill("{} {}", (const char *[]){ "{}", "b", NULL }), "{} b");
}
END_TEST

START_TEST(what_is_too_long_is_cut_between_characters)
{
    ck_assert_str_eq(fill("{}", (const char *[]){ "0123456789abcdefgh", NULL }), "0123456789abcde");
    ck_assert_str_eq(fill("0123456789abcd{}!", (const char *[]){ "ñ", NULL }), "0123456789abcd!");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cli_failure");
    TCase *places = tcase_create("places");

    tcase_add_test(places, arguments_stand_in_their_places);
    tcase_add_test(places,
                   places_without_arguments_are_empty_and_arguments_without_places_are_left_out);
    tcase_add_test(places, an_argument_is_not_read_as_a_message);
    tcase_add_test(places, what_is_too_long_is_cut_between_characters);
    suite_add_tcase(suite, places);
    return test_run(suite);
}
