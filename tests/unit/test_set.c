#include "proto/set.h"

#include "tests/support/suite.h"

static void words_are(const char *text, char separator, const char *expected)
{
    struct ayni_bytes rest = ayni_bytes_of_text(text), word;
    SCOPED_BUFFER joined = { 0 };

    while (ayni_set_next(&rest, separator, &word)) {
        ayni_buffer_append(&joined, word.data, word.size);
        ayni_buffer_append_byte(&joined, '|');
    }
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&joined), ayni_bytes_of_text(expected)));
}

START_TEST(words_are_what_stands_between)
{
    words_are("", ',', "");
    words_are(",", ',', "");
    words_are("a", ',', "a|");
    words_are(" a , b c,", ',', "a|b c|");
    words_are("a  b ", ' ', "a|b|");
    words_are(" ", ',', "");
}
END_TEST

START_TEST(a_set_is_written_in_order_and_once)
{
    struct ayni_bytes items[] = { TEST_BYTES("b"), TEST_BYTES("aa"), TEST_BYTES("a"),
                                  TEST_BYTES("b") };
    SCOPED_BUFFER set = { 0 };
    struct ayni_bytes shown[AYNI_SET_COUNT_MAX];
    size_t count;

    ayni_set_put(&set, items, 4, AYNI_CBOR_TEXT);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&set), TEST_BYTES("\x83\x61"
                                                                   "a\x61"
                                                                   "b\x62"
                                                                   "aa")));
    ck_assert_int_eq(ayni_set_sorted(ayni_buffer_bytes(&set), AYNI_CBOR_TEXT, shown, &count),
                     AYNI_OK);
    ck_assert_uint_eq(count, 3);
    ck_assert(ayni_bytes_equal(shown[1], TEST_BYTES("aa")));
}
END_TEST

static const char *const wrong[] = {
    "",
    "\x61"
    "a",
    "\x81\x01",
    "\x82\x61"
    "b\x61"
    "a",
    "\x82\x61"
    "a\x61"
    "a",
    "\x82\x62"
    "aa\x61"
    "b",
    "\x82\x61"
    "a",
    "\x81\x61"
    "a\x61"
    "b",
    "\x9a\xff\xff\xff\xff",
};

START_TEST(what_is_no_set_is_malformed)
{
    struct ayni_bytes items[AYNI_SET_COUNT_MAX];
    size_t count;

    ck_assert_int_eq(ayni_set_sorted(ayni_bytes_of_text(wrong[_i]), AYNI_CBOR_TEXT, items, &count),
                     AYNI_E_MALFORMED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("set");
    TCase *sets = tcase_create("sets");

    tcase_add_test(sets, words_are_what_stands_between);
    tcase_add_test(sets, a_set_is_written_in_order_and_once);
    tcase_add_loop_test(sets, what_is_no_set_is_malformed, 0,
                        (int)(sizeof(wrong) / sizeof(wrong[0])));
    suite_add_tcase(suite, sets);
    return test_run(suite);
}
