/* One SELECT over records as tables: what it shows, what it looks at, and what it never does. */
#include "daemon/records/sql/sql_query.h"

#include <stdio.h>

#include "daemon/clock.h"
#include "tests/support/node_pair.h"
#include "tests/support/question.h"

/* A store takes longer to open than all of a table takes to try: so they are tried together. */
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct record_key vela, rosas, hb;
static char vela_id[AYNI_RECORD_TEXT_SIZE], hb_id[AYNI_RECORD_TEXT_SIZE];

/* Two children, of whom the first has a test of haemoglobin. */
static void open_records(void)
{
    test_one_open();
    vela = test_put(&test_midis, "visits", "child", "dni=99000001", "surname_1=Vela",
                    "given_names=José María", "birth_date=2025-03-31", "sex=m", "ubigeo=080101",
                    "insurance=sis,essalud", "state=active", NULL);
    rosas = test_put(&test_midis, "visits", "child", "dni=99000002", "surname_1=Rosas",
                     "given_names=Ana", "birth_date=2024-01-15", "sex=f", "ubigeo=160101",
                     "state=active", NULL);
    ayni_record_text(&vela.record, vela_id);
    char subject[64];
    snprintf(subject, sizeof(subject), "subject=%s", vela_id);
    hb = test_put(&test_midis, "visits", "hb_test", subject, "date=2026-02-28", "hb=10.5",
                  "source=his", "source_id=1", NULL);
    ayni_record_text(&hb.record, hb_id);
}

static const struct {
    const char *sql, *answer;
} answers[] = {
    /* values, by kind */
    { "SELECT given_names, birth_date, insurance, ubigeo FROM child WHERE surname_1 = 'Vela'",
      "{\"given_names\":\"José María\",\"birth_date\":\"2025-03-31\",\"insurance\":[\"essalud\","
      "\"sis\"],\"ubigeo\":\"080101\"}\n" },
    { "SELECT hb, hb * 2 AS twice, hb = 10.5 AS same, typeof(hb) AS t FROM hb_test",
      "{\"hb\":10.5,\"twice\":21,\"same\":1,\"t\":\"real\"}\n" },
    { "SELECT count(*) AS n FROM hb_test WHERE hb < 10.6 AND hb > 10.4", "{\"n\":1}\n" },
    { "SELECT count(*) AS n FROM child WHERE ubigeo = 80101", "{\"n\":0}\n" },
    { "SELECT surname_2 IS NULL AS none FROM child LIMIT 1", "{\"none\":1}\n" },
    { "SELECT surname_2 FROM child LIMIT 1", "{}\n" },
    { "SELECT count(DISTINCT _id) AS n, _space, _steward FROM child",
      "{\"n\":2,\"_space\":\"visits\",\"_steward\":\"maria\"}\n" },
    { "SELECT count(*) AS n FROM child WHERE _contested IS NOT NULL", "{\"n\":0}\n" },
    { "SELECT count(*) AS n FROM child WHERE _time > '2026-01-01' AND length(_node) = 52",
      "{\"n\":2}\n" },
    { "SELECT x'00ff' AS b, CAST(x'ff' AS TEXT) AS t, 1e300 AS r, -0.25 AS q, NULL AS n",
      "{\"b\":\"00ff\",\"t\":\"ff\",\"r\":\"1e+300\",\"q\":-0.25}\n" },
    { "SELECT 1.0 / 3 AS r, 9007199254740993 AS i",
      "{\"r\":0.333333333,\"i\":\"9007199254740993\"}\n" },
    { "SELECT adjusted_2017, class_2024 FROM hb_test", "{}\n" }, /* no rule sets here */
    /* of a column's form or not, the same as before or another */
    { "SELECT birth_date AS d FROM child WHERE surname_1 = 'Vela' UNION ALL VALUES ('2025-03-31'), "
      "('2025-03-3'), ('2025-03-31'), ('2024-01-15'), (''), ('2024-01-15'), (x'ff'), (NULL), "
      "(printf('%060d', 1)), ('2024-01-15')",
      "{\"d\":\"2025-03-31\"}\n{\"d\":\"2025-03-31\"}\n{\"d\":\"2025-03-3\"}\n"
      "{\"d\":\"2025-03-31\"}\n{\"d\":\"2024-01-15\"}\n{\"d\":\"\"}\n{\"d\":\"2024-01-15\"}\n"
      "{\"d\":\"ff\"}\n{}\n{\"d\":\"00000000000000000000000000000000000000000000000000000000000"
      "1\"}\n{\"d\":\"2024-01-15\"}\n" },
    { "SELECT a._node = b._node AND a._time <= b._time AS so FROM child a, hb_test b",
      "{\"so\":1}\n{\"so\":1}\n" },
    /* joins, windows, WITH, JSON */
    { "SELECT c.surname_1, h.date FROM hb_test h JOIN child c ON c._id = h.subject",
      "{\"surname_1\":\"Vela\",\"date\":\"2026-02-28\"}\n" },
    { "SELECT c.surname_1 FROM child c LEFT JOIN hb_test h ON h.subject = c._id WHERE h._id IS "
      "NULL",
      "{\"surname_1\":\"Rosas\"}\n" },
    { "SELECT ubigeo, row_number() OVER (ORDER BY ubigeo) AS n FROM child",
      "{\"ubigeo\":\"080101\",\"n\":1}\n{\"ubigeo\":\"160101\",\"n\":2}\n" },
    { "WITH old(name) AS (SELECT surname_1 FROM child WHERE birth_date < '2025') SELECT * FROM old",
      "{\"name\":\"Rosas\"}\n" },
    { "WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 4) SELECT count(*) AS c FROM "
      "n",
      "{\"c\":4}\n" },
    { "SELECT e.value FROM child, json_each(members(insurance)) AS e",
      "{\"value\":\"essalud\"}\n{\"value\":\"sis\"}\n" },
    { "SELECT json_extract(json_object('a', hb), '$.a') AS a FROM hb_test", "{\"a\":10.5}\n" },
    { "VALUES (1), (2)", "{\"column1\":1}\n{\"column1\":2}\n" },
    { " -- a comment\n /* and one */ SELECT 1 AS a ; ; -- the end", "{\"a\":1}\n" },
    /* functions */
    { "SELECT label('m') AS a, label('m', 'child.sex') AS b, label('m', 'child.sex', 'en') AS c, "
      "label('nothing') AS d, label(NULL) AS e, label('m', 'no.field') AS f, label('m', '') AS g",
      "{\"a\":\"m\",\"b\":\"m\",\"c\":\"m\",\"d\":\"nothing\",\"f\":\"m\",\"g\":\"m\"}\n" },
    { "SELECT age_days('2026-01-01', '2026-03-01') AS d, age_months('2025-03-31', '2026-02-28') AS "
      "m, age_days('2026-01-01', '2026-01-02T10:00:00Z') AS t, age_days('soon', '2026-01-01') AS n",
      "{\"d\":59,\"m\":11,\"t\":1}\n" },
    { "SELECT age_days(date('now', '-400 days')) BETWEEN 399 AND 401 AS ok", "{\"ok\":1}\n" },
    { "SELECT surname_1 FROM child WHERE unaccent(given_names) LIKE unaccent('%JOSE%')",
      "{\"surname_1\":\"Vela\"}\n" },
    { "SELECT has(insurance, 'sis') AS h, count_of(insurance) AS c, members(insurance) AS m FROM "
      "child WHERE insurance IS NOT NULL",
      "{\"h\":1,\"c\":2,\"m\":\"[\\\"essalud\\\",\\\"sis\\\"]\"}\n" },
    { "SELECT members('a\"b\\,') AS m, members('') AS e, members(NULL) AS n",
      "{\"m\":\"[\\\"ab\\\"]\",\"e\":\"[]\"}\n" },
    { "SELECT ubigeo_name('000000') AS none, ubigeo_name(NULL) AS n", "{}\n" },
    /* what a plan takes is checked, whatever it is */
    { "SELECT count(*) AS n FROM child WHERE _id = 'nobody'", "{\"n\":0}\n" },
    { "SELECT count(*) AS n FROM child WHERE _id = NULL", "{\"n\":0}\n" },
    { "SELECT count(*) AS n FROM child WHERE _id = 5", "{\"n\":0}\n" },
    { "SELECT count(*) AS n FROM child WHERE _id IN (SELECT subject FROM hb_test)", "{\"n\":1}\n" },
    { "SELECT count(*) AS n FROM hb_test WHERE subject IN (SELECT _id FROM child)", "{\"n\":1}\n" },
    { "SELECT count(*) AS n FROM child WHERE _space = 'elsewhere'", "{\"n\":0}\n" },
    { "SELECT count(*) AS n FROM child WHERE _space = 'VISITS' COLLATE NOCASE", "{\"n\":2}\n" },
    { "SELECT count(*) AS n FROM child WHERE _space IN ('visits', 'elsewhere')", "{\"n\":2}\n" },
    { "SELECT count(*) AS n FROM child a, child b WHERE a._id = b._id AND a._space = b._space",
      "{\"n\":2}\n" },
};

START_TEST(it_answers)
{
    for (size_t i = 0; i < COUNT(answers); i++)
        test_answers(&test_midis, answers[i].sql, answers[i].answer);
}
END_TEST

START_TEST(a_row_is_what_get_shows)
{
    SCOPED_BUFFER sql = { 0 };
    char text[512];

    test_set(&test_midis, &hb, "hb=9.0", NULL);
    test_answers(&test_midis, "SELECT hb FROM hb_test", "{\"hb\":9.0}\n");
    snprintf(text, sizeof(text), "SELECT _id, subject FROM hb_test WHERE _id = '%s'", hb_id);
    ayni_buffer_append(&sql, text, strlen(text) + 1);
    snprintf(text, sizeof(text), "{\"_id\":\"%s\",\"subject\":\"%s\"}\n", hb_id, vela_id);
    test_answers(&test_midis, (const char *)sql.data, text);
}
END_TEST

START_TEST(what_is_deleted_is_not_there)
{
    struct complaint complaint = { 0 };
    struct edit_result result;
    struct edit_request request = { .id = vela_id, .reason = "twice", .steward = "maria" };

    test_must(edit_delete(&test_midis.records, &request, &result, &complaint), "delete");
    test_answers(&test_midis, "SELECT surname_1 FROM child", "{\"surname_1\":\"Rosas\"}\n");
    test_answers(&test_midis, "SELECT count(*) AS n FROM identifier", "{\"n\":2}\n");
}
END_TEST

START_TEST(the_past_is_as_it_was_known)
{
    SCOPED_BUFFER text = { 0 };
    struct complaint complaint;
    struct ayni_instant then;
    struct test_question question = { .sql = "SELECT surname_1 FROM child ORDER BY 1",
                                      .as_of = &then };

    test_later();
    then = clock_now();
    test_later();
    test_set(&test_midis, &vela, "surname_1=Velarde", NULL);
    (void)test_put_child(&test_midis, "99000003", "Zapata");
    test_must(test_ask(&test_midis, &question, &text, &complaint), "ask");
    ck_assert_str_eq((const char *)text.data,
                     "{\"surname_1\":\"Rosas\"}\n{\"surname_1\":\"Vela\"}\n");
}
END_TEST

START_TEST(contested_fields_show_the_winner_and_are_named)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");

    test_later();
    (void)test_put_child(&test_innova, "99000001", "Rosas");
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(test_alternatives(&test_midis, &key, 1), 2);
    test_answers(&test_midis, "SELECT surname_1, _contested FROM child",
                 "{\"surname_1\":\"Rosas\",\"_contested\":[\"surname_1\"]}\n");
    test_answers(&test_innova, "SELECT count(*) AS n FROM child WHERE has(_contested, 'surname_1')",
                 "{\"n\":1}\n");
}
END_TEST

/* --- plans --- */

static const struct {
    const char *sql, *plan;
} plans[] = {
    { "SELECT * FROM child", "all records" },
    { "SELECT * FROM child WHERE _id = 'x'", "by _id" },
    { "SELECT * FROM child WHERE _id = 'x' AND _space = 'visits'", "by _id in one space" },
    { "SELECT * FROM hb_test WHERE subject = 'x'", "by subject" },
    { "SELECT * FROM hb_test WHERE subject = 'x' AND _space = 'visits'",
      "by subject in one space" },
    { "SELECT * FROM hb_test WHERE _space = 'visits' AND hb > 5", "one space" },
    { "SELECT * FROM child c JOIN hb_test h ON h.subject = c._id WHERE h._id = 'x'", "by _id" },
    { "SELECT * FROM guardian_link WHERE child = 'x'", "by subject" },
    { "SELECT * FROM child WHERE _space = 'x' COLLATE NOCASE", "all records" },
    { "SELECT * FROM child WHERE _id > 'x'", "all records" },
    /* by place and date */
    { "SELECT * FROM child WHERE ubigeo = '160101'", "by ubigeo" },
    { "SELECT * FROM child WHERE ubigeo LIKE '16%'", "by ubigeo" },
    { "SELECT * FROM child WHERE ubigeo >= '16' AND ubigeo < '17'", "by ubigeo" },
    { "SELECT * FROM child WHERE ubigeo IN ('160101', '160102')", "by ubigeo" },
    { "SELECT * FROM child WHERE birth_date > '2025-01-01'", "by birth_date" },
    { "SELECT * FROM child WHERE birth_date BETWEEN '2025-01-01' AND '2025-01-31' AND _space = 'x'",
      "by birth_date in one space" },
    { "SELECT * FROM child WHERE ubigeo = '160101' AND birth_date LIKE '2025-01%'",
      "by ubigeo and birth_date" },
    { "SELECT * FROM child WHERE ubigeo = '160101' AND _id = 'x'", "by _id" },
    { "SELECT * FROM hb_test WHERE subject = 'x' AND date > '2026-01-01'", "by subject" },
    { "SELECT * FROM child WHERE ubigeo = '160101' COLLATE NOCASE", "all records" },
    { "SELECT * FROM child WHERE ubigeo <> '160101'", "all records" },
    { "SELECT * FROM child WHERE ubigeo LIKE '16x%' ESCAPE 'x'", "all records" },
    { "SELECT * FROM child c JOIN child d ON d.ubigeo = c.ubigeo WHERE c._id = 'x'", "by ubigeo" },
    /* and nothing but these */
    { "SELECT count(*) FROM child", "all records, out of the index alone" },
    { "SELECT ubigeo, count(*) FROM child GROUP BY ubigeo", "all records, out of the index alone" },
    { "SELECT _space, count(*) FROM child WHERE ubigeo LIKE '16%' GROUP BY 1, birth_date",
      "by ubigeo, out of the index alone" },
    { "SELECT count(*) FROM child WHERE _space = 'x'", "one space, out of the index alone" },
    { "SELECT count(sex) FROM child", "all records" },
    /* nor by another way than the one in which they come in order */
    { "SELECT count(sex) FROM child GROUP BY ubigeo", "all records, by ubigeo" },
    { "SELECT * FROM child WHERE _space = 'x' ORDER BY ubigeo", "one space, by ubigeo" },
    { "SELECT * FROM child ORDER BY ubigeo DESC", "all records" },
    { "SELECT * FROM child ORDER BY +ubigeo", "all records" },
    { "SELECT * FROM child ORDER BY birth_date", "all records" },
    { "SELECT count(*) FROM facility", "all records" },
};

static void must_look(const char *select, const char *plan)
{
    SCOPED_BUFFER text = { 0 };
    struct complaint complaint;
    char sql[300], words[100];

    snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", select);
    test_must(test_ask(&test_midis, &(struct test_question){ .sql = sql }, &text, &complaint), sql);
    snprintf(words, sizeof(words), ":%s\"", plan);
    ck_assert_msg(strstr((const char *)text.data, words) != NULL, "%s:\n%s", sql,
                  (const char *)text.data);
}

START_TEST(a_plan_looks_at_no_more_than_it_must)
{
    for (size_t i = 0; i < COUNT(plans); i++)
        must_look(plans[i].sql, plans[i].plan);
}
END_TEST

static bool sorts(const char *sql, const struct ayni_instant *as_of)
{
    SCOPED_BUFFER text = { 0 };
    struct complaint complaint;
    const struct test_question question = { .sql = sql, .as_of = as_of };

    test_must(test_ask(&test_midis, &question, &text, &complaint), sql);
    return strstr((const char *)text.data, "TEMP B-TREE") != NULL;
}

START_TEST(keys_come_in_their_order_without_sorting)
{
    ck_assert(!sorts("EXPLAIN QUERY PLAN SELECT _key FROM child ORDER BY _key", NULL));
}
END_TEST

START_TEST(places_come_in_their_order_without_sorting)
{
    static const char by_place[] =
        "EXPLAIN QUERY PLAN SELECT ubigeo, count(*) FROM child GROUP BY ubigeo";
    static const char all_of_it[] = "EXPLAIN QUERY PLAN SELECT * FROM child ORDER BY ubigeo";
    struct ayni_instant now = clock_now();

    ck_assert(!sorts(by_place, NULL));
    ck_assert(!sorts(all_of_it, NULL));
    ck_assert(sorts(all_of_it, &now));
    ck_assert(sorts(by_place, &now));
    ck_assert(sorts("EXPLAIN QUERY PLAN SELECT ubigeo FROM child ORDER BY ubigeo DESC", NULL));
}
END_TEST

static void count_children(const char *answer)
{
    test_answers(&test_midis, "SELECT ubigeo, count(*) AS n FROM child GROUP BY ubigeo", answer);
}

/* The place shown counts, and is one of none that lost. */
START_TEST(a_contested_place_is_found_by_the_one_that_is_shown)
{
    struct record_key key = test_put_child(&test_midis, "99000001", "Rojas");

    test_later();
    test_node_exchange(&test_midis, &test_innova);
    test_set(&test_midis, &key, "ubigeo=160102", NULL);
    test_later();
    test_set(&test_innova, &key, "ubigeo=250101", NULL);
    count_children("{\"ubigeo\":\"160102\",\"n\":1}\n");
    test_node_exchange(&test_midis, &test_innova);
    count_children("{\"ubigeo\":\"250101\",\"n\":1}\n");
    ck_assert_uint_eq(test_alternatives(&test_midis, &key, 11), 2);
    test_answers(&test_midis, "SELECT ubigeo FROM child WHERE ubigeo LIKE '25%'",
                 "{\"ubigeo\":\"250101\"}\n");
    test_answers(&test_midis, "SELECT ubigeo FROM child WHERE ubigeo LIKE '16%'", "");
}
END_TEST

/* --- what is refused --- */

static const struct {
    const char *sql;
    enum ayni_status status;
} refusals[] = {
    { "", AYNI_E_RIGHT },
    { "child", AYNI_E_RIGHT },
    { "; SELECT 1", AYNI_E_RIGHT },
    { "SELECT 1; SELECT 2", AYNI_E_RIGHT },
    { "SELECT 1; DELETE FROM child", AYNI_E_RIGHT },
    { "INSERT INTO child (surname_1) VALUES ('x')", AYNI_E_RIGHT },
    { "UPDATE child SET surname_1 = 'x'", AYNI_E_RIGHT },
    { "DELETE FROM child", AYNI_E_RIGHT },
    { "REPLACE INTO child (surname_1) VALUES ('x')", AYNI_E_RIGHT },
    { "WITH x AS (SELECT 1) INSERT INTO child (surname_1) SELECT 'x'", AYNI_E_RIGHT },
    { "WITH x AS (SELECT 1) UPDATE child SET surname_1 = 'x'", AYNI_E_RIGHT },
    { "WITH x AS (SELECT 1) DELETE FROM child", AYNI_E_RIGHT },
    { "WITH x AS (SELECT 1) DELETE FROM sqlite_master", AYNI_E_RIGHT },
    { "CREATE TABLE t (a)", AYNI_E_RIGHT },
    { "CREATE TEMP TABLE t AS SELECT * FROM child", AYNI_E_RIGHT },
    { "CREATE VIRTUAL TABLE t USING child", AYNI_E_RIGHT },
    { "CREATE VIEW v AS SELECT 1", AYNI_E_RIGHT },
    { "CREATE TRIGGER t AFTER INSERT ON child BEGIN SELECT 1; END", AYNI_E_RIGHT },
    { "DROP TABLE child", AYNI_E_RIGHT },
    { "ALTER TABLE child RENAME TO x", AYNI_E_RIGHT },
    { "ATTACH 'x.db' AS x", AYNI_E_RIGHT },
    { "DETACH main", AYNI_E_RIGHT },
    { "PRAGMA temp_store = 1", AYNI_E_RIGHT },
    { "PRAGMA writable_schema = 1", AYNI_E_RIGHT },
    { "VACUUM", AYNI_E_RIGHT },
    { "VACUUM INTO '/tmp/x.db'", AYNI_E_RIGHT },
    { "REINDEX", AYNI_E_RIGHT },
    { "ANALYZE", AYNI_E_RIGHT },
    { "BEGIN", AYNI_E_RIGHT },
    { "COMMIT", AYNI_E_RIGHT },
    { "SAVEPOINT a", AYNI_E_RIGHT },
    { "EXPLAIN SELECT 1", AYNI_E_RIGHT },
    { "EXPLAIN DELETE FROM child", AYNI_E_RIGHT },
    { "EXPLAIN QUERY PLAN DELETE FROM child", AYNI_E_RIGHT },
    { "EXPLAIN QUERY PLAN WITH x AS (SELECT 1) DELETE FROM child", AYNI_E_RIGHT },
    { "SELECT * FROM sqlite_master", AYNI_E_RIGHT },
    { "SELECT count(*) FROM sqlite_schema", AYNI_E_RIGHT },
    { "SELECT * FROM sqlite_temp_schema", AYNI_E_RIGHT },
    { "SELECT load_extension('x')", AYNI_E_RIGHT },
    { "SELECT fts3_tokenizer('x')", AYNI_E_RIGHT },
    { "SELECT sqlite_compileoption_get(1)", AYNI_E_RIGHT },
    { "SELECT day(2026, 1, 1)", AYNI_E_RIGHT },
    { "SELECT (SELECT load_extension('x')) FROM child", AYNI_E_RIGHT },
    { "SELECT 1 FROM child WHERE load_extension('x') IS NULL", AYNI_E_RIGHT },
    { "SELECT readfile('/etc/passwd')", AYNI_E_USAGE },
    { "SELECT edit('x')", AYNI_E_USAGE },
    { "SELECT * FROM chld", AYNI_E_USAGE },
    { "SELECT surname FROM child", AYNI_E_USAGE },
    { "SELECT \"surname\" FROM child", AYNI_E_USAGE },
    { "SELECT c.nothing FROM child c", AYNI_E_USAGE },
    { "SELECT _id FROM child, hb_test", AYNI_E_USAGE },
    { "SELECT nothing(1)", AYNI_E_USAGE },
    { "SELECT label()", AYNI_E_USAGE },
    { "SELECT 1 +", AYNI_E_USAGE },
    { "SELECT 1 2", AYNI_E_USAGE },
    { "SELECT 'x", AYNI_E_USAGE },
    { "SELECT FROM child", AYNI_E_USAGE },
    { "SELECT /* no end", AYNI_E_USAGE },
    { "SELECT 1 AS \xff", AYNI_E_USAGE },
    { "SELECT '\xc3'", AYNI_E_USAGE },
    { "SELECT :x", AYNI_E_USAGE },
    { "SELECT ?", AYNI_E_USAGE },
    { "SELECT json_extract('{', '$')", AYNI_E_USAGE },
    { "SELECT abs(-9223372036854775807 - 1)", AYNI_E_USAGE },
    { "SELECT zeroblob(2000000)", AYNI_E_USAGE },
};

static void must_refuse(const char *sql, enum ayni_status status)
{
    SCOPED_BUFFER text = { 0 };
    struct complaint complaint;
    const struct test_question question = { .sql = sql };

    ck_assert_msg(test_ask(&test_midis, &question, &text, &complaint) == status, "%s: %s %s", sql,
                  complaint.text == NULL ? "done" : complaint.text, complaint.args[0]);
    ck_assert_ptr_nonnull(complaint.text);
    test_answers(&test_midis, "SELECT count(*) AS n FROM child", "{\"n\":2}\n");
}

START_TEST(nothing_else_is_done)
{
    for (size_t i = 0; i < COUNT(refusals); i++)
        must_refuse(refusals[i].sql, refusals[i].status);
}
END_TEST

/* A table-valued pragma is told as unknown or refused, by the version of SQLite. */
START_TEST(pragmas_are_no_tables)
{
    static const char *const tables[] = { "pragma_table_list", "pragma_database_list",
                                          "pragma_function_list", "dbstat", "sqlite_stmt" };
    char sql[100];

    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        SCOPED_BUFFER text = { 0 };
        struct complaint complaint;
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", tables[i]);
        ck_assert_int_ne(
            test_ask(&test_midis, &(struct test_question){ .sql = sql }, &text, &complaint),
            AYNI_OK);
        ck_assert_ptr_nonnull(complaint.text);
    }
}
END_TEST

static const struct {
    const char *sql, *hint;
} hints[] = {
    { "SELECT * FROM chld", "child" },
    { "SELECT * FROM main.hbtest", "hb_test" },
    { "SELECT surname1 FROM child", "surname_1" },
    { "SELECT c.birthdate FROM child c", "birth_date" },
    { "SELECT hb FROM hb_test WHERE dat = '2026'", "date" },
    { "SELECT _spac FROM child", "_space" },
    { "SELECT age_day('2026-01-01')", "age_days" },
};

START_TEST(a_wrong_name_is_told_with_the_nearest)
{
    for (size_t i = 0; i < COUNT(hints); i++) {
        SCOPED_BUFFER text = { 0 };
        struct complaint complaint;
        const struct test_question question = { .sql = hints[i].sql };

        ck_assert_int_eq(test_ask(&test_midis, &question, &text, &complaint), AYNI_E_USAGE);
        ck_assert_ptr_nonnull(complaint.hint);
        ck_assert_str_eq(complaint.hint_args[0], hints[i].hint);
    }
}
END_TEST

/* --- parameters, limits --- */

START_TEST(parameters_are_values_and_never_sql)
{
    SCOPED_BUFFER text = { 0 };
    struct complaint complaint;
    const struct sql_parameter given[] = { { "name", "Vela' OR 1 --" }, { "more", "x" } };
    struct test_question question = { .sql = "SELECT count(*) AS n FROM child WHERE surname_1 = "
                                             ":name",
                                      .parameters = given,
                                      .parameter_count = 1 };

    test_must(test_ask(&test_midis, &question, &text, &complaint), "ask");
    ck_assert_str_eq((const char *)text.data, "{\"n\":0}\n");
    question.parameter_count = 2; /* one that nobody asks for */
    ck_assert_int_eq(test_ask(&test_midis, &question, &text, &complaint), AYNI_E_USAGE);
    ck_assert_str_eq(complaint.args[0], "more");
    question.parameter_count = 0; /* one that nobody gives */
    ck_assert_int_eq(test_ask(&test_midis, &question, &text, &complaint), AYNI_E_USAGE);
    ck_assert_str_eq(complaint.args[0], "name");
}
END_TEST

static const char endless[] =
    "WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n";

static bool always(void *context)
{
    (void)context;
    return true;
}

START_TEST(it_ends_when_it_is_told_to)
{
    SCOPED_BUFFER text = { 0 };
    struct complaint complaint;
    const struct test_question question = { .sql = endless, .stop = always };

    ck_assert_int_eq(test_ask(&test_midis, &question, &text, &complaint), AYNI_E_STOPPED);
}
END_TEST

START_TEST(it_takes_no_more_memory_than_it_may)
{
    SCOPED_BUFFER text = { 0 };
    struct complaint complaint;
    const struct test_question question = {
        .sql =
            "WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT hex(randomblob(10000)) "
            "AS b FROM n ORDER BY b",
        .memory_max = 32 << 20,
    };

    ck_assert_int_eq(test_ask(&test_midis, &question, &text, &complaint), AYNI_E_LIMIT);
    ck_assert_ptr_nonnull(complaint.text);
    test_answers(&test_midis, "SELECT count(*) AS n FROM child", "{\"n\":2}\n");
}
END_TEST

START_TEST(a_statement_that_is_too_long_is_refused)
{
    SCOPED_BUFFER text = { 0 }, sql = { 0 };
    struct complaint complaint;

    ayni_buffer_append_text(&sql, "SELECT 1");
    while (sql.size <= SQL_QUERY_SIZE_MAX)
        ayni_buffer_append_byte(&sql, ' ');
    ayni_buffer_append_byte(&sql, '\0');
    const struct test_question question = { .sql = (const char *)sql.data };
    ck_assert_int_eq(test_ask(&test_midis, &question, &text, &complaint), AYNI_E_LIMIT);
    ck_assert_ptr_nonnull(complaint.text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sql_query");

    TEST_CASE(suite, "records", open_records, test_one_close, it_answers,
              a_plan_looks_at_no_more_than_it_must, nothing_else_is_done,
              a_wrong_name_is_told_with_the_nearest, a_row_is_what_get_shows,
              what_is_deleted_is_not_there, the_past_is_as_it_was_known,
              keys_come_in_their_order_without_sorting, places_come_in_their_order_without_sorting,
              pragmas_are_no_tables, parameters_are_values_and_never_sql,
              it_ends_when_it_is_told_to, it_takes_no_more_memory_than_it_may,
              a_statement_that_is_too_long_is_refused);
    TEST_CASE(suite, "two", test_two_open, test_two_close,
              contested_fields_show_the_winner_and_are_named,
              a_contested_place_is_found_by_the_one_that_is_shown);
    return test_run(suite);
}
