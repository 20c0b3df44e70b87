#include <check.h>

#include "proto/policy.h"
#include "tests/support/small_record.h"

/* What is shown of what survives: docs/protocol.md, section 4.4. */

static void contest(struct ayni_bytes first, struct ayni_bytes second, enum ayni_merge merge)
{
    small.rules[1].merge = merge;
    small_set(small_add('a', 1), 1, first);
    small_set(small_add('b', 1), 1, second);
    small_fold();
}

static const struct {
    struct ayni_bytes older, newer;
    enum ayni_merge merge;
    struct ayni_bytes shown; /* size 0: contested */
} settlings[] = {
#define V(text)                                                                                    \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
    { V("\x05"), V("\x01"), AYNI_MERGE_LATEST, V("\x01") },
    { V("\x05"), V("\xf6"), AYNI_MERGE_LATEST, V("\xf6") },
    { V("\x05"), V("\x01"), AYNI_MERGE_MAX, V("\x05") },
    { V("\x18\x64"), V("\x17"), AYNI_MERGE_MAX, V("\x18\x64") },
    { V("\x20"), V("\x38\x63"), AYNI_MERGE_MAX, V("\x20") }, /* -1 over -100 */
    { V("\x38\x63"), V("\x00"), AYNI_MERGE_MAX, V("\x00") }, /* 0 over -100 */
    { V("\x3b\xff\xff\xff\xff\xff\xff\xff\xff"), V("\x00"), AYNI_MERGE_MIN,
      V("\x3b\xff\xff\xff\xff\xff\xff\xff\xff") },
    { V("\xf4"), V("\xf5"), AYNI_MERGE_MAX, V("\xf5") },
    { V("\xf5"), V("\xf4"), AYNI_MERGE_MIN, V("\xf4") },
    { V("\xf6"), V("\x20"), AYNI_MERGE_MAX, V("\x20") },
    { V("\xf6"), V("\x20"), AYNI_MERGE_MIN, V("\x20") },
    { V("\x20"), V("\xf6"), AYNI_MERGE_MIN, V("\x20") },
    { V("\x62\x61\x61"), V("\x61\x7a"), AYNI_MERGE_MAX, V("\x62\x61\x61") }, /* texts bytewise */
    { V("\x61\x7a"), V("\x18\x64"), AYNI_MERGE_MAX, V("\x61\x7a") },         /* after numbers */
    { V("\x81\x61\x62"), V("\x82\x61\x61\x61\x62"), AYNI_MERGE_UNION, V("\x82\x61\x61\x61\x62") },
    { V("\x81\x61\x62"), V("\x81\x61\x61"), AYNI_MERGE_UNION, V("\x82\x61\x61\x61\x62") },
    { V("\x81\x61\x62"), V("\xf6"), AYNI_MERGE_UNION, V("\x81\x61\x62") },
    { V("\x80"), V("\xf6"), AYNI_MERGE_UNION, V("\x80") },
    { V("\x81\x62\x61\x61"), V("\x81\x61\x7a"), AYNI_MERGE_UNION, V("\x82\x61\x7a\x62\x61\x61") },
    { V("\xf5"), V("\xf4"), AYNI_MERGE_UNION, V("\xf5") },
    { V("\xf6"), V("\xf4"), AYNI_MERGE_UNION, V("\xf4") },
    { V("\x01"), V("\x02"), AYNI_MERGE_UNION, V("") }, /* no sets: a conflict */
    { V("\xf5"), V("\x80"), AYNI_MERGE_UNION, V("") },
    { V("\x01"), V("\x02"), AYNI_MERGE_REVIEW, V("") },
    { V("\x01"), V("\x02"), AYNI_MERGE_AUTHORITY, V("") }, /* of nobody */
};

START_TEST(each_rule_settles_its_way)
{
    contest(settlings[_i].older, settlings[_i].newer, settlings[_i].merge);
    if (settlings[_i].shown.size == 0)
        small_assert_contested(1, settlings[_i].newer, settlings[_i].older);
    else
        small_assert_merged(1, settlings[_i].shown);
    ck_assert_uint_eq(small_field(1)->alternative_count, 2);
}
END_TEST

START_TEST(what_a_rule_picks_is_number_one)
{
    small.rules[1].merge = AYNI_MERGE_MAX;
    small_set(small_add('a', 1), 1, TWO);
    small_set(small_add('b', 1), 1, THREE);
    small_set(small_add('c', 1), 1, ONE);
    small_fold();
    small_assert_merged(1, THREE);
    const struct ayni_alternative *alternatives = small_field(1)->alternatives;
    ck_assert(ayni_bytes_equal(alternatives[0].value, THREE));
    ck_assert(ayni_bytes_equal(alternatives[1].value, ONE)); /* then the newest first */
    ck_assert(ayni_bytes_equal(alternatives[2].value, TWO));
}
END_TEST

static void give_role(size_t item, const char *words, size_t size)
{
    small.items[item].roles = (struct ayni_bytes){ (const uint8_t *)words, size };
}

static void use_authority(void)
{
    small.rules[1].merge = AYNI_MERGE_AUTHORITY;
    small.rules[1].role = ayni_bytes_of_text("municipality");
}

START_TEST(the_role_has_the_word)
{
    use_authority();
    small_set(small_add('a', 1), 1, ONE);
    small_set(small_add('b', 1), 1, TWO);
    give_role(0, "health\0municipality", 19);
    small_fold();
    small_assert_merged(1, ONE);
    ck_assert_uint_eq(small_field(1)->alternative_count, 2);
}
END_TEST

START_TEST(what_others_overwrote_of_the_role_stands)
{
    use_authority();
    small_set(small_add('a', 1), 1, ONE);
    give_role(0, "municipality", 12);
    struct ayni_version *edit = small_add('b', 1);
    small_see(edit, 'a', 1);
    small_set(edit, 1, TWO);
    small_fold();
    small_assert_merged(1, ONE);
    ck_assert(ayni_bytes_equal(small_field(1)->alternatives[1].value, TWO));
}
END_TEST

START_TEST(two_of_the_role_are_contested_before_all_others)
{
    use_authority();
    small_set(small_add('a', 1), 1, ONE);
    small_set(small_add('b', 1), 1, TWO);
    small_set(small_add('c', 1), 1, THREE);
    give_role(0, "municipality", 12);
    give_role(1, "municipality", 12);
    small_fold();
    ck_assert(small_field(1)->contested);
    ck_assert(ayni_bytes_equal(small_field(1)->shown, TWO));
    ck_assert(ayni_bytes_equal(small_field(1)->alternatives[1].value, ONE));
    ck_assert(ayni_bytes_equal(small_field(1)->alternatives[2].value, THREE));
}
END_TEST

START_TEST(a_role_is_a_whole_word)
{
    const struct ayni_bytes role = TEST_BYTES("health");

    ck_assert(ayni_policy_has_role(TEST_BYTES("health"), role));
    ck_assert(ayni_policy_has_role(TEST_BYTES("midis\0health\0"), role));
    ck_assert(!ayni_policy_has_role(TEST_BYTES("healthy\0heal"), role));
    ck_assert(!ayni_policy_has_role(TEST_BYTES(""), role));
    ck_assert(!ayni_policy_has_role(TEST_BYTES("\0"), TEST_BYTES("")));
}
END_TEST

START_TEST(values_have_one_order)
{
    static const struct ayni_bytes ascending[] = {
        V("\xf6"),     V("\xf4"),
        V("\xf5"),     V("\x3b\xff\xff\xff\xff\xff\xff\xff\xff"),
        V("\x38\x63"), V("\x20"),
        V("\x00"),     V("\x17"),
        V("\x18\x18"), V("\x1b\xff\xff\xff\xff\xff\xff\xff\xff"),
        V("\x41\x00"), V("\x61\x61"),
        V("\x80")
    };

    for (size_t i = 0; i < sizeof(ascending) / sizeof(ascending[0]); i++)
        for (size_t k = 0; k < sizeof(ascending) / sizeof(ascending[0]); k++) {
            int order = ayni_policy_order(ascending[i], ascending[k]);
            ck_assert_int_eq((order > 0) - (order < 0), (i > k) - (i < k));
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("policy");
    TCase *tcase = tcase_create("policy");

    tcase_add_checked_fixture(tcase, small_setup, small_teardown);
    tcase_add_loop_test(tcase, each_rule_settles_its_way, 0,
                        (int)(sizeof(settlings) / sizeof(settlings[0])));
    tcase_add_test(tcase, what_a_rule_picks_is_number_one);
    tcase_add_test(tcase, the_role_has_the_word);
    tcase_add_test(tcase, what_others_overwrote_of_the_role_stands);
    tcase_add_test(tcase, two_of_the_role_are_contested_before_all_others);
    tcase_add_test(tcase, a_role_is_a_whole_word);
    tcase_add_test(tcase, values_have_one_order);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
