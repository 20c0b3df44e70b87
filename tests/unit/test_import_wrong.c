/* Rows and files that are wrong, or contradict each other. */
#include "daemon/records/import/import.h"

#include <stdio.h>

#include "tests/support/import_child.h"
#include "tests/support/node_pair.h"

/* --- wrong rows --- */

static const struct {
    const char *row, *finding;
} wrong[] = {
    { "1;99000001;;Vela;;Ana;2025-05-27;F;99000100;Ríos", "2 - wrong_cell_count/" },
    { "1;99000001;;Vela;;Ana;2025-05-27;F;99000100;Ríos;Rosa;x", "2 - wrong_cell_count/" },
    { "1;99000001;;Vela;;Ana;27/05/2025;F;;;", "2 born bad_date/" },
    { "1;99000001;;Vela;;Ana;2199-05-27;F;;;", "2 born date_in_future/" },
    { "1;99000001;;Vela;;Ana;2025-05-27;X;;;", "2 sex unknown_code/" },
    { "1;99000001;;;;Ana;2025-05-27;F;;;", "2 surname missing/" },
    { "1;99000001;;Vela;;Ana;2025-05-27;F;99000100;;Rosa", "2 msurname missing/" },
    { "1;990000010000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      "000000;;Vela;;Ana;2025-05-27;F;;;",
      "2 dni bad_document/" },
    { "1;;;;;;;;;;", "2 surname missing/" },
};

START_TEST(a_wrong_row_writes_nothing_and_the_next_goes_on)
{
    char text[1024];

    snprintf(text, sizeof(text), TEST_CHILD_HEADER "%s\n2;99000002;;Vela;;Eva;2025-05-27;F;;;\n",
             wrong[_i].row);
    TEST_LOAD(text);
    ck_assert_str_eq(test_loaded.findings, wrong[_i].finding);
    test_import_counts(1, 0, 0, 1);
    ck_assert_uint_eq(test_import_written(&test_midis), 2);
}
END_TEST

START_TEST(an_id_counts_once_in_a_file_whatever_the_row_says)
{
    TEST_LOAD(TEST_ANA
              "1;99000002;;Vela;;Eva;2025-05-27;F;;;\n 1 ;99000001;;Vela;Ríos;Ana;2025-05-27;F;"
              "99000100;Ríos;Rosa\n");
    ck_assert_str_eq(test_loaded.findings, "3 row duplicate_source_id/4 row duplicate_source_id/");
    test_import_counts(1, 0, 0, 2);
}
END_TEST

/* Else each import would overwrite the one value with the other. */
START_TEST(of_rows_that_contradict_each_other_the_first_stands)
{
    static const char twins[] =
        TEST_ANA "2;99000002;;Vela;Ríos;Eva;2025-05-27;F;99000100;Rios;Rosa\n";

    TEST_LOAD(twins);
    test_import_counts(2, 0, 0, 0);
    ck_assert_str_eq(test_loaded.findings, "!3 - disputed_in_file/");
    test_shows(&test_midis, "person", "99000100", TEST_SURNAME_1, "Ríos");
    TEST_LOAD(twins);
    test_import_counts(0, 0, 2, 0);
}
END_TEST

START_TEST(a_second_surname_that_is_not_the_mothers_is_worth_a_warning)
{
    TEST_LOAD(TEST_CHILD_HEADER "1;99000001;;Vela;Soto;Ana;2025-05-27;F;99000100;Ríos;Rosa\n");
    test_import_counts(1, 0, 0, 0);
    ck_assert_str_eq(test_loaded.findings, "!2 second surname_2_not_mothers/");
    TEST_LOAD(TEST_CHILD_HEADER "1;99000001;;Vela;Soto;Ana;2025-05-27;F;99000100;Ríos;Rosa\n");
    ck_assert_str_eq(test_loaded.findings, "");
}
END_TEST

/* --- files that are refused whole --- */

/* A second record that is tied to the first, or to none. */
#define TIED(how)                                                                                  \
    "{\"name\":\"m\",\"origin\":\"o\",\"records\":[{\"name\":\"a\",\"type\":\"child\","            \
    "\"identifiers\":"                                                                             \
    "{\"dni\":\"dni\"}},{\"name\":\"b\",\"type\":\"child\"," how "}]}"
#define LASTS(from, to)                                                                            \
    "\"lasts\":{\"of\":\"a\",\"from\":\"" from "\",\"to\":\"" to "\",\"days\":9,\"on\":\"day\"}"

static const struct {
    const char *map, *type, *space, *text;
    enum ayni_status status;
} refused[] = {
    { NULL, "chid", "visits", "surname_1\n", AYNI_E_USAGE },
    { NULL, "child", "visits", "surname_l\n", AYNI_E_USAGE },
    { NULL, "child", "visits", "surname_1;surname_1\n", AYNI_E_INVALID },
    { NULL, "child", "open", "surname_1\n", AYNI_E_RIGHT },
    { TEST_CHILD_MAP("padron"), NULL, "open", TEST_CHILD_HEADER, AYNI_E_RIGHT },
    { TEST_CHILD_MAP("padron"), NULL, "visits", "row;dni\n", AYNI_E_INVALID },
    { TEST_CHILD_MAP("padron"), NULL, "visits", "dni;" TEST_CHILD_HEADER, AYNI_E_INVALID },
    { TEST_CHILD_MAP("padron"), "person", "visits", TEST_CHILD_HEADER, AYNI_E_USAGE },
    { "{", NULL, "visits", TEST_CHILD_HEADER, AYNI_E_INVALID },
    { TIED("\"with\":\"nobody\""), NULL, "visits", "dni;day;born\n", AYNI_E_USAGE },
    { TIED("\"with\":\"b\""), NULL, "visits", "dni;day;born\n", AYNI_E_USAGE },
    { TIED("\"existing\":true,\"identifiers\":{\"dni\":\"dni\"},\"instead_of\":\"a\""), NULL,
      "visits", "dni;day;born\n", AYNI_E_USAGE },
    { TIED(LASTS("surname_1", "birth_date")), NULL, "visits", "dni;day;born\n", AYNI_E_USAGE },
    { TIED(LASTS("birth_date", "nothing")), NULL, "visits", "dni;day;born\n", AYNI_E_USAGE },
    { TIED(LASTS("birth_date", "birth_date")), NULL, "visits", "dni;day;born\n", AYNI_E_USAGE },
    { TIED("\"fields\":{\"surname_1\":{\"column\":\"born\",\"weeks_before\":\"day\"}}"), NULL,
      "visits", "dni;day;born\n", AYNI_E_USAGE },
};

START_TEST(a_file_of_no_use_is_refused_before_the_first_row)
{
    const struct test_import how = { .map = refused[_i].map,
                                     .type = refused[_i].type,
                                     .space = refused[_i].space };

    (void)test_node_space(&test_midis, "open", AYNI_CLASS_PUBLIC);
    ck_assert_int_eq(
        test_import(&test_midis, &how, refused[_i].text, &test_loaded, &test_load_complaint),
        refused[_i].status);
    ck_assert_ptr_nonnull(test_load_complaint.text);
    ck_assert_uint_eq(test_import_written(&test_midis), 0);
}
END_TEST

START_TEST(who_may_not_write_there_imports_nothing)
{
    (void)test_node_space(&test_midis, "midis only", AYNI_CLASS_SENSITIVE);
    test_node_exchange(&test_midis, &test_innova);
    const struct test_import how = { .map = TEST_CHILD_MAP("ngo"), .space = "midis only" };
    ck_assert_int_eq(test_import(&test_innova, &how, TEST_ANA, &test_loaded, &test_load_complaint),
                     AYNI_E_RIGHT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("import_wrong");
    TCase *wrong_rows = tcase_create("wrong_rows");

    tcase_add_checked_fixture(wrong_rows, test_two_open, test_two_close);
    tcase_add_loop_test(wrong_rows, a_wrong_row_writes_nothing_and_the_next_goes_on, 0,
                        (int)(sizeof(wrong) / sizeof(wrong[0])));
    tcase_add_test(wrong_rows, an_id_counts_once_in_a_file_whatever_the_row_says);
    tcase_add_test(wrong_rows, of_rows_that_contradict_each_other_the_first_stands);
    tcase_add_test(wrong_rows, a_second_surname_that_is_not_the_mothers_is_worth_a_warning);
    tcase_add_loop_test(wrong_rows, a_file_of_no_use_is_refused_before_the_first_row, 0,
                        (int)(sizeof(refused) / sizeof(refused[0])));
    tcase_add_test(wrong_rows, who_may_not_write_there_imports_nothing);
    suite_add_tcase(suite, wrong_rows);
    return test_run(suite);
}
