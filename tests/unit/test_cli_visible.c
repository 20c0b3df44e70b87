#include <stdlib.h>

#include "cli/output_json.h"
#include "cli/visible.h"
#include "cli/words.h"
#include "proto/control_writer.h"
#include "tests/support/suite.h"

/* What a hostile register may have as a name, and what a terminal gets of it. */
#define T(text, shown)                                                                             \
    {                                                                                              \
        text, sizeof(text) - 1, shown                                                              \
    }
static const struct {
    const char *text;
    size_t size;
    const char *shown;
} texts[] = {
    T("Ñahui Quispe, José ✓ 孩子", "Ñahui Quispe, José ✓ 孩子"),
    T("", ""),
    T("\x1b[2J\x1b]0;owned\a", "\\u001b[2J\\u001b]0;owned\\u0007"),
    T("a\x7f\b\r\0z", "a\\u007f\\b\\r\\u0000z"),
    T("\xC2\x9b[31m", "\\u009b[31m"), /* CSI in one character */
    T("\xC2\xA0\xC2\xBF", "\xC2\xA0\xC2\xBF"),
    T("user\xE2\x80\xAEnimd\xE2\x80\xAC", "user\\u202enimd\\u202c"),
    T("\xE2\x81\xA6x\xE2\x81\xA9\xE2\x80\x8F\xD8\x9C", "\\u2066x\\u2069\\u200f\\u061c"),
    T("one\xE2\x80\xA8two\xE2\x80\xA9", "one\\u2028two\\u2029"),
    T("\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA7",
      "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA7"),
    T("cut \xE2\x80", "cut \xEF\xBF\xBD\xEF\xBF\xBD"),
    T("\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"),
    T("line\nline\ttab", "line\\nline\\ttab"),
};

static struct ayni_bytes text_of(int i)
{
    return (struct ayni_bytes){ (const uint8_t *)texts[i].text, texts[i].size };
}

START_TEST(what_commands_a_terminal_is_written_out)
{
    SCOPED_BUFFER shown = { 0 };
    SCOPED_BUFFER again = { 0 };

    visible_put(text_of(_i), "", &shown);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&shown), ayni_bytes_of_text(texts[_i].shown)));
    visible_put(ayni_buffer_bytes(&shown), "", &again);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&again), ayni_buffer_bytes(&shown)));
}
END_TEST

START_TEST(of_nothing_nothing_is_printed)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);

    visible_print((struct ayni_bytes){ NULL, 0 }, to);
    visible_print(TEST_BYTES(""), to);
    fclose(to);
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

START_TEST(line_ends_and_tabs_stay_where_they_may)
{
    SCOPED_BUFFER shown = { 0 };

    visible_put(TEST_BYTES("a\n\tb\r\0c"), "\n\t", &shown);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&shown), TEST_BYTES("a\n\tb\\r\\u0000c")));
}
END_TEST

/* Wherever a text stands in an answer, people get it as one line. */
START_TEST(words_of_an_answer_are_lines)
{
    SCOPED_BUFFER encoded = { 0 };
    SCOPED_BUFFER words = { 0 };
    struct name name = { .text = "evil\x1b[1m" };
    struct names names = { .list = &name, .count = 1 };
    struct ayni_control_value value;
    struct ayni_control_writer writer = ayni_control_writer(&encoded);

    ayni_control_open_object(&writer, NULL);
    ayni_control_put_node(&writer, "node", &name.node);
    ayni_control_put_string(&writer, "text", TEST_BYTES("a\x1b\nb"));
    ayni_control_open_array(&writer, "list");
    ayni_control_put_string(&writer, NULL, TEST_BYTES("\xE2\x80\xAE"));
    ayni_control_close(&writer);
    ayni_control_close(&writer);
    ck_assert_int_eq(ayni_control_value_decode(ayni_buffer_bytes(&encoded), &value), AYNI_OK);
    words_put(&names, NULL, &value, &words);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&words),
                               TEST_BYTES("node=evil\\u001b[1m, text=a\\u001b\\nb, list=\\u202e")));
}
END_TEST

/* A reader of JSON gets the text, a terminal nothing that commands it. */
START_TEST(json_holds_the_text_and_shows_none_of_it)
{
    SCOPED_BUFFER encoded = { 0 };
    SCOPED_BUFFER json = { 0 };
    struct ayni_control_value value;
    struct ayni_control_writer writer = ayni_control_writer(&encoded);

    ayni_control_put_string(&writer, NULL, TEST_BYTES("ñ\x1b\xC2\x9b\xE2\x80\xAE\""));
    ck_assert_int_eq(ayni_control_value_decode(ayni_buffer_bytes(&encoded), &value), AYNI_OK);
    output_json_value(&json, &value);
    ck_assert(
        ayni_bytes_equal(ayni_buffer_bytes(&json), TEST_BYTES("\"ñ\\u001b\\u009b\\u202e\\\"\"")));
}
END_TEST

/* What a person typed may be in any encoding, and is told back to her. */
START_TEST(json_of_what_is_not_utf8_is_json)
{
    struct failure failure = { .code = "usage", .text = "\xE9t\xE9" };
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);

    output_json_failure(to, &failure);
    fclose(to);
    ck_assert_str_eq(text,
                     "{\"error\":{\"code\":\"usage\",\"message\":\"\xEF\xBF\xBDt\xEF\xBF\xBD\","
                     "\"hint\":\"\"}}\n");
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cli_visible");
    TCase *visible = tcase_create("visible");

    tcase_add_loop_test(visible, what_commands_a_terminal_is_written_out, 0,
                        sizeof(texts) / sizeof(texts[0]));
    tcase_add_test(visible, of_nothing_nothing_is_printed);
    tcase_add_test(visible, line_ends_and_tabs_stay_where_they_may);
    tcase_add_test(visible, words_of_an_answer_are_lines);
    tcase_add_test(visible, json_holds_the_text_and_shows_none_of_it);
    tcase_add_test(visible, json_of_what_is_not_utf8_is_json);
    suite_add_tcase(suite, visible);
    return test_run(suite);
}
