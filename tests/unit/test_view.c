/* The view over real stores: what records say that no catalogue would let anybody write. */
#include "daemon/view/view.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/view/view_query.h"
#include "proto/cbor.h"
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

/* How many children the nation has in a month, and the place they are in. */
static int64_t count_children(month_no month)
{
    SCOPED_READER *reader = NULL;
    struct view_request request = { .territory = "", .month = month };
    struct view_row *rows = NULL;
    struct plan *plan;
    size_t count;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(plan_load(reader, &plan), "plan");
    ck_assert_uint_eq(plan->count, 1);
    request.edition = plan_edition(plan, "all", NULL, month_last_day(month));
    test_must(view_ask(reader, plan, &request, &rows, &count), "ask");
    int64_t children = count == 0 ? 0 : rows[0].counts.denominator;
    free(rows);
    plan_free(plan);
    return children;
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
};

START_TEST(any_text_in_a_field_leaves_the_view_counting)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");

    write_raw(&key, texts[_i].field, test_text_value(&test_midis, texts[_i].text));
    ck_assert_int_eq(count_children(march_2024), 1);
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
    suite_add_tcase(suite, one);
    return test_run(suite);
}
