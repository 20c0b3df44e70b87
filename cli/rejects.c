#include "cli/rejects.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/language.h"
#include "cli/visible.h"

enum { PRINTED_MAX = 10 };

const char *const reject_columns[REJECT_COLUMNS] = { "line", "column", "reason", "message" };

static void print_place(uint64_t line, const char *column, const char *message)
{
    char number[24];

    snprintf(number, sizeof(number), "%" PRIu64, line);
    fprintf(stderr, "  %s %s%s", _("line"), number, column[0] != '\0' ? ", " : "");
    visible_print(ayni_bytes_of_text(column), stderr);
    fputs(": ", stderr);
    visible_print(ayni_bytes_of_text(message), stderr);
    fputc('\n', stderr);
}

static void warn(struct rejects *rejects, uint64_t line, const char *column, const char *message)
{
    if (rejects->warning_count == 0)
        fprintf(stderr, "%s\n", _("warnings:"));
    if (rejects->warning_count < PRINTED_MAX)
        print_place(line, column, message);
    else if (rejects->warning_count == PRINTED_MAX)
        fprintf(stderr, "  ...\n");
    rejects->warning_count++;
}

static bool add(struct rejects *rejects, uint64_t line, const char *column, const char *reason,
                const char *message)
{
    if (rejects->count == rejects->capacity) {
        size_t capacity = rejects->capacity > 0 ? 2 * rejects->capacity : 64;
        struct reject *list = realloc(rejects->list, capacity * sizeof(*list));
        if (list == NULL)
            return false;
        rejects->list = list;
        rejects->capacity = capacity;
    }
    struct reject *reject = &rejects->list[rejects->count];
    *reject = (struct reject){ line, strdup(column), strdup(reason), strdup(message) };
    rejects->count++;
    return reject->column != NULL && reject->reason != NULL && reject->message != NULL;
}

enum ayni_status rejects_take(struct rejects *rejects, const struct ayni_control_value *item,
                              struct failure *failure)
{
    enum { LINE, COLUMN, CODE, TEXT, ARGS, WARNING, PARTS };
    struct ayni_control_value parts[PARTS];
    struct ayni_control_cursor cursor = ayni_control_cursor(item);
    char column[128] = "", reason[64] = "", english[512], message[1024];

    for (size_t i = 0; i < PARTS; i++)
        if (!ayni_control_next(&cursor, NULL, &parts[i]))
            parts[i] = (struct ayni_control_value){ .kind = AYNI_CONTROL_NULL };
    if (parts[LINE].kind != AYNI_CONTROL_INT || parts[TEXT].kind != AYNI_CONTROL_TEXT)
        return fail(failure, AYNI_E_IO, _("the daemon's answer is not understood"), NULL);
    if (parts[COLUMN].kind == AYNI_CONTROL_TEXT)
        snprintf(column, sizeof(column), "%.*s", (int)parts[COLUMN].bytes.size,
                 (const char *)parts[COLUMN].bytes.data);
    if (parts[CODE].kind == AYNI_CONTROL_TEXT)
        snprintf(reason, sizeof(reason), "%.*s", (int)parts[CODE].bytes.size,
                 (const char *)parts[CODE].bytes.data);
    snprintf(english, sizeof(english), "%.*s", (int)parts[TEXT].bytes.size,
             (const char *)parts[TEXT].bytes.data);
    fill_places(message, sizeof(message), english[0] != '\0' ? _(english) : "", &parts[ARGS]);
    if (parts[WARNING].kind == AYNI_CONTROL_BOOL && parts[WARNING].boolean) {
        warn(rejects, (uint64_t)parts[LINE].integer, column, message);
        return AYNI_OK;
    }
    return add(rejects, (uint64_t)parts[LINE].integer, column, reason, message)
               ? AYNI_OK
               : fail_memory(failure);
}

void rejects_free(struct rejects *rejects)
{
    for (size_t i = 0; i < rejects->count; i++) {
        free(rejects->list[i].column);
        free(rejects->list[i].reason);
        free(rejects->list[i].message);
    }
    free(rejects->list);
    *rejects = (struct rejects){ 0 };
}

static int by_line(const void *a, const void *b)
{
    uint64_t left = ((const struct reject *)a)->line, right = ((const struct reject *)b)->line;
    return (left > right) - (left < right);
}

static const char *column_of(const struct reject *reject)
{
    return reject->column;
}

static const char *reason_of(const struct reject *reject)
{
    return reject->reason;
}

static const char *message_of(const struct reject *reject)
{
    return reject->message;
}

/* One of the columns; what is wrong with one row twice stands with a semicolon between. */
static void put_joined(FILE *to, const struct reject *first, size_t count,
                       const char *(*part_of)(const struct reject *), char delimiter)
{
    SCOPED_BUFFER text = { 0 };

    for (size_t i = 0; i < count; i++) {
        const char *part = part_of(&first[i]);
        if (text.size > 0 && part[0] != '\0')
            ayni_buffer_append_text(&text, "; ");
        ayni_buffer_append_text(&text, part);
    }
    fputc(delimiter, to);
    csv_put_cell(to, ayni_buffer_bytes(&text), delimiter);
}

static void put_cells(FILE *to, const struct csv_row *row, size_t count, char delimiter)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fputc(delimiter, to);
        if (i < row->count)
            csv_put_cell(to, row->cells[i], delimiter);
    }
}

static void put_header(FILE *to, const struct csv_row *row, size_t count, char delimiter)
{
    put_cells(to, row, count, delimiter);
    for (size_t i = 0; i < REJECT_COLUMNS; i++)
        fprintf(to, "%c%s", delimiter, reject_columns[i]);
    fputc('\n', to);
}

static void put_reject(FILE *to, const struct csv_row *row, size_t columns,
                       const struct reject *first, size_t count, char delimiter)
{
    put_cells(to, row, columns, delimiter);
    fprintf(to, "%c%" PRIu64, delimiter, row->line);
    put_joined(to, first, count, column_of, delimiter);
    put_joined(to, first, count, reason_of, delimiter);
    put_joined(to, first, count, message_of, delimiter);
    fputc('\n', to);
}

/* How many rejects from `at` on are of one line. */
static size_t of_one_line(const struct rejects *rejects, size_t at)
{
    size_t count = 1;
    while (at + count < rejects->count && rejects->list[at + count].line == rejects->list[at].line)
        count++;
    return count;
}

enum ayni_status rejects_write(struct rejects *rejects, struct csv_file *source, size_t columns,
                               FILE *to, struct failure *failure)
{
    char delimiter = csv_file_delimiter(source);
    struct csv_row row;
    enum ayni_status status = csv_file_rewind(source, failure);

    if (rejects->count > 0)
        qsort(rejects->list, rejects->count, sizeof(*rejects->list), by_line);
    if (status == AYNI_OK)
        status = csv_file_next(source, &row, failure);
    if (status == AYNI_OK)
        put_header(to, &row, columns, delimiter);
    for (size_t at = 0; status == AYNI_OK && at < rejects->count;) {
        status = csv_file_next(source, &row, failure);
        if (status != AYNI_OK || row.line < rejects->list[at].line)
            continue;
        size_t count = of_one_line(rejects, at);
        if (row.line == rejects->list[at].line)
            put_reject(to, &row, columns, &rejects->list[at], count, delimiter);
        at += count;
    }
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

void rejects_print(const struct rejects *rejects)
{
    for (size_t i = 0; i < rejects->count && i < PRINTED_MAX; i++)
        print_place(rejects->list[i].line, rejects->list[i].column, rejects->list[i].message);
    if (rejects->count > PRINTED_MAX)
        fprintf(stderr, "  ...\n");
}
