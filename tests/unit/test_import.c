/* What rows write: by origin, all or nothing, and nothing twice. */
#include "daemon/records/import/import.h"

#include "tests/support/import_child.h"
#include "tests/support/node_pair.h"

/* --- what a row makes --- */

START_TEST(a_row_makes_a_child_the_mother_their_numbers_and_the_link)
{
    TEST_LOAD(TEST_ANA);
    test_import_counts(1, 0, 0, 0);
    ck_assert_str_eq(test_loaded.findings, "");
    ck_assert_uint_eq(test_import_written(&test_midis), 5);
    test_shows(&test_midis, "child", "99000001", TEST_SURNAME_1, "Vela");
    test_shows(&test_midis, "child", "99000001", TEST_STATE, "active");
    test_shows(&test_midis, "person", "99000100", TEST_SURNAME_1, "Ríos");
    ck_assert_uint_eq(test_problems(&test_midis), 0);
}
END_TEST

START_TEST(without_a_mother_there_is_none)
{
    TEST_LOAD(TEST_CHILD_HEADER "1;99000001;;Vela;;Ana;2025-05-27;F; ;;\n");
    test_import_counts(1, 0, 0, 0);
    ck_assert_uint_eq(test_import_written(&test_midis), 2);
}
END_TEST

START_TEST(a_dry_run_says_the_same_and_writes_nothing)
{
    const struct test_import dry = { .map = TEST_CHILD_MAP("padron"),
                                     .space = "visits",
                                     .dry_run = true };
    struct test_imported told;

    test_must(test_import(&test_midis, &dry, TEST_ANA "1;;;;;;;;;;\n2;99000001;;Vega;;Ana;;F;;;\n",
                          &told, &test_load_complaint),
              "dry run");
    ck_assert_uint_eq(test_import_written(&test_midis), 0);
    TEST_LOAD(TEST_ANA "1;;;;;;;;;;\n2;99000001;;Vega;;Ana;;F;;;\n");
    ck_assert_str_eq(told.findings, test_loaded.findings);
    ck_assert_mem_eq(&told.counts, &test_loaded.counts, sizeof(told.counts));
}
END_TEST

/* --- again --- */

START_TEST(the_same_again_writes_nothing)
{
    TEST_LOAD(TEST_ANA);
    TEST_LOAD(TEST_ANA);
    test_import_counts(0, 0, 1, 0);
    ck_assert_uint_eq(test_import_written(&test_midis), 5);
}
END_TEST

START_TEST(what_a_person_corrected_stays_so)
{
    struct record_key child;

    TEST_LOAD(TEST_ANA);
    child = test_key_of(&test_midis, "child", "dni", "99000001");
    test_set(&test_midis, &child, "surname_1=Vera", NULL);
    TEST_LOAD(TEST_ANA);
    test_import_counts(0, 0, 1, 0);
    test_shows(&test_midis, "child", "99000001", TEST_SURNAME_1, "Vera");
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    /* The file says something new now: that is no longer what was corrected. */
    TEST_LOAD(TEST_CHILD_HEADER "1;99000001;;Vila;Ríos;Ana;2025-05-27;F;99000100;Ríos;Rosa\n");
    test_import_counts(0, 1, 0, 0);
    ck_assert_uint_eq(test_loaded.counts.conflicts, 1);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
}
END_TEST

START_TEST(what_a_person_set_first_is_not_replaced)
{
    (void)test_put_child(&test_midis, "99000001", "Vera");
    TEST_LOAD(TEST_ANA);
    test_import_counts(0, 1, 0, 0);
    ck_assert_uint_eq(test_loaded.counts.conflicts, 1);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
    TEST_LOAD(TEST_ANA);
    test_import_counts(0, 0, 1, 0);
}
END_TEST

START_TEST(the_same_origin_replaces_its_own_value)
{
    TEST_LOAD(TEST_ANA);
    TEST_LOAD(TEST_CHILD_HEADER "1;99000001;;Vila;Ríos;Ana;2025-05-27;F;99000100;Ríos;Rosa\n");
    test_import_counts(0, 1, 0, 0);
    ck_assert_uint_eq(test_import_written(&test_midis), 6);
    test_shows(&test_midis, "child", "99000001", TEST_SURNAME_1, "Vila");
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    TEST_LOAD(TEST_ANA); /* and back */
    test_import_counts(0, 1, 0, 0);
    test_shows(&test_midis, "child", "99000001", TEST_SURNAME_1, "Vela");
}
END_TEST

START_TEST(another_origin_replaces_nothing)
{
    TEST_LOAD(TEST_ANA);
    test_must(test_load_as(&test_midis, TEST_CHILD_MAP("ngo"),
                           TEST_CHILD_HEADER
                           "1;99000001;;Vila;Ríos;Ana;2025-05-27;F;99000100;Ríos;Rosa\n"),
              "import");
    test_import_counts(0, 1, 0, 0);
    ck_assert_uint_eq(test_loaded.counts.conflicts, 1);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
}
END_TEST

START_TEST(an_empty_cell_says_nothing)
{
    TEST_LOAD(TEST_ANA);
    TEST_LOAD(TEST_CHILD_HEADER "1;99000001;;;;;;;;;\n");
    test_import_counts(0, 0, 1, 0);
    test_shows(&test_midis, "child", "99000001", TEST_SURNAME_2, "Ríos");
}
END_TEST

START_TEST(what_is_for_new_records_leaves_old_ones)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Vela");

    test_set(&test_midis, &child, "state=dead", NULL);
    TEST_LOAD(TEST_ANA);
    test_shows(&test_midis, "child", "99000001", TEST_STATE, "dead");
    ck_assert_uint_eq(test_alternatives(&test_midis, &child, TEST_STATE), 1);
}
END_TEST

/* --- which record --- */

START_TEST(a_child_is_found_by_a_number_it_had_before)
{
    TEST_LOAD(TEST_CHILD_HEADER "1;;9900000001;Vela;;Ana;2025-05-27;F;;;\n");
    test_import_counts(1, 0, 0, 0);
    TEST_LOAD(TEST_CHILD_HEADER "1;99000001;9900000001;Vela;;Ana;2025-05-27;F;;;\n");
    test_import_counts(0, 1, 0, 0);
    ck_assert_uint_eq(test_import_written(&test_midis), 3);
    TEST_LOAD(TEST_CHILD_HEADER "1;99000001;;Vela;;Ana;2025-05-27;F;;;\n");
    test_import_counts(0, 0, 1, 0);
}
END_TEST

/* Also by rows that nobody has followed yet. */
START_TEST(a_later_row_finds_the_child_of_an_earlier_one)
{
    TEST_LOAD(TEST_CHILD_HEADER "1;;9900000001;Vela;;Ana;2025-05-27;F;;;\n"
                                "2;99000001;9900000001;Vela;;Ana;2025-05-27;F;;;\n"
                                "3;99000001;;Vela;Ríos;;;;;;\n");
    test_import_counts(1, 2, 0, 0);
    ck_assert_uint_eq(test_import_written(&test_midis), 4);
}
END_TEST

/* Apart, one child got two ids; each node goes on with its own. */
START_TEST(of_two_holders_the_one_that_this_origin_wrote)
{
    test_must(test_load_as(&test_midis, TEST_CHILD_MAP("padron"),
                           TEST_CHILD_HEADER "1;99000001;9900000001;Vela;;Ana;2025-05-27;F;;;\n"),
              "midis");
    test_must(test_load_as(&test_innova, TEST_CHILD_MAP("ngo"),
                           TEST_CHILD_HEADER "1;;9900000001;Vela;;Ana;2025-05-27;F;;;\n"),
              "innova");
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1); /* one number, two holders */
    test_must(test_load_as(&test_midis, TEST_CHILD_MAP("padron"),
                           TEST_CHILD_HEADER "1;99000001;9900000001;Vela;;Ana;2025-05-27;F;;;\n"),
              "midis");
    test_import_counts(0, 0, 1, 0);
    test_must(test_load_as(&test_innova, TEST_CHILD_MAP("ngo"),
                           TEST_CHILD_HEADER "1;;9900000001;Vela;;Ana;2025-05-27;F;;;\n"),
              "innova");
    test_import_counts(0, 0, 1, 0);
    ck_assert_str_eq(test_loaded.findings, "");
}
END_TEST

START_TEST(where_this_origin_wrote_none_the_shown_holder_is_taken_with_a_warning)
{
    (void)test_put(&test_midis, "visits", "child", "cnv=9900000001", "surname_1=Vela",
                   "given_names=Ana", "birth_date=2025-05-27", "sex=f", "ubigeo=160101",
                   "state=active", NULL);
    (void)test_put(&test_innova, "visits", "child", "dni=99000001", "cnv=9900000001",
                   "surname_1=Vela", "given_names=Ana", "birth_date=2025-05-27", "sex=f",
                   "ubigeo=160101", "state=active", NULL);
    test_node_exchange(&test_midis, &test_innova);
    TEST_LOAD(TEST_CHILD_HEADER "1;99000002;9900000001;Vela;;Ana;2025-05-27;F;;;\n");
    test_import_counts(0, 1, 0, 0);
    ck_assert_str_eq(test_loaded.findings, "!2 - several_holders/");
    ck_assert_uint_eq(test_loaded.counts.warnings, 1);
}
END_TEST

/* --- deleted --- */

/* As a person does; she has seen all that is here. */
static void delete_child(const struct record_key *key)
{
    char id[AYNI_RECORD_TEXT_SIZE];
    struct edit_request request = { .id = id, .steward = "maria", .reason = "twice" };
    struct edit_result result;

    ayni_record_text(&key->record, id);
    test_must(edit_delete(&test_midis.records, &request, &result, &test_load_complaint), "delete");
}

START_TEST(what_was_deleted_stays_so_until_the_file_says_something_new)
{
    struct record_key child;

    TEST_LOAD(TEST_ANA);
    child = test_key_of(&test_midis, "child", "dni", "99000001");
    delete_child(&child);
    TEST_LOAD(TEST_ANA);
    test_import_counts(0, 0, 1, 0);
    ck_assert_uint_eq(test_import_written(&test_midis), 6);
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    TEST_LOAD(TEST_CHILD_HEADER "1;99000001;;Vila;Ríos;Ana;2025-05-27;F;99000100;Ríos;Rosa\n");
    test_import_counts(0, 1, 0, 0);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
}
END_TEST

static bool deletion_is_contested(const struct record_key *key)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };

    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(reader_fold(reader, key, &state), "fold");
    ck_assert(!record_state_gone(&state) || !state.folded.delete_contested);
    return state.folded.delete_contested;
}

/* A person's edit of such a record decides that it stays; a file decides nothing between people. */
START_TEST(a_contested_deletion_is_left_to_a_steward)
{
    struct record_key child;

    TEST_LOAD(TEST_ANA);
    test_node_exchange(&test_midis, &test_innova);
    child = test_key_of(&test_midis, "child", "dni", "99000001");
    test_set(&test_innova, &child, "given_names=Anita", NULL);
    delete_child(&child);
    test_node_exchange(&test_midis, &test_innova);
    ck_assert(deletion_is_contested(&child));
    TEST_LOAD(TEST_ANA);
    test_import_counts(0, 0, 1, 0);
    TEST_LOAD(TEST_CHILD_HEADER "1;99000001;;Vila;Ríos;Ana;2025-05-27;F;99000100;Ríos;Rosa\n");
    test_import_counts(0, 1, 0, 0);
    ck_assert(deletion_is_contested(&child));
    delete_child(&child); /* she has seen all of it */
    ck_assert(!deletion_is_contested(&child));
    TEST_LOAD(TEST_CHILD_HEADER "1;99000001;;Vila;Ríos;Ana;2025-05-27;F;99000100;Ríos;Rosa\n");
    test_import_counts(0, 0, 1, 0);
    ck_assert(!deletion_is_contested(&child));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("import");
    TCase *rows = tcase_create("rows");

    tcase_add_checked_fixture(rows, test_two_open, test_two_close);
    tcase_add_test(rows, a_row_makes_a_child_the_mother_their_numbers_and_the_link);
    tcase_add_test(rows, without_a_mother_there_is_none);
    tcase_add_test(rows, a_dry_run_says_the_same_and_writes_nothing);
    tcase_add_test(rows, the_same_again_writes_nothing);
    tcase_add_test(rows, what_a_person_corrected_stays_so);
    tcase_add_test(rows, what_a_person_set_first_is_not_replaced);
    tcase_add_test(rows, the_same_origin_replaces_its_own_value);
    tcase_add_test(rows, another_origin_replaces_nothing);
    tcase_add_test(rows, an_empty_cell_says_nothing);
    tcase_add_test(rows, what_is_for_new_records_leaves_old_ones);
    tcase_add_test(rows, a_child_is_found_by_a_number_it_had_before);
    tcase_add_test(rows, a_later_row_finds_the_child_of_an_earlier_one);
    tcase_add_test(rows, of_two_holders_the_one_that_this_origin_wrote);
    tcase_add_test(rows, where_this_origin_wrote_none_the_shown_holder_is_taken_with_a_warning);
    tcase_add_test(rows, what_was_deleted_stays_so_until_the_file_says_something_new);
    tcase_add_test(rows, a_contested_deletion_is_left_to_a_steward);
    suite_add_tcase(suite, rows);
    return test_run(suite);
}
