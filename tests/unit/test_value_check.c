#include "proto/value_check.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/one_field.h"
#include "tests/support/suite.h"

/* A stored value in hexadecimal, and what is wrong with it; NULL: nothing. */
static const struct {
    struct test_field field;
    const char *cbor;
    const char *code;
} values[] = {
    { { .kind = "text 2" }, "6161", NULL },
    { { .kind = "text 2" }, "62c3b1", NULL },
    { { .kind = "text 2" }, "63616161", "too_long" },
    { { .kind = "text 2" }, "60", "empty_text" },
    { { .kind = "text 2" }, "6107", "bad_text" },
    { { .kind = "text 2" }, "610a", NULL },
    { { .kind = "text 2" }, "61ff", "malformed" },
    { { .kind = "text 2" }, "01", "wrong_kind" },
    { { .kind = "text 2", .pattern = "[a-c]+" }, "6163", NULL },
    { { .kind = "text 2", .pattern = "[a-c]+" }, "6164", "bad_form" },
    { { .kind = "code", .codes = "f m" }, "6166", NULL },
    { { .kind = "code", .codes = "f m" }, "6178", "unknown_code" },
    { { .kind = "code", .codes = "@list" }, "6178", NULL }, /* nobody has loaded that list */
    { { .kind = "set", .codes = "a b" }, "8261616162", NULL },
    { { .kind = "set", .codes = "a b" }, "8261626161", "wrong_kind" }, /* not in order */
    { { .kind = "set", .codes = "a b" }, "8261616161", "wrong_kind" }, /* twice */
    { { .kind = "set", .codes = "a b" }, "80", "empty_set" },
    { { .kind = "set", .codes = "a b" }, "816163", "unknown_code" },
    { { .kind = "set", .codes = "a b" }, "6161", "wrong_kind" },
    { { .kind = "set", .codes = "a b" }, "8101", "wrong_kind" },
    { { .kind = "int", .ranged = true, .minimum = 1, .maximum = 5 }, "05", NULL },
    { { .kind = "int", .ranged = true, .minimum = 1, .maximum = 5 }, "06", "out_of_range" },
    { { .kind = "int", .ranged = true, .minimum = 1, .maximum = 5 }, "20", "out_of_range" },
    { { .kind = "int" }, "1bffffffffffffffff", "wrong_kind" }, /* over 63 bits */
    { { .kind = "int" }, "1805", "malformed" },                /* not the shortest form */
    { { .kind = "int" }, "f90000", "malformed" },              /* floating point */
    { { .kind = "dec 1", .ranged = true, .minimum = 20, .maximum = 250 }, "13", "out_of_range" },
    { { .kind = "date" }, "1950d9", NULL },
    { { .kind = "date" }, "1b7fffffffffffffff", "bad_date" },
    { { .kind = "date" }, "3b7fffffffffffffff", "bad_date" },
    { { .kind = "month" }, "1950d9", NULL },
    { { .kind = "month" }, "1950da", "bad_date" },
    { { .kind = "time" }, "1a6a4e4180", NULL },
    { { .kind = "time" }, "20", "bad_time" },
    { { .kind = "bool" }, "f5", NULL },
    { { .kind = "bool" }, "01", "wrong_kind" },
    { { .kind = "point" }, "840102f6f6", NULL },
    { { .kind = "point" }, "840102", "malformed" },
    { { .kind = "point" }, "820102", "wrong_kind" },
    { { .kind = "point" }, "84f602f6f6", "wrong_kind" },
    { { .kind = "point" }, "841a055d4a8102f6f6", "bad_point" }, /* 90.000001 degrees */
    { { .kind = "point" }, "84010219fffff6", "bad_point" },
    { { .kind = "id dni" }, "683939303030303031", NULL },
    { { .kind = "id dni" }, "6739393030303030", "bad_document" },
    { { .kind = "id ubigeo" }, "6431363031", NULL },
    { { .kind = "id ubigeo" }, "63313630", "bad_ubigeo" },
    { { .kind = "ids ubigeo" },
      "8262313662"
      "3137",
      NULL },
    { { .kind = "ids ubigeo" },
      "81633136"
      "30",
      "bad_ubigeo" },
    { { .kind = "ref" }, "5000000000000000000000000000000000", NULL },
    { { .kind = "ref" }, "4100", "wrong_kind" },
    { { .kind = "refs" }, "815000000000000000000000000000000000", NULL },
    { { .kind = "refs" }, "814100", "wrong_kind" },
    { { .kind = "refs" }, "80", "empty_set" },
    { { .kind = "bytes 2" }, "420000", NULL },
    { { .kind = "bytes 2" }, "43000000", "wrong_kind" },
    { { .kind = "bytes" }, "43000000", NULL },
    { { .kind = "hash" }, "43000000", "wrong_kind" },
    { { .kind = "int" }, "", "malformed" },
    { { .kind = "int" }, "0000", "malformed" },
    { { .kind = "int" }, "f6", NULL },
    { { .kind = "refs" }, "f6", NULL },
};

START_TEST(a_value_is_one_of_its_field_or_not)
{
    SCOPED_CATALOGUE catalogue = test_one_field(&values[_i].field);
    struct ayni_reason reason = { .code = "" };
    uint8_t bytes[64];
    size_t size = strlen(values[_i].cbor) / 2;

    ck_assert_int_eq(ayni_hex_parse(ayni_bytes_of_text(values[_i].cbor), bytes, size), AYNI_OK);
    enum ayni_status status =
        ayni_value_check(test_the_field(catalogue), (struct ayni_bytes){ bytes, size }, &reason);
    if (values[_i].code == NULL) {
        ck_assert_msg(status == AYNI_OK, "%s", reason.code);
    } else {
        ck_assert_int_eq(status, strcmp(values[_i].code, "malformed") == 0 ? AYNI_E_MALFORMED
                                                                           : AYNI_E_INVALID);
        ck_assert_str_eq(reason.code, values[_i].code);
    }
}
END_TEST

START_TEST(a_range_is_explained_as_people_write_it)
{
    SCOPED_CATALOGUE catalogue = test_one_field(
        &(struct test_field){ .kind = "dec 1", .ranged = true, .minimum = 20, .maximum = 250 });
    struct ayni_reason reason;

    ck_assert_int_eq(ayni_value_check(test_the_field(catalogue), TEST_BYTES("\x13"), &reason),
                     AYNI_E_INVALID);
    ck_assert_str_eq(reason.message, "{} is under the minimum {}");
    ck_assert_str_eq(reason.args[0], "1.9");
    ck_assert_str_eq(reason.args[1], "2.0");
}
END_TEST

START_TEST(a_wrong_word_comes_with_the_nearest)
{
    SCOPED_CATALOGUE catalogue =
        test_one_field(&(struct test_field){ .kind = "code", .codes = "active dead" });
    struct ayni_reason reason;

    ck_assert_int_eq(ayni_value_check(test_the_field(catalogue),
                                      TEST_BYTES("\x65"
                                                 "activ"),
                                      &reason),
                     AYNI_E_INVALID);
    ck_assert_str_eq(reason.args[0], "activ");
    ck_assert_str_eq(reason.args[1], "active");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("value_check");
    TCase *checks = tcase_create("checks");

    tcase_add_loop_test(checks, a_value_is_one_of_its_field_or_not, 0,
                        (int)(sizeof(values) / sizeof(values[0])));
    tcase_add_test(checks, a_range_is_explained_as_people_write_it);
    tcase_add_test(checks, a_wrong_word_comes_with_the_nearest);
    suite_add_tcase(suite, checks);
    return test_run(suite);
}
