#include "cli/xlsx.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "cli/language.h"
#include "cli/value.h"
#include "proto/instant.h"

enum { ROWS_MAX = 1048576, CELL_CHARACTERS_MAX = 32767 };
#define DAY_MIN (-25508) /* 1900-03-01: before it Excel counts a day that there was not */
#define EXACT_MAX (INT64_C(1) << 53) /* Excel counts in floating point */

struct xlsx_file {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *day;
    char *path;
    lxw_row_t rows;
    struct ayni_buffer text; /* of one cell */
};

static void free_file(struct xlsx_file *file)
{
    ayni_buffer_free(&file->text);
    free(file->path);
    free(file);
}

enum ayni_status xlsx_open(const char *path, struct xlsx_file **file, struct failure *failure)
{
    lxw_workbook_options options = { .constant_memory = LXW_TRUE };
    struct xlsx_file *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return fail_memory(failure);
    made->path = strdup(path);
    made->book = made->path == NULL ? NULL : workbook_new_opt(made->path, &options);
    if (made->book != NULL) {
        made->sheet = workbook_add_worksheet(made->book, NULL);
        made->day = workbook_add_format(made->book);
    }
    if (made->sheet == NULL || made->day == NULL) {
        xlsx_abandon(made);
        return fail_memory(failure);
    }
    format_set_num_format(made->day, "yyyy-mm-dd");
    *file = made;
    return AYNI_OK;
}

static lxw_error put_day(struct xlsx_file *file, lxw_col_t column, int64_t day)
{
    lxw_datetime date = { 0 };

    ayni_day_split(day, &date.year, &date.month, &date.day);
    return worksheet_write_datetime(file->sheet, file->rows, column, &date, file->day);
}

/* As text, cut where a cell is full. */
static lxw_error put_text(struct xlsx_file *file, lxw_col_t column,
                          const struct ayni_control_value *value)
{
    ayni_buffer_clear(&file->text);
    value_text(value, &file->text);
    if (file->text.size > CELL_CHARACTERS_MAX) {
        size_t size = CELL_CHARACTERS_MAX;
        while (size > 0 && (file->text.data[size] & 0xC0) == 0x80) /* not within a character */
            size--;
        file->text.size = size;
    }
    ayni_buffer_append_byte(&file->text, 0);
    if (file->text.failed)
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    return worksheet_write_string(file->sheet, file->rows, column, (const char *)file->text.data,
                                  NULL);
}

static double decimal(const struct ayni_control_value *value)
{
    double number = (double)value->integer;

    for (unsigned i = 0; i < value->scale; i++)
        number /= 10;
    return number;
}

static lxw_error put_value(struct xlsx_file *file, lxw_col_t column,
                           const struct ayni_control_value *value)
{
    bool is_exact = value->integer > -EXACT_MAX && value->integer < EXACT_MAX;

    switch (value->kind) {
    case AYNI_CONTROL_NULL:
        return LXW_NO_ERROR;
    case AYNI_CONTROL_BOOL:
        return worksheet_write_boolean(file->sheet, file->rows, column, value->boolean, NULL);
    case AYNI_CONTROL_INT:
        if (is_exact)
            return worksheet_write_number(file->sheet, file->rows, column, (double)value->integer,
                                          NULL);
        return put_text(file, column, value);
    case AYNI_CONTROL_DECIMAL:
        if (is_exact)
            return worksheet_write_number(file->sheet, file->rows, column, decimal(value), NULL);
        return put_text(file, column, value);
    case AYNI_CONTROL_DAY:
        if (value->integer >= DAY_MIN)
            return put_day(file, column, value->integer);
        return put_text(file, column, value);
    default:
        return put_text(file, column, value);
    }
}

enum ayni_status xlsx_put_row(struct xlsx_file *file, const struct ayni_control_value *row,
                              struct failure *failure)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(row);
    struct ayni_control_value value;
    lxw_error error = LXW_NO_ERROR;

    if (file->rows == ROWS_MAX) {
        fail_hint(failure, _("export fewer with --where, or as CSV"), NULL);
        return fail(failure, AYNI_E_LIMIT, _("a sheet has no room for more than 1,048,576 rows"),
                    NULL);
    }
    for (lxw_col_t i = 0; error == LXW_NO_ERROR && ayni_control_next(&cursor, NULL, &value); i++)
        error = put_value(file, i, &value);
    file->rows++;
    if (error == LXW_NO_ERROR)
        return AYNI_OK;
    return fail(failure, AYNI_E_IO, _("{} can't be written: {}"), file->path, lxw_strerror(error),
                NULL);
}

/* The library makes the file, and children are in it: nobody else reads it. */
static lxw_error close_book(struct xlsx_file *file)
{
    mode_t mask = umask(0077);
    lxw_error error = workbook_close(file->book);

    umask(mask);
    return error;
}

enum ayni_status xlsx_close(struct xlsx_file *file, struct failure *failure)
{
    lxw_error error = close_book(file);
    enum ayni_status status = AYNI_OK;

    if (error != LXW_NO_ERROR)
        status = fail(failure, AYNI_E_USAGE, _("{} can't be written: {}"), file->path,
                      lxw_strerror(error), NULL);
    free_file(file);
    return status;
}

void xlsx_abandon(struct xlsx_file *file)
{
    if (file == NULL)
        return;
    if (file->book != NULL)
        lxw_workbook_free(file->book);
    free_file(file);
}
