/* What a rule set says of values that are hardly possible. */
#include "daemon/records/rules/outlier_rules.h"

#include <string.h>

#include "daemon/records/catalogue_file.h"
#include "tests/support/suite.h"

static struct catalogue_file file; /* the first edition */

static void set_up(void)
{
    static const uint8_t root_key[32] = { 7 };
    char wrong[CATALOGUE_FILE_ERROR_SIZE];

    ck_assert_int_eq(catalogue_file_read(catalogue_file_first_edition(), root_key, &file, wrong),
                     AYNI_OK);
}

static void tear_down(void)
{
    catalogue_file_free(&file);
}

static enum ayni_status read(const char *text, struct outlier_rules *rules)
{
    return outlier_rules_read(ayni_bytes_of_text(text), file.catalogue, rules);
}

#define GROWTH "\"type\": \"growth\", \"field\": \"weight_g\""
#define RANGES(ranges) "{\"outliers\": {\"z\": 350, \"least\": 20, \"ranges\": [" ranges "]}}"

START_TEST(the_first_range_that_fits_an_age_counts)
{
    struct outlier_rules rules;
    const struct outlier_range *range;

    ck_assert_int_eq(
        read(RANGES("{" GROWTH ", \"months\": [0, 5], \"low\": 1000, \"high\": 12000},"
                    "{" GROWTH ", \"months\": [6, 11], \"low\": 3000, \"high\": 16000},"
                    "{" GROWTH ", \"low\": 500, \"high\": 60000}"),
             &rules),
        AYNI_OK);
    ck_assert_uint_eq(rules.range_count, 3);
    ck_assert_int_eq(rules.z, 350);
    ck_assert_int_eq(rules.least, 20);
    for (int64_t months = 0; months <= 12; months++) {
        range = outlier_rules_find(&rules, 203, 10, true, months);
        ck_assert_ptr_eq(range, &rules.ranges[months <= 5 ? 0 : months <= 11 ? 1 : 2]);
    }
    ck_assert_ptr_eq(outlier_rules_find(&rules, 203, 10, false, 3), &rules.ranges[2]);
    ck_assert_ptr_null(outlier_rules_find(&rules, 203, 11, true, 3));
    ck_assert_ptr_null(outlier_rules_find(&rules, 208, 10, true, 3));
}
END_TEST

START_TEST(what_the_catalogue_lacks_is_left_out)
{
    struct outlier_rules rules;

    ck_assert_int_eq(
        read(RANGES("{\"type\": \"unheard\", \"field\": \"of\", \"low\": 1, \"high\": 2},"
                    "{\"type\": \"growth\", \"field\": \"of\", \"low\": 1, \"high\": 2}"),
             &rules),
        AYNI_OK);
    ck_assert_uint_eq(rules.range_count, 0);
}
END_TEST

START_TEST(other_rule_sets_say_nothing_of_it)
{
    struct outlier_rules rules;

    ck_assert_int_eq(read("{}", &rules), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(read("{\"hb\": {\"from_m\": 1}}", &rules), AYNI_E_NOT_FOUND);
}
END_TEST

static const char *const wrong[] = {
    "",
    "[]",
    "{\"outliers\": 1}",
    "{\"outliers\": {\"z\": 350, \"least\": 20}}",
    "{\"outliers\": {\"least\": 20, \"ranges\": []}}",
    "{\"outliers\": {\"z\": 0, \"least\": 20, \"ranges\": []}}",
    "{\"outliers\": {\"z\": 350, \"least\": 1, \"ranges\": []}}",
    RANGES("1"),
    RANGES("{" GROWTH ", \"high\": 2}"),
    RANGES("{" GROWTH ", \"low\": 3, \"high\": 2}"),
    RANGES("{" GROWTH ", \"low\": 1, \"high\": 99999999999}"),
    RANGES("{" GROWTH ", \"low\": 1, \"high\": 2, \"months\": [0]}"),
    RANGES("{" GROWTH ", \"low\": 1, \"high\": 2, \"months\": [6, 5]}"),
    RANGES("{" GROWTH ", \"low\": 1, \"high\": 2, \"months\": 6}"),
    RANGES("{\"field\": \"weight_g\", \"low\": 1, \"high\": 2}"),
};
enum { WRONG_COUNT = sizeof(wrong) / sizeof(wrong[0]) };

START_TEST(what_is_of_another_form_is_refused_whole)
{
    struct outlier_rules rules = { .z = 7 };

    ck_assert_int_eq(read(wrong[_i], &rules), AYNI_E_INVALID);
    ck_assert_int_eq(rules.z, 7);
}
END_TEST

START_TEST(there_are_no_more_ranges_than_there_may_be)
{
    SCOPED_BUFFER text = { 0 };
    static const char range[] = "{" GROWTH ", \"low\": 1, \"high\": 2}";
    struct outlier_rules rules;

    for (int more = 0; more <= 1; more++) {
        ayni_buffer_clear(&text);
        const char *head = "{\"outliers\": {\"z\": 350, \"least\": 20, \"ranges\": [";
        ayni_buffer_append(&text, head, strlen(head));
        for (int i = 0; i < OUTLIER_RANGES_MAX + more; i++) {
            if (i > 0)
                ayni_buffer_append_byte(&text, ',');
            ayni_buffer_append(&text, range, sizeof(range) - 1);
        }
        ayni_buffer_append(&text, "]}}", 3);
        ck_assert_int_eq(outlier_rules_read(ayni_buffer_bytes(&text), file.catalogue, &rules),
                         more == 0 ? AYNI_OK : AYNI_E_INVALID);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("outlier_rules");
    TCase *rules = tcase_create("rules");

    tcase_add_unchecked_fixture(rules, set_up, tear_down);
    tcase_add_test(rules, the_first_range_that_fits_an_age_counts);
    tcase_add_test(rules, what_the_catalogue_lacks_is_left_out);
    tcase_add_test(rules, other_rule_sets_say_nothing_of_it);
    tcase_add_loop_test(rules, what_is_of_another_form_is_refused_whole, 0, WRONG_COUNT);
    tcase_add_test(rules, there_are_no_more_ranges_than_there_may_be);
    suite_add_tcase(suite, rules);
    return test_run(suite);
}
