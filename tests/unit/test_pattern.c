#include "proto/pattern.h"

#include <string.h>

#include "tests/support/suite.h"

static const struct {
    const char *pattern, *text;
    bool fits;
} cases[] = {
    { "", "", true },
    { "", "a", false },
    { "a", "a", true },
    { "a", "aa", false },
    { "\\d{8}", "12345678", true },
    { "\\d{8}", "1234567", false },
    { "\\d{6,8}", "1234567", true },
    { "\\d{2,}", "1", false },
    { "\\d{2,}", "123456789", true },
    { "[A-Z][A-Z0-9]{2,4}", "D509", true },
    { "[A-Z][A-Z0-9]{2,4}", "D5", false },
    { "[A-Z][A-Z0-9]{2,4}", "d509", false },
    { "[\\L' -]+", "Ñahui D'Ávila-Cruz", true },
    { "[\\L' -]+", "R2", false },
    { "[\\L]+", "क्षि", true }, /* marks belong to their letters */
    { "\\+?\\d+", "+51999", true },
    { "\\+?\\d+", "51999", true },
    { "\\+?\\d+", "5+1", false },
    { "a*a", "aaa", true }, /* not as much as it can, but so that the whole fits */
    { "a{1,2}ab", "aab", true },
    { ".*x", "ñññx", true },
    { "[a\\]b]+", "a]b", true },
    { "[ab-]+", "a-b", true },
    { "\\.", ".", true },
    { "\\.", "x", false },
};

START_TEST(a_text_fits_as_a_whole_or_not_at_all)
{
    ck_assert(ayni_pattern_is_valid(ayni_bytes_of_text(cases[_i].pattern)));
    ck_assert_int_eq(ayni_pattern_fits(ayni_bytes_of_text(cases[_i].pattern),
                                       ayni_bytes_of_text(cases[_i].text)),
                     cases[_i].fits);
}
END_TEST

static const char *const wrong[] = {
    "[", "[]", "[a",  "]",   "a{", "a{1",   "a{2,1}", "a{x}", "a{999}", "*",
    "+", "?",  "a**", "{2}", "\\", "[z-a]", "[\\",    "\xff", "a{1,2",
};

START_TEST(what_is_no_pattern_refuses_nothing)
{
    ck_assert(!ayni_pattern_is_valid(ayni_bytes_of_text(wrong[_i])));
    ck_assert(ayni_pattern_fits(ayni_bytes_of_text(wrong[_i]), TEST_BYTES("any")));
}
END_TEST

START_TEST(long_texts_never_fit)
{
    char text[AYNI_PATTERN_TEXT_MAX + 2];

    memset(text, 'a', sizeof(text));
    ck_assert(ayni_pattern_fits(TEST_BYTES("a*"),
                                (struct ayni_bytes){ (uint8_t *)text, AYNI_PATTERN_TEXT_MAX }));
    ck_assert(!ayni_pattern_fits(
        TEST_BYTES("a*"), (struct ayni_bytes){ (uint8_t *)text, AYNI_PATTERN_TEXT_MAX + 1 }));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pattern");
    TCase *patterns = tcase_create("patterns");

    tcase_add_loop_test(patterns, a_text_fits_as_a_whole_or_not_at_all, 0,
                        (int)(sizeof(cases) / sizeof(cases[0])));
    tcase_add_loop_test(patterns, what_is_no_pattern_refuses_nothing, 0,
                        (int)(sizeof(wrong) / sizeof(wrong[0])));
    tcase_add_test(patterns, long_texts_never_fit);
    suite_add_tcase(suite, patterns);
    return test_run(suite);
}
