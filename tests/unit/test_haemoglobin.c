/* Haemoglobin corrected for altitude, and its class, by the rule sets that come with the program.
 */
#include "daemon/records/rules/haemoglobin.h"

#include "tests/support/suite.h"

static const char rules_2017[] =
    "{\"hb\":{\"from_m\":1000,\"per_m\":-10498560000000,\"per_m2\":23680027008,\"classes\":["
    "{\"months\":[6,59],\"mild\":110,\"moderate\":100,\"severe\":70}]}}";
static const char rules_2024[] =
    "{\"hb\":{\"from_m\":1,\"per_m\":56384000000000,\"per_m2\":3000000000,\"classes\":["
    "{\"months\":[6,23],\"mild\":105,\"moderate\":95,\"severe\":70},"
    "{\"months\":[24,59],\"mild\":110,\"moderate\":100,\"severe\":70}]}}";

static struct hb_rules rules_of(const char *text)
{
    struct hb_rules rules;

    ck_assert_int_eq(hb_rules_read(ayni_bytes_of_text(text), &rules), AYNI_OK);
    return rules;
}

/* Observed dg/dL, altitude, and what both rule sets make of it: worked out by the formulas in
 * decimals, rounded half away from zero. */
static const struct {
    int64_t observed, altitude_m, by_2017, by_2024;
} corrections[] = {
    { 105, 0, 105, 105 },  { 105, -50, 105, 105 },  { 105, 1, 105, 105 },   { 105, 250, 105, 104 },
    { 105, 999, 105, 99 }, { 105, 1000, 104, 99 },  { 105, 1500, 101, 96 }, { 120, 2500, 108, 104 },
    { 105, 3250, 83, 84 }, { 140, 3827, 109, 114 }, { 135, 4705, 88, 102 }, { 70, 5500, 4, 30 },
    { 20, 4000, -14, -7 }, { 250, 800, 250, 245 },  { 110, 89, 110, 109 },  { 110, 2335, 100, 95 },
};

START_TEST(it_is_corrected_for_the_altitude)
{
    struct hb_rules old = rules_of(rules_2017), new = rules_of(rules_2024);

    for (size_t i = 0; i < sizeof(corrections) / sizeof(corrections[0]); i++) {
        ck_assert_int_eq(hb_adjusted(&old, corrections[i].observed, corrections[i].altitude_m),
                         corrections[i].by_2017);
        ck_assert_int_eq(hb_adjusted(&new, corrections[i].observed, corrections[i].altitude_m),
                         corrections[i].by_2024);
    }
}
END_TEST

static const struct {
    int64_t adjusted, months;
    const char *by_2017, *by_2024; /* NULL: no class */
} classes[] = {
    { 110, 6, "normal", "normal" },
    { 105, 6, "mild", "normal" },
    { 104, 23, "mild", "mild" },
    { 95, 23, "moderate", "mild" },
    { 94, 23, "moderate", "moderate" },
    { 70, 12, "moderate", "moderate" },
    { 69, 12, "severe", "severe" },
    { 109, 24, "mild", "mild" },
    { 110, 24, "normal", "normal" },
    { 99, 59, "moderate", "moderate" },
    { 100, 59, "mild", "mild" },
    { 69, 59, "severe", "severe" },
    { 60, 5, NULL, NULL },
    { 60, 60, NULL, NULL },
    { 60, -1, NULL, NULL },
    { -5, 30, "severe", "severe" },
};

START_TEST(its_class_goes_by_the_age)
{
    struct hb_rules old = rules_of(rules_2017), new = rules_of(rules_2024);

    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        const char *by_2017 = hb_class(&old, classes[i].adjusted, classes[i].months);
        const char *by_2024 = hb_class(&new, classes[i].adjusted, classes[i].months);
        ck_assert_pstr_eq(by_2017, classes[i].by_2017);
        ck_assert_pstr_eq(by_2024, classes[i].by_2024);
    }
}
END_TEST

/* Whatever a record holds, nothing overflows. */
START_TEST(any_numbers_are_taken)
{
    static const int64_t numbers[] = { INT64_MIN, -1, 0, 1, 105, 9000, 9001, INT64_MAX };
    static const char steep[] = "{\"hb\":{\"from_m\":0,\"per_m\":100000000000000,\"per_m2\":"
                                "50000000000,\"classes\":[]}}";
    struct hb_rules rules = rules_of(steep);

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        for (size_t j = 0; j < sizeof(numbers) / sizeof(numbers[0]); j++) {
            int64_t adjusted = hb_adjusted(&rules, numbers[i], numbers[j]);
            ck_assert_int_le(adjusted, 300);
            ck_assert_ptr_null(hb_class(&rules, numbers[i], numbers[j]));
        }
}
END_TEST

static const char *const wrong[] = {
    "",
    "{}",
    "[]",
    "{\"hb\":1}",
    "{\"hb\":{}}",
    "{\"hb\":{\"from_m\":1000,\"per_m\":1,\"per_m2\":1}}",
    "{\"hb\":{\"from_m\":-1,\"per_m\":1,\"per_m2\":1,\"classes\":[]}}",
    "{\"hb\":{\"from_m\":1,\"per_m\":1000000000000000,\"per_m2\":1,\"classes\":[]}}",
    "{\"hb\":{\"from_m\":1,\"per_m\":1.5,\"per_m2\":1,\"classes\":[]}}",
    "{\"hb\":{\"from_m\":1,\"per_m\":1,\"per_m2\":1,\"classes\":[{\"months\":[6]}]}}",
    "{\"hb\":{\"from_m\":1,\"per_m\":1,\"per_m2\":1,\"classes\":[{\"months\":[6,9],\"mild\":1}]}}",
    "{\"hb\":{\"from_m\":1,\"per_m\":1,\"per_m2\":1,\"classes\":[1,2,3,4,5,6,7,8,9]}}",
};

START_TEST(other_parameters_are_none)
{
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct hb_rules rules;
        ck_assert_int_eq(hb_rules_read(ayni_bytes_of_text(wrong[i]), &rules), AYNI_E_INVALID);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("haemoglobin");

    TEST_CASE(suite, "rules", NULL, NULL, it_is_corrected_for_the_altitude,
              its_class_goes_by_the_age, any_numbers_are_taken, other_parameters_are_none);
    return test_run(suite);
}
