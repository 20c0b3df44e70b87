#include "daemon/records/catalogue_file.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/catalogue_builder.h"
#include "tests/support/suite.h"

static struct catalogue_file file;
static const uint8_t root_key[32] = { 7 };

static void read_first_edition(void)
{
    char error[CATALOGUE_FILE_ERROR_SIZE];
    enum ayni_status status =
        catalogue_file_read(catalogue_file_first_edition(), root_key, &file, error);

    ck_assert_msg(status == AYNI_OK, "%s", error);
}

static void free_file(void)
{
    catalogue_file_free(&file);
}

static const struct ayni_catalogue_type *type_of(const char *name)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type_named(file.catalogue, ayni_bytes_of_text(name));

    ck_assert_msg(type != NULL, "no type %s", name);
    return type;
}

START_TEST(the_first_edition_holds_all_types)
{
    ck_assert_str_eq(file.edition, "ecd_1");
    ck_assert_uint_eq(file.catalogue->type_count, 93);
    ck_assert_ptr_nonnull(ayni_catalogue_type(file.catalogue, 224));
    ck_assert_uint_eq(file.record_count, 8);
}
END_TEST

START_TEST(events_share_their_block_and_their_key)
{
    const struct ayni_catalogue_type *visit = type_of("home_visit");

    ck_assert(visit->is_event);
    ck_assert_uint_eq(visit->key_count, 2);
    ck_assert_uint_eq(visit->key[0], AYNI_EVENT_SOURCE);
    ck_assert_uint_eq(visit->key[1], AYNI_EVENT_SOURCE_ID);
    ck_assert_uint_eq(visit->subject_field, AYNI_EVENT_SUBJECT);
    ck_assert(ayni_catalogue_field_targets(&visit->fields[0], "pregnancy"));
    ck_assert(!ayni_catalogue_field_targets(&visit->fields[0], "person"));
}
END_TEST

START_TEST(protection_seals_the_event_block_too)
{
    const struct ayni_catalogue_type *screen = type_of("violence_screen");

    ck_assert_int_eq(screen->class, AYNI_CLASS_SEALED);
    for (size_t i = 0; i < screen->field_count; i++)
        ck_assert_int_eq(screen->fields[i].read, AYNI_CLASS_SEALED);
}
END_TEST

START_TEST(subjects_are_where_the_types_say)
{
    ck_assert_uint_eq(type_of("child")->subject_field, 0);
    ck_assert(type_of("child")->key_is_identifier);
    ck_assert_uint_eq(type_of("identifier")->subject_field, 1);
    ck_assert_uint_eq(type_of("guardian_link")->subject_field, 1);
    ck_assert_uint_eq(type_of("pregnancy")->subject_field, 1);
    ck_assert_uint_eq(type_of("data_flag")->subject_field, 1);
    ck_assert_uint_eq(type_of("organisation")->subject_field, 0);
}
END_TEST

/* The class of a type is the least strict space that can hold a whole record. */
START_TEST(a_types_class_is_the_strictest_of_its_required_fields)
{
    for (size_t i = 0; i < file.catalogue->type_count; i++) {
        const struct ayni_catalogue_type *type = &file.catalogue->types[i];
        enum ayni_class strictest = AYNI_CLASS_PUBLIC;
        for (size_t j = 0; j < type->field_count; j++) {
            if (type->fields[j].required && type->fields[j].read > strictest)
                strictest = type->fields[j].read;
        }
        ck_assert_msg(type->class == strictest, "%s", type->name);
    }
}
END_TEST

/* Through the registry's records, back to the same catalogue. */
START_TEST(the_registry_carries_the_edition)
{
    SCOPED_CATALOGUE_BUILDER builder = ayni_catalogue_builder_new();
    SCOPED_BUFFER scratch = { 0 };
    SCOPED_CATALOGUE again = NULL;

    for (size_t i = 0; i < file.row_count; i++) {
        struct ayni_field fields[AYNI_ROW_FIELDS_MAX];
        struct ayni_catalogue_row row;
        SCOPED_BUFFER values = { 0 };
        size_t count;
        ck_assert_int_eq(ayni_catalogue_row_fields(&file.rows[i], &values, fields, &count),
                         AYNI_OK);
        ck_assert_int_eq(
            ayni_catalogue_row_from_fields(file.rows[i].kind, fields, count, &scratch, &row),
            AYNI_OK);
        ck_assert_int_eq(ayni_catalogue_builder_add(builder, &row), AYNI_OK);
    }
    ck_assert_int_eq(ayni_catalogue_build(builder, &again), AYNI_OK);
    ck_assert_uint_eq(again->type_count, file.catalogue->type_count);
    ck_assert_uint_eq(again->list_count, file.catalogue->list_count);
    for (size_t i = 0; i < again->type_count; i++) {
        const struct ayni_catalogue_type *a = &again->types[i], *b = &file.catalogue->types[i];
        ck_assert_str_eq(a->name, b->name);
        ck_assert_uint_eq(a->field_count, b->field_count);
        ck_assert_uint_eq(a->rule_count, b->rule_count);
        ck_assert_uint_eq(a->subject_field, b->subject_field);
        for (size_t j = 0; j < a->field_count; j++) {
            ck_assert_str_eq(a->fields[j].label_es, b->fields[j].label_es);
            ck_assert_int_eq(a->fields[j].merge.merge, b->fields[j].merge.merge);
            ck_assert_uint_eq(a->fields[j].code_count, b->fields[j].code_count);
        }
    }
}
END_TEST

/* A whole edition, small. %s is where each of the wrong ones is wrong. */
static const char small_edition[] =
    "{\"edition\": \"e\", \"valid_from\": \"2026-01-01\","
    " \"words\": {\"red\": [\"rojo\", \"red\"]}, \"lists\": {\"l\": {\"x\": [\"equis\", \"ex\"]}},"
    " \"event_block\": {\"fields\": [], \"rules\": []},"
    " \"types\": [{\"number\": 1000, \"name\": \"thing\", \"es\": \"Cosa\", \"en\": \"Thing\","
    " \"subjects\": [], \"key\": [\"code\"], \"class\": \"public\", \"fields\": [%s]}]}";

#define GOOD_FIELD                                                                                 \
    "{\"number\": 1, \"name\": \"code\", \"kind\": \"text 9\", \"merge\": \"review\", "            \
    "\"read\": \"public\", \"es\": \"a\", \"en\": \"b\"}"

static const struct {
    const char *fields;
    const char *error; /* what it must mention; NULL: it is right */
} editions[] = {
    { GOOD_FIELD, NULL },
    { "", "no field of the type" },
    { GOOD_FIELD "," GOOD_FIELD, "given twice" },
    { GOOD_FIELD ",{}", "\"number\" is missing" },
    { GOOD_FIELD ",{\"number\": 2, \"colour\": 1}", "\"colour\" is not known" },
    { GOOD_FIELD ",{\"number\": 0}", "whole number from 1" },
    { GOOD_FIELD ",{\"number\": 2, \"number\": 3}", "duplicate" },
    { GOOD_FIELD ",{\"number\": 2, \"name\": 3}", "a text is expected" },
    { GOOD_FIELD ",{\"number\": 2, \"name\": \"b\", \"kind\": \"float\", \"merge\": \"review\", "
                 "\"read\": \"public\", \"es\": \"a\", \"en\": \"b\"}",
      "fields[1] (b): a name, kind" },
    { GOOD_FIELD ",{\"number\": 2, \"name\": \"b\", \"kind\": \"int\", \"merge\": \"vote\", "
                 "\"read\": \"public\", \"es\": \"a\", \"en\": \"b\"}",
      "fields[1] (b): a name, kind" },
    { GOOD_FIELD ",{\"number\": 2, \"name\": \"B b\", \"kind\": \"int\", \"merge\": \"max\", "
                 "\"read\": \"public\", \"es\": \"a\", \"en\": \"b\"}",
      "a name, kind" },
    { GOOD_FIELD ",{\"number\": 2, \"name\": \"b\", \"kind\": \"int\", \"merge\": \"max\", "
                 "\"min\": 4, \"max\": 3, \"read\": \"public\", \"es\": \"a\", \"en\": \"b\"}",
      "a name, kind" },
    { GOOD_FIELD ",{\"number\": 2, \"name\": \"b\", \"kind\": \"code\", \"merge\": \"max\", "
                 "\"read\": \"public\", \"es\": \"a\", \"en\": \"b\"}",
      "thing.b: codes belong" },
    { GOOD_FIELD ",{\"number\": 2, \"name\": \"b\", \"kind\": \"code\", \"codes\": [\"blue\"], "
                 "\"merge\": \"max\", \"read\": \"public\", \"es\": \"a\", \"en\": \"b\"}",
      "\"blue\" has no labels" },
    { GOOD_FIELD ",{\"number\": 2, \"name\": \"b\", \"kind\": \"code\", \"codes\": \"@m\", "
                 "\"merge\": \"max\", \"read\": \"public\", \"es\": \"a\", \"en\": \"b\"}",
      "thing.b: codes belong" },
    { GOOD_FIELD ",{\"number\": 2, \"name\": \"b\", \"kind\": \"set\", \"codes\": \"@l\", "
                 "\"merge\": \"union\", \"read\": \"public\", \"es\": \"a\", \"en\": \"b\"}",
      NULL },
    { GOOD_FIELD ",{\"number\": 2, \"name\": \"b\", \"kind\": \"ref\", \"targets\": [\"nobody\"], "
                 "\"merge\": \"max\", \"read\": \"public\", \"es\": \"a\", \"en\": \"b\"}",
      "no type \"nobody\"" },
    { GOOD_FIELD "]}, {\"number\": 1001", "expected near" },
    { "[", "line 1" },
};

START_TEST(an_edition_is_right_or_says_where_it_is_not)
{
    char json[4096], error[CATALOGUE_FILE_ERROR_SIZE];
    struct catalogue_file small = { 0 };

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(json, sizeof(json), small_edition, editions[_i].fields);
#pragma GCC diagnostic pop
    enum ayni_status status = catalogue_file_read(ayni_bytes_of_text(json), NULL, &small, error);
    if (editions[_i].error == NULL) {
        ck_assert_msg(status == AYNI_OK, "%s", error);
    } else {
        ck_assert_int_eq(status, AYNI_E_INVALID);
        ck_assert_msg(strstr(error, editions[_i].error) != NULL, "%s", error);
    }
    catalogue_file_free(&small);
}
END_TEST

/* Every part of the file that is cut off is missed. */
START_TEST(half_an_edition_is_none)
{
    struct ayni_bytes whole = catalogue_file_first_edition();
    char error[CATALOGUE_FILE_ERROR_SIZE];
    struct catalogue_file half;

    whole.size = whole.size * (size_t)_i / 20;
    ck_assert_int_eq(catalogue_file_read(whole, root_key, &half, error), AYNI_E_INVALID);
    ck_assert(error[0] != '\0');
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalogue_file");
    TCase *edition = tcase_create("edition");
    TCase *wrong = tcase_create("wrong");

    tcase_add_checked_fixture(edition, read_first_edition, free_file);
    tcase_add_test(edition, the_first_edition_holds_all_types);
    tcase_add_test(edition, events_share_their_block_and_their_key);
    tcase_add_test(edition, protection_seals_the_event_block_too);
    tcase_add_test(edition, subjects_are_where_the_types_say);
    tcase_add_test(edition, a_types_class_is_the_strictest_of_its_required_fields);
    tcase_add_test(edition, the_registry_carries_the_edition);
    tcase_add_loop_test(wrong, an_edition_is_right_or_says_where_it_is_not, 0,
                        (int)(sizeof(editions) / sizeof(editions[0])));
    tcase_add_loop_test(wrong, half_an_edition_is_none, 0, 20);
    suite_add_tcase(suite, edition);
    suite_add_tcase(suite, wrong);
    return test_run(suite);
}
