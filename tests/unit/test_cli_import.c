#include "cli/rejects.h"
#include "cli/upload.h"

#include "tests/support/folder.h"
#include "tests/support/suite.h"

static struct test_folder folder;
static char path[300];
static struct failure failure;

static void setup(void)
{
    test_folder_make(&folder);
    test_folder_path(&folder, "source.csv", path, sizeof(path));
    failure = (struct failure){ 0 };
}

static void teardown(void)
{
    test_folder_remove(&folder);
}

static void write_source(const char *text)
{
    test_folder_write(&folder, "source.csv", text, strlen(text));
}

/* The rows of a data frame, told as "line:cell|cell/"; false at the end of the data. */
static bool tell_frame(const struct ayni_buffer *frame, char *to, size_t size)
{
    struct ayni_bytes body = { frame->data + AYNI_CONTROL_HEADER_SIZE,
                               frame->size - AYNI_CONTROL_HEADER_SIZE };
    struct ayni_control_value rows, row, cell;
    size_t used = strlen(to);

    if (ayni_control_data_decode(body, &rows) == AYNI_E_NOT_FOUND)
        return false;
    ck_assert_int_eq(rows.kind, AYNI_CONTROL_ARRAY);
    struct ayni_control_cursor all = ayni_control_cursor(&rows);
    while (ayni_control_next(&all, NULL, &row)) {
        struct ayni_control_cursor cells = ayni_control_cursor(&row);
        ck_assert(ayni_control_next(&cells, NULL, &cell));
        used += (size_t)snprintf(to + used, size - used, "%d:", (int)cell.integer);
        while (ayni_control_next(&cells, NULL, &cell))
            used += (size_t)snprintf(to + used, size - used, "%.*s|", (int)cell.bytes.size,
                                     (const char *)cell.bytes.data);
        used += (size_t)snprintf(to + used, size - used, "/");
    }
    return true;
}

static void tell_all(struct upload *upload, char *to, size_t size)
{
    SCOPED_BUFFER frame = { 0 };

    to[0] = '\0';
    do {
        ck_assert_int_eq(upload_next(upload, &frame, &failure), AYNI_OK);
        ck_assert_int_eq(ayni_control_frame_finish(&frame), AYNI_OK);
    } while (tell_frame(&frame, to, size));
}

START_TEST(rows_go_out_with_their_lines)
{
    SCOPED_UPLOAD upload;
    char told[256];

    write_source("a;b\n1;2\n\n3;\n");
    ck_assert_int_eq(upload_open(path, (struct csv_form){ 0 }, &upload, &failure), AYNI_OK);
    ck_assert_uint_eq(upload.header_count, 2);
    ck_assert_uint_eq(upload.row_count, 2);
    ck_assert_str_eq(upload.name, "source.csv");
    tell_all(&upload, told, sizeof(told));
    ck_assert_str_eq(told, "2:1|2|/4:3||/");
}
END_TEST

/* A rejects file that was mended comes back without what was added to it. */
START_TEST(the_columns_of_a_rejects_file_stay_here)
{
    SCOPED_UPLOAD upload;
    char told[256];

    write_source("a,b,line,column,reason,message\n1,2,17,b,wrong,is wrong\n");
    ck_assert_int_eq(upload_open(path, (struct csv_form){ 0 }, &upload, &failure), AYNI_OK);
    ck_assert_uint_eq(upload.header_count, 2);
    tell_all(&upload, told, sizeof(told));
    ck_assert_str_eq(told, "2:1|2|/");
}
END_TEST

START_TEST(many_rows_go_in_many_frames)
{
    enum { ROWS = 5000 };
    static char text[ROWS * 8 + 8], told[ROWS * 16];
    size_t size = (size_t)sprintf(text, "n\n"), count = 0;
    SCOPED_UPLOAD upload;

    for (int i = 0; i < ROWS; i++)
        size += (size_t)sprintf(text + size, "%d\n", i);
    test_folder_write(&folder, "source.csv", text, size);
    ck_assert_int_eq(upload_open(path, (struct csv_form){ 0 }, &upload, &failure), AYNI_OK);
    ck_assert_uint_eq(upload.row_count, ROWS);
    tell_all(&upload, told, sizeof(told));
    for (const char *c = told; *c != '\0'; c++)
        count += *c == '/';
    ck_assert_uint_eq(count, ROWS);
}
END_TEST

START_TEST(a_file_that_ends_badly_is_refused_before_anything_is_sent)
{
    struct upload upload;

    write_source("a,b\n1,2\n3,\"open\n");
    ck_assert_int_eq(upload_open(path, (struct csv_form){ 0 }, &upload, &failure), AYNI_E_INVALID);
    upload_close(&upload);
    write_source("");
    ck_assert_int_eq(upload_open(path, (struct csv_form){ 0 }, &upload, &failure), AYNI_E_INVALID);
    upload_close(&upload);
}
END_TEST

static void reject(struct rejects *rejects, int64_t line, const char *column, const char *code,
                   const char *text, const char *arg, bool warning)
{
    SCOPED_BUFFER encoded = { 0 };
    struct ayni_control_writer writer = ayni_control_writer(&encoded);
    struct ayni_control_value item;

    ayni_control_open_array(&writer, NULL);
    ayni_control_put_int(&writer, NULL, line);
    if (column != NULL)
        ayni_control_put_text(&writer, NULL, column);
    else
        ayni_control_put_null(&writer, NULL);
    ayni_control_put_text(&writer, NULL, code);
    ayni_control_put_text(&writer, NULL, text);
    ayni_control_open_array(&writer, NULL);
    ayni_control_put_text(&writer, NULL, arg);
    ayni_control_close(&writer);
    ayni_control_put_bool(&writer, NULL, warning);
    ayni_control_close(&writer);
    ck_assert_int_eq(ayni_control_value_decode(ayni_buffer_bytes(&encoded), &item), AYNI_OK);
    ck_assert_int_eq(rejects_take(rejects, &item, &failure), AYNI_OK);
}

START_TEST(rejected_rows_are_written_with_line_column_and_reason)
{
    SCOPED_REJECTS rejects = { 0 };
    struct csv_file *source;
    char written[512] = "";

    write_source("a;b\n1;2\n3;\"x;y\"\n5;6\n7\n");
    ck_assert_int_eq(csv_file_open(path, (struct csv_form){ 0 }, &source, &failure), AYNI_OK);
    reject(&rejects, 5, NULL, "invalid", "the row {}", "is short", false);
    reject(&rejects, 3, "b", "bad_number", "{} is no number", "x;y", false);
    reject(&rejects, 3, "a", "invalid", "odd", "", false);
    reject(&rejects, 2, "a", "doubtful", "a warning", "", true);
    FILE *to = fmemopen(written, sizeof(written), "w");
    ck_assert_int_eq(rejects_write(&rejects, source, 2, to, &failure), AYNI_OK);
    fclose(to);
    csv_file_close(source);
    ck_assert_str_eq(written, "a;b;line;column;reason;message\n"
                              "3;\"x;y\";3;\"b; a\";\"bad_number; invalid\";"
                              "\"x;y is no number; odd\"\n"
                              "7;;5;;invalid;the row is short\n");
}
END_TEST

START_TEST(without_rejects_there_is_a_header)
{
    SCOPED_REJECTS rejects = { 0 };
    struct csv_file *source;
    char written[64] = "";

    write_source("a,b\n1,2\n");
    ck_assert_int_eq(csv_file_open(path, (struct csv_form){ 0 }, &source, &failure), AYNI_OK);
    FILE *to = fmemopen(written, sizeof(written), "w");
    ck_assert_int_eq(rejects_write(&rejects, source, 2, to, &failure), AYNI_OK);
    fclose(to);
    csv_file_close(source);
    ck_assert_str_eq(written, "a,b,line,column,reason,message\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cli_import");
    TCase *import = tcase_create("import");

    tcase_add_checked_fixture(import, setup, teardown);
    tcase_add_test(import, rows_go_out_with_their_lines);
    tcase_add_test(import, the_columns_of_a_rejects_file_stay_here);
    tcase_add_test(import, many_rows_go_in_many_frames);
    tcase_add_test(import, a_file_that_ends_badly_is_refused_before_anything_is_sent);
    tcase_add_test(import, rejected_rows_are_written_with_line_column_and_reason);
    tcase_add_test(import, without_rejects_there_is_a_header);
    suite_add_tcase(suite, import);
    return test_run(suite);
}
