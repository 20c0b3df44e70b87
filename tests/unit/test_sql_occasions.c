/*
 * What is found by places and dates is what looking at all records finds: over random histories of
 * two nodes that write, contest, delete, erase, hear late of each other and of rights, and declare
 * a field in the middle of it.
 *
 *     AYNI_SEEDS=100   how many of them
 *     AYNI_SEED=17     this one alone
 */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/clock.h"
#include "proto/cbor.h"
#include "tests/support/erasing.h"
#include "tests/support/question.h"
#include "tests/support/random.h"

enum { SEEDS = 6, SEEDS_MAX = 30, STEPS = 60, RECORDS = 10, LOOK_EVERY = 12 };
enum { HB_TEST = 208, DATE = 2, UBIGEO = 8, HB = 10, FIELDS = 3, SQL_SIZE = 400 };

static struct test_random dice;
static unsigned long long seed;
static bool declared, granted;

static uint64_t number_of(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);

    return text == NULL || *text == '\0' ? fallback : strtoull(text, NULL, 10);
}

static size_t below(size_t count)
{
    return (size_t)test_random_below(&dice, count);
}

/* --- what happens --- */

static struct record_key any_record(void)
{
    struct record_key key = { .space = test_visits, .type = HB_TEST };

    key.record.bytes[15] = (uint8_t)(1 + below(RECORDS));
    return key;
}

/* A place, nothing, or what is none. */
static void put_place(struct ayni_buffer *to)
{
    static const char *const places[] = { "160101", "160102", "160201", "1601",   "25",
                                          "250101", "080101", "",       "16010x", "1601011" };
    size_t which = below(24);

    if (which == 23)
        ayni_cbor_put_null(to);
    else if (which == 22)
        ayni_cbor_put_uint(to, 160101);
    else
        ayni_cbor_put_string(to, places[which < 18 ? which % 7 : 7 + which % 3]);
}

/* Days around the ends of months and years, nothing, or what is none. */
static void put_date(struct ayni_buffer *to)
{
    static const int64_t days[] = { 20453, 20454, 20484, 20485, 20512, 20513, 20544, 20000, -1 };
    static const int64_t odd[] = { INT64_MAX, INT64_MIN, 2932896, 1300000 };
    size_t which = below(22);

    if (which == 21)
        ayni_cbor_put_null(to);
    else if (which == 20)
        ayni_cbor_put_string(to, "2026-01-01");
    else if (which >= 18)
        ayni_cbor_put_int(to, odd[below(4)]);
    else
        ayni_cbor_put_int(to, days[which % 9]);
}

/* A version of some fields, as anybody's program might write it. */
static void write_something(struct test_node *node)
{
    static const uint32_t numbers[FIELDS] = { DATE, UBIGEO, HB };
    const struct record_key key = any_record();
    struct ayni_field fields[FIELDS];
    uint8_t room[FIELDS][32];
    size_t count = 0;

    for (size_t i = 0; i < FIELDS; i++) {
        struct ayni_buffer to = ayni_buffer_over(room[i], sizeof(room[i]));
        if (below(4) == 0)
            continue;
        if (numbers[i] == DATE)
            put_date(&to);
        else if (numbers[i] == UBIGEO)
            put_place(&to);
        else
            ayni_cbor_put_uint(&to, 80 + below(60));
        fields[count++] = (struct ayni_field){ numbers[i], ayni_buffer_bytes(&to) };
    }
    const struct author_change change = { .space = key.space,
                                          .record = key.record,
                                          .type = key.type,
                                          .fields = fields,
                                          .field_count = count,
                                          .steward = TEST_BYTES("maria") };
    if (count > 0)
        (void)!author_write(node->records.author, &change, 1, AYNI_LANE_CURRENT, NULL);
}

static void delete_something(struct test_node *node)
{
    const struct record_key key = any_record();
    const struct ayni_field mark = { 0, test_bool_value(node, true) };
    const struct author_change change = { .space = key.space,
                                          .record = key.record,
                                          .type = key.type,
                                          .fields = &mark,
                                          .field_count = 1,
                                          .steward = TEST_BYTES("maria") };

    (void)!author_write(node->records.author, &change, 1, AYNI_LANE_CURRENT, NULL);
}

static void erase_something(struct test_node *node)
{
    const struct record_key key = any_record();
    struct complaint complaint = { 0 };
    struct erase_result result;

    (void)!test_try_erase(node, &key, &result, &complaint); /* where there is one */
}

/* A place for tests of haemoglobin: from here on they are listed by it, too. */
static void declare_place(void)
{
    const struct ayni_catalogue_row row = { .kind = AYNI_ROW_FIELD,
                                            .field = { .type = HB_TEST,
                                                       .number = UBIGEO,
                                                       .name = TEST_BYTES("ubigeo"),
                                                       .kind = TEST_BYTES("id ubigeo"),
                                                       .merge = TEST_BYTES("review"),
                                                       .read = TEST_BYTES("personal") } };

    test_node_declare(&test_midis, &row);
    declared = true;
}

static void change_right(void)
{
    if (granted)
        (void)test_node_ungrant(&test_midis, &test_visits_grant);
    else
        test_visits_grant =
            test_node_grant(&test_midis, &test_visits, &test_innova, AYNI_RIGHT_WRITER);
    granted = !granted;
}

static void happen(void)
{
    struct test_node *node = below(2) == 0 ? &test_midis : &test_innova;
    struct test_node *other = node == &test_midis ? &test_innova : &test_midis;

    switch (below(16)) {
    case 0:
        delete_something(node);
        break;
    case 1:
        erase_something(node);
        break;
    case 2:
    case 3:
    case 4:
        test_node_hand(node, other, below(3), below(2) == 0);
        break;
    case 5:
        change_right();
        break;
    case 6:
        if (!declared)
            declare_place();
        break;
    default:
        write_something(node);
    }
}

/* --- what is asked --- */

static const char *any_of(const char *const *texts, size_t count)
{
    return texts[below(count)];
}

/* A condition as a person may write it, and as nobody should. */
static void make_condition(char *to)
{
    static const char *const places[] = {
        "'160101'", "'1601'", "'16'", "'25'",  "''",
        "'9'",      "160101", "NULL", "x'31'", "CAST(80101 AS INTEGER)"
    };
    static const char *const likes[] = { "'16%'", "'1601%'", "'%01'", "'16010_'", "'%'", "'x%'" };
    static const char *const dates[] = { "'2026-01-01'", "'2025-12-31'", "'2026-01'",
                                         "'2026'",       "'2026-02-30'", "'2026-01-31T10:00:00Z'",
                                         "'2026-1'",     "'9999-12-31'", "'x'",
                                         "NULL",         "20454",        "x'32'" };
    static const char *const spans[] = { "'2026-01-%'", "'2026-%'", "'20%'", "'2026-01-3_'",
                                         "'2025-12-31%'" };
    static const char *const compare[] = { "=", "<", "<=", ">", ">=" };
    char place[100], date[100];

    if (below(3) == 0)
        snprintf(place, sizeof(place), "ubigeo LIKE %s", any_of(likes, 6));
    else if (below(4) == 0)
        snprintf(place, sizeof(place), "ubigeo IN (%s, %s)", any_of(places, 10),
                 any_of(places, 10));
    else
        snprintf(place, sizeof(place), "ubigeo %s %s", any_of(compare, 5), any_of(places, 10));
    if (below(3) == 0)
        snprintf(date, sizeof(date), "date LIKE %s", any_of(spans, 5));
    else if (below(3) == 0)
        snprintf(date, sizeof(date), "date BETWEEN %s AND %s", any_of(dates, 12),
                 any_of(dates, 12));
    else
        snprintf(date, sizeof(date), "date %s %s", any_of(compare, 5), any_of(dates, 12));
    switch (declared ? below(4) : 3) {
    case 0:
        snprintf(to, SQL_SIZE, "%s", place);
        break;
    case 1:
        snprintf(to, SQL_SIZE, "%s AND %s", place, date);
        break;
    case 2:
        snprintf(to, SQL_SIZE, "%s OR %s", place, date);
        break;
    default:
        snprintf(to, SQL_SIZE, "%s", date);
    }
}

static void ask(struct test_node *node, const char *sql, const struct ayni_instant *as_of,
                struct ayni_buffer *text)
{
    const struct test_question question = { .sql = sql, .as_of = as_of };
    struct complaint complaint;
    enum ayni_status status = test_ask(node, &question, text, &complaint);

    ck_assert_msg(status == AYNI_OK, "seed %llu: %s: %s %s", seed, sql, ayni_status_name(status),
                  complaint.text == NULL ? "" : complaint.text);
}

static void must_agree(struct test_node *node, const struct ayni_instant *as_of, const char *found,
                       const char *looked_at)
{
    SCOPED_BUFFER one = { 0 }, other = { 0 };

    ask(node, found, as_of, &one);
    ask(node, looked_at, as_of, &other);
    ck_assert_msg(strcmp((char *)one.data, (char *)other.data) == 0,
                  "seed %llu%s, %s:\n%s\nis not, of all records,\n%s\n(%s)", seed,
                  as_of == NULL ? "" : ", as of then", found, (char *)one.data, (char *)other.data,
                  looked_at);
}

/* What no condition and no order reaches into, so that all records are looked at, by their keys. */
#define ALL_RECORDS "WITH looked_at AS MATERIALIZED (SELECT *, _key FROM hb_test) "

/* All that a row has, and what the index alone has. */
static void must_find(struct test_node *node, const struct ayni_instant *as_of)
{
    static const char *const columns[] = { "*", "count(*) AS n" };
    char condition[SQL_SIZE], found[2 * SQL_SIZE], looked_at[2 * SQL_SIZE];

    make_condition(condition);
    for (size_t i = 0; i < 2; i++) {
        snprintf(found, sizeof(found), "SELECT %s FROM hb_test WHERE %s ORDER BY %s",
                 i == 0 ? "*, _key" : columns[i], condition, i == 0 ? "_key" : "1");
        snprintf(looked_at, sizeof(looked_at),
                 ALL_RECORDS "SELECT %s FROM looked_at WHERE %s ORDER BY %s", columns[i], condition,
                 i == 0 ? "_key" : "1");
        must_agree(node, as_of, found, looked_at);
    }
}

static void must_count(struct test_node *node, const struct ayni_instant *as_of)
{
    must_agree(node, as_of, "SELECT count(*) AS n FROM hb_test",
               "SELECT count(_id) AS n FROM hb_test");
    must_agree(node, as_of, "SELECT date, count(*) AS n FROM hb_test GROUP BY date",
               "SELECT date, count(_id) AS n FROM hb_test GROUP BY date");
    if (!declared)
        return;
    must_agree(node, as_of, "SELECT ubigeo, count(*) AS n FROM hb_test GROUP BY ubigeo",
               ALL_RECORDS "SELECT ubigeo, count(_id) AS n FROM looked_at GROUP BY ubigeo");
    must_agree(node, as_of,
               "SELECT ubigeo, count(_id) AS n, total(hb) AS hb, max(_time) AS t, "
               "group_concat(DISTINCT _steward) AS s FROM hb_test GROUP BY ubigeo",
               ALL_RECORDS "SELECT ubigeo, count(_id) AS n, total(hb) AS hb, max(_time) AS t, "
                           "group_concat(DISTINCT _steward) AS s FROM looked_at GROUP BY ubigeo");
    must_agree(node, as_of,
               "SELECT ubigeo, substr(date, 1, 7) AS m, _space, count(*) AS n FROM hb_test "
               "GROUP BY 1, 2, 3",
               "SELECT ubigeo, substr(date, 1, 7) AS m, _space, count(_id) AS n FROM hb_test "
               "GROUP BY 1, 2, 3");
    must_agree(node, as_of, "SELECT DISTINCT ubigeo FROM hb_test ORDER BY ubigeo",
               ALL_RECORDS "SELECT DISTINCT ubigeo FROM looked_at ORDER BY ubigeo");
}

static void look(struct test_node *node, const struct ayni_instant *then)
{
    test_node_settle(node);
    for (int i = 0; i < 6; i++)
        must_find(node, i % 2 == 0 || then->ms == 0 ? NULL : then);
    must_count(node, NULL);
    if (then->ms != 0)
        must_count(node, then);
}

START_TEST(indexes_find_what_looking_at_all_records_finds)
{
    struct ayni_instant then = { 0 };

    seed = number_of("AYNI_SEED", 1) + (unsigned long long)_i;
    dice = (struct test_random){ seed };
    declared = false;
    granted = true;
    if (_i % 3 == 0)
        declare_place();
    for (int i = 1; i <= STEPS; i++) {
        happen();
        if (i % LOOK_EVERY == 0)
            look(&test_midis, &then);
        if (i == STEPS / 2) {
            test_later();
            then = clock_now();
            test_later();
        }
    }
    if (!declared)
        declare_place();
    test_node_exchange(&test_midis, &test_innova);
    look(&test_midis, &then);
    look(&test_innova, &then);
    test_must(projector_rebuild(test_midis.records.projector, NULL), "rebuild");
    look(&test_midis, &then);
    test_node_reopen(&test_innova, true);
    look(&test_innova, &then);
}
END_TEST

/* --- what is left --- */

static uint64_t rows_of(size_t table)
{
    SCOPED_VIEWS_SNAPSHOT *views = NULL;
    uint64_t count;

    test_must(views_snapshot_begin(test_midis.views, &views), "snapshot");
    test_must(views_count(views, table, &count), "count");
    return count;
}

/* Rows of the indexes about children: no other type of the test's has records in `visits`. */
START_TEST(nothing_is_left_of_what_is_erased)
{
    uint64_t lists = rows_of(RECORDS_TABLE_OCCASIONS);
    struct record_key one = test_put_child(&test_midis, "99000001", "Rojas");
    struct record_key two = test_put_child(&test_midis, "99000002", "Rosas");

    test_set(&test_midis, &two, "birth_date=2024-05-06", NULL);
    test_set(&test_midis, &two, "ubigeo=250101", NULL);
    ck_assert_uint_eq(rows_of(RECORDS_TABLE_REVISED), 1);
    ck_assert_uint_gt(rows_of(RECORDS_TABLE_OCCASIONS), lists);
    test_erase(&test_midis, &one, NULL);
    test_erase(&test_midis, &two, NULL);
    ck_assert_uint_eq(rows_of(RECORDS_TABLE_REVISED), 0);
    ck_assert_uint_eq(rows_of(RECORDS_TABLE_REVISED_AT), 0);
    test_answers(&test_midis, "SELECT count(*) AS n FROM child", "{\"n\":0}\n");
    test_same_after_rebuild(&test_midis);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sql_occasions");
    TCase *histories = tcase_create("histories");
    uint64_t seeds = number_of("AYNI_SEEDS", SEEDS);

    tcase_add_checked_fixture(histories, test_two_open, test_two_close);
    tcase_set_timeout(histories, 60);
    if (getenv("AYNI_SEED") != NULL)
        seeds = 1;
    tcase_add_loop_test(histories, indexes_find_what_looking_at_all_records_finds, 0,
                        (int)(seeds < SEEDS_MAX ? seeds : SEEDS_MAX));
    tcase_add_test(histories, nothing_is_left_of_what_is_erased);
    suite_add_tcase(suite, histories);
    return test_run(suite);
}
