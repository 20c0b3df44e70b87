/* Two records that are one child, in SQL: two rows with one `_child`. */
#include <stdio.h>

#include "daemon/clock.h"
#include "daemon/records/links/link_decide.h"
#include "daemon/records/sql/sql_query.h"
#include "tests/support/node_pair.h"
#include "tests/support/question.h"

static char by_dni[AYNI_RECORD_TEXT_SIZE], by_cnv[AYNI_RECORD_TEXT_SIZE];

/* Each of the two has a test of haemoglobin; a third child has none. */
static void open_two_that_are_one(void)
{
    char subject[64];

    test_one_open();
    struct record_key dni = test_put_child(&test_midis, "99000001", "Vela");
    struct record_key cnv =
        test_put(&test_midis, "visits", "child", "cnv=1234567", "surname_1=Vela", "given_names=Ana",
                 "birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active", NULL);
    (void)test_put_child(&test_midis, "99000002", "Rosas");
    ayni_record_text(&dni.record, by_dni);
    ayni_record_text(&cnv.record, by_cnv);
    snprintf(subject, sizeof(subject), "subject=%s", by_dni);
    (void)test_put(&test_midis, "visits", "hb_test", subject, "date=2025-02-28", "hb=10.5",
                   "source=his", "source_id=1", NULL);
    snprintf(subject, sizeof(subject), "subject=%s", by_cnv);
    (void)test_put(&test_midis, "visits", "hb_test", subject, "date=2025-03-28", "hb=11.5",
                   "source=his", "source_id=2", NULL);
}

static void decide(enum link_verdict verdict)
{
    struct link_request request = { .one = by_dni,
                                    .other = by_cnv,
                                    .verdict = verdict,
                                    .reasons = verdict == LINK_SAME ? "visit" : NULL,
                                    .keep = verdict == LINK_SAME ? by_cnv : NULL,
                                    .steward = "rosa" };
    struct complaint complaint = { 0 };
    struct link_result result;

    test_must(link_decide(&test_midis.records, &request, &result, &complaint), "decide");
}

/* `id` is what :id stands for; NULL: nothing does. */
static void answers(const char *sql, const char *id, const char *expected)
{
    const struct sql_parameter parameter = { "id", id };
    const struct test_question question = { .sql = sql,
                                            .parameters = &parameter,
                                            .parameter_count = id == NULL ? 0 : 1 };
    SCOPED_BUFFER text = { 0 };
    struct complaint complaint = { 0 };

    test_must(test_ask(&test_midis, &question, &text, &complaint), sql);
    ck_assert_str_eq((const char *)text.data, expected);
}

static const char *const all_tests =
    "SELECT hb FROM hb_test WHERE _child = child_of(:id) ORDER BY 1";
static const char *const children = "SELECT count(DISTINCT _child) AS n FROM child";
static const char *const joined =
    "SELECT c.surname_1, h.hb FROM hb_test h JOIN child c ON h._child = c._id ORDER BY 2";

START_TEST(rows_of_both_are_of_one_child)
{
    answers(children, NULL, "{\"n\":3}\n");
    answers(all_tests, by_dni, "{\"hb\":10.5}\n");
    decide(LINK_SAME);
    answers(children, NULL, "{\"n\":2}\n");
    answers("SELECT count(*) AS n FROM child", NULL, "{\"n\":3}\n");
    answers(all_tests, by_dni, "{\"hb\":10.5}\n{\"hb\":11.5}\n");
    answers(all_tests, by_cnv, "{\"hb\":10.5}\n{\"hb\":11.5}\n");
    answers("SELECT count(*) AS n FROM child WHERE _child = _id", NULL, "{\"n\":2}\n");
    answers(joined, NULL,
            "{\"surname_1\":\"Vela\",\"hb\":10.5}\n{\"surname_1\":\"Vela\",\"hb\":11.5}\n");
    answers("SELECT count(*) AS n FROM identifier WHERE _child = :id", by_cnv, "{\"n\":2}\n");
}
END_TEST

/* The last word of EXPLAIN QUERY PLAN says what is looked at. */
START_TEST(a_child_is_found_without_looking_at_all)
{
    SCOPED_BUFFER text = { 0 };
    struct complaint complaint;
    const struct test_question questions[] = {
        { .sql = "EXPLAIN QUERY PLAN SELECT hb FROM hb_test WHERE _child = 'x'" },
        { .sql = "EXPLAIN QUERY PLAN SELECT _id FROM child WHERE _child = 'x' AND _space = 'y'" },
    };
    const char *const words[] = { "by child", "by child in one space" };

    for (size_t i = 0; i < 2; i++) {
        ayni_buffer_clear(&text);
        test_must(test_ask(&test_midis, &questions[i], &text, &complaint), "explain");
        ck_assert_msg(strstr((const char *)text.data, words[i]) != NULL, "%s", text.data);
    }
    decide(LINK_SAME);
    answers("SELECT count(*) AS n FROM child WHERE _child = :id AND _space = 'visits'", by_cnv,
            "{\"n\":2}\n");
    answers("SELECT count(*) AS n FROM child WHERE _child = :id", by_dni, "{\"n\":0}\n");
    answers("SELECT count(*) AS n FROM hb_test WHERE _child = :id AND _space = 'x'", by_cnv,
            "{\"n\":0}\n");
    answers("SELECT date FROM hb_test WHERE _child = :id ORDER BY date", by_cnv,
            "{\"date\":\"2025-02-28\"}\n{\"date\":\"2025-03-28\"}\n");
}
END_TEST

START_TEST(unlinked_they_are_of_two)
{
    decide(LINK_SAME);
    decide(LINK_UNDECIDED);
    answers(children, NULL, "{\"n\":3}\n");
    answers(all_tests, by_cnv, "{\"hb\":11.5}\n");
}
END_TEST

START_TEST(the_past_has_the_links_of_then)
{
    SCOPED_BUFFER text = { 0 };
    struct complaint complaint;

    test_later();
    struct ayni_instant then = clock_now();
    test_later();
    decide(LINK_SAME);
    const struct test_question question = { .sql = children, .as_of = &then };
    test_must(test_ask(&test_midis, &question, &text, &complaint), "ask");
    ck_assert_str_eq((const char *)text.data, "{\"n\":3}\n");
}
END_TEST

START_TEST(what_is_no_id_stays_what_it_is)
{
    answers("SELECT child_of('nobody') AS a, child_of(NULL) AS b, child_of(:id) = :id AS c", by_dni,
            "{\"a\":\"nobody\",\"c\":1}\n");
    answers("SELECT count(_child) AS n FROM organisation", NULL, "{\"n\":0}\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sql_links");

    TEST_CASE(suite, "one", open_two_that_are_one, test_one_close, rows_of_both_are_of_one_child,
              a_child_is_found_without_looking_at_all, unlinked_they_are_of_two,
              the_past_has_the_links_of_then, what_is_no_id_stays_what_it_is);
    return test_run(suite);
}
