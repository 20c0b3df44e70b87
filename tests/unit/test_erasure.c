#include "daemon/clock.h"
#include "daemon/records/erasure/erasure_drops.h"
#include "daemon/records/names.h"
#include "daemon/records/problem.h"
#include "daemon/records/reader_limits.h"
#include "tests/support/erasing.h"
#include "tests/support/suite.h"

/* Two nodes in one space, which midis owns; innova writes in it. */

/* --- at the holder --- */

START_TEST(what_is_erased_is_for_nobody)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct record_key other = test_put_child(&test_midis, "99000002", "Mamani");
    struct erase_result result;

    test_set(&test_midis, &child, "surname_2=Huaman", NULL);
    test_erase(&test_midis, &child, &result);
    ck_assert_uint_eq(result.records, 1);
    ck_assert_uint_eq(result.versions, 2);
    ck_assert_uint_eq(result.kept, 0);
    ck_assert(!test_is_here(&test_midis, &child));
    ck_assert(test_is_here(&test_midis, &other));
    ck_assert_uint_eq(test_hollow(&test_midis), 2);
    ck_assert(!test_log_holds(&test_midis, "Quispe"));
    ck_assert(!test_log_holds(&test_midis, "Huaman"));
    ck_assert(test_log_holds(&test_midis, "Mamani"));
    ck_assert_uint_eq(test_problems_of(&test_midis, PROBLEM_ERASED), 0);
    ck_assert_uint_eq(test_unread(&test_midis), 0);
    test_same_after_rebuild(&test_midis);
}
END_TEST

START_TEST(an_erased_record_is_told_from_one_that_never_was)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct record_key place;
    char id[AYNI_RECORD_TEXT_SIZE];
    struct complaint complaint = { 0 };

    test_erase(&test_midis, &child, NULL);
    ayni_record_text(&child.record, id);
    SCOPED_READER *reader = NULL;
    test_must(reader_begin(&test_midis.records, &reader), "read");
    ck_assert_int_eq(names_place(reader, id, NULL, &place, &complaint), AYNI_E_NOT_FOUND);
    ck_assert_str_eq(complaint.code, "erased");
    id[8] = 0; /* a prefix finds it as well */
    complaint = (struct complaint){ 0 };
    ck_assert_int_eq(names_place(reader, id, NULL, &place, &complaint), AYNI_E_NOT_FOUND);
    ck_assert_str_eq(complaint.code, "erased");
    complaint = (struct complaint){ 0 };
    ck_assert_int_eq(names_place(reader, "dni:99000009", NULL, &place, &complaint),
                     AYNI_E_NOT_FOUND);
    ck_assert_str_eq(complaint.code, "");
}
END_TEST

START_TEST(a_subject_is_erased_with_all_that_is_about_it)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct record_key other = test_put_child(&test_midis, "99000002", "Mamani");
    struct erase_request request = { .id = "dni:99000001", .reason = "asked", .steward = "rosa" };
    struct erase_result result;
    struct complaint complaint = { 0 };
    char about[64] = "subject=", other_about[64] = "subject=";

    ayni_record_text(&child.record, about + 8);
    ayni_record_text(&other.record, other_about + 8);
    struct record_key visit =
        test_put(&test_midis, "visits", "growth", about, "date=2026-01-05", "weight_g=8000", NULL);
    struct record_key another = test_put(&test_midis, "visits", "growth", other_about,
                                         "date=2026-01-05", "weight_g=8100", NULL);
    test_must(erase_record(&test_midis.records, &request, &result, &complaint), "erase");
    test_node_settle(&test_midis);
    ck_assert_uint_eq(result.records, 3); /* the child, its number, the visit */
    ck_assert(!test_is_here(&test_midis, &child));
    ck_assert(!test_is_here(&test_midis, &visit));
    ck_assert(test_is_here(&test_midis, &another));
    ck_assert(test_is_here(&test_midis, &other));
    ck_assert(!test_log_holds(&test_midis, "99000001"));
    test_same_after_rebuild(&test_midis);
}
END_TEST

static size_t dropped_as_of(struct ayni_instant as_of, const struct record_key *key)
{
    SCOPED_READER *reader = NULL;
    SCOPED_LIMITS limits = { 0 };
    size_t count;

    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(reader_limits_find(reader, as_of, &limits), "limits");
    reader_limit(reader, &limits);
    test_must(erasure_dropped_of(reader, key, &count), "count");
    return count;
}

START_TEST(what_was_here_by_then_and_was_erased_is_counted)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct record_key other = test_put_child(&test_midis, "99000002", "Mamani");
    struct ayni_instant then = clock_now(), never = { 1 }, last = { UINT64_MAX };

    while (clock_now().ms <= then.ms)
        ;
    test_set(&test_midis, &child, "surname_1=Condori", NULL);
    test_erase(&test_midis, &child, NULL);
    (void)test_put_child(&test_midis, "99000001", "Flores");
    ck_assert_uint_eq(dropped_as_of(never, &child), 0);
    ck_assert_uint_eq(dropped_as_of(then, &child), 1);
    ck_assert_uint_eq(dropped_as_of(last, &child), 2);
    ck_assert_uint_eq(dropped_as_of(last, &other), 0);
}
END_TEST

START_TEST(erasing_twice_changes_nothing)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct erase_result result;

    test_erase(&test_midis, &child, NULL);
    test_erase(&test_midis, &child, &result);
    ck_assert_uint_eq(result.records, 0);
    ck_assert_uint_eq(result.versions, 0);
}
END_TEST

START_TEST(what_is_not_there_is_not_erased)
{
    struct record_key none = { .space = test_visits, .type = 101 };
    struct erase_result result;
    struct complaint complaint = { 0 };

    ck_assert_int_eq(test_try_erase(&test_midis, &none, &result, &complaint), AYNI_E_NOT_FOUND);
    ck_assert_ptr_nonnull(complaint.text);
}
END_TEST

/* --- who may --- */

START_TEST(a_node_erases_its_own_and_leaves_what_others_wrote)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct erase_result result;
    char text[128];

    test_node_exchange(&test_midis, &test_innova);
    test_set(&test_innova, &child, "surname_1=Condori", NULL);
    test_erase(&test_innova, &child, &result);
    ck_assert_uint_eq(result.versions, 1);
    ck_assert_uint_eq(result.kept, 1);
    test_shown(&test_innova, &child, 1, text);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert(!test_log_holds(&test_midis, "Condori"));
    ck_assert(test_log_holds(&test_innova, "Quispe"));
    test_same_answers(&test_midis, &test_innova);
    test_same_after_rebuild(&test_midis);
    test_same_after_rebuild(&test_innova);
}
END_TEST

START_TEST(what_others_wrote_is_refused)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct erase_result result;
    struct complaint complaint = { 0 };

    test_node_exchange(&test_midis, &test_innova);
    ck_assert_int_eq(test_try_erase(&test_innova, &child, &result, &complaint), AYNI_E_RIGHT);
    ck_assert_ptr_nonnull(complaint.hint);
    ck_assert(test_is_here(&test_innova, &child));
}
END_TEST

/* An order by somebody who may not, from a program that doesn't ask: it erases nothing and is
 * listed. */
START_TEST(an_order_without_a_right_erases_nothing)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_node_exchange(&test_midis, &test_innova);
    test_force_order(&test_innova, &child);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert(test_is_here(&test_midis, &child));
    ck_assert(test_is_here(&test_innova, &child));
    ck_assert_uint_eq(test_hollow(&test_midis), 0);
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

/* --- on its way --- */

START_TEST(each_holder_drops_it)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_node_exchange(&test_midis, &test_innova);
    ck_assert(test_is_here(&test_innova, &child));
    test_erase(&test_midis, &child, NULL);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert(!test_is_here(&test_innova, &child));
    ck_assert(!test_log_holds(&test_innova, "Quispe"));
    test_same_answers(&test_midis, &test_innova);
    test_same_after_rebuild(&test_innova);
}
END_TEST

/* Who joins later gets it hollow and believes it by the ranges, whatever comes first. */
START_TEST(who_comes_later_never_gets_it)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_erase(&test_midis, &child, NULL);
    test_node_hand(&test_midis, &test_innova, SIZE_MAX, _i == 1);
    ck_assert(!test_is_here(&test_innova, &child));
    ck_assert_uint_eq(test_hollow(&test_innova), test_hollow(&test_midis));
    ck_assert_uint_eq(test_unread(&test_innova), 0);
    test_same_answers(&test_midis, &test_innova);
    test_same_after_rebuild(&test_innova);
}
END_TEST

/* --- late writers --- */

START_TEST(a_version_that_has_not_seen_it_is_erased_when_it_comes)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_node_exchange(&test_midis, &test_innova);
    test_erase(&test_midis, &child, NULL);
    test_set(&test_innova, &child, "surname_1=Condori", NULL); /* it hasn't heard */
    if (_i == 0) {
        test_node_exchange(&test_midis, &test_innova); /* its writer drops it first */
        ck_assert_uint_eq(test_unread(&test_midis), 1);
        test_name_late(&test_innova);
    } else {
        test_node_exchange(&test_innova, &test_midis); /* the owner does */
        test_name_late(&test_midis);
    }
    test_node_exchange(&test_midis, &test_innova);
    for (int i = 0; i < 2; i++) {
        struct test_node *node = i == 0 ? &test_midis : &test_innova;
        ck_assert(!test_is_here(node, &child));
        ck_assert(!test_log_holds(node, "Condori"));
        ck_assert_uint_eq(test_problems_of(node, PROBLEM_ERASED), 1);
        ck_assert_uint_eq(test_unread(node), 0);
        test_same_after_rebuild(node);
    }
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

/* Its writer learns of it and enters the record anew, which everybody sees; and is rid of the
 * problem. */
START_TEST(who_has_seen_it_enters_the_record_anew)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    char text[128];

    test_node_exchange(&test_midis, &test_innova);
    test_erase(&test_midis, &child, NULL);
    test_set(&test_innova, &child, "surname_1=Condori", NULL);
    test_node_exchange(&test_midis, &test_innova);
    test_name_late(&test_innova);
    ck_assert_uint_eq(test_problems_of(&test_innova, PROBLEM_ERASED), 1);
    test_set(&test_innova, &child, "surname_1=Flores", "given_names=Ana", "birth_date=2024-02-29",
             "sex=f", "ubigeo=160101", "state=active", NULL);
    test_node_exchange(&test_midis, &test_innova);
    test_shown(&test_midis, &child, 1, text);
    ck_assert_str_eq(text, "Flores");
    ck_assert_uint_eq(test_problems_of(&test_midis, PROBLEM_ERASED), 0);
    ck_assert_uint_eq(test_problems_of(&test_innova, PROBLEM_ERASED), 0);
    test_set(&test_midis, &child, "surname_2=Rojas", NULL); /* goes on as with any other */
    test_node_exchange(&test_midis, &test_innova);
    test_shown(&test_innova, &child, 2, text);
    ck_assert_str_eq(text, "Rojas");
    test_same_answers(&test_midis, &test_innova);
    test_same_after_rebuild(&test_midis);
    test_same_after_rebuild(&test_innova);
}
END_TEST

/* What the owner adds to an order is no order to forget what was entered anew meanwhile. */
START_TEST(what_is_added_to_an_order_erases_only_what_it_names)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    char text[128];

    test_node_exchange(&test_midis, &test_innova);
    test_erase(&test_midis, &child, NULL);
    test_set(&test_innova, &child, "surname_1=Condori", NULL); /* late */
    (void)test_put_child(&test_midis, "99000001", "Flores");   /* anew */
    test_node_exchange(&test_innova, &test_midis);
    test_name_late(&test_midis);
    test_node_exchange(&test_midis, &test_innova);
    for (int i = 0; i < 2; i++) {
        test_shown(i == 0 ? &test_midis : &test_innova, &child, 1, text);
        ck_assert_str_eq(text, "Flores");
    }
    test_same_answers(&test_midis, &test_innova);
}
END_TEST

/* The same id, by the same number. */
START_TEST(put_enters_it_anew_too)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");

    test_erase(&test_midis, &child, NULL);
    struct record_key again = test_put_child(&test_midis, "99000001", "Quispe");
    ck_assert_int_eq(record_key_compare(&child, &again), 0);
    ck_assert(test_is_here(&test_midis, &child));
    test_node_exchange(&test_midis, &test_innova);
    ck_assert(test_is_here(&test_innova, &child));
}
END_TEST

/* An older copy of a node writes on: what it knew is erased, what it writes hasn't seen it. */
START_TEST(a_copied_home_brings_nothing_back)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Quispe");
    struct test_node copy = { 0 };

    test_node_exchange(&test_midis, &test_innova);
    test_node_open(&copy, 2); /* the key of innova, and what it held */
    copy.in_federation = true;
    struct ayni_node root = test_root().node;
    test_must(projector_set_root(copy.records.projector, &root), "root");
    test_node_hand(&test_innova, &copy, SIZE_MAX, false);
    test_erase(&test_midis, &child, NULL);
    test_node_exchange(&test_midis, &test_innova);
    test_set(&copy, &child, "surname_1=Condori", NULL);
    test_node_exchange(&copy, &test_midis);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert(!test_is_here(&test_midis, &child));
    ck_assert(!test_is_here(&test_innova, &child));
    ck_assert(!test_is_here(&copy, &child));
    ck_assert(!test_log_holds(&copy, "Quispe"));
    ck_assert(!test_log_holds(&test_midis, "Condori"));
    test_same_answers(&test_midis, &copy);
    test_node_close(&copy);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("erasure");
    TCase *one = tcase_create("one node");
    TCase *two = tcase_create("two nodes");

    tcase_set_timeout(two, 60);
    tcase_add_checked_fixture(one, test_one_open, test_one_close);
    tcase_add_checked_fixture(two, test_two_open, test_two_close);
    tcase_add_test(one, what_is_erased_is_for_nobody);
    tcase_add_test(one, an_erased_record_is_told_from_one_that_never_was);
    tcase_add_test(one, a_subject_is_erased_with_all_that_is_about_it);
    tcase_add_test(one, what_was_here_by_then_and_was_erased_is_counted);
    tcase_add_test(one, erasing_twice_changes_nothing);
    tcase_add_test(one, what_is_not_there_is_not_erased);
    tcase_add_test(two, a_node_erases_its_own_and_leaves_what_others_wrote);
    tcase_add_test(two, what_others_wrote_is_refused);
    tcase_add_test(two, an_order_without_a_right_erases_nothing);
    tcase_add_test(two, each_holder_drops_it);
    tcase_add_loop_test(two, who_comes_later_never_gets_it, 0, 2);
    tcase_add_loop_test(two, a_version_that_has_not_seen_it_is_erased_when_it_comes, 0, 2);
    tcase_add_test(two, who_has_seen_it_enters_the_record_anew);
    tcase_add_test(two, what_is_added_to_an_order_erases_only_what_it_names);
    tcase_add_test(two, put_enters_it_anew_too);
    tcase_add_test(two, a_copied_home_brings_nothing_back);
    suite_add_tcase(suite, one);
    suite_add_tcase(suite, two);

    return test_run(suite);
}
