#include "cli/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/folder.h"
#include "tests/support/suite.h"

static struct test_folder folder;
static char path[300];
static struct failure failure;

static void setup(void)
{
    test_folder_make(&folder);
    test_folder_path(&folder, "file.csv", path, sizeof(path));
    failure = (struct failure){ 0 };
}

static void teardown(void)
{
    test_folder_remove(&folder);
}

static struct csv_file *open_text(const void *text, size_t size)
{
    struct csv_file *file;

    test_folder_write(&folder, "file.csv", text, size);
    ck_assert_int_eq(csv_file_open(path, (struct csv_form){ 0 }, &file, &failure), AYNI_OK);
    return file;
}

/* Rows as one text: "line:cell|cell|cell/", to compare with what is expected. */
static void tell(struct csv_file *file, char *to, size_t size)
{
    struct csv_row row;
    size_t used = 0;

    to[0] = '\0';
    while (csv_file_next(file, &row, &failure) == AYNI_OK) {
        used += (size_t)snprintf(to + used, size - used, "%d:", (int)row.line);
        for (size_t i = 0; i < row.count; i++)
            used += (size_t)snprintf(to + used, size - used, "%s%.*s", i > 0 ? "|" : "",
                                     (int)row.cells[i].size, (const char *)row.cells[i].data);
        used += (size_t)snprintf(to + used, size - used, "/");
    }
}

static const struct {
    const char *text, *rows;
    char delimiter;
} files[] = {
    { "a,b\n1,2\n", "1:a|b/2:1|2/", ',' },
    { "a;b\n1;2,5\n", "1:a|b/2:1|2,5/", ';' },
    { "a\tb\n1\t\n", "1:a|b/2:1|/", '\t' },
    { "a|b\n1|2\n", "1:a|b/2:1|2/", '|' },
    { "alone\n1\n", "1:alone/2:1/", ',' },
    { "\xEF\xBB\xBF"
      "a,b\n1,2\n",
      "1:a|b/2:1|2/", ',' },
    { "a,b\r\n1,2\r\n3,4", "1:a|b/2:1|2/3:3|4/", ',' },
    { "a,b\r1,2\r", "1:a|b/2:1|2/", ',' },
    { "a,b\n\n \n,\n1,2\n", "1:a|b/5:1|2/", ',' },
    { "a,b\n\"1\n1\",2\n3,4\n", "1:a|b/2:1\n1|2/4:3|4/", ',' },
    { "a,b\n\"1\r\n1\",2\r\n3,4\r\n", "1:a|b/2:1\r\n1|2/4:3|4/", ',' },
    { "\"a;x\",\"b;y;z\",c\n1,\"say \"\"hi\"\"\",3\n", "1:a;x|b;y;z|c/2:1|say \"hi\"|3/", ',' },
    { "a,b\nMu\xF1oz,Jos\xE9\n", "1:a|b/2:Muñoz|José/", ',' },
    { "a,b\nMuñoz,\x80 \x93quoted\x94\n", "1:a|b/2:Muñoz|€ “quoted”/", ',' },
    { "a,b\n1\n1,2,3\n", "1:a|b/2:1/3:1|2|3/", ',' },
    /* Rows that were exported as JSON: each name is a column, in the order in which they come. */
    { "{\"a\":\"x\"}\n", "0:a/1:x/", ',' },
    { "{\"a\":1,\"b\":10.50}\n{\"c\":true,\"a\":-7}", "0:a|b|c/1:1|10.5|/2:'-7||true/", ',' },
    { "\xEF\xBB\xBF {\"a\":[\"essalud\",\"sis\"],\"b\":null}\r\n", "0:a|b/1:essalud,sis|/", ',' },
    { "{\"a\":\"1\\n\\\"1\\\", 2\",\"b\":\"Mu\\u00f1oz\"}\n{\"b\":\"=1\",\"a\":\"'=1\"}\n",
      "0:a|b/1:1\n\"1\", 2|Muñoz/2:''=1|'=1/", ',' },
};

static const struct {
    const char *text, *words;
} no_rows[] = {
    { "{\"a\":1}\n[2]\n", "line 2 is no JSON object" },
    { "{\"a\":1}\n\n{\"a\":", "line 3 is no JSON object" },
    { "{\"a\":1,\"a\":2}\n", "line 1 is no JSON object" },
    { "{\n\"a\":1}\n", "line 1 is no JSON object" },
    { "{\"a\":1}\n{\"a\":{\"b\":1}}\n", "line 2 has an object inside of an object" },
    { "{\"a\":[[1]]}\n", "line 1 has an object inside of an object" },
};

START_TEST(json_that_is_no_row_is_told_by_its_line)
{
    struct csv_file *file;

    test_folder_write(&folder, "file.csv", no_rows[_i].text, strlen(no_rows[_i].text));
    ck_assert_int_eq(csv_file_open(path, (struct csv_form){ 0 }, &file, &failure), AYNI_E_INVALID);
    ck_assert_str_eq(failure.text, no_rows[_i].words);
}
END_TEST

START_TEST(files_of_the_field_are_read)
{
    char told[512];
    struct csv_file *file = open_text(files[_i].text, strlen(files[_i].text));

    ck_assert_int_eq(csv_file_delimiter(file), files[_i].delimiter);
    tell(file, told, sizeof(told));
    ck_assert_str_eq(told, files[_i].rows);
    ck_assert_int_eq(csv_file_rewind(file, &failure), AYNI_OK);
    tell(file, told, sizeof(told));
    ck_assert_str_eq(told, files[_i].rows);
    csv_file_close(file);
}
END_TEST

/* Each would be found to be something else. */
static const struct {
    const char *text;
    struct csv_form form;
    const char *rows;
} declared[] = {
    /* Latin-1 whose bytes happen to be UTF-8, too. */
    { "a,b\nA\xC3\xB1o,\xC2\xBF\n", { .encoding = CSV_LATIN_1 }, "1:a|b/2:AÃ±o|Â¿/" },
    { "a,b\nA\xC3\xB1o,\xC2\xBF\n", { .encoding = CSV_UTF_8 }, "1:a|b/2:Año|¿/" },
    /* The other character stands more often in the header. */
    { "a,b,c;d\n1,2;3\n", { .delimiter = ';' }, "1:a,b,c|d/2:1,2|3/" },
    { "a;b;c,d\n1;2,3\n", { .delimiter = ',' }, "1:a;b;c|d/2:1;2|3/" },
    { "a:b\n1,5:2\n", { .delimiter = ':' }, "1:a|b/2:1,5|2/" },
    { "\xEF\xBB\xBF"
      "a;b\nMu\xF1oz;2\n",
      { .encoding = CSV_LATIN_1, .delimiter = ';' },
      "1:a|b/2:Muñoz|2/" },
};

START_TEST(what_is_declared_goes_before_what_is_found)
{
    char told[512];
    struct csv_file *file;

    test_folder_write(&folder, "file.csv", declared[_i].text, strlen(declared[_i].text));
    ck_assert_int_eq(csv_file_open(path, declared[_i].form, &file, &failure), AYNI_OK);
    for (int round = 0; round < 2; round++) {
        tell(file, told, sizeof(told));
        ck_assert_str_eq(told, declared[_i].rows);
        ck_assert_int_eq(csv_file_rewind(file, &failure), AYNI_OK);
    }
    csv_file_close(file);
}
END_TEST

START_TEST(a_cell_that_is_not_the_utf_8_it_should_be_is_told_by_its_line)
{
    static const char text[] = "a,b\n1,2\nMu\xF1oz,2\n";
    struct csv_form form = { .encoding = CSV_UTF_8 };
    struct csv_file *file;
    struct csv_row row;

    test_folder_write(&folder, "file.csv", text, sizeof(text) - 1);
    ck_assert_int_eq(csv_file_open(path, form, &file, &failure), AYNI_OK);
    ck_assert_int_eq(csv_file_next(file, &row, &failure), AYNI_OK);
    ck_assert_int_eq(csv_file_next(file, &row, &failure), AYNI_OK);
    ck_assert_int_eq(csv_file_next(file, &row, &failure), AYNI_E_INVALID);
    ck_assert_ptr_nonnull(strstr(failure.text, "3"));
    csv_file_close(file);
}
END_TEST

START_TEST(a_file_that_is_not_there_is_told)
{
    struct csv_file *file;

    ck_assert_int_eq(csv_file_open("/nonexistent/x.csv", (struct csv_form){ 0 }, &file, &failure),
                     AYNI_E_USAGE);
    ck_assert_ptr_nonnull(strstr(failure.text, "/nonexistent/x.csv"));
    ck_assert_int_eq(csv_file_open(folder.path, (struct csv_form){ 0 }, &file, &failure),
                     AYNI_E_USAGE);
}
END_TEST

START_TEST(utf_16_is_refused)
{
    static const char text[] = "\xFF\xFE"
                               "a\0,\0";
    struct csv_file *file;

    test_folder_write(&folder, "file.csv", text, sizeof(text) - 1);
    ck_assert_int_eq(csv_file_open(path, (struct csv_form){ 0 }, &file, &failure), AYNI_E_INVALID);
    ck_assert_str_ne(failure.hint, "");
}
END_TEST

/* The last quote is never closed: the line where it began is told. */
START_TEST(a_cell_without_end_is_told_by_its_line)
{
    static const char text[] = "a,b\n1,2\n3,\"open\n5,6\n";
    struct csv_file *file = open_text(text, sizeof(text) - 1);
    struct csv_row row;

    ck_assert_int_eq(csv_file_next(file, &row, &failure), AYNI_OK);
    ck_assert_int_eq(csv_file_next(file, &row, &failure), AYNI_OK);
    ck_assert_int_eq(csv_file_next(file, &row, &failure), AYNI_E_INVALID);
    ck_assert_ptr_nonnull(strstr(failure.text, "3"));
    csv_file_close(file);
}
END_TEST

/* A quote at the start of a large file must not swallow it all into memory. */
START_TEST(a_row_has_a_maximum)
{
    enum { SIZE = 3 * 1024 * 1024 };
    char *text = malloc(SIZE);
    struct csv_row row;

    ck_assert_ptr_nonnull(text);
    memset(text, 'x', SIZE);
    memcpy(text, "a,b\n\"", 5);
    struct csv_file *file = open_text(text, SIZE);
    free(text);
    ck_assert_int_eq(csv_file_next(file, &row, &failure), AYNI_OK);
    ck_assert_int_eq(csv_file_next(file, &row, &failure), AYNI_E_INVALID);
    csv_file_close(file);
}
END_TEST

static const struct {
    const char *cell, *written;
} cells[] = {
    { "plain", "plain" },   { "", "" },
    { "a,b", "\"a,b\"" },   { "say \"hi\"", "\"say \"\"hi\"\"\"" },
    { "a\nb", "\"a\nb\"" }, { " pad", "\" pad\"" },
    { "a;b", "a;b" },       { "\ttab", "\"\ttab\"" },
};

START_TEST(cells_are_quoted_where_they_must_be)
{
    char written[64] = "";
    FILE *to = fmemopen(written, sizeof(written), "w");

    csv_put_cell(to, ayni_bytes_of_text(cells[_i].cell), ',');
    fclose(to);
    ck_assert_str_eq(written, cells[_i].written);
}
END_TEST

/* --- cells that are no formulas --- */

static const struct {
    const char *text;
    bool guarded;
} guards[] = {
    { "", false },    { "Vela", false }, { "=1", true }, { "+51", true }, { "-3", true },
    { "@a", true },   { "'a", false },   { "'", false }, { "'=1", true }, { "''=1", true },
    { "a=1", false }, { "''", false },   { "=", true },
};

START_TEST(a_guard_can_be_taken_away_again)
{
    struct ayni_bytes text = ayni_bytes_of_text(guards[_i].text);
    char guarded[16];

    ck_assert(csv_needs_guard(text) == guards[_i].guarded);
    snprintf(guarded, sizeof(guarded), "%s%s", guards[_i].guarded ? "'" : "", guards[_i].text);
    ck_assert(ayni_bytes_equal(csv_unguarded(ayni_bytes_of_text(guarded)), text));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cli_csv");
    TCase *csv = tcase_create("csv");

    tcase_add_checked_fixture(csv, setup, teardown);
    tcase_add_loop_test(csv, files_of_the_field_are_read, 0, sizeof(files) / sizeof(files[0]));
    tcase_add_loop_test(csv, what_is_declared_goes_before_what_is_found, 0,
                        sizeof(declared) / sizeof(declared[0]));
    tcase_add_test(csv, a_cell_that_is_not_the_utf_8_it_should_be_is_told_by_its_line);
    tcase_add_test(csv, a_file_that_is_not_there_is_told);
    tcase_add_loop_test(csv, json_that_is_no_row_is_told_by_its_line, 0,
                        sizeof(no_rows) / sizeof(no_rows[0]));
    tcase_add_test(csv, utf_16_is_refused);
    tcase_add_test(csv, a_cell_without_end_is_told_by_its_line);
    tcase_add_test(csv, a_row_has_a_maximum);
    tcase_add_loop_test(csv, a_guard_can_be_taken_away_again, 0,
                        sizeof(guards) / sizeof(guards[0]));
    tcase_add_loop_test(csv, cells_are_quoted_where_they_must_be, 0,
                        sizeof(cells) / sizeof(cells[0]));
    suite_add_tcase(suite, csv);
    return test_run(suite);
}
