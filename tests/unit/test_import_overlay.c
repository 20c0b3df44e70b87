/* What rows have said so far, of many records and rows. */
#include "daemon/records/import/import_overlay.h"

#include <stdio.h>

#include "tests/support/suite.h"

static struct record_key key_of(uint32_t number)
{
    struct record_key key = { .type = 101 + number % 3 };

    ayni_put_u32(key.record.bytes + 12, number / 3);
    return key;
}

static struct ayni_field field_of(uint32_t number, const char *value)
{
    return (struct ayni_field){ .number = number, .value = ayni_bytes_of_text(value) };
}

START_TEST(an_empty_one_knows_nothing)
{
    struct import_overlay overlay = { 0 };
    struct record_key key = key_of(1);

    ck_assert_ptr_null(import_overlay_find(&overlay, &key));
    ck_assert_uint_eq(import_overlay_value(NULL, 1).size, 0);
    import_overlay_free(&overlay);
}
END_TEST

START_TEST(the_first_value_of_a_field_stays)
{
    struct import_overlay overlay = { 0 };
    struct record_key key = key_of(1);
    const struct ayni_field first[] = { field_of(2, "b"), field_of(5, "e") };
    const struct ayni_field second[] = { field_of(1, "a"), field_of(2, "x"), field_of(9, "i") };
    struct overlay_entry *entry;

    ck_assert_int_eq(import_overlay_add(&overlay, &key, first, 2), AYNI_OK);
    ck_assert_int_eq(import_overlay_add(&overlay, &key, second, 3), AYNI_OK);
    entry = import_overlay_find(&overlay, &key);
    ck_assert_uint_eq(entry->count, 4);
    for (size_t i = 1; i < entry->count; i++)
        ck_assert_uint_lt(entry->fields[i - 1].number, entry->fields[i].number);
    ck_assert(ayni_bytes_equal(import_overlay_value(entry, 2), TEST_BYTES("b")));
    ck_assert(ayni_bytes_equal(import_overlay_value(entry, 1), TEST_BYTES("a")));
    ck_assert_uint_eq(import_overlay_value(entry, 7).size, 0);
    import_overlay_free(&overlay);
    ck_assert_uint_eq(overlay.size, 0);
}
END_TEST

START_TEST(many_records_are_told_apart)
{
    enum { RECORDS = 10000 };
    struct import_overlay overlay = { 0 };
    char text[16];

    for (uint32_t i = 0; i < RECORDS; i++) {
        struct record_key key = key_of(i);
        snprintf(text, sizeof(text), "%u", i);
        struct ayni_field field = field_of(1, text);
        ck_assert_int_eq(import_overlay_add(&overlay, &key, &field, 1), AYNI_OK);
    }
    ck_assert_uint_eq(overlay.count, RECORDS);
    for (uint32_t i = 0; i < RECORDS; i++) {
        struct record_key key = key_of(i);
        snprintf(text, sizeof(text), "%u", i);
        struct ayni_bytes value = import_overlay_value(import_overlay_find(&overlay, &key), 1);
        ck_assert(ayni_bytes_equal(value, ayni_bytes_of_text(text)));
    }
    import_overlay_free(&overlay);
}
END_TEST

START_TEST(an_id_is_told_with_its_first_line)
{
    enum { IDS = 10000 };
    struct import_ids ids = { 0 };
    char text[16];
    uint64_t first;

    for (uint64_t i = 0; i < 2 * IDS; i++) {
        snprintf(text, sizeof(text), "id-%u", (unsigned)(i % IDS));
        ck_assert_int_eq(import_ids_add(&ids, ayni_bytes_of_text(text), i + 2, &first), AYNI_OK);
        ck_assert_uint_eq(first, i % IDS + 2);
    }
    ck_assert_uint_eq(ids.count, IDS);
    import_ids_free(&ids);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("import_overlay");
    TCase *all = tcase_create("all");

    tcase_add_test(all, an_empty_one_knows_nothing);
    tcase_add_test(all, the_first_value_of_a_field_stays);
    tcase_add_test(all, many_records_are_told_apart);
    tcase_add_test(all, an_id_is_told_with_its_first_line);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
