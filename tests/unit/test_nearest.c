#include "proto/nearest.h"

#include <string.h>

#include "tests/support/suite.h"

static const struct {
    const char *a, *b;
    size_t distance;
} pairs[] = {
    { "", "", 0 },
    { "a", "", 1 },
    { "", "abc", 3 },
    { "child", "child", 0 },
    { "chidl", "child", 1 },
    { "chld", "child", 1 },
    { "childs", "child", 1 },
    { "chald", "child", 1 },
    { "kitten", "sitting", 3 },
    { "ab", "ba", 1 },
    { "abc", "cba", 2 },
};

START_TEST(edits_are_counted_both_ways)
{
    struct ayni_bytes a = ayni_bytes_of_text(pairs[_i].a), b = ayni_bytes_of_text(pairs[_i].b);

    ck_assert_uint_eq(ayni_edit_distance(a, b), pairs[_i].distance);
    ck_assert_uint_eq(ayni_edit_distance(b, a), pairs[_i].distance);
}
END_TEST

static const char *nearest_of(const char *wrong)
{
    static const char *const known[] = { "birth_date", "birth_order", "sex", "state", "ubigeo" };
    struct ayni_nearest nearest = ayni_nearest(ayni_bytes_of_text(wrong));

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        ayni_nearest_offer(&nearest, known[i]);
    return nearest.best;
}

START_TEST(the_nearest_name_is_offered_if_it_is_near)
{
    ck_assert_str_eq(nearest_of("brith_date"), "birth_date");
    ck_assert_str_eq(nearest_of("birth_ordre"), "birth_order");
    ck_assert_str_eq(nearest_of("sx"), "sex");
    ck_assert_str_eq(nearest_of("ubigo"), "ubigeo");
    ck_assert_ptr_null(nearest_of("colour"));
    ck_assert_ptr_null(nearest_of(""));
}
END_TEST

START_TEST(names_beyond_all_measure_are_far)
{
    char text[70] = { 0 };

    memset(text, 'a', sizeof(text) - 1);
    ck_assert_uint_eq(ayni_edit_distance(ayni_bytes_of_text(text), TEST_BYTES("a")), SIZE_MAX);
    ck_assert_ptr_null(nearest_of(text));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nearest");
    TCase *names = tcase_create("names");

    tcase_add_loop_test(names, edits_are_counted_both_ways, 0,
                        (int)(sizeof(pairs) / sizeof(pairs[0])));
    tcase_add_test(names, the_nearest_name_is_offered_if_it_is_near);
    tcase_add_test(names, names_beyond_all_measure_are_far);
    suite_add_tcase(suite, names);
    return test_run(suite);
}
