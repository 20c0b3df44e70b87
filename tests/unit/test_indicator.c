/* Definitions of indicators: what is read of them, and what is refused with its place. */
#include "daemon/view/indicator.h"

#include <stdio.h>
#include <string.h>

#include "daemon/records/catalogue_file.h"
#include "proto/cbor.h"
#include "tests/support/suite.h"

static const char parameters[] =
    "{\"i\": {\"days\": [0, 30], \"open\": [30, null], \"target\": 9500},"
    " \"language\": {\"groups\": {\"spanish\": [\"spa\"], \"quechua\": [\"que\", \"quz\"],"
    " \"unknown\": [\"und\"]}}}";

static struct catalogue_file file; /* the first edition */
static struct indicator indicator;
static char error[INDICATOR_ERROR_SIZE];

static void read_first_edition(void)
{
    static const uint8_t root_key[32] = { 7 };
    char wrong[CATALOGUE_FILE_ERROR_SIZE];

    ck_assert_int_eq(catalogue_file_read(catalogue_file_first_edition(), root_key, &file, wrong),
                     AYNI_OK);
}

static void free_file(void)
{
    catalogue_file_free(&file);
}

static enum ayni_status read_with(const char *definition, struct ayni_bytes rules)
{
    indicator = (struct indicator){ 0 };
    return indicator_read(ayni_bytes_of_text(definition), rules, file.catalogue, &indicator, error);
}

static enum ayni_status read(const char *definition)
{
    return read_with(definition, ayni_bytes_of_text(parameters));
}

/* The parameters of the edition's first rule set, that of its indicators. */
static struct ayni_bytes edition_parameters(void)
{
    enum { RULE_SET = 708, PARAMETERS = 5 };

    for (size_t i = 0; i < file.record_count; i++)
        for (size_t j = 0; j < file.records[i].field_count; j++) {
            const struct ayni_field *field = &file.records[i].fields[j];
            struct ayni_cbor_reader reader = ayni_cbor_reader(field->value);
            if (file.records[i].type == RULE_SET && field->number == PARAMETERS)
                return ayni_cbor_read_text(&reader);
        }
    ck_abort_msg("the edition has no rule set");
}

#define DEFINITION(more)                                                                           \
    "{\"measure\": \"percent\", \"subject\": \"child\", \"cohort\": {\"state\": "                  \
    "[\"active\"]}" more "}"

START_TEST(windows_and_targets_are_parameters_of_the_rule_set)
{
    ck_assert_int_eq(read("{\"measure\": \"percent\", \"target\": \"i.target\", \"subject\": "
                          "\"child\", \"cohort\": {\"age_days\": \"i.open\"}, \"numerator\": "
                          "[{\"exists\": \"identifier\", \"scheme\": \"dni\", \"date\": "
                          "\"issued_on\", \"days_from_birth\": \"i.days\"}]}"),
                     AYNI_OK);
    ck_assert_int_eq(indicator.target, 9500);
    ck_assert(indicator.age_days.has_low && !indicator.age_days.has_high);
    ck_assert_int_eq(indicator.age_days.low, 30);
    ck_assert_uint_eq(indicator.condition_count, 1);
    ck_assert_int_eq(indicator.conditions[0].days_from_birth.high, 30);
}
END_TEST

START_TEST(languages_fall_into_the_groups_of_the_rule_set)
{
    static const char *const cases[][2] = { { "spa", "spanish" }, { "quz", "quechua" },
                                            { "und", "unknown" }, { "", "unknown" },
                                            { "shp", "other" },   { "sp", "other" } };

    ck_assert_int_eq(read(DEFINITION(", \"languages\": \"language.groups\"")), AYNI_OK);
    ck_assert_str_eq(language_groups_find(&indicator.languages, cases[_i][0]), cases[_i][1]);
}
END_TEST

START_TEST(the_languages_of_peru_are_in_the_groups_of_the_first_edition)
{
    static const char *const cases[][2] = { { "spa", "spanish" },   { "quz", "quechua" },
                                            { "que", "quechua" },   { "aym", "aimara" },
                                            { "shp", "amazonian" }, { "tca", "amazonian" },
                                            { "und", "unknown" },   { "deu", "other" } };

    ck_assert_int_eq(
        read_with(DEFINITION(", \"languages\": \"language.groups\""), edition_parameters()),
        AYNI_OK);
    ck_assert_str_eq(language_groups_find(&indicator.languages, cases[_i][0]), cases[_i][1]);
}
END_TEST

START_TEST(without_groups_each_language_is_counted_by_itself)
{
    ck_assert_int_eq(read(DEFINITION("")), AYNI_OK);
    ck_assert_str_eq(language_groups_find(&indicator.languages, "shp"), "shp");
    ck_assert_str_eq(language_groups_find(&indicator.languages, ""), "unknown");
}
END_TEST

static const struct {
    const char *definition, *told;
} wrong[] = {
    { "", "" },
    { "{", "" },
    { "[]", "" },
    { DEFINITION(", \"languages\": \"language.none\""), "language.none" },
    { DEFINITION(", \"languages\": \"i.days\""), "groups" },
    { DEFINITION(", \"languages\": [\"spa\"]"), "groups" },
    { DEFINITION(", \"languages\": {\"a\": [\"spa\"], \"b\": [\"spa\"]}"), "spa" },
    { DEFINITION(", \"languages\": {\"a\": [\"\"]}"), "ISO 639-3" },
    { DEFINITION(", \"languages\": {\"a\": [\"a language\"]}"), "ISO 639-3" },
    { DEFINITION(", \"languages\": {\"a\": [1]}"), "languages" },
    { DEFINITION(", \"languages\": {\"\": [\"spa\"]}"), "groups" },
    { DEFINITION(", \"languages\": {\"a group with a name that is long\": []}"), "groups" },
    { DEFINITION(", \"lenguas\": {}"), "lenguas" },
    { DEFINITION(", \"numerator\": [{\"exists\": \"none\", \"date\": \"x\"}]"), "no such type" },
    { DEFINITION(", \"numerator\": [{\"exists\": \"identifier\", \"date\": \"x\"}]"), "x" },
    { "{\"measure\": \"share\", \"subject\": \"child\", \"cohort\": {}}", "count or percent" },
    { "{\"measure\": \"count\", \"subject\": \"facility\", \"cohort\": {}}", "birth_date" },
};

START_TEST(a_wrong_definition_is_refused_with_its_place)
{
    ck_assert_int_eq(read(wrong[_i].definition), AYNI_E_INVALID);
    ck_assert_ptr_nonnull(strstr(error, wrong[_i].told));
    ck_assert(error[0] != '\0');
}
END_TEST

START_TEST(what_is_wrong_in_the_rule_set_is_told_with_its_place)
{
    struct ayni_bytes rules = TEST_BYTES("{\"language\": {\"groups\": {\"a\": [\"a language\"]}}}");

    ck_assert_int_eq(read_with(DEFINITION(", \"languages\": \"language.groups\""), rules),
                     AYNI_E_INVALID);
    ck_assert_msg(strstr(error, "language.groups.a[0]") != NULL, "%s", error);
}
END_TEST

START_TEST(more_languages_and_groups_than_fit_are_refused)
{
    SCOPED_BUFFER definition = { 0 };
    char part[64];

    ayni_buffer_append_text(&definition, "{\"measure\": \"count\", \"subject\": \"child\", "
                                         "\"cohort\": {}, \"languages\": {");
    for (int i = 0; i < 300; i++) {
        if (_i == 0)
            snprintf(part, sizeof(part), "%s\"l%03d\"", i == 0 ? "\"a\": [" : ", ", i);
        else
            snprintf(part, sizeof(part), "%s\"g%d\": []", i == 0 ? "" : ", ", i);
        ayni_buffer_append_text(&definition, part);
    }
    ayni_buffer_append_text(&definition, _i == 0 ? "]}}" : "}}");
    ayni_buffer_append_byte(&definition, '\0');
    ck_assert_int_eq(read((const char *)definition.data), AYNI_E_INVALID);
    ck_assert_ptr_nonnull(strstr(error, "at most"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("indicator");
    TCase *reading = tcase_create("reading");

    tcase_add_checked_fixture(reading, read_first_edition, free_file);
    tcase_add_test(reading, windows_and_targets_are_parameters_of_the_rule_set);
    tcase_add_loop_test(reading, languages_fall_into_the_groups_of_the_rule_set, 0, 6);
    tcase_add_loop_test(reading, the_languages_of_peru_are_in_the_groups_of_the_first_edition, 0,
                        8);
    tcase_add_test(reading, without_groups_each_language_is_counted_by_itself);
    tcase_add_loop_test(reading, a_wrong_definition_is_refused_with_its_place, 0,
                        sizeof(wrong) / sizeof(wrong[0]));
    tcase_add_test(reading, what_is_wrong_in_the_rule_set_is_told_with_its_place);
    tcase_add_loop_test(reading, more_languages_and_groups_than_fit_are_refused, 0, 2);
    suite_add_tcase(suite, reading);
    return test_run(suite);
}
