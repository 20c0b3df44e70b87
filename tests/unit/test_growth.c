/* Z-scores of growth: the rows of a standard, the formulas, ages and positions at their edges. */
#include "daemon/records/rules/growth.h"

#include <stdio.h>

#include "tests/support/suite.h"

static struct lms_table tables[GROWTH_TABLE_COUNT];

/* A standard of one row for both sexes, at each of these days or millimetres. */
static void make(enum growth_table table, const char *key, int from, int to, int per_unit,
                 const char *lms)
{
    SCOPED_BUFFER text = { 0 };
    char line[96];

    snprintf(line, sizeof(line), "sex,%s,l,m,s", key);
    ayni_buffer_append_text(&text, line);
    for (int sex = 1; sex <= 2; sex++)
        for (int at = from; at <= to; at++) {
            if (per_unit == 1)
                snprintf(line, sizeof(line), "\n%d,%d,%s", sex, at, lms);
            else
                snprintf(line, sizeof(line), "\n%d,%d.%d,%s", sex, at / per_unit, at % per_unit,
                         lms);
            ayni_buffer_append_text(&text, line);
        }
    ck_assert_int_eq(lms_table_read(ayni_buffer_bytes(&text), &tables[table], NULL), AYNI_OK);
}

static void setup(void)
{
    make(GROWTH_LHFA, "age_days", 0, 1826, 1, "1,80,0.05");
    make(GROWTH_WFA, "age_days", 0, 1826, 1, "1,10,0.1");
    make(GROWTH_BMIFA, "age_days", 0, 1826, 1, "-1,16,0.1");
    make(GROWTH_HCFA, "age_days", 0, 1826, 1, "1,45,0.02");
    make(GROWTH_ACFA, "age_days", 91, 1826, 1, "0,15,0.1");
    make(GROWTH_WFL, "length_cm", 450, 1100, 10, "1,8,0.1");
    make(GROWTH_WFH, "height_cm", 650, 1200, 10, "1,9,0.1");
}

static void teardown(void)
{
    for (size_t i = 0; i < GROWTH_TABLE_COUNT; i++)
        lms_table_free(&tables[i]);
}

static struct growth_z score(enum growth_score which, struct growth_measure measure)
{
    return growth_score(tables, which, &measure);
}

static int z(enum growth_score which, struct growth_measure measure)
{
    struct growth_z found = score(which, measure);

    ck_assert(found.known);
    return found.hundredths;
}

#define AGED(days) .has_age = true, .age_days = (days)

START_TEST(a_score_is_how_far_from_the_median)
{
    ck_assert_int_eq(z(GROWTH_HAZ, (struct growth_measure){ AGED(100), .length_mm = 840 }), 100);
    ck_assert_int_eq(z(GROWTH_WAZ, (struct growth_measure){ AGED(100), .weight_g = 9000 }), -100);
    ck_assert_int_eq(z(GROWTH_HCZ, (struct growth_measure){ AGED(100), .head_mm = 459 }), 100);
    /* L = 0 is the logarithm: ln(16.5 / 15) / 0.1. */
    ck_assert_int_eq(z(GROWTH_ACZ, (struct growth_measure){ AGED(100), .arm_mm = 165 }), 95);
    /* L = -1: (16 / 20 - 1) / -0.1, of 7.2 kg at 60 cm. */
    ck_assert_int_eq(
        z(GROWTH_BAZ, (struct growth_measure){ AGED(100), .weight_g = 7200, .length_mm = 600 }),
        200);
}
END_TEST

/* By WHO's own rows: a boy of 44 days has the median 56.4833 and the variation 0.03492. */
START_TEST(it_is_rounded_to_two_decimals_away_from_zero)
{
    lms_table_free(&tables[GROWTH_LHFA]);
    make(GROWTH_LHFA, "age_days", 44, 44, 1, "1,56.4833,0.03492");
    ck_assert_int_eq(
        z(GROWTH_HAZ, (struct growth_measure){ AGED(44), .male = true, .length_mm = 500 }), -329);
    lms_table_free(&tables[GROWTH_LHFA]);
    make(GROWTH_LHFA, "age_days", 44, 44, 1, "1,80,0.1");
    /* 80.04 would be 0.005: millimetres have no such step, so a variation that makes one. */
    lms_table_free(&tables[GROWTH_LHFA]);
    make(GROWTH_LHFA, "age_days", 44, 44, 1, "1,80,0.25");
    ck_assert_int_eq(z(GROWTH_HAZ, (struct growth_measure){ AGED(44), .length_mm = 801 }), 1);
    ck_assert_int_eq(z(GROWTH_HAZ, (struct growth_measure){ AGED(44), .length_mm = 799 }), -1);
}
END_TEST

START_TEST(beyond_three_deviations_they_are_as_wide_as_the_third)
{
    /* BMI with L = -1: SD2 = 20, SD3 = 16 / 0.7; so one more of that width is 4. */
    struct growth_measure measure = { AGED(100), .length_mm = 1000 };
    double sd3 = 16 / 0.7;

    measure.weight_g = (int64_t)((sd3 + (sd3 - 20)) * 1000 + 0.5);
    ck_assert_int_eq(z(GROWTH_BAZ, measure), 400);
    /* Length for age isn't restricted. */
    ck_assert_int_eq(z(GROWTH_HAZ, (struct growth_measure){ AGED(100), .length_mm = 960 }), 400);
}
END_TEST

START_TEST(lying_and_standing_differ_by_seven_millimetres)
{
    static const struct {
        int64_t age_days;
        enum growth_position position;
        int64_t taken; /* millimetres, of 800 that were measured */
    } cases[] = {
        { 730, GROWTH_LYING, 800 },    { 730, GROWTH_POSITION_UNKNOWN, 800 },
        { 730, GROWTH_STANDING, 807 }, { 274, GROWTH_STANDING, 807 },
        { 273, GROWTH_STANDING, 800 }, /* not believed */
        { 731, GROWTH_STANDING, 800 }, { 731, GROWTH_POSITION_UNKNOWN, 800 },
        { 731, GROWTH_LYING, 793 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct growth_measure measure = { AGED(cases[i].age_days), .length_mm = 800,
                                          .position = cases[i].position };
        struct growth_measure taken = { AGED(cases[i].age_days), .length_mm = cases[i].taken };
        ck_assert_int_eq(z(GROWTH_HAZ, measure), z(GROWTH_HAZ, taken));
    }
}
END_TEST

START_TEST(weight_for_length_is_by_age_and_else_by_position)
{
    struct growth_measure measure = { .weight_g = 8000, .length_mm = 869 };

    ck_assert_int_eq(z(GROWTH_WHZ, measure), 0);
    measure.length_mm = 870;
    ck_assert_int_eq(z(GROWTH_WHZ, measure), -111);
    measure.position = GROWTH_LYING;
    ck_assert_int_eq(z(GROWTH_WHZ, measure), 0);
    measure = (struct growth_measure){ AGED(731), .weight_g = 9000, .length_mm = 800 };
    ck_assert_int_eq(z(GROWTH_WHZ, measure), 0);
    ck_assert(!score(GROWTH_HAZ, (struct growth_measure){ .length_mm = 800 }).known);
}
END_TEST

START_TEST(what_the_tables_do_not_have_has_no_score)
{
    ck_assert(score(GROWTH_HAZ, (struct growth_measure){ AGED(0), .length_mm = 500 }).known);
    ck_assert(!score(GROWTH_HAZ, (struct growth_measure){ AGED(-1), .length_mm = 500 }).known);
    ck_assert(score(GROWTH_HAZ, (struct growth_measure){ AGED(1826), .length_mm = 900 }).known);
    ck_assert(!score(GROWTH_HAZ, (struct growth_measure){ AGED(1827), .length_mm = 900 }).known);
    ck_assert(!score(GROWTH_WHZ,
                     (struct growth_measure){ AGED(1827), .weight_g = 9000, .length_mm = 900 })
                   .known);
    ck_assert(!score(GROWTH_ACZ, (struct growth_measure){ AGED(90), .arm_mm = 150 }).known);
    ck_assert(score(GROWTH_ACZ, (struct growth_measure){ AGED(91), .arm_mm = 150 }).known);
    ck_assert(
        !score(GROWTH_WHZ, (struct growth_measure){ AGED(9), .weight_g = 3000, .length_mm = 449 })
             .known);
    ck_assert(!score(GROWTH_WAZ, (struct growth_measure){ AGED(9) }).known);
    ck_assert(!score(GROWTH_BAZ, (struct growth_measure){ AGED(9), .weight_g = 3000 }).known);
    lms_table_free(&tables[GROWTH_WFA]);
    ck_assert(!score(GROWTH_WAZ, (struct growth_measure){ AGED(9), .weight_g = 3000 }).known);
}
END_TEST

START_TEST(oedema_leaves_weight_without_a_score)
{
    struct growth_measure measure = { AGED(400), .weight_g = 9000, .length_mm = 800,
                                      .oedema = true };

    ck_assert(!score(GROWTH_WAZ, measure).known);
    ck_assert(!score(GROWTH_WHZ, measure).known);
    ck_assert(!score(GROWTH_BAZ, measure).known);
    ck_assert(score(GROWTH_HAZ, measure).known);
}
END_TEST

START_TEST(what_is_hardly_possible_is_flagged_and_shown)
{
    static const struct {
        int64_t weight_g, length_mm;
        enum growth_score score;
        bool flagged;
    } cases[] = {
        { 0, 560, GROWTH_HAZ, false },                                     /* -6 */
        { 0, 559, GROWTH_HAZ, true },    { 0, 1040, GROWTH_HAZ, false },   /* 6 */
        { 0, 1041, GROWTH_HAZ, true },   { 4000, 0, GROWTH_WAZ, false },   /* -6 */
        { 3989, 0, GROWTH_WAZ, true },   { 15000, 0, GROWTH_WAZ, false },  /* 5 */
        { 15010, 0, GROWTH_WAZ, true },  { 4000, 800, GROWTH_WHZ, false }, /* -5 */
        { 3990, 800, GROWTH_WHZ, true },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct growth_z found =
            score(cases[i].score, (struct growth_measure){ AGED(400), .weight_g = cases[i].weight_g,
                                                           .length_mm = cases[i].length_mm });
        ck_assert(found.known);
        ck_assert_msg(found.flagged == cases[i].flagged, "case %zu: %d", i, found.hundredths);
    }
}
END_TEST

static const struct {
    const char *text;
    size_t line; /* that is wrong */
} wrong[] = {
    { "", 1 },
    { "sex,l,m,s\n1,1,1,1", 1 },
    { "sex,age_days,length_cm,l,m,s\n1,1,1,1,1,1", 1 },
    { "sex,age_days,l,m\n1,1,1,1", 1 },
    { "sex,age_days,l,m,s", 1 },
    { "sex,age_days,l,m,s\n1,0,1,1,1", 2 }, /* no girls */
    { "sex,age_days,l,m,s\n3,0,1,1,1", 2 },
    { "sex,age_days,l,m,s\n1,0,1,1,1\n2,0,1,1,1\n1,2,1,1,1", 4 }, /* day 1 is missing */
    { "sex,age_days,l,m,s\n1,0,1,1,1\n1,0,1,1,1", 3 },
    { "sex,age_days,l,m,s\n1,0,1,0,1", 2 },
    { "sex,age_days,l,m,s\n1,0,1,1,-1", 2 },
    { "sex,age_days,l,m,s\n1,0,1,1", 2 },
    { "sex,age_days,l,m,s\n1,0.5,1,1,1", 2 },
    { "sex,age_days,l,m,s\n1,-1,1,1,1", 2 },
    { "sex,age_days,l,m,s\n1,0,1,1.000001,1", 2 },
    { "sex,age_days,l,m,s\n1,9223372036854775807,1,1,1", 2 },
    { "sex,age_days,l,m,s\n\n1,0,1,1,1", 2 },
    { "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r\n1", 1 },
};

START_TEST(a_text_that_is_no_standard_is_refused_with_its_line)
{
    SCOPED_LMS_TABLE table = { 0 };
    size_t line;
    enum ayni_status status = lms_table_read(ayni_bytes_of_text(wrong[_i].text), &table, &line);

    ck_assert(status == AYNI_E_INVALID || status == AYNI_E_LIMIT);
    ck_assert_uint_eq(line, wrong[_i].line);
}
END_TEST

START_TEST(numbers_that_no_power_has_make_no_score)
{
    lms_table_free(&tables[GROWTH_WFA]);
    make(GROWTH_WFA, "age_days", 0, 10, 1, "-99999,0.00001,99999");
    (void)score(GROWTH_WAZ, (struct growth_measure){ AGED(1), .weight_g = 60000 });
    lms_table_free(&tables[GROWTH_WFA]);
    make(GROWTH_WFA, "age_days", 0, 10, 1, "0.00001,0.00001,0.00001");
    ck_assert(!score(GROWTH_WAZ, (struct growth_measure){ AGED(1), .weight_g = 600 }).known ||
              score(GROWTH_WAZ, (struct growth_measure){ AGED(1), .weight_g = 600 }).flagged);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("growth");

    TEST_CASE(suite, "scores", setup, teardown, a_score_is_how_far_from_the_median,
              it_is_rounded_to_two_decimals_away_from_zero,
              beyond_three_deviations_they_are_as_wide_as_the_third,
              lying_and_standing_differ_by_seven_millimetres,
              weight_for_length_is_by_age_and_else_by_position,
              what_the_tables_do_not_have_has_no_score, oedema_leaves_weight_without_a_score,
              what_is_hardly_possible_is_flagged_and_shown,
              numbers_that_no_power_has_make_no_score);
    TCase *texts = tcase_create("texts");
    tcase_add_loop_test(texts, a_text_that_is_no_standard_is_refused_with_its_line, 0,
                        sizeof(wrong) / sizeof(wrong[0]));
    suite_add_tcase(suite, texts);
    return test_run(suite);
}
