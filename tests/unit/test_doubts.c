/* What the catalogue finds in records that are there, page by page. */
#include "daemon/records/doubts.h"

#include <stdio.h>

#include "daemon/records/problem.h"
#include "tests/support/node.h"

enum { TESTS = 300 };

static struct test_node node;

static void set_up(void)
{
    test_node_open(&node, 1);
    test_node_found(&node);
    test_node_space(&node, "visits", AYNI_CLASS_SENSITIVE);
}

static void tear_down(void)
{
    test_node_close(&node);
}

static struct record_key put_child(void)
{
    return test_put(&node, "visits", "child", "dni=99000001", "surname_1=Vela", "given_names=Ana",
                    "birth_date=2025-05-27", "sex=f", "ubigeo=160101", "state=active", NULL);
}

struct found {
    size_t count, pages;
    size_t enough; /* after so many; 0: never */
    char code[32];
    bool is_warning;
};

static enum ayni_status note(void *context, const struct surveyed *record, bool *enough)
{
    struct found *found = context;
    struct doubts doubts;
    enum ayni_status status = doubts_of(record, &doubts);

    for (size_t i = 0; status == AYNI_OK && i < doubts.found.count; i++) {
        const struct check_finding *finding = &doubts.found.items[i];
        found->count++;
        snprintf(found->code, sizeof(found->code), "%s", finding->reason.code);
        found->is_warning = finding->level == AYNI_LEVEL_WARN;
        *enough = *enough || (found->enough != 0 && found->count % found->enough == 0);
    }
    return status;
}

static struct found search(struct survey survey, size_t enough)
{
    struct found found = { .enough = enough };

    while (!survey.done) {
        test_must(survey_page(&node.records, &survey, true, note, &found), "page");
        found.pages++;
    }
    return found;
}

START_TEST(nothing_is_found_where_all_is_well)
{
    put_child();
    test_put(&node, "visits", "growth", "subject=dni:99000001", "date=2025-06-27", "weight_g=4000",
             NULL);
    ck_assert_uint_eq(search((struct survey){ 0 }, 0).count, 0);
}
END_TEST

START_TEST(what_a_later_change_makes_wrong_is_found)
{
    struct record_key child = put_child();
    struct found found;

    test_put(&node, "visits", "growth", "subject=dni:99000001", "date=2025-06-27", "weight_g=4000",
             NULL);
    test_set(&node, &child, "birth_date=2025-07-01", NULL);
    found = search((struct survey){ 0 }, 0);
    ck_assert_uint_eq(found.count, 1);
    ck_assert_str_eq(found.code, "date_before_birth");
    ck_assert(!found.is_warning);
    test_set(&node, &child, "birth_date=2025-06-01", NULL);
    ck_assert_uint_eq(search((struct survey){ 0 }, 0).count, 0);
}
END_TEST

/* Each of TESTS records is found once, however often the visitor has had enough. */
START_TEST(a_search_goes_on_where_it_was)
{
    static const size_t enough[] = { 0, 1, 7, 100 };
    struct record_key child = put_child();
    struct ayni_space other = { { 1 } };

    for (int i = 0; i < TESTS; i++)
        test_put(&node, "visits", "growth", "subject=dni:99000001", "date=2025-06-27",
                 "weight_g=4000", NULL);
    test_set(&node, &child, "birth_date=2025-07-01", NULL);
    struct found found = search((struct survey){ 0 }, enough[_i]);
    ck_assert_uint_eq(found.count, TESTS);
    ck_assert_uint_ge(found.pages, enough[_i] == 0 ? 1 : TESTS / enough[_i]);
    ck_assert_uint_eq(search((struct survey){ .type = 101 }, 0).count, 0);
    ck_assert_uint_eq(search((struct survey){ .type = 203 }, 0).count, TESTS);
    ck_assert_uint_eq(search((struct survey){ .space = &child.space }, 0).count, TESTS);
    ck_assert_uint_eq(search((struct survey){ .space = &other }, 0).count, 0);
}
END_TEST

START_TEST(what_is_deleted_breaks_no_rule)
{
    struct record_key child = put_child(), growth;
    struct edit_request request = { .steward = "maria", .reason = "typed twice" };
    struct edit_result result;
    struct complaint complaint = { 0 };
    char id[AYNI_RECORD_TEXT_SIZE];

    growth = test_put(&node, "visits", "growth", "subject=dni:99000001", "date=2025-06-27",
                      "weight_g=4000", NULL);
    test_set(&node, &child, "birth_date=2025-07-01", NULL);
    ayni_record_text(&growth.record, id);
    request.id = id;
    test_must(edit_delete(&node.records, &request, &result, &complaint), "delete");
    ck_assert_uint_eq(search((struct survey){ 0 }, 0).count, 0);
}
END_TEST

/* --- problems that views/ keeps, listed in pieces --- */

static bool one_of_many(void *context, const struct problem *problem)
{
    size_t *count = context;

    (void)problem;
    ++*count;
    return false;
}

START_TEST(a_listing_of_problems_goes_on_where_it_was)
{
    struct problem_cursor from = { 0 };
    size_t count = 0, pieces = 0;

    for (int i = 0; i < 5; i++) {
        struct record_key key = test_put(&node, "visits", "growth", "subject=dni:99000001",
                                         "date=2025-06-27", "weight_g=4000", NULL);
        test_set(&node, &key, "subject=", "date=", NULL); /* two lacks each */
    }
    for (; !from.done; pieces++) {
        SCOPED_READER *reader = NULL;
        test_must(reader_begin(&node.records, &reader), "read");
        test_must(problems_each(reader, NULL, 0, &from, one_of_many, &count), "list");
    }
    ck_assert_uint_eq(count, 10);
    ck_assert_uint_eq(pieces, 6);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("doubts");
    TCase *doubts = tcase_create("doubts");

    tcase_add_checked_fixture(doubts, set_up, tear_down);
    tcase_add_test(doubts, nothing_is_found_where_all_is_well);
    tcase_add_test(doubts, what_a_later_change_makes_wrong_is_found);
    tcase_add_loop_test(doubts, a_search_goes_on_where_it_was, 0, 4);
    tcase_add_test(doubts, what_is_deleted_breaks_no_rule);
    tcase_add_test(doubts, a_listing_of_problems_goes_on_where_it_was);
    suite_add_tcase(suite, doubts);
    return test_run(suite);
}
