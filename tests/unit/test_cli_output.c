#include "cli/output_json.h"
#include "cli/value.h"
#include "proto/control_writer.h"
#include "tests/support/suite.h"

/* What is between open() and told() is the value. */
static struct ayni_buffer encoded;

static struct ayni_control_writer begin(void)
{
    ayni_buffer_free(&encoded);
    return ayni_control_writer(&encoded);
}

static struct ayni_control_value value_of(void)
{
    struct ayni_control_value value;
    ck_assert_int_eq(ayni_control_value_decode(ayni_buffer_bytes(&encoded), &value), AYNI_OK);
    return value;
}

static void assert_json(const char *expected)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_value value = value_of();

    output_json_value(&text, &value);
    ayni_buffer_append_byte(&text, '\0');
    ck_assert_str_eq((const char *)text.data, expected);
    ayni_buffer_free(&encoded);
}

static const struct {
    int64_t mantissa;
    unsigned scale;
    const char *text;
} decimals[] = {
    { 105, 1, "10.5" },
    { 100, 1, "10.0" },
    { 5, 1, "0.5" },
    { -5, 1, "-0.5" },
    { 0, 2, "0.00" },
    { 7, 3, "0.007" },
    { -12345, 3, "-12.345" },
    { 42, 0, "42" },
    { INT64_MAX, 1, "922337203685477580.7" },
    { INT64_MIN, 1, "-922337203685477580.8" },
    { INT64_MIN, 18, "-9.223372036854775808" },
    { 1, 18, "0.000000000000000001" },
};

START_TEST(decimals_are_numbers_with_exactly_their_decimals)
{
    struct ayni_control_writer writer = begin();
    ayni_control_put_decimal(&writer, NULL, decimals[_i].mantissa, decimals[_i].scale);
    assert_json(decimals[_i].text);
}
END_TEST

static const struct {
    int64_t value;
    const char *text;
} integers[] = {
    { 0, "0" },
    { -1, "-1" },
    { 9007199254740991, "9007199254740991" },
    { 9007199254740992, "\"9007199254740992\"" },
    { -9007199254740991, "-9007199254740991" },
    { -9007199254740992, "\"-9007199254740992\"" },
    { INT64_MIN, "\"-9223372036854775808\"" },
};

START_TEST(integers_past_what_a_double_holds_are_strings)
{
    struct ayni_control_writer writer = begin();
    ayni_control_put_int(&writer, NULL, integers[_i].value);
    assert_json(integers[_i].text);
}
END_TEST

START_TEST(texts_are_escaped_and_not_changed)
{
    struct ayni_control_writer writer = begin();
    ayni_control_put_string(&writer, NULL, TEST_BYTES("Ñahui \"x\"\\\n\x01\0\x7f ✓"));
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_value value = value_of();
    output_json_value(&text, &value);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&text),
                               TEST_BYTES("\"Ñahui \\\"x\\\"\\\\\\n\\u0001\\u0000\\u007f ✓\"")));
    ayni_buffer_free(&encoded);
}
END_TEST

START_TEST(typed_values_have_the_forms_of_the_contract)
{
    struct ayni_record record = { { 0x01, 0x98, 0xab, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0,
                                    1 } };
    struct ayni_node node = { { 0 } };
    struct ayni_control_writer w = begin();

    ayni_control_open_object(&w, NULL);
    ayni_control_put_record(&w, "id", &record);
    ayni_control_put_node(&w, "node", &node);
    ayni_control_put_instant(&w, "at", (struct ayni_instant){ 1700000000123 });
    ayni_control_put_time(&w, "second", 1700000000);
    ayni_control_put_day(&w, "day", 0);
    ayni_control_put_month(&w, "month", 31);
    ayni_control_put_hash(&w, "hash", TEST_BYTES("\xde\xad"));
    ayni_control_put_bool(&w, "yes", true);
    ayni_control_put_null(&w, "none");
    ayni_control_open_array(&w, "set");
    ayni_control_put_text(&w, NULL, "a");
    ayni_control_put_text(&w, NULL, "b");
    ayni_control_close(&w);
    ayni_control_close(&w);
    assert_json("{\"id\":\"0198ab00-0000-7000-8000-000000000001\","
                "\"node\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\","
                "\"at\":\"2023-11-14T22:13:20.123Z\",\"second\":\"2023-11-14T22:13:20.000Z\","
                "\"day\":\"1970-01-01\",\"month\":\"1970-02\",\"hash\":\"dead\",\"yes\":true,"
                "\"none\":null,\"set\":[\"a\",\"b\"]}");
}
END_TEST

START_TEST(a_row_leaves_out_what_has_no_value)
{
    SCOPED_BUFFER names = { 0 };
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_value columns;
    struct ayni_control_writer w = ayni_control_writer(&names);

    ayni_control_open_array(&w, NULL);
    ayni_control_put_text(&w, NULL, "_id");
    ayni_control_put_text(&w, NULL, "hb");
    ayni_control_put_text(&w, NULL, "note");
    ayni_control_close(&w);
    ck_assert_int_eq(ayni_control_value_decode(ayni_buffer_bytes(&names), &columns), AYNI_OK);
    w = begin();
    ayni_control_open_array(&w, NULL);
    ayni_control_put_int(&w, NULL, 1);
    ayni_control_put_null(&w, NULL);
    ayni_control_put_text(&w, NULL, "x");
    ayni_control_close(&w);
    struct ayni_control_value row = value_of();
    output_json_row(&text, &columns, &row);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&text), TEST_BYTES("{\"_id\":1,\"note\":\"x\"}")));
    ayni_buffer_free(&encoded);
}
END_TEST

START_TEST(a_list_in_a_cell_has_commas_between)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_writer w = begin();

    ayni_control_open_array(&w, NULL);
    ayni_control_put_text(&w, NULL, "sis");
    ayni_control_put_text(&w, NULL, "other");
    ayni_control_close(&w);
    struct ayni_control_value value = value_of();
    value_text(&value, &text);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&text), TEST_BYTES("sis,other")));
    ayni_buffer_free(&encoded);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cli_output");
    TCase *output = tcase_create("output");

    tcase_add_loop_test(output, decimals_are_numbers_with_exactly_their_decimals, 0,
                        sizeof(decimals) / sizeof(decimals[0]));
    tcase_add_loop_test(output, integers_past_what_a_double_holds_are_strings, 0,
                        sizeof(integers) / sizeof(integers[0]));
    tcase_add_test(output, texts_are_escaped_and_not_changed);
    tcase_add_test(output, typed_values_have_the_forms_of_the_contract);
    tcase_add_test(output, a_row_leaves_out_what_has_no_value);
    tcase_add_test(output, a_list_in_a_cell_has_commas_between);
    suite_add_tcase(suite, output);
    return test_run(suite);
}
