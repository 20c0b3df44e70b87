/* Rows of log/ that aren't what was put there: each reader that meets one says so. */
#include <string.h>

#include "daemon/store/log_private.h"
#include "tests/support/damage.h"
#include "tests/support/log.h"
#include "tests/support/suite.h"

enum { RUNS = 3, ENTRIES = 4 };

static struct test_log node_log;
static struct test_feed feed;

static void setup(void)
{
    static struct test_run run;
    struct test_random random_numbers = { 5 };

    test_log_make(&node_log, 1 << 24);
    test_feed_init(&feed, AYNI_LANE_CURRENT, &random_numbers);
    for (int i = 0; i < RUNS; i++) {
        test_feed_next(&feed, ENTRIES, 20, &random_numbers, &run);
        test_require(test_log_append(&node_log, &feed, &run) == AYNI_OK, "append");
    }
}

static void teardown(void)
{
    test_log_remove(&node_log);
}

/* --- who reads --- */

struct answers {
    enum ayni_status find, feeds, arrivals, entries, runs, begin;
};

static bool pass_feed(void *context, const struct log_feed *held)
{
    (void)context;
    (void)held;
    return true;
}

static bool pass_arrival(void *context, const struct log_arrival *arrival)
{
    (void)context;
    (void)arrival;
    return true;
}

static bool pass_entry(void *context, uint64_t seq, const struct log_entry *entry)
{
    (void)context;
    (void)seq;
    (void)entry;
    return true;
}

static struct answers read_all(void)
{
    SCOPED_LOG_SNAPSHOT *log = test_log_snapshot(&node_log);
    SCOPED_BUFFER runs = { 0 };
    struct log_txn *txn = NULL;
    struct log_feed found;
    uint64_t next;
    struct answers answers = {
        .find = log_find_feed(log, &feed.id, &found),
        .feeds = log_each_feed(log, pass_feed, NULL),
        .arrivals = log_each_arrival(log, 1, pass_arrival, NULL),
        .entries = log_each_entry(log, 1, 1, (uint64_t)RUNS * ENTRIES, pass_entry, NULL),
        .runs = log_read_runs(log, 1, 1, UINT64_MAX, 1 << 20, &runs, &next),
        .begin = log_txn_begin(node_log.store, &txn),
    };

    if (answers.begin == AYNI_OK)
        log_txn_abort(txn);
    return answers;
}

/* --- what is damaged --- */

struct damaging {
    const char *table;
    uint8_t row, how, at, with; /* tests/support/damage.h */
    struct ayni_bytes rest;
    struct answers expected;
};

#define LAST 255 /* of its rows */
static const struct damaging damages[] = {
    /* a feed's row, cut off, is no feed's */
    { "feeds", 0, 1, 40, 0, { 0 }, { .find = AYNI_E_IO, .feeds = AYNI_E_IO } },
    /* a row more, whose key is no number */
    { "feeds", 0, 4, 3, 1, { (const uint8_t *)"abcd", 4 }, { .feeds = AYNI_E_IO } },
    /* an id that leads to no number, and to one that nobody has */
    { "feed_ids", 0, 1, 2, 0, { 0 }, { .find = AYNI_E_IO } },
    { "feed_ids", 0, 0, 3, 8, { 0 }, { .find = AYNI_E_NOT_FOUND } },
    /* the newest arrival: nothing is written after one that can't be read */
    { "journal", LAST, 1, 8, 0, { 0 }, { .arrivals = AYNI_E_IO, .begin = AYNI_E_IO } },
    /* an older one hinders its readers alone */
    { "journal", 0, 1, 8, 0, { 0 }, { .arrivals = AYNI_E_IO } },
    /* an entry that is gone, is cut off, and has lost the seal of the last run */
    { "entries", 5, 3, 0, 0, { 0 }, { .entries = AYNI_E_NOT_FOUND, .runs = AYNI_E_IO } },
    { "entries", 5, 1, 20, 0, { 0 }, { .entries = AYNI_E_IO, .runs = AYNI_E_IO } },
    { "entries", LAST, 0, 1, 0x80, { 0 }, { .runs = AYNI_E_IO } },
};

static size_t table_named(const struct lmdb *lmdb, const char *name)
{
    size_t i = 0;

    while (strcmp(lmdb->tables[i].name, name) != 0)
        test_require(++i < lmdb->table_count, name);
    return i;
}

static uint8_t last_row(const char *table)
{
    return (uint8_t)((strcmp(table, "entries") == 0 ? RUNS * ENTRIES : RUNS) - 1);
}

static void damage_by(const struct damaging *damaging, struct damage *damage)
{
    uint8_t row = damaging->row == LAST ? last_row(damaging->table) : damaging->row;
    uint8_t how[16] = { (uint8_t)table_named(&node_log.store->lmdb, damaging->table), row,
                        damaging->how, damaging->at, damaging->with };

    if (damaging->rest.size > 0)
        memcpy(how + 5, damaging->rest.data, damaging->rest.size);
    damage_do(&node_log.store->lmdb, (struct ayni_bytes){ how, 5 + damaging->rest.size }, damage);
}

static void must_answer(const struct answers *expected)
{
    struct answers answers = read_all();

    ck_assert_int_eq(answers.find, expected->find);
    ck_assert_int_eq(answers.feeds, expected->feeds);
    ck_assert_int_eq(answers.arrivals, expected->arrivals);
    ck_assert_int_eq(answers.entries, expected->entries);
    ck_assert_int_eq(answers.runs, expected->runs);
    ck_assert_int_eq(answers.begin, expected->begin);
}

START_TEST(who_meets_a_damaged_row_says_so_and_others_go_on)
{
    const struct answers all_well = { 0 };
    struct damage damage;

    must_answer(&all_well);
    damage_by(&damages[_i], &damage);
    must_answer(&damages[_i].expected);
    damage_undo(&damage);
    must_answer(&all_well);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("damaged_log");
    TCase *rows = tcase_create("rows");

    tcase_add_checked_fixture(rows, setup, teardown);
    tcase_add_loop_test(rows, who_meets_a_damaged_row_says_so_and_others_go_on, 0,
                        sizeof(damages) / sizeof(damages[0]));
    suite_add_tcase(suite, rows);
    return test_run(suite);
}
