/* The table of territories: by code and day, read once, anew when one changes. */
#include "daemon/records/territory_cache.h"

#include "proto/set.h"
#include "tests/support/node_pair.h"

enum {
    TYPE = 701,
    CODE = 1,
    NAME = 2,
    VALID_FROM = 4,
    VALID_TO = 5,
    SUCCESSORS = 6,
    ALTITUDE_M = 8
};

static const struct territories *hold(void)
{
    SCOPED_READER *reader = NULL;
    const struct territories *table;

    test_must(reader_begin(&test_midis.records, &reader), "reader");
    test_must(territory_cache_hold(test_midis.records.territories, reader, &table), "table");
    return table;
}

/* A place from day `from`, to `to` where that isn't 0. */
static struct ayni_record put(const char *code, const char *name, uint64_t from, uint64_t to)
{
    struct ayni_record record = { { 0 } };
    struct test_field fields[] = { { CODE, test_text_value(&test_midis, code) },
                                   { NAME, test_text_value(&test_midis, name) },
                                   { VALID_FROM, test_uint_value(&test_midis, from) },
                                   { VALID_TO, test_uint_value(&test_midis, to) },
                                   { 0 } };

    ayni_random(record.bytes, sizeof(record.bytes));
    if (to == 0)
        fields[3] = (struct test_field){ ALTITUDE_M, test_uint_value(&test_midis, 107) };
    test_node_register(&test_midis, TYPE, &record, fields);
    return record;
}

static void finds(const char *code, int64_t day, const char *name)
{
    SCOPED_TERRITORIES *table = hold();
    const struct territory *place = territories_find(table, ayni_bytes_of_text(code), day);

    if (name == NULL) {
        ck_assert_ptr_null(place);
    } else {
        ck_assert_ptr_nonnull(place);
        ck_assert_str_eq(place->name, name);
    }
}

START_TEST(an_empty_table_knows_nothing)
{
    SCOPED_TERRITORIES *table = hold();

    ck_assert_uint_eq(table->count, 0);
    ck_assert_ptr_null(territories_find(table, TEST_BYTES("160101"), 100));
    ck_assert_ptr_null(territories_last(table, TEST_BYTES("160101")));
}
END_TEST

START_TEST(a_place_is_found_by_its_whole_code_alone)
{
    (void)put("16", "Loreto", 10, 0);
    (void)put("160101", "Iquitos", 10, 0);
    finds("160101", 10, "Iquitos");
    finds("16", 10, "Loreto");
    finds("1601", 10, NULL);
    finds("160102", 10, NULL);
    finds("", 10, NULL);
    finds("16010", 10, NULL);
    finds("16010101", 10, NULL);
    finds("1601010101010101010101", 10, NULL);
}
END_TEST

START_TEST(a_code_has_its_days)
{
    (void)put("160109", "Putumayo", 10, 19);
    (void)put("160109", "Nuevo", 30, 0);
    finds("160109", 9, NULL);
    finds("160109", 10, "Putumayo");
    finds("160109", 19, "Putumayo");
    finds("160109", 20, NULL);
    finds("160109", 30, "Nuevo");
    SCOPED_TERRITORIES *table = hold();
    ck_assert_str_eq(territories_last(table, TEST_BYTES("160109"))->name, "Nuevo");
    ck_assert(territories_last(table, TEST_BYTES("160109"))->has_altitude);
    ck_assert_int_eq(territories_last(table, TEST_BYTES("160109"))->altitude_m, 107);
}
END_TEST

START_TEST(it_is_read_once_and_anew_after_a_change)
{
    (void)put("160101", "Iquitos", 10, 0);
    SCOPED_TERRITORIES *first = hold();
    SCOPED_TERRITORIES *second = hold();
    ck_assert_ptr_eq(first, second);
    (void)test_put_child(&test_midis, "99000001", "Vela"); /* changes no territory */
    SCOPED_TERRITORIES *third = hold();
    ck_assert_ptr_eq(first, third);
    (void)put("160102", "Alto Nanay", 10, 0);
    finds("160102", 10, "Alto Nanay");
    ck_assert_uint_eq(first->count, 1); /* what is held stays as it was */
}
END_TEST

START_TEST(what_has_no_code_or_first_day_is_none)
{
    struct ayni_record record = { { 7 } };
    struct test_field nameless[] = { { CODE, test_text_value(&test_midis, "160101") }, { 0 } };

    test_node_register(&test_midis, TYPE, &record, nameless);
    record.bytes[0] = 8;
    nameless[0].value = test_uint_value(&test_midis, 160101);
    test_node_register(&test_midis, TYPE, &record, nameless);
    (void)put("160101234", "too long", 10, 0);
    SCOPED_TERRITORIES *table = hold();
    ck_assert_uint_eq(table->count, 0);
}
END_TEST

START_TEST(a_rebuilt_view_gives_the_same_table)
{
    (void)put("160101", "Iquitos", 10, 0);
    finds("160101", 10, "Iquitos");
    test_node_reopen(&test_midis, true);
    test_node_settle(&test_midis);
    finds("160101", 10, "Iquitos");
}
END_TEST

/* --- codes that moved --- */

/* One that ended on day `to` and became these, of which the last is NULL. */
static void put_ended(const char *code, uint64_t to, const char *const successors[3])
{
    struct ayni_record record = { { 0 } };
    struct ayni_bytes items[3];
    SCOPED_BUFFER set = { 0 };
    size_t count = 0;
    struct test_field fields[] = { { CODE, test_text_value(&test_midis, code) },
                                   { VALID_FROM, test_uint_value(&test_midis, 1) },
                                   { VALID_TO, test_uint_value(&test_midis, to) },
                                   { 0 },
                                   { 0 } };

    for (; successors[count] != NULL; count++)
        items[count] = ayni_bytes_of_text(successors[count]);
    ayni_set_put(&set, items, count, AYNI_CBOR_TEXT);
    fields[3] = (struct test_field){ SUCCESSORS, ayni_buffer_bytes(&set) };
    ayni_random(record.bytes, sizeof(record.bytes));
    test_node_register(&test_midis, TYPE, &record, fields);
}

/* What `code` is on `day`: one other, or nothing of which it is said what it became. */
static void became(const char *code, int64_t day, const char *successor, const char *codes)
{
    SCOPED_TERRITORIES *table = hold();
    struct ayni_bytes bytes = ayni_bytes_of_text(code);
    const struct territory *place = territories_successor(table, bytes, day);

    ck_assert_str_eq(place == NULL ? "" : place->code, successor);
    ck_assert_str_eq(territories_became(table, bytes, day), codes);
}

START_TEST(what_moved_is_found_under_its_new_code_from_the_day_on)
{
    put_ended("160109", 19, (const char *[3]){ "160801", NULL });
    put_ended("160110", 9, (const char *[3]){ "160109", NULL });
    (void)put("160801", "Putumayo", 20, 0);
    became("160109", 19, "", ""); /* it is a place still */
    became("160109", 20, "160801", "160801");
    became("160110", 15, "160109", "160109");
    became("160110", 20, "160801", "160109"); /* by way of the other */
    became("160801", 19, "", "");             /* not yet */
    became("160801", 20, "", "");
    became("169999", 20, "", "");
    became("", 20, "", "");
    became("16010999999", 20, "", "");
}
END_TEST

START_TEST(what_became_several_or_nothing_is_found_under_none)
{
    put_ended("160115", 19, (const char *[3]){ "160116", "160117", NULL });
    put_ended("160118", 19, (const char *[3]){ NULL });
    put_ended("160119", 9, (const char *[3]){ "160115", NULL });
    put_ended("160120", 19, (const char *[3]){ "160121", NULL }); /* which the table hasn't got */
    (void)put("160116", "Uno", 20, 0);
    (void)put("160117", "Dos", 20, 0);
    became("160115", 20, "", "160116, 160117");
    became("160118", 20, "", "");
    became("160119", 20, "", "160115");
    became("160120", 20, "", "160121");
}
END_TEST

START_TEST(codes_that_became_each_other_end)
{
    put_ended("160115", 19, (const char *[3]){ "160116", NULL });
    put_ended("160116", 19, (const char *[3]){ "160115", NULL });
    became("160115", 20, "", "160116");
    became("160116", 20, "", "160115");
}
END_TEST

START_TEST(a_code_that_is_given_again_is_a_place_then)
{
    put_ended("160109", 19, (const char *[3]){ "160801", NULL });
    (void)put("160109", "Nuevo", 30, 0);
    (void)put("160801", "Putumayo", 20, 0);
    became("160109", 29, "160801", "160801");
    became("160109", 30, "", "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("territories");
    TCase *table = tcase_create("table");

    tcase_add_checked_fixture(table, test_one_open, test_one_close);
    tcase_add_test(table, an_empty_table_knows_nothing);
    tcase_add_test(table, a_place_is_found_by_its_whole_code_alone);
    tcase_add_test(table, a_code_has_its_days);
    tcase_add_test(table, it_is_read_once_and_anew_after_a_change);
    tcase_add_test(table, what_has_no_code_or_first_day_is_none);
    tcase_add_test(table, a_rebuilt_view_gives_the_same_table);
    tcase_add_test(table, what_moved_is_found_under_its_new_code_from_the_day_on);
    tcase_add_test(table, what_became_several_or_nothing_is_found_under_none);
    tcase_add_test(table, codes_that_became_each_other_end);
    tcase_add_test(table, a_code_that_is_given_again_is_a_place_then);
    suite_add_tcase(suite, table);
    return test_run(suite);
}
