/* What one child adds to an indicator, month by month: cases worked out by hand. */
#include <check.h>
#include <stdlib.h>

#include "daemon/view/contribution.h"
#include "proto/instant.h"
#include "tests/support/suite.h"

static int64_t day(int year, int month, int of_month)
{
    int64_t days;

    ck_assert_int_eq(ayni_day_of(year, month, of_month, &days), AYNI_OK);
    return days;
}

static month_no month(int year, int of_year)
{
    return (year - 1970) * 12 + of_year - 1;
}

/* DNI within 30 days, of active children under 12 months at E and 30 days or more. */
static struct indicator dni_in_30_days(void)
{
    return (struct indicator){
        .subject = 101,
        .states = { "active" },
        .state_count = 1,
        .age_months = { true, true, 0, 11 },
        .age_days = { true, false, 30, 0 },
        .conditions = { { .type = 102,
                          .date_field = 4,
                          .days_from_birth = { true, true, 0, 30 } } },
        .condition_count = 1,
    };
}

static struct subject_facts child_born(int64_t birth)
{
    return (struct subject_facts){
        .alive = true, .birth_date = birth, .state = "active", .place = "160101"
    };
}

static struct contribution contributions[CONTRIBUTIONS_MAX];

static size_t contribute(const struct indicator *indicator, const struct subject_facts *child,
                         bool has_date, int64_t issued)
{
    struct event_fact dni = { .condition = 0, .has_date = has_date, .date = issued };

    return contributions_of(indicator, child, &dni, 1, contributions);
}

START_TEST(a_child_counts_from_the_month_whose_end_it_reaches_at_30_days_to_its_last_under_one_year)
{
    struct indicator indicator = dni_in_30_days();
    struct subject_facts child = child_born(day(2026, 1, 15));

    ck_assert_uint_eq(contribute(&indicator, &child, true, day(2026, 2, 14)), 1);
    ck_assert_int_eq(contributions[0].first, month(2026, 2)); /* 16 days old on 31 January */
    ck_assert_int_eq(contributions[0].last, month(2026, 12)); /* a year old on 15 January 2027 */
    ck_assert_int_eq(contributions[0].flags, CONTRIBUTION_NUMERATOR);
}
END_TEST

START_TEST(thirty_days_are_met_and_thirty_one_are_not)
{
    struct indicator indicator = dni_in_30_days();
    struct subject_facts child = child_born(day(2026, 1, 15));

    contribute(&indicator, &child, true, day(2026, 1, 15) + 30);
    ck_assert_int_eq(contributions[0].flags, CONTRIBUTION_NUMERATOR);
    contribute(&indicator, &child, true, day(2026, 1, 15) + 31);
    ck_assert_int_eq(contributions[0].flags, 0);
    contribute(&indicator, &child, true,
               day(2026, 1, 14)); /* issued before it was born: no day of 0..30 */
    ck_assert_int_eq(contributions[0].flags, 0);
}
END_TEST

/* Born on 31 January it is 30 days old on 2 March: February ends at 28 days. */
START_TEST(a_month_that_ends_too_early_does_not_count)
{
    struct indicator indicator = dni_in_30_days();
    struct subject_facts child = child_born(day(2026, 1, 31));

    ck_assert_uint_eq(contribute(&indicator, &child, true, day(2026, 2, 10)), 1);
    ck_assert_int_eq(contributions[0].first, month(2026, 3));
    /* It completes its 12th month on 31 January 2027. */
    ck_assert_int_eq(contributions[0].last, month(2026, 12));
}
END_TEST

START_TEST(what_is_judged_at_a_months_end_does_not_know_what_came_after)
{
    struct indicator indicator = dni_in_30_days();
    indicator.conditions[0].days_from_birth.high = 60;
    struct subject_facts child = child_born(day(2026, 1, 1));

    /* 30 days old on 31 January; its document came on 20 February, within 60 days. */
    ck_assert_uint_eq(contribute(&indicator, &child, true, day(2026, 2, 20)), 2);
    ck_assert_int_eq(contributions[0].first, month(2026, 1));
    ck_assert_int_eq(contributions[0].last, month(2026, 1));
    ck_assert_int_eq(contributions[0].flags, 0);
    ck_assert_int_eq(contributions[1].first, month(2026, 2));
    ck_assert_int_eq(contributions[1].flags, CONTRIBUTION_NUMERATOR);
}
END_TEST

START_TEST(a_document_without_its_day_is_unknown)
{
    struct indicator indicator = dni_in_30_days();
    struct subject_facts child = child_born(day(2026, 1, 15));

    contribute(&indicator, &child, false, 0);
    ck_assert_int_eq(contributions[0].flags, CONTRIBUTION_UNKNOWN);
    ck_assert_uint_eq(contributions_of(&indicator, &child, NULL, 0, contributions), 1);
    ck_assert_int_eq(contributions[0].flags, 0); /* no document is no unknown */
}
END_TEST

START_TEST(a_death_ends_it_with_the_month_before)
{
    struct indicator indicator = dni_in_30_days();
    struct subject_facts child = child_born(day(2026, 1, 15));

    child.has_death = true;
    child.death_date = day(2026, 6, 30);
    ck_assert_uint_eq(contribute(&indicator, &child, true, day(2026, 2, 1)), 1);
    ck_assert_int_eq(contributions[0].last, month(2026, 5));
}
END_TEST

START_TEST(who_is_not_active_or_not_here_adds_nothing)
{
    struct indicator indicator = dni_in_30_days();
    struct subject_facts child = child_born(day(2026, 1, 15));

    strcpy(child.state, "moved_abroad");
    ck_assert_uint_eq(contribute(&indicator, &child, true, day(2026, 2, 1)), 0);
    child = (struct subject_facts){ 0 };
    ck_assert_uint_eq(contribute(&indicator, &child, true, day(2026, 2, 1)), 0);
}
END_TEST

START_TEST(a_rule_set_counts_no_month_outside_its_validity)
{
    struct indicator indicator = dni_in_30_days();
    struct subject_facts child = child_born(day(2026, 1, 15));

    indicator.valid_from = day(2026, 4, 1);
    indicator.has_valid_to = true;
    indicator.valid_to = day(2026, 8, 31);
    ck_assert_uint_eq(contribute(&indicator, &child, true, day(2026, 2, 1)), 1);
    ck_assert_int_eq(contributions[0].first, month(2026, 4));
    ck_assert_int_eq(contributions[0].last, month(2026, 8));
}
END_TEST

START_TEST(what_is_contested_is_counted_as_shown_and_marked)
{
    struct indicator indicator = dni_in_30_days();
    struct subject_facts child = child_born(day(2026, 1, 15));

    child.contested = true;
    contribute(&indicator, &child, true, day(2026, 2, 1));
    ck_assert_int_eq(contributions[0].flags, CONTRIBUTION_NUMERATOR | CONTRIBUTION_CONTESTED);
}
END_TEST

START_TEST(active_children_count_from_the_month_of_birth_to_the_last_under_six)
{
    struct indicator indicator = { .states = { "active" },
                                   .state_count = 1,
                                   .age_months = { true, true, 0, 71 } };
    struct subject_facts child = child_born(day(2020, 2, 29));

    ck_assert_uint_eq(contributions_of(&indicator, &child, NULL, 0, contributions), 1);
    ck_assert_int_eq(contributions[0].first, month(2020, 2));
    /* It completes 72 months on 28 February 2026, the last day of that month. */
    ck_assert_int_eq(contributions[0].last, month(2026, 1));
}
END_TEST

START_TEST(months_are_counted_also_before_1970)
{
    ck_assert_int_eq(month_of_day(day(1970, 1, 1)), 0);
    ck_assert_int_eq(month_of_day(day(1969, 12, 31)), -1);
    ck_assert_int_eq(month_first_day(month(2024, 2)), day(2024, 2, 1));
    ck_assert_int_eq(month_last_day(month(2024, 2)), day(2024, 2, 29));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("contribution");
    TCase *counting = tcase_create("counting");

    suite_add_tcase(suite, counting);
    tcase_add_test(
        counting,
        a_child_counts_from_the_month_whose_end_it_reaches_at_30_days_to_its_last_under_one_year);
    tcase_add_test(counting, thirty_days_are_met_and_thirty_one_are_not);
    tcase_add_test(counting, a_month_that_ends_too_early_does_not_count);
    tcase_add_test(counting, what_is_judged_at_a_months_end_does_not_know_what_came_after);
    tcase_add_test(counting, a_document_without_its_day_is_unknown);
    tcase_add_test(counting, a_death_ends_it_with_the_month_before);
    tcase_add_test(counting, who_is_not_active_or_not_here_adds_nothing);
    tcase_add_test(counting, a_rule_set_counts_no_month_outside_its_validity);
    tcase_add_test(counting, what_is_contested_is_counted_as_shown_and_marked);
    tcase_add_test(counting, active_children_count_from_the_month_of_birth_to_the_last_under_six);
    tcase_add_test(counting, months_are_counted_also_before_1970);
    return test_run(suite);
}
