/* The figures of data quality: how counts become rows, and what is counted of a record. The whole
 * of it against an oracle: integration.quality. */
#include "daemon/view/quality_record.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/node.h"

static struct test_node node;
static struct quality quality;

static void set_up(void)
{
    test_node_open(&node, 1);
    test_node_found(&node);
    test_node_space(&node, "visits", AYNI_CLASS_SENSITIVE);
    quality = (struct quality){
        .request = { .wanted = UINT32_MAX, .territory = "", .level = VIEW_DISTRICT }
    };
}

static void tear_down(void)
{
    quality_free(&quality);
    test_node_close(&node);
}

/* The one row of a figure; all zero where there is none. */
static struct quality_row row_of(enum quality_figure figure)
{
    struct quality_row *rows, found = { .denominator = 0 };
    size_t count;

    test_must(quality_rows(&quality, &rows, &count), "rows");
    for (size_t i = 0; i < count; i++)
        if (rows[i].figure == figure)
            found = rows[i];
    free(rows);
    return found;
}

/* --- rows --- */

static const struct {
    int64_t days[5];
    size_t count;
    int64_t median; /* tenths */
} medians[] = {
    { { 7 }, 1, 70 },
    { { 7, 8 }, 2, 75 },
    { { 30, 2, 9 }, 3, 90 },
    { { 1, 1, 1, 100 }, 4, 10 },
    { { 0, 0, 3, 4, 4 }, 5, 30 },
    { { -5, 3, -9 }, 3, 0 },
    { { 1000, 2000, 3 }, 3, 10 * QUALITY_DAYS_MAX },
};

START_TEST(of_days_the_middle_is_shown)
{
    struct quality_group group = { .type = 203 };

    for (size_t i = 0; i < medians[_i].count; i++)
        quality_add_days(&quality, QUALITY_LATENCY, &group, medians[_i].days[i]);
    ck_assert_int_eq(row_of(QUALITY_LATENCY).days, medians[_i].median);
    ck_assert_int_eq(row_of(QUALITY_LATENCY).denominator, (int64_t)medians[_i].count);
}
END_TEST

START_TEST(what_isnt_broken_down_is_one_row)
{
    struct quality_group groups[] = { { .place = "160101", .type = 203, .origin = "his" },
                                      { .place = "160102", .type = 203, .origin = "manual" },
                                      { .place = "250101", .type = 208, .origin = "his" },
                                      { .place = "", .type = 208, .origin = "padron" } };
    static const size_t expected[] = { 1, 2, 3, 3, 4, 3 };
    struct quality_row *rows;
    size_t count;

    quality.request.by_type = _i == 1;
    quality.request.by_territory = _i == 2 || _i == 4 || _i == 5;
    quality.request.by_origin = _i == 3 || _i == 4;
    quality.request.level = _i == 4 ? VIEW_DISTRICT : VIEW_DEPARTMENT;
    for (size_t i = 0; i < 4; i++)
        quality_add(&quality, QUALITY_CONTESTED, &groups[i], 1, 2);
    test_must(quality_rows(&quality, &rows, &count), "rows");
    ck_assert_uint_eq(count, expected[_i]);
    int64_t all = 0;
    for (size_t i = 0; i < count; i++)
        all += rows[i].numerator;
    ck_assert_int_eq(all, 4);
    free(rows);
}
END_TEST

/* --- records --- */

static struct record_key put_growth(void)
{
    test_put(&node, "visits", "child", "dni=99000001", "surname_1=Vela", "given_names=Ana",
             "birth_date=2025-05-27", "sex=f", "ubigeo=160101", "state=active", NULL);
    return test_put(&node, "visits", "growth", "subject=dni:99000001", "date=2025-06-27",
                    "weight_g=4000", NULL);
}

/* Counts the record, of whose versions the first so many don't count. */
static void count_with_invalid(const struct record_key *key, size_t invalid)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    bool enough;

    test_must(reader_begin(&node.records, &reader), "read");
    test_must(reader_fold(reader, key, &state), "fold");
    for (size_t i = 0; i < invalid; i++)
        state.items[i].valid = false;
    const struct surveyed record = { .reader = reader,
                                     .type = ayni_catalogue_type(reader_charter(reader)->catalogue,
                                                                 key->type),
                                     .state = &state };
    test_must(quality_record(&quality, &record, &enough), "count");
}

START_TEST(versions_that_dont_count_are_quarantined)
{
    struct record_key key = put_growth();

    test_set(&node, &key, "weight_g=4100", NULL);
    test_set(&node, &key, "weight_g=4200", NULL);
    count_with_invalid(&key, (size_t)_i);
    ck_assert_int_eq(row_of(QUALITY_QUARANTINED).numerator, _i);
    ck_assert_int_eq(row_of(QUALITY_QUARANTINED).denominator, 3);
}
END_TEST

START_TEST(what_is_of_another_place_node_or_month_isnt_counted)
{
    struct record_key key = put_growth();
    struct quality_row row;

    quality.request.territory = _i == 1 ? "1602" : _i == 2 ? "1601" : "";
    quality.request.has_node = _i == 3;
    quality.request.has_month = _i >= 4;
    quality.request.month = month_of_day(20270) + (_i == 5); /* 2025-07-01, and the one after */
    quality.request.month -= 1;
    count_with_invalid(&key, 0);
    row = row_of(QUALITY_CONTESTED);
    ck_assert_int_eq(row.denominator, _i == 0 || _i == 2 || _i == 4);
    ck_assert_int_eq(row.numerator, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("quality");
    TCase *figures = tcase_create("quality");

    tcase_add_checked_fixture(figures, set_up, tear_down);
    tcase_add_loop_test(figures, of_days_the_middle_is_shown, 0,
                        sizeof(medians) / sizeof(medians[0]));
    tcase_add_loop_test(figures, what_isnt_broken_down_is_one_row, 0, 6);
    tcase_add_loop_test(figures, versions_that_dont_count_are_quarantined, 0, 4);
    tcase_add_loop_test(figures, what_is_of_another_place_node_or_month_isnt_counted, 0, 6);
    suite_add_tcase(suite, figures);
    return test_run(suite);
}
