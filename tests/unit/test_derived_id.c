#include "proto/derived_id.h"

#include "proto/cbor.h"
#include "proto/crypto.h"
#include "proto/record_id.h"
#include "tests/support/suite.h"

static const uint8_t key[32] = { 1, 2, 3 };
static const uint8_t other_key[32] = { 1, 2, 4 };

static struct ayni_record child_of(const char *scheme, const char *value)
{
    struct ayni_record record;

    ck_assert_int_eq(ayni_derived_id_of_identifier(key, 101, ayni_bytes_of_text(scheme),
                                                   ayni_bytes_of_text(value), &record),
                     AYNI_OK);
    return record;
}

static void text_value(struct ayni_buffer *to, const char *text)
{
    ayni_buffer_clear(to);
    ayni_cbor_put_string(to, text);
}

START_TEST(an_id_is_a_version_8_uuid)
{
    struct ayni_record record = child_of("dni", "99000001");

    ck_assert_int_eq(record.bytes[6] >> 4, 8);
    ck_assert_int_eq(record.bytes[8] >> 6, 2);
}
END_TEST

START_TEST(an_id_is_that_of_the_encoding_in_the_protocol)
{
    static const uint8_t encoded[] = { 0x83, 0x69, 'a',  'y',  'n',  'i',  '-', 'i', 'd',
                                       '-',  '1',  0x18, 0x65, 0x82, 0x63, 'd', 'n', 'i',
                                       0x68, '9',  '9',  '0',  '0',  '0',  '0', '0', '1' };
    uint8_t hash[16];
    struct ayni_record record = child_of("dni", "99000001"), expected;

    ayni_hash_keyed_16(key, (struct ayni_bytes){ encoded, sizeof(encoded) }, hash);
    expected = ayni_record_v8(hash);
    ck_assert(ayni_id_equal(&record, &expected));
}
END_TEST

START_TEST(the_same_key_is_spelled_in_many_ways)
{
    struct ayni_record a = child_of("programme", "care:\xc3\x91"
                                                 "1"); /* one character */
    struct ayni_record b = child_of("programme", "care:N\xcc\x83"
                                                 "1"); /* N and a tilde */
    struct ayni_record c = child_of("programme", "  care:\xc3\x91"
                                                 "1 ");

    ck_assert(ayni_id_equal(&a, &b));
    ck_assert(ayni_id_equal(&a, &c));
}
END_TEST

START_TEST(case_type_key_and_each_part_count)
{
    struct ayni_record a = child_of("programme", "care:a"), b = child_of("programme", "care:A");
    struct ayni_record c = child_of("service", "care:a"), d, e;

    ck_assert_int_eq(
        ayni_derived_id_of_identifier(key, 103, TEST_BYTES("programme"), TEST_BYTES("care:a"), &d),
        AYNI_OK);
    ck_assert_int_eq(ayni_derived_id_of_identifier(other_key, 101, TEST_BYTES("programme"),
                                                   TEST_BYTES("care:a"), &e),
                     AYNI_OK);
    ck_assert(!ayni_id_equal(&a, &b));
    ck_assert(!ayni_id_equal(&a, &c));
    ck_assert(!ayni_id_equal(&a, &d));
    ck_assert(!ayni_id_equal(&a, &e));
}
END_TEST

START_TEST(fields_give_the_same_id_as_their_values)
{
    struct ayni_catalogue_type type = { .number = 102, .key = { 2, 3 }, .key_count = 2 };
    SCOPED_BUFFER scheme = { 0 }, value = { 0 };
    struct ayni_record a, b;

    text_value(&scheme, "dni");
    text_value(&value, "99000001");
    const struct ayni_field fields[] = { { 2, ayni_buffer_bytes(&scheme) },
                                         { 3, ayni_buffer_bytes(&value) } };
    ck_assert_int_eq(ayni_record_id_of_fields(key, &type, fields, 2, (struct ayni_bytes){ 0 }, &a),
                     AYNI_OK);
    ck_assert_int_eq(
        ayni_derived_id_of_identifier(key, 102, TEST_BYTES("dni"), TEST_BYTES("99000001"), &b),
        AYNI_OK);
    ck_assert(ayni_id_equal(&a, &b));
    ck_assert_int_eq(ayni_record_id_of_fields(key, &type, fields, 1, (struct ayni_bytes){ 0 }, &a),
                     AYNI_E_NOT_FOUND);
}
END_TEST

START_TEST(a_null_part_is_none)
{
    struct ayni_catalogue_type type = { .number = 102, .key = { 2 }, .key_count = 1 };
    const struct ayni_field fields[] = { { 2, TEST_BYTES("\xf6") } };
    struct ayni_record record;

    ck_assert_int_eq(
        ayni_record_id_of_fields(key, &type, fields, 1, (struct ayni_bytes){ 0 }, &record),
        AYNI_E_NOT_FOUND);
    type.key_count = 0;
    ck_assert_int_eq(
        ayni_record_id_of_fields(key, &type, fields, 1, (struct ayni_bytes){ 0 }, &record),
        AYNI_E_NOT_FOUND);
}
END_TEST

static const struct {
    const char *source;
    bool local; /* its row numbers are unique within an organisation alone */
} sources[] = {
    { "kobo", false }, { "his", false },  { "cnv", false },   { "odk", true },
    { "fhir", true },  { "dhis2", true }, { "manual", true }, { "other", true },
};

START_TEST(sources_that_number_for_themselves_belong_to_their_organisation)
{
    struct ayni_catalogue_type type = { .number = 203,
                                        .is_event = true,
                                        .key = { AYNI_EVENT_SOURCE, AYNI_EVENT_SOURCE_ID },
                                        .key_count = 2 };
    SCOPED_BUFFER source = { 0 }, id = { 0 };
    struct ayni_record care, save;

    text_value(&source, sources[_i].source);
    text_value(&id, "1");
    const struct ayni_field fields[] = { { AYNI_EVENT_SOURCE_ID, ayni_buffer_bytes(&id) },
                                         { AYNI_EVENT_SOURCE, ayni_buffer_bytes(&source) } };
    ck_assert_int_eq(ayni_record_id_of_fields(key, &type, fields, 2, TEST_BYTES("care"), &care),
                     AYNI_OK);
    ck_assert_int_eq(ayni_record_id_of_fields(key, &type, fields, 2, TEST_BYTES("save"), &save),
                     AYNI_OK);
    ck_assert_int_eq(ayni_id_equal(&care, &save), !sources[_i].local);
}
END_TEST

START_TEST(bytes_that_are_no_value_make_no_id)
{
    const struct ayni_bytes values[] = { TEST_BYTES("\x61") };
    const struct ayni_bytes two[] = { TEST_BYTES("\x01\x01") };
    const struct ayni_bytes not_utf8[] = { TEST_BYTES("\x61\xff") };
    struct ayni_record record;

    ck_assert_int_eq(ayni_derived_id(key, 101, values, 1, &record), AYNI_E_MALFORMED);
    ck_assert_int_eq(ayni_derived_id(key, 101, two, 1, &record), AYNI_E_MALFORMED);
    ck_assert_int_eq(ayni_derived_id(key, 101, not_utf8, 1, &record), AYNI_E_MALFORMED);
    ck_assert_int_eq(
        ayni_derived_id_of_identifier(key, 101, TEST_BYTES("dni"), TEST_BYTES("\xff"), &record),
        AYNI_E_MALFORMED);
}
END_TEST

START_TEST(the_federations_own_types_use_its_root_key)
{
    ck_assert(ayni_derived_id_uses_root_key(1));
    ck_assert(ayni_derived_id_uses_root_key(99));
    ck_assert(!ayni_derived_id_uses_root_key(100));
    ck_assert(!ayni_derived_id_uses_root_key(699));
    ck_assert(ayni_derived_id_uses_root_key(700));
    ck_assert(ayni_derived_id_uses_root_key(799));
    ck_assert(!ayni_derived_id_uses_root_key(800));
    ck_assert(!ayni_derived_id_uses_root_key(0));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("derived_id");
    TCase *ids = tcase_create("ids");

    tcase_add_test(ids, an_id_is_a_version_8_uuid);
    tcase_add_test(ids, an_id_is_that_of_the_encoding_in_the_protocol);
    tcase_add_test(ids, the_same_key_is_spelled_in_many_ways);
    tcase_add_test(ids, case_type_key_and_each_part_count);
    tcase_add_test(ids, fields_give_the_same_id_as_their_values);
    tcase_add_test(ids, a_null_part_is_none);
    tcase_add_loop_test(ids, sources_that_number_for_themselves_belong_to_their_organisation, 0,
                        (int)(sizeof(sources) / sizeof(sources[0])));
    tcase_add_test(ids, bytes_that_are_no_value_make_no_id);
    tcase_add_test(ids, the_federations_own_types_use_its_root_key);
    suite_add_tcase(suite, ids);
    return test_run(suite);
}
