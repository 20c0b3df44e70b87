/* Checks that are kept between requests: of the charter that is asked for, and nobody else's
 * meanwhile. */
#include "daemon/records/rules/check_pool.h"
#include "tests/support/node_pair.h"

enum { MANY = 40 };

static struct check_pool *pool;

static void setup(void)
{
    test_one_open();
    test_must(check_pool_new(&pool), "pool");
}

static void teardown(void)
{
    check_pool_free(pool);
    test_one_close();
}

static struct check *take(const struct charter *charter)
{
    struct check *check;

    test_must(check_pool_take(pool, charter, &check), "take");
    return check;
}

START_TEST(what_was_given_back_serves_again)
{
    SCOPED_CHARTER charter = standing_hold(test_midis.records.standing);
    struct check *first = take(charter), *second = take(charter);

    ck_assert_ptr_ne(first, second);
    check_pool_give(pool, charter, first);
    ck_assert_ptr_eq(take(charter), first);
    check_pool_give(pool, charter, second);
    check_pool_give(pool, charter, first);
}
END_TEST

/* The first charter may be gone by then: what was made of it isn't used for another one. */
START_TEST(a_new_charter_has_checks_of_its_own)
{
    const struct charter *before = standing_hold(test_midis.records.standing);
    struct check *old = take(before), *other = take(before);

    check_pool_give(pool, before, old);
    (void)test_node_space(&test_midis, "more", AYNI_CLASS_SENSITIVE);
    SCOPED_CHARTER after = standing_hold(test_midis.records.standing);
    ck_assert_ptr_ne(before, after);
    struct check *made = take(after);
    ck_assert_ptr_ne(made, old);
    ck_assert_ptr_ne(made, other);
    check_pool_give(pool, after, made);
    check_pool_give(pool, before, other);
    charter_release(before);
    struct check *again = take(after);
    ck_assert_ptr_ne(again, other);
    check_pool_give(pool, after, again);
}
END_TEST

START_TEST(few_are_kept_of_many)
{
    SCOPED_CHARTER charter = standing_hold(test_midis.records.standing);
    struct check *checks[MANY];

    for (size_t i = 0; i < MANY; i++)
        checks[i] = take(charter);
    for (size_t i = 0; i < MANY; i++)
        check_pool_give(pool, charter, checks[i]);
    check_pool_give(pool, charter, NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_pool");
    TCase *one = tcase_create("one node");

    tcase_add_checked_fixture(one, setup, teardown);
    tcase_add_test(one, what_was_given_back_serves_again);
    tcase_add_test(one, a_new_charter_has_checks_of_its_own);
    tcase_add_test(one, few_are_kept_of_many);
    suite_add_tcase(suite, one);
    return test_run(suite);
}
