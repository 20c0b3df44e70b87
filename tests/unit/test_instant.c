#include "proto/instant.h"

#include "tests/support/suite.h"

static const struct {
    const char *text;
    uint64_t ms;
} instants[] = {
    { "1970-01-01T00:00:00.000Z", 0 },
    { "1970-01-01", 0 },
    { "2026-11-22T03:12:45.678Z", 1795317165678 },
    { "2026-11-22t03:12:45.678z", 1795317165678 },
    { "2026-11-22 03:12:45.6789123Z", 1795317165678 },
    { "2026-11-21T22:12:45.678-05:00", 1795317165678 },
    { "2026-11-22T08:42:45.678+05:30", 1795317165678 },
    { "2024-02-29T23:59:59Z", 1709251199000 },
    { "9999-12-31T23:59:59.999Z", 253402300799999 },
};

START_TEST(instants_parse)
{
    struct ayni_instant instant = { 1 };

    ck_assert_int_eq(ayni_instant_parse(ayni_bytes_of_text(instants[_i].text), &instant), AYNI_OK);
    ck_assert_uint_eq(instant.ms, instants[_i].ms);
}
END_TEST

static const char *const bad_instants[] = {
    "",
    "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00+00:01",
    "2026-02-29",
    "2026-13-01",
    "2026-00-01",
    "2026-01-00",
    "0000-01-01",
    "2026-1-01",
    "2026-01-01T",
    "2026-01-01T00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:60Z",
    "2026-01-01T00:00:00",
    "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00.000Z ",
    "2026-01-01T00:00:00+0500",
    "2026-01-01T00:00:00+24:00",
    "+026-01-01",
    "yesterday",
};

START_TEST(what_is_no_instant_is_malformed)
{
    struct ayni_instant instant = { 1 };

    ck_assert_int_eq(ayni_instant_parse(ayni_bytes_of_text(bad_instants[_i]), &instant),
                     AYNI_E_MALFORMED);
    ck_assert_uint_eq(instant.ms, 1);
}
END_TEST

START_TEST(instants_print_and_the_far_future_is_the_end_of_9999)
{
    char text[AYNI_INSTANT_TEXT_SIZE];

    ayni_instant_text((struct ayni_instant){ 1795317165678 }, text);
    ck_assert_str_eq(text, "2026-11-22T03:12:45.678Z");
    ayni_instant_text((struct ayni_instant){ UINT64_MAX }, text);
    ck_assert_str_eq(text, "9999-12-31T23:59:59.999Z");
}
END_TEST

/* Each day of years around leap years and centuries follows the one before. */
START_TEST(days_count_and_read_back)
{
    int64_t day, expected = 0, back;
    char text[AYNI_DAY_TEXT_SIZE];

    ck_assert_int_eq(ayni_day_of(_i, 1, 1, &expected), AYNI_OK);
    for (int month = 1; month <= 12; month++)
        for (int d = 1; d <= 31; d++) {
            if (ayni_day_of(_i, month, d, &day) != AYNI_OK)
                continue;
            int y, m, of_month;
            ck_assert_int_eq(day, expected++);
            ayni_day_split(day, &y, &m, &of_month);
            ck_assert(y == _i && m == month && of_month == d);
            ayni_day_text(day, text);
            ck_assert_int_eq(ayni_day_parse(ayni_bytes_of_text(text), &back), AYNI_OK);
            ck_assert_int_eq(back, day);
        }
    if (_i < 9999) {
        ck_assert_int_eq(ayni_day_of(_i + 1, 1, 1, &day), AYNI_OK);
        ck_assert_int_eq(day, expected);
    }
}
END_TEST

START_TEST(known_days)
{
    int64_t day;

    ck_assert_int_eq(ayni_day_of(1970, 1, 1, &day), AYNI_OK);
    ck_assert_int_eq(day, 0);
    ck_assert_int_eq(ayni_day_of(2000, 3, 1, &day), AYNI_OK);
    ck_assert_int_eq(day, 11017);
    ck_assert_int_eq(ayni_day_of(1, 1, 1, &day), AYNI_OK);
    ck_assert_int_eq(day, -719162);
    ck_assert_int_eq(ayni_day_of(1900, 2, 29, &day), AYNI_E_MALFORMED);
    ck_assert_int_eq(ayni_day_of(10000, 1, 1, &day), AYNI_E_MALFORMED);
}
END_TEST

START_TEST(days_end_with_the_years_1_and_9999)
{
    ck_assert(ayni_day_valid(-719162) && !ayni_day_valid(-719163));
    ck_assert(ayni_day_valid(2932896) && !ayni_day_valid(2932897));
    ck_assert(!ayni_day_valid(INT64_MIN) && !ayni_day_valid(INT64_MAX));
}
END_TEST

START_TEST(months_parse_print_and_move)
{
    int64_t month, day;
    char text[AYNI_MONTH_TEXT_SIZE];

    ck_assert_int_eq(ayni_month_parse(TEST_BYTES("2026-02"), &month), AYNI_OK);
    ck_assert_int_eq(ayni_day_parse(TEST_BYTES("2026-02-17"), &day), AYNI_OK);
    ck_assert_int_eq(ayni_month_start(day, 0), month);
    ayni_month_text(ayni_month_start(day, -2), text);
    ck_assert_str_eq(text, "2025-12");
    ayni_month_text(ayni_month_start(day, 23), text);
    ck_assert_str_eq(text, "2028-01");
    ck_assert_int_eq(ayni_month_parse(TEST_BYTES("2026-2"), &month), AYNI_E_MALFORMED);
    ck_assert_int_eq(ayni_month_parse(TEST_BYTES("2026-02-01"), &month), AYNI_E_MALFORMED);
    ck_assert_int_eq(ayni_month_parse(TEST_BYTES("2026-13"), &month), AYNI_E_MALFORMED);
}
END_TEST

static const struct {
    const char *birth, *day;
    int months;
} ages[] = {
    { "2026-01-15", "2026-01-15", 0 },  { "2026-01-15", "2026-02-14", 0 },
    { "2026-01-15", "2026-02-15", 1 },  { "2026-01-31", "2026-02-27", 0 },
    { "2026-01-31", "2026-02-28", 1 },  { "2023-08-31", "2024-02-28", 5 },
    { "2023-08-31", "2024-02-29", 6 },  { "2024-02-29", "2025-02-27", 11 },
    { "2024-02-29", "2025-02-28", 12 }, { "2026-02-15", "2026-02-14", -1 },
    { "2020-05-10", "2026-05-10", 72 },
};

START_TEST(months_are_completed_by_the_calendar)
{
    int64_t birth, day;

    ck_assert_int_eq(ayni_day_parse(ayni_bytes_of_text(ages[_i].birth), &birth), AYNI_OK);
    ck_assert_int_eq(ayni_day_parse(ayni_bytes_of_text(ages[_i].day), &day), AYNI_OK);
    ck_assert_int_eq(ayni_months_between(birth, day), ages[_i].months);
}
END_TEST

/* Whoever was born in a month, whatever the day: daemon/view/contribution.c counts so. */
START_TEST(at_a_months_end_as_many_months_are_completed_as_have_begun_since_birth)
{
    int year, month, of_month;
    int64_t birth;

    ck_assert_int_eq(ayni_day_of(2023 + _i / 12, 1 + _i % 12, 1, &birth), AYNI_OK);
    ayni_day_split(birth, &year, &month, &of_month);
    int born = (year - 1970) * 12 + month - 1;
    ck_assert_int_eq(ayni_month_first_day(born), birth);
    for (; birth < ayni_month_first_day(born + 1); birth++)
        for (int months = 0; months < 30; months++)
            ck_assert_int_eq(
                ayni_months_between(birth, ayni_month_first_day(born + months + 1) - 1), months);
    ck_assert_int_eq(ayni_month_first_day(INT64_C(1) << 40), ayni_month_start(INT64_MAX, 0));
    ck_assert_int_eq(ayni_month_first_day(-(INT64_C(1) << 40)), ayni_month_start(INT64_MIN, 0));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("instant");
    TCase *instant = tcase_create("instant");

    tcase_add_loop_test(instant, instants_parse, 0, sizeof(instants) / sizeof(instants[0]));
    tcase_add_loop_test(instant, what_is_no_instant_is_malformed, 0,
                        sizeof(bad_instants) / sizeof(bad_instants[0]));
    tcase_add_test(instant, instants_print_and_the_far_future_is_the_end_of_9999);
    tcase_add_loop_test(instant, days_count_and_read_back, 1, 10);
    tcase_add_loop_test(instant, days_count_and_read_back, 1895, 2030);
    tcase_add_loop_test(instant, days_count_and_read_back, 9995, 10000);
    tcase_add_test(instant, known_days);
    tcase_add_test(instant, days_end_with_the_years_1_and_9999);
    tcase_add_test(instant, months_parse_print_and_move);
    tcase_add_loop_test(
        instant, at_a_months_end_as_many_months_are_completed_as_have_begun_since_birth, 0, 24);
    tcase_add_loop_test(instant, months_are_completed_by_the_calendar, 0,
                        sizeof(ages) / sizeof(ages[0]));
    suite_add_tcase(suite, instant);
    return test_run(suite);
}
