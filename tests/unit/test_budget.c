#include "daemon/net/budget.h"

#include "tests/support/suite.h"

enum { HOUR = 3600 * 1000 };

static const struct config_budget any = { 0, 0, "always" };
static const struct config_budget night = { 0, 0, "22:00-06:00" };
static const struct config_budget morning = { 0, 0, "06:30-12:00" };
static const struct config_budget thousand = { 50, 1000, "always" };
static const struct config_budget both = { 0, 1000, "22:00-06:00" };

START_TEST(what_is_not_set_bounds_nothing)
{
    ck_assert(!budget_is_bound(&any));
    ck_assert(budget_is_bound(&night));
    ck_assert(budget_is_bound(&thousand));
    struct budget_now now = budget_at(&any, UINT64_MAX, 5 * HOUR);
    ck_assert_uint_eq(now.left, UINT64_MAX);
    ck_assert_uint_eq(now.rate, 0);
    ck_assert_ptr_null(now.held);
}
END_TEST

static const struct at {
    const struct config_budget *budget;
    uint64_t used, ms_of_day;
    uint64_t left, until_ms;
    const char *held;
} cases[] = {
    { &night, 0, 0, UINT64_MAX, 0, NULL },
    { &night, 0, 6 * HOUR - 1, UINT64_MAX, 0, NULL },
    { &night, 0, 6 * HOUR, 0, 16 * HOUR, "hours" },
    { &night, 0, 22 * HOUR - 1, 0, 1, "hours" },
    { &night, 0, 22 * HOUR, UINT64_MAX, 0, NULL },
    { &morning, 0, 0, 0, 6 * HOUR + HOUR / 2, "hours" },
    { &morning, 0, 7 * HOUR, UINT64_MAX, 0, NULL },
    { &morning, 0, 12 * HOUR, 0, 18 * HOUR + HOUR / 2, "hours" },
    { &thousand, 0, 0, 1000, 24 * HOUR, NULL },
    { &thousand, 999, 23 * HOUR, 1, HOUR, NULL },
    { &thousand, 1000, 23 * HOUR, 0, HOUR, "day" },
    { &thousand, 5000, 23 * HOUR, 0, HOUR, "day" },
    { &both, 10, 23 * HOUR, 990, HOUR, NULL },
    { &both, 10, 7 * HOUR, 0, 15 * HOUR, "hours" },
    { &both, 1000, 7 * HOUR, 0, 17 * HOUR, "day" },
};

START_TEST(it_is_by_the_day_and_by_the_hours)
{
    const struct at *c = &cases[_i];
    struct budget_now now = budget_at(c->budget, c->used, c->ms_of_day);

    ck_assert_uint_eq(now.left, c->left);
    ck_assert_uint_eq(now.until_ms, c->until_ms);
    ck_assert_uint_eq(now.rate, c->budget->rate);
    if (c->held == NULL)
        ck_assert_ptr_null(now.held);
    else
        ck_assert_str_eq(now.held, c->held);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("budget");
    TCase *tcase = tcase_create("budget");

    tcase_add_test(tcase, what_is_not_set_bounds_nothing);
    tcase_add_loop_test(tcase, it_is_by_the_day_and_by_the_hours, 0,
                        (int)(sizeof(cases) / sizeof(*cases)));
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
