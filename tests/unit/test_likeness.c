/* Names and days as the search for the same child compares them, and what is proposed of two. */
#include "daemon/records/links/likeness.h"

#include <string.h>

#include "proto/instant.h"
#include "tests/support/suite.h"

static struct ayni_arena memory;

static void free_memory(void)
{
    ayni_arena_free(&memory);
}

static struct likeness_name name(const char *first, const char *second, const char *given)
{
    const struct ayni_bytes parts[] = { ayni_bytes_of_text(first), ayni_bytes_of_text(second),
                                        ayni_bytes_of_text(given) };
    struct likeness_name made;

    ck_assert_int_eq(likeness_name_make(parts, &memory, &made), AYNI_OK);
    return made;
}

static int64_t day(const char *text)
{
    int64_t read;

    ck_assert_int_eq(ayni_day_parse(ayni_bytes_of_text(text), &read), AYNI_OK);
    return read;
}

START_TEST(names_are_equal_without_accents_case_and_spaces)
{
    struct likeness_name one = name("Núñez", "GARCÍA", " Ana   María "),
                         other = name("NUNEZ", "garcia", "ana maria");

    ck_assert(likeness_name_equal(&one, &other));
    ck_assert_uint_eq(one.hash, other.hash);
}
END_TEST

START_TEST(what_one_part_says_is_said_by_no_other)
{
    struct likeness_name one = name("Rojas", "", "Ana"), other = name("", "Rojas", "Ana");

    ck_assert(!likeness_name_equal(&one, &other));
    ck_assert(!likeness_name_same_surnames(&one, &other));
    ck_assert(likeness_name_same_given(&one, &other));
}
END_TEST

START_TEST(what_is_no_name_makes_none)
{
    static char long_name[LIKENESS_NAME_SIZE_MAX + 2];
    struct ayni_bytes parts[3] = { { 0 } };
    struct likeness_name made;

    ck_assert_int_eq(likeness_name_make(parts, &memory, &made), AYNI_E_INVALID);
    parts[1] = ayni_bytes_of_text("   ");
    ck_assert_int_eq(likeness_name_make(parts, &memory, &made), AYNI_E_INVALID);
    parts[1] = ayni_bytes_of_text("a\xff");
    ck_assert_int_eq(likeness_name_make(parts, &memory, &made), AYNI_E_INVALID);
    memset(long_name, 'a', sizeof(long_name) - 1);
    parts[1] = ayni_bytes_of_text(long_name);
    ck_assert_int_eq(likeness_name_make(parts, &memory, &made), AYNI_E_INVALID);
}
END_TEST

static const struct {
    const char *one, *other;
    bool near;
} given[] = {
    { "Ana", "Ana", true },         { "Ana", "Anna", true },    { "Ana", "An", true },
    { "Ana", "Ina", true },         { "Ana", "Annia", true },   { "Ana", "Eva", true },
    { "Ana", "Luz", false },        { "Maria", "Mraia", true }, { "Maria", "Aimar", false },
    { "Jose Luis", "Jose", false }, { "Jose", "Joseph", true }, { "abcdef", "abcfed", true },
    { "abcdefg", "gabcdef", true }, { "aabb", "bbaa", false },  { "abab", "baba", true },
    { "Иван", "Иванов", true },     { "Иван", "Петр", false },
};

START_TEST(two_edits_are_near_and_three_are_not)
{
    struct likeness_name one = name("Rojas", "", given[_i].one),
                         other = name("Rojas", "", given[_i].other);

    ck_assert_int_eq(likeness_name_near(&one, &other), given[_i].near);
    ck_assert_int_eq(likeness_name_near(&other, &one), given[_i].near);
}
END_TEST

START_TEST(edits_are_counted_over_all_of_the_name)
{
    struct likeness_name one = name("Rojas", "Dias", "Ana"), two = name("Rosas", "Diaz", "Ana"),
                         three = name("Rosas", "Diaz", "Eva");

    ck_assert(likeness_name_near(&one, &two));
    ck_assert(!likeness_name_near(&one, &three));
}
END_TEST

static const struct {
    const char *one, *other;
    bool near;
} days[] = {
    { "2024-03-05", "2024-03-05", true },  { "2024-03-05", "2024-05-03", true },
    { "2024-03-05", "2024-03-08", true },  { "2024-03-05", "2024-03-09", true }, /* one digit */
    { "2024-03-05", "2024-03-15", true },  { "2024-03-05", "2023-03-05", true },
    { "2024-03-05", "2024-02-29", false }, { "2024-02-29", "2024-03-03", true },
    { "2024-03-05", "2023-05-03", false }, { "2024-12-31", "2025-01-03", true },
    { "2024-12-31", "2025-01-04", false }, { "2024-03-15", "2024-03-26", false },
    { "2024-03-25", "2024-05-25", true },  { "0001-01-01", "9999-12-31", false },
};

START_TEST(days_are_near_by_a_swap_a_digit_or_three_days)
{
    int64_t one = day(days[_i].one), other = day(days[_i].other);

    ck_assert_int_eq(likeness_days_near(one, other), days[_i].near);
    ck_assert_int_eq(likeness_days_near(other, one), days[_i].near);
}
END_TEST

START_TEST(a_code_is_a_number_and_begins_as_its_text_does)
{
    uint64_t code = likeness_code(ayni_bytes_of_text("160101"));

    ck_assert(likeness_code_begins(code, NULL) && likeness_code_begins(code, "") &&
              likeness_code_begins(code, "16") && likeness_code_begins(code, "160101"));
    ck_assert(!likeness_code_begins(code, "61") && !likeness_code_begins(code, "1601011"));
    ck_assert_uint_eq(likeness_code(ayni_bytes_of_text("123456789")), 0);
    ck_assert_uint_eq(likeness_code((struct ayni_bytes){ 0 }), 0);
}
END_TEST

START_TEST(a_set_has_each_value_once_and_ends)
{
    struct likeness_set set = { 0 }, other = { 0 };

    for (uint64_t i = 0; i < 3 * LIKENESS_VALUES_MAX; i++)
        likeness_set_add(&set, i / 2);
    ck_assert_uint_eq(set.count, LIKENESS_VALUES_MAX);
    likeness_set_add(&other, LIKENESS_VALUES_MAX);
    ck_assert(!likeness_set_shares(&set, &other));
    likeness_set_add(&other, 3);
    ck_assert(likeness_set_shares(&set, &other));
}
END_TEST

/* --- two children --- */

static struct likeness_child child(const char *given_names, const char *born)
{
    struct likeness_child made = { .face_count = 1 };
    struct likeness_face *face = &made.faces[0];

    face->names[0] = name("Vela", "Soto", given_names);
    face->name_count = 1;
    likeness_set_add(&face->days, (uint64_t)day(born));
    likeness_set_add(&face->sexes, 'f');
    likeness_set_add(&face->districts, likeness_code(ayni_bytes_of_text("160101")));
    return made;
}

static enum likeness_verdict verdict(const struct likeness_child *a, const struct likeness_child *b)
{
    struct likeness_match match, turned;

    ck_assert(likeness_compare(a, b, &match));
    ck_assert(likeness_compare(b, a, &turned));
    ck_assert_int_eq(match.score, turned.score);
    ck_assert_uint_eq(match.reasons, turned.reasons);
    ck_assert_int_eq(match.verdict, turned.verdict);
    ck_assert(match.score >= 1 && match.score <= 99);
    return match.verdict;
}

START_TEST(who_is_like_nobody_matches_nobody)
{
    struct likeness_child a = child("Ana", "2024-03-05"), b = child("Luz", "2024-03-05"),
                          nobody = { 0 };
    struct likeness_match match;

    ck_assert(!likeness_compare(&a, &b, &match));
    ck_assert(!likeness_compare(&a, &nobody, &match));
    ck_assert(!likeness_compare(&nobody, &nobody, &match));
}
END_TEST

START_TEST(what_tells_twins_apart_makes_them_twins)
{
    struct likeness_child a = child("Luz", "2024-03-05"), b = child("Liz", "2024-03-05");

    /* A letter of a given name says nothing: twins have such names. */
    ck_assert_int_eq(verdict(&a, &b), LIKENESS_UNDECIDED);
    likeness_set_add(&a.dnis, 1);
    likeness_set_add(&a.numbers, 1);
    ck_assert_int_eq(verdict(&a, &b), LIKENESS_UNDECIDED); /* the other has none */
    likeness_set_add(&b.dnis, 2);
    likeness_set_add(&b.numbers, 2);
    ck_assert_int_eq(verdict(&a, &b), LIKENESS_TWINS);
    likeness_set_add(&a.mothers, 1);
    likeness_set_add(&b.mothers, 2);
    ck_assert_int_eq(verdict(&a, &b), LIKENESS_UNDECIDED); /* of two mothers */
    likeness_set_add(&b.mothers, 1);
    ck_assert_int_eq(verdict(&a, &b), LIKENESS_TWINS);
}
END_TEST

START_TEST(twins_are_never_proposed_as_one)
{
    struct likeness_child a = child("Luz", "2024-03-05"), b = child("Luz", "2024-03-06");

    likeness_set_add(&a.mothers, 1);
    likeness_set_add(&b.mothers, 1);
    ck_assert_int_eq(verdict(&a, &b), LIKENESS_SAME);
    likeness_set_add(&a.faces[0].orders, 1);
    ck_assert_int_eq(verdict(&a, &b), LIKENESS_SAME);
    likeness_set_add(&b.faces[0].orders, 2);
    ck_assert_int_eq(verdict(&a, &b), LIKENESS_TWINS);
    likeness_set_add(&a.numbers, 7); /* not even where a number stands with both */
    likeness_set_add(&b.numbers, 7);
    ck_assert_int_eq(verdict(&a, &b), LIKENESS_TWINS);
}
END_TEST

START_TEST(a_slip_in_a_surname_is_one_child)
{
    struct likeness_child a = child("Luz", "2024-03-05"), b = a;

    b.faces[0].names[0] = name("Bela", "Soto", "Luz");
    ck_assert_int_eq(verdict(&a, &b), LIKENESS_SAME);
}
END_TEST

START_TEST(stronger_keys_score_more_and_doubts_less)
{
    struct likeness_child a = child("Ana", "2024-03-05"), b = a, near = child("Ana", "2024-05-03");
    struct likeness_match same, slip, both;

    ck_assert(likeness_compare(&a, &b, &same) && likeness_compare(&a, &near, &slip));
    ck_assert_int_gt(same.score, slip.score);
    likeness_set_add(&a.mothers, 1);
    likeness_set_add(&b.mothers, 1);
    ck_assert(likeness_compare(&a, &b, &both));
    ck_assert_int_gt(both.score, same.score);
    likeness_set_add(&a.cnvs, 1);
    likeness_set_add(&b.cnvs, 2);
    ck_assert(likeness_compare(&a, &b, &both));
    ck_assert_int_lt(both.score, slip.score);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("likeness");
    TCase *texts = tcase_create("names and days"), *children = tcase_create("children");

    tcase_add_checked_fixture(texts, NULL, free_memory);
    tcase_add_test(texts, names_are_equal_without_accents_case_and_spaces);
    tcase_add_test(texts, what_one_part_says_is_said_by_no_other);
    tcase_add_test(texts, what_is_no_name_makes_none);
    tcase_add_loop_test(texts, two_edits_are_near_and_three_are_not, 0,
                        sizeof(given) / sizeof(given[0]));
    tcase_add_test(texts, edits_are_counted_over_all_of_the_name);
    tcase_add_loop_test(texts, days_are_near_by_a_swap_a_digit_or_three_days, 0,
                        sizeof(days) / sizeof(days[0]));
    tcase_add_test(texts, a_code_is_a_number_and_begins_as_its_text_does);
    tcase_add_test(texts, a_set_has_each_value_once_and_ends);
    suite_add_tcase(suite, texts);
    tcase_add_checked_fixture(children, NULL, free_memory);
    tcase_add_test(children, who_is_like_nobody_matches_nobody);
    tcase_add_test(children, what_tells_twins_apart_makes_them_twins);
    tcase_add_test(children, twins_are_never_proposed_as_one);
    tcase_add_test(children, a_slip_in_a_surname_is_one_child);
    tcase_add_test(children, stronger_keys_score_more_and_doubts_less);
    suite_add_tcase(suite, children);
    return test_run(suite);
}
