#include "proto/text.h"

#include "tests/support/suite.h"

static const char *const bad_utf8[] = {
    "\x80",
    "a\xc3",
    "\xc0\xaf",
    "\xe0\x80\xaf",
    "\xed\xa0\x80",
    "\xf4\x90\x80\x80",
    "\xf8\x88\x80\x80\x80",
    "abcdefgh\xff",
    "\xe2\x82",
};

START_TEST(what_is_not_utf8_is_refused)
{
    SCOPED_BUFFER to = { 0 };
    struct ayni_bytes text = ayni_bytes_of_text(bad_utf8[_i]);

    ck_assert(!ayni_text_valid(text));
    ck_assert_int_eq(ayni_text_key(text, &to), AYNI_E_MALFORMED);
    ck_assert_int_eq(ayni_text_fold(text, &to), AYNI_E_MALFORMED);
    ck_assert_uint_eq(to.size, 0);
}
END_TEST

START_TEST(utf8_is_valid)
{
    ck_assert(ayni_text_valid(TEST_BYTES("")));
    ck_assert(
        ayni_text_valid(TEST_BYTES("Ñuñoa, \xe2\x82\xac \xf4\x8f\xbf\xbf and longer than a word")));
    ck_assert(ayni_text_valid(TEST_BYTES("a\0b")));
}
END_TEST

/* Of texts of each length, with one byte that is none in each place. */
START_TEST(a_byte_that_is_not_utf8_is_seen_wherever_it_stands)
{
    char text[40];
    size_t size = (size_t)_i;

    memset(text, 'a', sizeof(text));
    ck_assert(ayni_text_valid((struct ayni_bytes){ (const uint8_t *)text, size }));
    for (size_t i = 0; i < size; i++) {
        text[i] = (char)0xff;
        ck_assert(!ayni_text_valid((struct ayni_bytes){ (const uint8_t *)text, size }));
        text[i] = 'a';
        if (i + 1 < size) {
            memcpy(text + i, "ñ", 2);
            ck_assert(ayni_text_valid((struct ayni_bytes){ (const uint8_t *)text, size }));
            memcpy(text + i, "aa", 2);
        }
    }
}
END_TEST

static const struct {
    const char *text, *key, *folded;
} forms[] = {
    { "", "", "" },
    { "   ", "", "" },
    { " Ana  Mar\u00eda\t", "Ana Mar\u00eda", "ana maria" },
    { "Mari\u0301a", "Mar\u00eda", "maria" }, /* composed */
    { "\u00a0Jos\u00e9\u2003\u3000Luis", "Jos\u00e9 Luis", "jose luis" },
    { "MUNICIPALIDAD  DE \u00d1A\u00d1O", "MUNICIPALIDAD DE \u00d1A\u00d1O",
      "municipalidad de nano" },
    { "Stra\u00dfe", "Stra\u00dfe", "strasse" },
};

START_TEST(texts_have_a_key_and_a_folded_form)
{
    SCOPED_BUFFER key = { 0 };
    SCOPED_BUFFER folded = { 0 };

    ck_assert_int_eq(ayni_text_key(ayni_bytes_of_text(forms[_i].text), &key), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&key), ayni_bytes_of_text(forms[_i].key)));
    ck_assert_int_eq(ayni_text_fold(ayni_bytes_of_text(forms[_i].text), &folded), AYNI_OK);
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&folded), ayni_bytes_of_text(forms[_i].folded)));
}
END_TEST

/* A second time changes nothing, also behind what the buffer held before. */
START_TEST(a_key_is_its_own_key)
{
    SCOPED_BUFFER key = { 0 };
    SCOPED_BUFFER again = { 0 };

    ayni_buffer_append_text(&again, "x");
    ck_assert_int_eq(ayni_text_key(ayni_bytes_of_text(forms[_i].text), &key), AYNI_OK);
    ck_assert_int_eq(ayni_text_key(ayni_buffer_bytes(&key), &again), AYNI_OK);
    struct ayni_bytes appended = { again.data + 1, again.size - 1 };
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&key), appended));
}
END_TEST

static const struct {
    const char *text;
    size_t size;
    const char *copied;
    bool whole;
} copies[] = {
    { "", 1, "", true },
    { "abc", 4, "abc", true },
    { "abc", 3, "ab", false },
    { "16010\u00f1", 7, "16010", false },
    { "16010\u00f1", 8, "16010\u00f1", true },
    { "\u20ac\u20ac", 6, "\u20ac", false },
    { "\U0010ffff", 4, "", false },
    { "abc", 1, "", false },
};

START_TEST(a_copy_has_whole_characters)
{
    char to[16];

    memset(to, 'x', sizeof(to));
    ck_assert(ayni_text_copy(ayni_bytes_of_text(copies[_i].text), to, copies[_i].size) ==
              copies[_i].whole);
    ck_assert_str_eq(to, copies[_i].copied);
    ck_assert_int_eq(to[copies[_i].size], 'x');
}
END_TEST

START_TEST(a_copy_ends_at_a_nul)
{
    char to[16];

    ck_assert(!ayni_text_copy(TEST_BYTES("ab\0c"), to, sizeof(to)));
    ck_assert_str_eq(to, "ab");
    ck_assert(ayni_text_copy((struct ayni_bytes){ 0 }, to, sizeof(to)));
    ck_assert_str_eq(to, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *text = tcase_create("text");

    tcase_add_loop_test(text, what_is_not_utf8_is_refused, 0,
                        sizeof(bad_utf8) / sizeof(bad_utf8[0]));
    tcase_add_test(text, utf8_is_valid);
    tcase_add_loop_test(text, a_byte_that_is_not_utf8_is_seen_wherever_it_stands, 0, 40);
    tcase_add_loop_test(text, texts_have_a_key_and_a_folded_form, 0,
                        sizeof(forms) / sizeof(forms[0]));
    tcase_add_loop_test(text, a_key_is_its_own_key, 0, sizeof(forms) / sizeof(forms[0]));
    tcase_add_loop_test(text, a_copy_has_whole_characters, 0, sizeof(copies) / sizeof(copies[0]));
    tcase_add_test(text, a_copy_ends_at_a_nul);
    suite_add_tcase(suite, text);
    return test_run(suite);
}
