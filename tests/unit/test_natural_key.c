#include "proto/natural_key.h"

#include <stdio.h>

#include "daemon/records/catalogue_file.h"
#include "proto/derived_id.h"
#include "proto/value_parse.h"
#include "tests/support/suite.h"

static const uint8_t root_key[32] = { 1 };
static const uint8_t identity_key[32] = { 2 };
static struct catalogue_file file;
static struct ayni_value_context context;
static struct ayni_reason reason;

static void set_up(void)
{
    char error[CATALOGUE_FILE_ERROR_SIZE];

    ck_assert_int_eq(catalogue_file_read(catalogue_file_first_edition(), root_key, &file, error),
                     AYNI_OK);
    context = (struct ayni_value_context){ .catalogue = file.catalogue,
                                           .root_key = root_key,
                                           .identity_key = identity_key };
}

static void tear_down(void)
{
    catalogue_file_free(&file);
}

static enum ayni_status parse(const char *type, const char *text, struct ayni_record *record)
{
    const struct ayni_catalogue_type *found =
        ayni_catalogue_type_named(file.catalogue, ayni_bytes_of_text(type));

    ck_assert_ptr_nonnull(found);
    reason.code = "";
    return ayni_natural_key_parse(&context, found, ayni_bytes_of_text(text), record, &reason);
}

static void same_id(struct ayni_record a, struct ayni_record b)
{
    ck_assert(ayni_id_equal(&a, &b));
}

START_TEST(a_child_is_named_by_a_document)
{
    struct ayni_record found, expected;

    ck_assert_int_eq(parse("child", "dni:99000001", &found), AYNI_OK);
    ck_assert_int_eq(ayni_derived_id_of_identifier(identity_key, 101, TEST_BYTES("dni"),
                                                   TEST_BYTES("99000001"), &expected),
                     AYNI_OK);
    same_id(found, expected);
}
END_TEST

START_TEST(the_last_part_may_have_colons)
{
    struct ayni_record found, expected;

    ck_assert_int_eq(parse("child", "programme:care:NGO-0001", &found), AYNI_OK);
    ck_assert_int_eq(ayni_derived_id_of_identifier(identity_key, 101, TEST_BYTES("programme"),
                                                   TEST_BYTES("care:NGO-0001"), &expected),
                     AYNI_OK);
    same_id(found, expected);
}
END_TEST

START_TEST(an_edition_record_is_named_by_code_and_day)
{
    struct ayni_record found;

    ck_assert_int_eq(parse("rule_set", "MIDIS-DIT-2019:2019-01-01", &found), AYNI_OK);
    same_id(found, file.records[0].id);
}
END_TEST

START_TEST(keys_stand_within_keys)
{
    struct ayni_record by_key, by_id;
    char text[80] = "", id[AYNI_RECORD_TEXT_SIZE];

    ck_assert_int_eq(parse("schedule_rule", "MIDIS-DIT-2019:2019-01-01:vaccine:2", &by_key),
                     AYNI_OK);
    ayni_record_text(&file.records[0].id, id);
    snprintf(text, sizeof(text), "%s:vaccine:2", id);
    ck_assert_int_eq(parse("schedule_rule", text, &by_id), AYNI_OK);
    same_id(by_key, by_id);
}
END_TEST

static const struct {
    const char *type, *text, *code;
} wrong[] = {
    { "child", "", "bad_reference" },
    { "child", "99000001", "bad_reference" },
    { "child", "dni", "bad_document" },
    { "child", "dni:", "bad_document" },
    { "child", "dni:9900000", "bad_document" },
    { "child", "ruc:99000001", "bad_reference" },
    { "facility", "renaes", "bad_reference" },
    { "facility", "hospital:1", "unknown_code" },
    { "facility", "renaes:x", "bad_form" },
    { "rule_set", "MIDIS-DIT-2019", "bad_reference" },
    { "rule_set", "MIDIS-DIT-2019:2026", "bad_date" },
    { "rule_set", ":2026-01-01", "bad_reference" },
    { "household", "1", "bad_reference" },
};

START_TEST(what_is_no_key_is_refused)
{
    struct ayni_record record;

    ck_assert_int_eq(parse(wrong[_i].type, wrong[_i].text, &record), AYNI_E_INVALID);
    ck_assert_str_eq(reason.code, wrong[_i].code);
}
END_TEST

START_TEST(without_the_identity_key_no_child_is_named)
{
    struct ayni_record record;

    context.identity_key = NULL;
    ck_assert_int_eq(parse("child", "dni:99000001", &record), AYNI_E_RIGHT);
    ck_assert_str_eq(reason.code, "identity_key_missing");
    ck_assert_int_eq(parse("organisation", "care", &record), AYNI_OK);
    context.root_key = NULL;
    ck_assert_int_eq(parse("organisation", "care", &record), AYNI_E_RIGHT);
}
END_TEST

static void value_is(const char *type, const char *field, const char *text, const char *id_type,
                     const char *key)
{
    const struct ayni_catalogue_type *known =
        ayni_catalogue_type_named(file.catalogue, ayni_bytes_of_text(type));
    SCOPED_BUFFER value = { 0 };
    struct ayni_record expected;

    ck_assert_int_eq(ayni_value_parse(&context,
                                      ayni_catalogue_field_named(known, ayni_bytes_of_text(field)),
                                      ayni_bytes_of_text(text), &value, &reason),
                     AYNI_OK);
    ck_assert_int_eq(parse(id_type, key, &expected), AYNI_OK);
    ck_assert_uint_eq(value.size, 17);
    ck_assert_mem_eq(value.data + 1, expected.bytes, sizeof(expected.bytes));
}

START_TEST(a_reference_takes_the_first_target_or_the_one_it_names)
{
    value_is("identifier", "holder", "dni:99000001", "child", "dni:99000001");
    value_is("identifier", "holder", "person:dni:99000001", "person", "dni:99000001");
    value_is("data_flag", "record", "child:dni:99000001", "child", "dni:99000001");
    value_is("birth", "mother", " dni:99000001 ", "person", "dni:99000001");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("natural_key");
    TCase *keys = tcase_create("keys");

    tcase_add_checked_fixture(keys, set_up, tear_down);
    tcase_add_test(keys, a_child_is_named_by_a_document);
    tcase_add_test(keys, the_last_part_may_have_colons);
    tcase_add_test(keys, an_edition_record_is_named_by_code_and_day);
    tcase_add_test(keys, keys_stand_within_keys);
    tcase_add_loop_test(keys, what_is_no_key_is_refused, 0,
                        (int)(sizeof(wrong) / sizeof(wrong[0])));
    tcase_add_test(keys, without_the_identity_key_no_child_is_named);
    tcase_add_test(keys, a_reference_takes_the_first_target_or_the_one_it_names);
    suite_add_tcase(suite, keys);
    return test_run(suite);
}
