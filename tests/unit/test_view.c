/* The view over real stores: what records say that no catalogue would let anybody write. */
#include "daemon/view/view.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/view/view_query.h"
#include "proto/cbor.h"
#include "proto/instant.h"
#include "tests/support/node_pair.h"

enum { BIRTH_DATE = 4, SEX = 6, UBIGEO = 11 };

static void open_with_view(void)
{
    memset(&test_midis, 0, sizeof(test_midis));
    test_midis.has_view = true;
    test_node_open(&test_midis, 1);
    test_node_found(&test_midis);
    test_visits = test_node_space(&test_midis, "visits", AYNI_CLASS_SENSITIVE);
    test_node_indicator(&test_midis);
    test_node_settle(&test_midis);
}

/* Any CBOR in any field, past the checks of who types it in. */
static void write_raw(const struct record_key *key, uint32_t field, struct ayni_bytes value)
{
    struct ayni_field raw = { field, value };
    struct author_change change = { .space = key->space,
                                    .record = key->record,
                                    .type = key->type,
                                    .fields = &raw,
                                    .field_count = 1,
                                    .steward = TEST_BYTES("maria") };

    test_must(author_write(test_midis.records.author, &change, 1, AYNI_LANE_CURRENT, NULL), "raw");
    test_node_settle(&test_midis);
}

/* What an indicator comes to in the nation in a month, and in how many known districts. */
static struct counts ask(const char *code, month_no month, size_t *districts)
{
    SCOPED_READER *reader = NULL;
    struct view_request request = { .territory = "", .level = VIEW_DISTRICT, .month = month };
    struct counts counts = { 0 };
    struct view_row *rows = NULL;
    struct plan *plan;
    size_t count;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(plan_load(reader, &plan), "plan");
    request.edition = plan_edition(plan, code, NULL, month_last_day(month));
    ck_assert_ptr_nonnull(request.edition);
    test_must(view_ask(reader, plan, &request, &rows, &count), "ask");
    *districts = 0;
    for (size_t i = 0; i < count; i++) {
        counts_add(&counts, &rows[i].counts, 1);
        *districts += rows[i].place[0] != '\0';
    }
    free(rows);
    plan_free(plan);
    return counts;
}

static int64_t count_children(month_no month)
{
    size_t districts;

    return ask("all", month, &districts).denominator;
}

static const month_no march_2024 = (2024 - 1970) * 12 + 2;

START_TEST(a_child_is_counted)
{
    (void)test_put_child(&test_midis, "99000001", "Rojas");
    test_node_settle(&test_midis);
    ck_assert_int_eq(count_children(march_2024 - 2), 0);
    ck_assert_int_eq(count_children(march_2024), 1);
}
END_TEST

/* A member can write any value; a long one must not be cut into half a character. */
static const struct {
    uint32_t field;
    const char *text;
} texts[] = {
    { UBIGEO, "16010\u00f1" },
    { UBIGEO, "\u20ac\u20ac\u20ac" },
    { SEX, "\u00f1\u00f1\u00f1\u00f1\u00f1\u00f1\u00f1\u00f1\u00f1\u00f1\u00f1\u00f1\u00f1\u00f1" },
    { UBIGEO, "" },
    { UBIGEO, "Lima" },
    { UBIGEO, "16010" },
};

START_TEST(any_text_in_a_field_leaves_the_view_counting)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");

    write_raw(&key, texts[_i].field, test_text_value(&test_midis, texts[_i].text));
    size_t districts;
    ck_assert_int_eq(ask("all", march_2024, &districts).denominator, 1);
    ck_assert_uint_eq(districts, texts[_i].field == UBIGEO ? 0 : 1);
    test_set(&test_midis, &key, "ubigeo=160101", "sex=f", NULL);
    test_node_settle(&test_midis);
    ck_assert_int_eq(count_children(march_2024), 1);
}
END_TEST

static const int64_t days[] = { INT64_MIN, INT64_MIN + 1, -1000000000, 0, 5000000, INT64_MAX };

START_TEST(any_day_in_a_field_leaves_the_view_counting)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");
    SCOPED_BUFFER day = { 0 };

    ayni_cbor_put_int(&day, days[_i]);
    write_raw(&key, BIRTH_DATE, ayni_buffer_bytes(&day));
    (void)count_children(march_2024);
    test_set(&test_midis, &key, "birth_date=2024-02-29", NULL);
    test_node_settle(&test_midis);
    ck_assert_int_eq(count_children(march_2024), 1);
}
END_TEST

/* Born in the month 65536 after August 2023: once its counters had the key of that month. */
START_TEST(a_day_thousands_of_years_off_is_no_day_of_now)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");
    SCOPED_BUFFER day = { 0 };

    ayni_cbor_put_int(&day, month_first_day(march_2024 - 7 + 65536));
    write_raw(&key, BIRTH_DATE, ayni_buffer_bytes(&day));
    ck_assert_int_eq(count_children(march_2024), 0);
}
END_TEST

static bool take_one(void *context, const struct indicator *indicator,
                     const struct ayni_record *subject, uint32_t type,
                     const struct subject_facts *facts, const struct contribution *contribution)
{
    struct ayni_record *found = context;

    (void)indicator;
    (void)type;
    (void)facts;
    (void)contribution;
    *found = *subject;
    return false;
}

/* Each page under a reader of its own: whom it goes on with may be gone by then. */
START_TEST(a_trace_goes_on_where_it_was_left)
{
    enum { CHILDREN = 3 };
    static const char *const numbers[CHILDREN] = { "99000001", "99000002", "99000003" };
    struct view_place place = { .done = false };
    struct ayni_record found[CHILDREN + 1];
    size_t count = 0;

    for (size_t i = 0; i < CHILDREN; i++)
        (void)test_put_child(&test_midis, numbers[i], "Rojas");
    test_node_settle(&test_midis);
    for (; !place.done; count++) {
        SCOPED_READER *reader = NULL;
        struct view_request request = { .territory = "", .month = march_2024 };
        struct plan *plan;
        ck_assert_uint_le(count, CHILDREN);
        test_must(reader_begin(&test_midis.records, &reader), "read");
        test_must(plan_load(reader, &plan), "plan");
        request.edition = plan_edition(plan, "all", NULL, month_last_day(march_2024));
        test_must(view_trace(reader, plan, &request, &place, take_one, &found[count]), "trace");
        plan_free(plan);
    }
    ck_assert_uint_eq(count, CHILDREN + 1); /* the last page finds nobody */
    for (size_t i = 1; i < CHILDREN; i++)
        ck_assert_int_lt(ayni_id_compare(&found[i - 1], &found[i]), 0);
}
END_TEST

static void declare_documented(void)
{
    enum { TYPE_INDICATOR = 707 };
    struct ayni_record rules = { { 1 } }, indicator = { { 3 } };

    test_node_register(
        &test_midis, TYPE_INDICATOR, &indicator,
        (struct test_field[]){
            { 1, test_text_value(&test_midis, "documented") },
            { 2, test_text_value(&test_midis, "Con DNI") },
            { 3, test_text_value(&test_midis,
                                 "{\"measure\":\"percent\",\"subject\":\"child\",\"cohort\":{},"
                                 "\"numerator\":[{\"exists\":\"identifier\",\"scheme\":\"dni\","
                                 "\"date\":\"issued_on\",\"days_from_birth\":[0,30]}]}") },
            { 4, test_id_value(&test_midis, &rules) },
            { 7, test_uint_value(&test_midis, 0) },
            { 0 } });
}

/* A DNI of the child, in the order of their numbers; without the day it was issued on where that is
 * 0. */
static void write_document(const struct record_key *child, uint8_t number, int64_t issued_on)
{
    enum { TYPE_IDENTIFIER = 102 };
    struct ayni_field fields[] = {
        { 1, test_id_value(&test_midis, &child->record) },
        { 2, test_text_value(&test_midis, "dni") },
        { 4, test_uint_value(&test_midis, (uint64_t)issued_on) },
    };
    struct author_change change = { .space = child->space,
                                    .record = { { number } },
                                    .type = TYPE_IDENTIFIER,
                                    .fields = fields,
                                    .field_count = issued_on == 0 ? 2 : 3,
                                    .steward = TEST_BYTES("maria") };

    test_must(author_write(test_midis.records.author, &change, 1, AYNI_LANE_CURRENT, NULL), "dni");
}

/* How many records say something of a child is for whoever writes them to choose. */
START_TEST(however_many_records_are_about_a_child_the_one_that_counts_is_found)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");
    int64_t birth;
    size_t districts;

    declare_documented();
    ck_assert_int_eq(ayni_day_of(2024, 2, 29, &birth), AYNI_OK);
    for (uint8_t i = 1; i <= 100; i++)
        write_document(&key, i, i % 2 == 0 ? 0 : birth - i);
    test_node_settle(&test_midis);
    ck_assert_int_eq(ask("documented", march_2024, &districts).unknown, 1);
    write_document(&key, 254, birth + 31);
    write_document(&key, 255, birth + 3);
    test_node_settle(&test_midis);
    struct counts counts = ask("documented", march_2024, &districts);
    ck_assert_int_eq(counts.numerator, 1);
    ck_assert_int_eq(counts.denominator, 1);
    ck_assert_int_eq(counts.unknown, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("view");
    TCase *one = tcase_create("a node with a view");

    tcase_add_checked_fixture(one, open_with_view, test_one_close);
    tcase_add_test(one, a_child_is_counted);
    tcase_add_loop_test(one, any_text_in_a_field_leaves_the_view_counting, 0,
                        sizeof(texts) / sizeof(texts[0]));
    tcase_add_loop_test(one, any_day_in_a_field_leaves_the_view_counting, 0,
                        sizeof(days) / sizeof(days[0]));
    tcase_add_test(one, a_trace_goes_on_where_it_was_left);
    tcase_add_test(one, a_day_thousands_of_years_off_is_no_day_of_now);
    tcase_add_test(one, however_many_records_are_about_a_child_the_one_that_counts_is_found);
    suite_add_tcase(suite, one);
    return test_run(suite);
}
