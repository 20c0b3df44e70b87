/* Conflicts: shown alike everywhere, settled, taken back. */
#include <stdio.h>

#include "daemon/records/conflict.h"
#include "daemon/records/writing/settle.h"
#include "daemon/records/writing/settle_many.h"
#include "tests/support/node_pair.h"

enum { SURNAME_1 = 1 };

static struct record_key contested;
static char contested_id[AYNI_RECORD_TEXT_SIZE];

/* The two nodes say different surnames of one child; innova's is the later one. */
static void open_contested(void)
{
    test_two_open();
    contested = test_put_child(&test_midis, "99000001", "Rojas");
    test_later();
    (void)test_put_child(&test_innova, "99000001", "Rosas");
    test_node_exchange(&test_midis, &test_innova);
    ayni_record_text(&contested.record, contested_id);
}

static enum ayni_status resolve(struct test_node *node, struct settle_choice choice,
                                struct edit_result *result, struct complaint *complaint)
{
    struct settle_request request = { .id = contested_id,
                                      .choices = &choice,
                                      .choice_count = 1,
                                      .steward = "maria",
                                      .reason = "saw the paper" };

    *complaint = (struct complaint){ 0 };
    return settle_resolve(&node->records, &request, result, complaint);
}

static enum ayni_status unresolve(struct test_node *node, struct edit_result *result)
{
    struct settle_request request = { .id = contested_id, .steward = "maria" };
    struct complaint complaint = { 0 };

    return settle_unresolve(&node->records, &request, result, &complaint);
}

static void shows(struct test_node *node, const char *surname)
{
    char text[128];

    test_shown(node, &contested, SURNAME_1, text);
    ck_assert_str_eq(text, surname);
}

START_TEST(a_value_settles_the_conflict_on_all_nodes)
{
    struct edit_result result;
    struct complaint complaint;

    test_must(resolve(&test_midis, (struct settle_choice){ "surname_1", "Rojas Diaz", 0 }, &result,
                      &complaint),
              "resolve");
    ck_assert_uint_eq(result.changed_count, 1);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    ck_assert_uint_eq(test_conflicts(&test_innova), 0);
    shows(&test_innova, "Rojas Diaz");
}
END_TEST

START_TEST(an_alternative_is_picked_by_its_number)
{
    struct edit_result result;
    struct complaint complaint;

    shows(&test_midis, "Rosas");
    test_must(
        resolve(&test_midis, (struct settle_choice){ "surname_1", NULL, 2 }, &result, &complaint),
        "resolve");
    shows(&test_midis, "Rojas");
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
}
END_TEST

static const struct {
    struct settle_choice choice;
    enum ayni_status status;
} refusals[] = {
    { { "surname_1", NULL, 3 }, AYNI_E_USAGE },
    { { "surname_1", NULL, 0 }, AYNI_E_USAGE },
    { { "surname", "x", 0 }, AYNI_E_USAGE },
    { { "sex", "m", 0 }, AYNI_E_NOT_FOUND }, /* both say f */
    { { "_deleted", "true", 0 }, AYNI_E_NOT_FOUND },
};

START_TEST(what_can_not_be_chosen_is_refused)
{
    struct edit_result result;
    struct complaint complaint;

    ck_assert_int_eq(resolve(&test_midis, refusals[_i].choice, &result, &complaint),
                     refusals[_i].status);
    ck_assert_ptr_nonnull(complaint.text);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
}
END_TEST

START_TEST(unresolve_brings_back_exactly_that_conflict)
{
    struct edit_result result;
    struct complaint complaint;

    test_must(
        resolve(&test_innova, (struct settle_choice){ "surname_1", NULL, 2 }, &result, &complaint),
        "resolve");
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    test_must(unresolve(&test_midis, &result), "unresolve");
    ck_assert_uint_eq(result.changed_count, 1);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(test_alternatives(&test_innova, &contested, SURNAME_1), 2);
    shows(&test_innova, "Rosas");
    test_same_answers(&test_midis, &test_innova);
    ck_assert_int_eq(unresolve(&test_midis, &result), AYNI_E_NOT_FOUND);
}
END_TEST

START_TEST(a_later_edit_covers_a_resolution)
{
    struct edit_result result;
    struct complaint complaint;

    test_must(
        resolve(&test_midis, (struct settle_choice){ "surname_1", NULL, 2 }, &result, &complaint),
        "resolve");
    test_set(&test_midis, &contested, "surname_1=Quispe", NULL);
    ck_assert_int_eq(unresolve(&test_midis, &result), AYNI_E_NOT_FOUND);
    shows(&test_midis, "Quispe");
}
END_TEST

START_TEST(two_resolutions_apart_are_a_conflict_again)
{
    struct edit_result result;
    struct complaint complaint;

    test_must(
        resolve(&test_midis, (struct settle_choice){ "surname_1", "A", 0 }, &result, &complaint),
        "resolve");
    test_must(
        resolve(&test_innova, (struct settle_choice){ "surname_1", "B", 0 }, &result, &complaint),
        "resolve");
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(test_alternatives(&test_midis, &contested, SURNAME_1), 2);
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

START_TEST(expect_refuses_what_has_changed_meanwhile)
{
    struct settle_choice choice = { "surname_1", NULL, 1 };
    struct settle_request request = { .id = contested_id,
                                      .choices = &choice,
                                      .choice_count = 1,
                                      .steward = "maria",
                                      .has_expect = true,
                                      .expect = 3 };
    struct edit_result result;
    struct complaint complaint = { 0 };

    ck_assert_int_eq(settle_resolve(&test_midis.records, &request, &result, &complaint),
                     AYNI_E_CHANGED);
    request.expect = 2;
    complaint = (struct complaint){ 0 };
    test_must(settle_resolve(&test_midis.records, &request, &result, &complaint), "resolve");
}
END_TEST

/* --- many --- */

static bool count_told(void *context, const struct charter *charter,
                       const struct preferred *preferred)
{
    size_t *count = context;

    ck_assert_uint_eq(preferred->field, SURNAME_1);
    ck_assert_ptr_nonnull(charter->catalogue);
    ++*count;
    return true;
}

static enum ayni_status go_on(void *context)
{
    (void)context;
    return AYNI_OK;
}

static enum ayni_status stop(void *context)
{
    (void)context;
    return AYNI_E_STOPPED;
}

START_TEST(many_are_settled_by_one_rule)
{
    struct prefer prefer = { .rule = { .kind = PREFER_NODE, .node = test_midis.keys.node },
                             .steward = "maria",
                             .dry_run = true };
    struct record_key other = test_put_child(&test_midis, "99000002", "Diaz");
    struct complaint complaint = { 0 };
    size_t told = 0;
    struct prefer_listener listener = { &told, count_told, go_on };
    char text[128];

    (void)test_put_child(&test_innova, "99000002", "Dias");
    test_node_exchange(&test_midis, &test_innova);
    test_must(settle_many(&test_innova.records, &prefer, &listener, &complaint), "dry run");
    ck_assert_uint_eq(told, 2);
    ck_assert_uint_eq(test_conflicts(&test_innova), 2);
    prefer.dry_run = false;
    test_must(settle_many(&test_innova.records, &prefer, &listener, &complaint), "settle");
    ck_assert_uint_eq(test_conflicts(&test_innova), 0);
    shows(&test_innova, "Rojas");
    test_shown(&test_innova, &other, SURNAME_1, text);
    ck_assert_str_eq(text, "Diaz");
}
END_TEST

START_TEST(what_others_may_settle_is_left_to_them)
{
    struct prefer prefer = { .rule = { .kind = PREFER_LATEST }, .steward = "maria" };
    struct complaint complaint = { 0 };
    size_t told = 0;
    struct prefer_listener listener = { &told, count_told, go_on };

    (void)test_node_grant(&test_midis, &test_visits, &test_innova, AYNI_RIGHT_READER);
    (void)test_node_ungrant(&test_midis, &test_visits_grant);
    test_node_exchange(&test_midis, &test_innova);
    test_must(settle_many(&test_innova.records, &prefer, &listener, &complaint), "settle");
    ck_assert_uint_eq(told, 0);
    ck_assert_uint_eq(test_conflicts(&test_innova), 1);
}
END_TEST

START_TEST(who_stops_is_told_so)
{
    struct prefer prefer = { .rule = { .kind = PREFER_LATEST }, .steward = "maria" };
    struct complaint complaint = { 0 };
    size_t told = 0;
    struct prefer_listener listener = { &told, count_told, stop };

    ck_assert_int_eq(settle_many(&test_midis.records, &prefer, &listener, &complaint),
                     AYNI_E_STOPPED);
    ck_assert_uint_eq(told, 1);
}
END_TEST

/* --- lists of them --- */

enum { MORE = 4 };
struct listed {
    struct conflict conflicts[1 + MORE];
    size_t count;
    size_t page; /* so many are enough for now */
};

static bool keep_conflict(void *context, const struct conflict *conflict)
{
    struct listed *listed = context;

    ck_assert_uint_lt(listed->count, 1 + MORE);
    ck_assert_uint_eq(conflict->node_count, 2);
    ck_assert_uint_eq(conflict->field_count, 1);
    listed->conflicts[listed->count++] = *conflict;
    return listed->count % listed->page != 0;
}

/* Some at a time, each time under another reader. */
static struct listed list(const struct ayni_space *space, uint32_t type, size_t page)
{
    const struct conflict_filter filter = { .space = space, .type = type };
    struct conflict_cursor from = { 0 };
    struct listed listed = { .page = page };

    while (!from.done) {
        SCOPED_READER *reader = NULL;
        test_must(reader_begin(&test_midis.records, &reader), "read");
        test_must(conflicts_each(reader, &filter, &from, keep_conflict, &listed), "conflicts");
    }
    return listed;
}

static void contest_more(void)
{
    static const char *const numbers[MORE] = { "98000003", "98000001", "98000004", "98000002" };

    for (size_t i = 0; i < MORE; i++) {
        (void)test_put_child(&test_innova, numbers[i], "Dias");
        (void)test_put_child(&test_midis, numbers[i], "Diaz");
        test_later();
    }
    test_node_exchange(&test_midis, &test_innova);
}

START_TEST(conflicts_are_listed_oldest_first)
{
    contest_more();
    struct listed all = list(NULL, 0, SIZE_MAX);
    struct listed paged = list(&test_visits, contested.type, (size_t)_i);

    ck_assert_uint_eq(all.count, 1 + MORE);
    ck_assert_uint_eq(paged.count, all.count);
    for (size_t i = 0; i < all.count; i++) {
        ck_assert_int_eq(record_key_compare(&paged.conflicts[i].key, &all.conflicts[i].key), 0);
        ck_assert(i == 0 || all.conflicts[i].since.ms >= all.conflicts[i - 1].since.ms);
    }
    ck_assert_uint_eq(list(&test_visits, contested.type + 1, SIZE_MAX).count, 0);
    ck_assert_uint_eq(list(&(struct ayni_space){ { 0 } }, 0, SIZE_MAX).count, 0);
}
END_TEST

/* The place that it had by its age is no more. */
START_TEST(what_is_settled_is_listed_no_more)
{
    struct edit_result result;
    struct complaint complaint;

    contest_more();
    test_must(
        resolve(&test_midis, (struct settle_choice){ "surname_1", NULL, 2 }, &result, &complaint),
        "resolve");
    struct listed listed = list(NULL, 0, 1);
    ck_assert_uint_eq(listed.count, MORE);
    for (size_t i = 0; i < MORE; i++)
        ck_assert_int_ne(record_key_compare(&listed.conflicts[i].key, &contested), 0);
    test_must(unresolve(&test_midis, &result), "unresolve");
    ck_assert_uint_eq(list(NULL, 0, 1).count, 1 + MORE);
}
END_TEST

/* More than are settled at once. */
START_TEST(all_are_settled_however_many_there_are)
{
    enum { MANY = 150 };
    struct prefer prefer = { .rule = { .kind = PREFER_LATEST }, .steward = "maria" };
    struct complaint complaint = { 0 };
    size_t told = 0;
    struct prefer_listener listener = { &told, count_told, go_on };

    for (unsigned i = 0; i < MANY; i++) {
        char number[16];
        snprintf(number, sizeof(number), "97%06u", i);
        (void)test_put_child(&test_innova, number, "Dias");
        (void)test_put_child(&test_midis, number, "Diaz");
    }
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1 + MANY);
    test_must(settle_many(&test_midis.records, &prefer, &listener, &complaint), "settle");
    ck_assert_uint_eq(told, 1 + MANY);
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settle");
    TCase *two = tcase_create("two nodes");

    tcase_add_checked_fixture(two, open_contested, test_two_close);
    tcase_add_test(two, a_value_settles_the_conflict_on_all_nodes);
    tcase_add_test(two, an_alternative_is_picked_by_its_number);
    tcase_add_loop_test(two, what_can_not_be_chosen_is_refused, 0,
                        sizeof(refusals) / sizeof(refusals[0]));
    tcase_add_test(two, unresolve_brings_back_exactly_that_conflict);
    tcase_add_test(two, a_later_edit_covers_a_resolution);
    tcase_add_test(two, two_resolutions_apart_are_a_conflict_again);
    tcase_add_test(two, expect_refuses_what_has_changed_meanwhile);
    tcase_add_test(two, many_are_settled_by_one_rule);
    tcase_add_test(two, what_others_may_settle_is_left_to_them);
    tcase_add_test(two, who_stops_is_told_so);
    tcase_add_loop_test(two, conflicts_are_listed_oldest_first, 1, 4);
    tcase_add_test(two, what_is_settled_is_listed_no_more);
    tcase_add_test(two, all_are_settled_however_many_there_are);
    suite_add_tcase(suite, two);
    return test_run(suite);
}
