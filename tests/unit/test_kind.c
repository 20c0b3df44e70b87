#include "proto/kind.h"

#include "tests/support/suite.h"

static const char *const spelled[] = {
    "text 1", "text 60000", "code",      "set",    "int",    "dec 0",  "dec 9",     "date",
    "month",  "time",       "bool",      "point",  "ref",    "refs",   "hash",      "node",
    "bytes",  "bytes 16",   "id scheme", "id dni", "id cui", "id cnv", "id padron", "ids ubigeo",
};

START_TEST(a_kind_comes_back_as_it_was_spelled)
{
    char text[AYNI_KIND_TEXT_SIZE];
    struct ayni_kind kind;

    ck_assert_int_eq(ayni_kind_parse(ayni_bytes_of_text(spelled[_i]), &kind), AYNI_OK);
    ayni_kind_text(&kind, text);
    ck_assert_str_eq(text, spelled[_i]);
}
END_TEST

static const char *const misspelled[] = {
    "",    "text",   "text 0", "text 60001", "text 08", "text  8", "text x", "text 99999999999",
    "dec", "dec 10", "dec -1", "id",         "id ruc",  "int 4",   "int ",   " int",
    "Int", "code*",  "float",  "ref child",  "bytes x", "bytes 0",
};

START_TEST(what_is_no_kind_is_refused)
{
    struct ayni_kind kind;

    ck_assert_int_eq(ayni_kind_parse(ayni_bytes_of_text(misspelled[_i]), &kind), AYNI_E_INVALID);
}
END_TEST

static const struct {
    const char *scheme, *value;
    bool fits;
} documents[] = {
    { "dni", "99000001", true },
    { "dni", "9900001", false },
    { "dni", "990000012", false },
    { "dni", "9900000x", false },
    { "dni", "", false },
    { "cui", "99000001", true },
    { "cnv", "123456", true },
    { "cnv", "12345", false },
    { "cnv", "123456789012345", true },
    { "cnv", "1234567890123456", false },
    { "padron", "123456", true },
    { "padron", "1234567890123", false },
    { "ubigeo", "16", true },
    { "ubigeo", "160", false },
    { "ubigeo", "1601", true },
    { "ubigeo", "160101", true },
    { "ubigeo", "16010101", false },
    { "passport", "A1", true },
    { "passport", "", false },
};

START_TEST(an_identifier_fits_its_scheme)
{
    ck_assert_int_eq(ayni_scheme_fits(ayni_scheme_of(ayni_bytes_of_text(documents[_i].scheme)),
                                      ayni_bytes_of_text(documents[_i].value)),
                     documents[_i].fits);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kind");
    TCase *kinds = tcase_create("kinds");

    tcase_add_loop_test(kinds, a_kind_comes_back_as_it_was_spelled, 0,
                        (int)(sizeof(spelled) / sizeof(spelled[0])));
    tcase_add_loop_test(kinds, what_is_no_kind_is_refused, 0,
                        (int)(sizeof(misspelled) / sizeof(misspelled[0])));
    tcase_add_loop_test(kinds, an_identifier_fits_its_scheme, 0,
                        (int)(sizeof(documents) / sizeof(documents[0])));
    suite_add_tcase(suite, kinds);
    return test_run(suite);
}
