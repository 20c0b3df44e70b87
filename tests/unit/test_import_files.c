/* What is of the file and its map: the day of a row, columns that are fields, many rows. */
#include "daemon/records/import/import.h"

#include <stdio.h>

#include "tests/support/import_child.h"
#include "tests/support/node_pair.h"

/* --- the day of the row --- */

#define DATED_MAP                                                                                  \
    "{\"name\":\"m\",\"origin\":\"padron\",\"dates\":\"DD/MM/"                                     \
    "YYYY\",\"source_day\":\"day\",\"records\":["                                                  \
    "{\"name\":\"child\",\"type\":\"child\",\"identifiers\":{\"dni\":\"dni\"},\"fields\":{"        \
    "\"surname_1\":\"surname\",\"given_names\":\"surname\",\"birth_date\":\"born\","               \
    "\"sex\":{\"constant\":\"f\"},\"ubigeo\":{\"constant\":\"160101\"},"                           \
    "\"state\":{\"initial\":\"active\"}}}]}"

START_TEST(the_day_of_a_row_is_today_for_its_rules_and_goes_with_it)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct record_key child = test_key_of(&test_midis, "child", "dni", "99000002");

    test_must(test_load_as(&test_midis, DATED_MAP,
                           "dni;surname;born;day\n99000001;Vela;02/01/1991;01/01/1991\n"
                           "99000002;Vela;01/01/1991;01/01/1991\n99000003;Vela;01/01/1991;1991\n"
                           "99000004;Vela;01/01/1991;\n"),
              "import");
    ck_assert_str_eq(test_loaded.findings, "2 born date_in_future/4 day bad_date/");
    test_import_counts(2, 0, 0, 2);
    test_must(reader_begin(&test_midis.records, &reader), "reader");
    test_must(reader_fold(reader, &child, &state), "fold");
    ck_assert(state.versions[0].version.has_source_day);
    ck_assert_int_eq(state.versions[0].version.source_day, 7670);
    ck_assert(ayni_bytes_equal(state.versions[0].version.origin, TEST_BYTES("padron")));
    ck_assert(ayni_bytes_equal(state.versions[0].version.steward, TEST_BYTES("maria")));
}
END_TEST

/* --- without a map --- */

static void load_fields(const char *type, const char *text)
{
    const struct test_import how = { .type = type, .space = "visits" };

    test_must(test_import(&test_midis, &how, text, &test_loaded, &test_load_complaint), "import");
}

START_TEST(a_header_of_fields_makes_records_by_their_key)
{
    static const char rows[] = "subject;date;source;source_id;weight_g\n"
                               "dni:99000001;2025-06-01;kobo;a;5000\n"
                               "dni:99000001;2025-06-02;kobo;b;5100\n"
                               "dni:99000001;2025-06-03;kobo;a;5200\n"
                               "dni:99000001;2025-06-03;kobo;c;much\n";

    load_fields("growth", rows);
    test_import_counts(2, 0, 0, 2);
    ck_assert_str_eq(test_loaded.findings, "4 - duplicate_source_id/5 weight_g bad_number/");
    load_fields("growth", rows);
    test_import_counts(0, 0, 2, 2);
}
END_TEST

START_TEST(what_is_shown_already_is_not_stated_anew)
{
    (void)test_put_child(&test_midis, "99000001", "Vela");
    uint64_t before = test_import_written(&test_midis);
    load_fields("child", "dni;surname_1\n99000001;Vela\n");
    test_import_counts(0, 0, 1, 0);
    ck_assert_uint_eq(test_import_written(&test_midis), before);
    load_fields("child", "dni;surname_1\n99000001;Vila\n");
    test_import_counts(0, 1, 0, 0);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
}
END_TEST

START_TEST(an_id_column_says_which_record)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Vela");
    char id[AYNI_RECORD_TEXT_SIZE], text[256];

    ayni_record_text(&child.record, id);
    snprintf(text, sizeof(text), "_id;surname_2\n%s;Ríos\nabc;Ríos\n", id);
    load_fields("child", text);
    test_import_counts(0, 1, 0, 1);
    ck_assert_str_eq(test_loaded.findings, "3 _id bad_reference/");
    test_shows(&test_midis, "child", "99000001", TEST_SURNAME_2, "Ríos");
}
END_TEST

/* --- large files --- */

START_TEST(a_file_of_over_1024_rows_goes_to_the_bulk_lane)
{
    enum { ROWS = 1100 };
    struct test_import how = { .map = TEST_CHILD_MAP("padron"), .space = "visits" };
    SCOPED_BUFFER text = { 0 };
    char line[128];

    ayni_buffer_append_text(&text, TEST_CHILD_HEADER);
    for (int i = 0; i < ROWS; i++) {
        snprintf(line, sizeof(line), "%d;%d;;Vela;;Ana;2025-05-27;F;;;\n", i, 99000000 + i);
        ayni_buffer_append_text(&text, line);
    }
    ayni_buffer_append_byte(&text, 0);
    how.rows = _i == 0 ? ROWS : 0; /* known before, or found on the way */
    test_must(
        test_import(&test_midis, &how, (const char *)text.data, &test_loaded, &test_load_complaint),
        "import");
    test_import_counts(ROWS, 0, 0, 0);
    uint64_t bulk = test_entries(&test_midis, "visits", AYNI_LANE_BULK);
    ck_assert_uint_eq(bulk + test_import_written(&test_midis), 2 * ROWS);
    ck_assert_uint_eq(bulk, _i == 0 ? 2 * ROWS : 200);
    test_must(
        test_import(&test_midis, &how, (const char *)text.data, &test_loaded, &test_load_complaint),
        "again");
    test_import_counts(0, 0, ROWS, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("import_files");
    TCase *files = tcase_create("files");

    tcase_add_checked_fixture(files, test_two_open, test_two_close);
    tcase_add_test(files, the_day_of_a_row_is_today_for_its_rules_and_goes_with_it);
    tcase_add_test(files, a_header_of_fields_makes_records_by_their_key);
    tcase_add_test(files, what_is_shown_already_is_not_stated_anew);
    tcase_add_test(files, an_id_column_says_which_record);
    tcase_add_loop_test(files, a_file_of_over_1024_rows_goes_to_the_bulk_lane, 0, 2);
    suite_add_tcase(suite, files);
    return test_run(suite);
}
