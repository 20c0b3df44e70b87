#include "proto/value_parse.h"

#include <string.h>

#include "proto/value_check.h"
#include "proto/value_text.h"
#include "tests/support/one_field.h"
#include "tests/support/suite.h"

static const uint8_t root_key[32] = { 1 };

static void hex_of(const struct ayni_buffer *value, char text[512])
{
    ck_assert_uint_lt(value->size, 200);
    ayni_hex_text(ayni_buffer_bytes(value), text);
}

/* A text, what is stored of it, and the text that comes back where it isn't the same. */
static const struct {
    struct test_field field;
    const char *text;
    const char *cbor;
    const char *back;
} good[] = {
    { { .kind = "text 9" }, "Ñato", "65c39161746f", NULL },
    { { .kind = "text 9" }, "  a  b\t", "6461202062", "a  b" },
    { { .kind = "text 9" }, "", "f6", NULL },
    { { .kind = "text 9" }, " \r\n", "f6", "" },
    { { .kind = "code", .codes = "f m" }, "f", "6166", NULL },
    { { .kind = "set", .codes = "a b" }, "b,a", "8261616162", "a,b" },
    { { .kind = "set", .codes = "a b" }, " b , b,", "816162", "b" },
    { { .kind = "set", .codes = "a b" }, ",", "f6", "" },
    { { .kind = "set", .codes = "a aa b" }, "b,aa,a", "8361616162626161", "a,aa,b" },
    { { .kind = "int" }, "0", "00", NULL },
    { { .kind = "int" }, "-1", "20", NULL },
    { { .kind = "int" }, "+07", "07", "7" },
    { { .kind = "int" }, "9223372036854775807", "1b7fffffffffffffff", NULL },
    { { .kind = "int" }, "12.0", "0c", "12" },
    { { .kind = "dec 1" }, "10.5", "1869", NULL },
    { { .kind = "dec 1" }, "10", "1864", "10.0" },
    { { .kind = "dec 1" }, "10.50", "1869", "10.5" },
    { { .kind = "dec 2" }, "-0.05", "24", NULL },
    { { .kind = "date" }, "1970-01-01", "00", NULL },
    { { .kind = "date" }, "2024-02-29", "194d46", NULL },
    { { .kind = "date" }, "1969-12-31", "20", NULL },
    { { .kind = "month" }, "2026-09", "1950d9", NULL },
    { { .kind = "time" },
      "2026-07-08T07:24:32.999-05:00",
      "1a6a4e4180",
      "2026-07-08T12:24:32.000Z" },
    { { .kind = "bool" }, "true", "f5", NULL },
    { { .kind = "bool" }, "no", "f4", "false" },
    { { .kind = "bool" }, "sí", "f5", "true" },
    { { .kind = "point" },
      "-4.542302 -73.624050 134.8 25.9",
      "843a00454f5d3a046369f1"
      "18861819",
      "-4.542302 -73.624050 134 25" },
    { { .kind = "point" }, "1 2", "841a000f42401a001e8480f6f6", "1.000000 2.000000" },
    { { .kind = "point" }, "1 2 - 5", "841a000f42401a001e8480f605", "1.000000 2.000000 - 5" },
    { { .kind = "point" },
      "0.12345678901 0 -3.9",
      "841a0001e240002"
      "2f6",
      "0.123456 0.000000 -3" },
    { { .kind = "id dni" }, "99000001", "683939303030303031", NULL },
    { { .kind = "ids ubigeo" },
      "16,1601",
      "8262313664"
      "31363031",
      NULL },
    { { .kind = "ref" },
      "00000000-0000-4000-8000-000000000001",
      "5000000000000040008000000000000001",
      NULL },
    { { .kind = "refs" },
      "00000000-0000-4000-8000-000000000002,00000000-0000-4000-8000-000000000001",
      "825000000000000040008000000000000001"
      "5000000000000040008000000000000002",
      "00000000-0000-4000-8000-000000000001,00000000-0000-4000-8000-000000000002" },
    { { .kind = "refs" }, "", "f6", NULL },
    { { .kind = "hash" },
      "00000000000000000000000000000000000000000000000000000000000000FF",
      "582000000000000000000000000000000000000000000000000000000000000000ff",
      "00000000000000000000000000000000000000000000000000000000000000ff" },
    { { .kind = "bytes" }, "0aff", "420aff", NULL },
    { { .kind = "bytes 2" }, "0aff", "420aff", NULL },
};

START_TEST(a_good_text_is_stored_and_comes_back)
{
    SCOPED_CATALOGUE catalogue = test_one_field(&good[_i].field);
    const struct ayni_catalogue_field *field = test_the_field(catalogue);
    struct ayni_value_context context = { .catalogue = catalogue };
    SCOPED_BUFFER cbor = { 0 }, text = { 0 }, again = { 0 };
    struct ayni_reason reason = { .code = "" };
    char stored[512];

    enum ayni_status status =
        ayni_value_parse(&context, field, ayni_bytes_of_text(good[_i].text), &cbor, &reason);
    ck_assert_msg(status == AYNI_OK, "%s", reason.code);
    hex_of(&cbor, stored);
    ck_assert_str_eq(stored, good[_i].cbor);
    ck_assert_int_eq(ayni_value_check(field, ayni_buffer_bytes(&cbor), &reason), AYNI_OK);
    ck_assert_int_eq(ayni_value_text(field, ayni_buffer_bytes(&cbor), &text), AYNI_OK);
    ayni_buffer_append_byte(&text, 0);
    ck_assert_str_eq((const char *)text.data,
                     good[_i].back == NULL ? good[_i].text : good[_i].back);
    text.size--;
    ck_assert_int_eq(ayni_value_parse(&context, field, ayni_buffer_bytes(&text), &again, &reason),
                     AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&again), ayni_buffer_bytes(&cbor)));
}
END_TEST

static const struct {
    struct test_field field;
    const char *text;
    const char *code;
} bad[] = {
    { { .kind = "text 9" }, "\xff", "bad_text" },
    { { .kind = "int" }, "x", "bad_number" },
    { { .kind = "int" }, "1x", "bad_number" },
    { { .kind = "int" }, "-", "bad_number" },
    { { .kind = "int" }, "1.", "bad_number" },
    { { .kind = "int" }, "1.5", "bad_number" },
    { { .kind = "int" }, "1e3", "bad_number" },
    { { .kind = "int" }, "9223372036854775808", "bad_number" },
    { { .kind = "dec 1" }, "10,5", "bad_number" },
    { { .kind = "dec 1" }, "10.55", "bad_number" },
    { { .kind = "dec 9" }, "9999999999999", "bad_number" },
    { { .kind = "date" }, "2025-02-29", "bad_date" },
    { { .kind = "date" }, "29/02/2024", "bad_date" },
    { { .kind = "date" }, "2024-1-1", "bad_date" },
    { { .kind = "date" }, "0000-01-01", "bad_date" },
    { { .kind = "month" }, "2026-13", "bad_month" },
    { { .kind = "month" }, "2026-09-01", "bad_month" },
    { { .kind = "time" }, "yesterday", "bad_time" },
    { { .kind = "bool" }, "maybe", "bad_bool" },
    { { .kind = "point" }, "1", "bad_point" },
    { { .kind = "point" }, "1 x", "bad_point" },
    { { .kind = "point" }, "1 2 3 4 5", "bad_point" },
    { { .kind = "point" }, "1 -", "bad_point" },
    { { .kind = "ref" }, "99", "bad_reference" },
    { { .kind = "ref", .targets = "thing" }, "99", "bad_reference" },
    { { .kind = "refs" }, "00000000-0000-4000-8000-000000000002,x", "bad_reference" },
    { { .kind = "hash" }, "00", "bad_bytes" },
    { { .kind = "bytes 2" }, "0a", "bad_bytes" },
    { { .kind = "bytes" }, "0", "bad_bytes" },
    { { .kind = "bytes" }, "zz", "bad_bytes" },
    { { .kind = "node" }, "abc", "bad_node" },
};

START_TEST(a_bad_text_is_refused_with_its_reason)
{
    SCOPED_CATALOGUE catalogue = test_one_field(&bad[_i].field);
    struct ayni_value_context context = { .catalogue = catalogue };
    SCOPED_BUFFER cbor = { 0 };
    struct ayni_reason reason = { .code = "" };

    ayni_buffer_append_text(&cbor, "before");
    enum ayni_status status = ayni_value_parse(&context, test_the_field(catalogue),
                                               ayni_bytes_of_text(bad[_i].text), &cbor, &reason);
    ck_assert_int_eq(status, AYNI_E_INVALID);
    ck_assert_str_eq(reason.code, bad[_i].code);
    ck_assert_uint_eq(cbor.size, strlen("before"));
}
END_TEST

START_TEST(a_set_of_too_many_is_refused)
{
    SCOPED_CATALOGUE catalogue =
        test_one_field(&(struct test_field){ .kind = "set", .codes = "a" });
    struct ayni_value_context context = { .catalogue = catalogue };
    SCOPED_BUFFER text = { 0 }, cbor = { 0 };
    struct ayni_reason reason;

    for (int i = 0; i < 1025; i++)
        ayni_buffer_append_text(&text, "a,");
    ck_assert_int_eq(ayni_value_parse(&context, test_the_field(catalogue), ayni_buffer_bytes(&text),
                                      &cbor, &reason),
                     AYNI_E_INVALID);
    ck_assert_str_eq(reason.code, "too_many");
}
END_TEST

START_TEST(a_node_comes_back)
{
    SCOPED_CATALOGUE catalogue = test_one_field(&(struct test_field){ .kind = "node" });
    struct ayni_value_context context = { .catalogue = catalogue };
    SCOPED_BUFFER cbor = { 0 }, back = { 0 };
    struct ayni_node node = { { 1, 2, 3 } };
    struct ayni_reason reason;
    char text[AYNI_NODE_TEXT_SIZE];

    ayni_node_text(&node, text);
    ck_assert_int_eq(ayni_value_parse(&context, test_the_field(catalogue), ayni_bytes_of_text(text),
                                      &cbor, &reason),
                     AYNI_OK);
    ck_assert_int_eq(ayni_value_text(test_the_field(catalogue), ayni_buffer_bytes(&cbor), &back),
                     AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&back), ayni_bytes_of_text(text)));
}
END_TEST

static enum ayni_status resolve(void *context, const struct ayni_catalogue_field *field,
                                struct ayni_bytes text, struct ayni_record *record)
{
    (void)field;
    if (ayni_bytes_equal(text, ayni_bytes_of_text("two")))
        return AYNI_E_INVALID;
    if (!ayni_bytes_equal(text, ayni_bytes_of_text("one")))
        return AYNI_E_NOT_FOUND;
    *record = *(const struct ayni_record *)context;
    return AYNI_OK;
}

START_TEST(other_names_of_records_are_asked_for)
{
    SCOPED_CATALOGUE catalogue = test_one_field(&(struct test_field){ .kind = "ref" });
    const struct ayni_catalogue_field *field = test_the_field(catalogue);
    struct ayni_record record = { { 9 } };
    struct ayni_value_context context = {
        .catalogue = catalogue, .root_key = root_key, .resolve = resolve, .resolve_context = &record
    };
    SCOPED_BUFFER cbor = { 0 };
    struct ayni_reason reason;

    ck_assert_int_eq(ayni_value_parse(&context, field, TEST_BYTES("one"), &cbor, &reason), AYNI_OK);
    ck_assert_int_eq(cbor.data[1], 9);
    ck_assert_int_eq(ayni_value_parse(&context, field, TEST_BYTES("two"), &cbor, &reason),
                     AYNI_E_INVALID);
    ck_assert_int_eq(ayni_value_parse(&context, field, TEST_BYTES("three"), &cbor, &reason),
                     AYNI_E_INVALID);
    ck_assert_str_eq(reason.code, "bad_reference");
}
END_TEST

START_TEST(a_value_of_another_kind_has_no_text)
{
    SCOPED_CATALOGUE catalogue = test_one_field(&(struct test_field){ .kind = "date" });
    SCOPED_BUFFER text = { 0 };

    ck_assert_int_eq(ayni_value_text(test_the_field(catalogue), TEST_BYTES("\x61x"), &text),
                     AYNI_E_INVALID);
    ck_assert_int_eq(ayni_value_text(test_the_field(catalogue), TEST_BYTES(""), &text),
                     AYNI_E_INVALID);
    ck_assert_uint_eq(text.size, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("value_parse");
    TCase *values = tcase_create("values");

    tcase_add_loop_test(values, a_good_text_is_stored_and_comes_back, 0,
                        (int)(sizeof(good) / sizeof(good[0])));
    tcase_add_loop_test(values, a_bad_text_is_refused_with_its_reason, 0,
                        (int)(sizeof(bad) / sizeof(bad[0])));
    tcase_add_test(values, a_set_of_too_many_is_refused);
    tcase_add_test(values, a_node_comes_back);
    tcase_add_test(values, other_names_of_records_are_asked_for);
    tcase_add_test(values, a_value_of_another_kind_has_no_text);
    suite_add_tcase(suite, values);
    return test_run(suite);
}
