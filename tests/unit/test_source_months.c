/* In which months a node wrote, and when the first entry of each came. */
#include "daemon/view/source_months.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/records/charter.h"
#include "daemon/view/counters.h"
#include "tests/support/log.h"
#include "tests/support/suite.h"
#include "tests/support/views_fixture.h"

static struct test_log store;
static struct test_random dice;
static struct test_feed feed;
static struct charter *charter;

static void set_up(void)
{
    static const char *names[VIEW_TABLE_END];

    for (size_t i = 0; i < RECORDS_TABLE_COUNT; i++)
        names[i] = records_table_names[i];
    for (size_t i = 0; i < VIEW_TABLE_COUNT; i++)
        names[VIEW_TABLE_PLAN + i] = view_table_names[i];
    setenv("TZ", "<-05>5", 1);
    tzset();
    test_views_begin();
    views_close(test_views);
    test_views_options.tables = names;
    test_views_options.table_count = VIEW_TABLE_END;
    test_views_open();
    test_log_make(&store, 1 << 20);
    dice = (struct test_random){ 7 };
    test_feed_init(&feed, AYNI_LANE_CURRENT, &dice);
    ck_assert_int_eq(charter_empty(&charter), AYNI_OK);
}

static void tear_down(void)
{
    charter_release(charter);
    test_log_remove(&store);
    test_views_end();
}

static uint64_t noon(int year, int month, int day)
{
    int64_t days;

    ck_assert_int_eq(ayni_day_of(year, month, day, &days), AYNI_OK);
    return (uint64_t)days * 86400000 + 17 * 3600000; /* 12:00 where the node is */
}

/* A few entries written at each of the times, that come together. */
static void come(uint64_t now_ms, const uint64_t *times, size_t count)
{
    static struct test_run run;
    struct log_txn *txn;

    ck_assert_int_eq(log_txn_begin(store.store, &txn), AYNI_OK);
    for (size_t i = 0; i < count; i++) {
        feed.last_time.ms = times[i];
        test_feed_next(&feed, 3, 20, &dice, &run);
        ck_assert_int_eq(test_log_append_in(txn, &feed, &run, (struct ayni_instant){ now_ms }),
                         AYNI_OK);
    }
    ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
}

static enum ayni_status project(void *context, struct views_txn *txn)
{
    struct projection_batch *batch = context;
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_over(views_txn_snapshot(txn), snapshot, charter, &reader);

    batch->views = txn;
    batch->reader = reader;
    return status == AYNI_OK ? source_months_project(batch) : status;
}

static void follow(uint64_t first, uint64_t last)
{
    struct projection_batch batch = { .first_arrival = first, .last_arrival = last };

    ck_assert_int_eq(views_update(test_views, project, &batch), AYNI_OK);
}

/* "YEAR-MONTH@DAYS " of each, where DAYS is when it came. */
static void assert_months(const char *expected)
{
    SCOPED_LOG_SNAPSHOT *log = test_log_snapshot(&store);
    SCOPED_VIEWS_SNAPSHOT *views = NULL;
    SCOPED_READER *reader = NULL;
    SCOPED_SOURCE_MONTHS months = { 0 };
    SCOPED_BUFFER text = { 0 };
    struct ayni_instant came;
    month_no month;
    char part[64], day[AYNI_DAY_TEXT_SIZE], name[AYNI_MONTH_TEXT_SIZE];

    ck_assert_int_eq(views_snapshot_begin(test_views, &views), AYNI_OK);
    ck_assert_int_eq(reader_over(views, log, charter, &reader), AYNI_OK);
    source_months_open(reader, &feed.descriptor.space, &feed.descriptor.node, &months);
    while (source_months_next(&months, &month, &came)) {
        ayni_month_text(month_first_day(month), name);
        ayni_day_text((int64_t)(came.ms / 86400000), day);
        snprintf(part, sizeof(part), "%s@%s ", name, day);
        ayni_buffer_append_text(&text, part);
    }
    ck_assert_int_eq(months.status, AYNI_OK);
    ayni_buffer_append_byte(&text, '\0');
    ck_assert_str_eq((const char *)text.data, expected);
}

START_TEST(months_without_an_entry_are_left_out)
{
    const uint64_t written[] = { noon(2026, 1, 31), noon(2026, 2, 1), noon(2026, 2, 28),
                                 noon(2026, 5, 2) };

    come(noon(2026, 5, 3), written, 4);
    follow(1, 1);
    assert_months("2026-01@2026-05-03 2026-02@2026-05-03 2026-05@2026-05-03 ");
}
END_TEST

START_TEST(the_first_that_came_counts)
{
    come(noon(2026, 1, 5), (const uint64_t[]){ noon(2026, 1, 4) }, 1);
    come(noon(2026, 1, 20), (const uint64_t[]){ noon(2026, 1, 19) }, 1);
    come(noon(2026, 3, 20), (const uint64_t[]){ noon(2026, 2, 19) }, 1);
    follow(1, 1);
    follow(2, 3);
    assert_months("2026-01@2026-01-05 2026-02@2026-03-20 ");
    follow(1, 3);
    assert_months("2026-01@2026-01-05 2026-02@2026-03-20 ");
}
END_TEST

START_TEST(only_what_the_batch_follows_is_taken)
{
    come(noon(2026, 1, 5), (const uint64_t[]){ noon(2026, 1, 4) }, 1);
    come(noon(2026, 2, 5), (const uint64_t[]){ noon(2026, 2, 4) }, 1);
    follow(1, 0);
    assert_months("");
    follow(1, 1);
    assert_months("2026-01@2026-01-05 ");
}
END_TEST

START_TEST(a_month_ends_at_midnight_where_the_node_is)
{
    const uint64_t eight_in_the_evening = noon(2026, 9, 30) + 8 * 3600000; /* October in UTC */

    come(eight_in_the_evening, &eight_in_the_evening, 1);
    follow(1, 1);
    assert_months("2026-09@2026-10-01 ");
}
END_TEST

START_TEST(a_clock_that_is_far_ahead_reports_for_the_month_in_which_it_came)
{
    come(noon(2026, 1, 5), (const uint64_t[]){ noon(2031, 7, 4), UINT64_MAX / 2 }, 2);
    follow(1, 1);
    assert_months("2026-01@2026-01-05 ");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source_months");
    TCase *months = tcase_create("months");

    tcase_add_checked_fixture(months, set_up, tear_down);
    tcase_add_test(months, months_without_an_entry_are_left_out);
    tcase_add_test(months, the_first_that_came_counts);
    tcase_add_test(months, only_what_the_batch_follows_is_taken);
    tcase_add_test(months, a_month_ends_at_midnight_where_the_node_is);
    tcase_add_test(months, a_clock_that_is_far_ahead_reports_for_the_month_in_which_it_came);
    suite_add_tcase(suite, months);
    return test_run(suite);
}
