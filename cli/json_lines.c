#include "cli/json_lines.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/csv.h"
#include "cli/language.h"

enum { COLUMNS_MAX = 1024, LINE_SIZE_MAX = 1024 * 1024 };

struct lines {
    FILE *from;
    char *text; /* of one line; getline() grows it */
    size_t capacity;
    uint64_t line; /* from 1 */
    char *columns[COLUMNS_MAX];
    size_t column_count;
    struct ayni_buffer cell;
};

static void lines_done(struct lines *lines)
{
    for (size_t i = 0; i < lines->column_count; i++)
        free(lines->columns[i]);
    free(lines->text);
    ayni_buffer_free(&lines->cell);
}

bool json_lines_begin(FILE *from)
{
    long at = ftell(from);
    int c = getc(from);

    while (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        c = getc(from);
    return fseek(from, at, SEEK_SET) == 0 && c == '{';
}

static enum ayni_status refuse(const struct lines *lines, const char *words,
                               struct failure *failure)
{
    char line[24];

    snprintf(line, sizeof(line), "%llu", (unsigned long long)lines->line);
    fail_hint(failure, _("one object a line, as `ayni export --format json` writes them"), NULL);
    return fail(failure, AYNI_E_INVALID, words, line, NULL);
}

/* The next object, to be given back; AYNI_E_NOT_FOUND at the end. */
static enum ayni_status next_object(struct lines *lines, json_t **object, struct failure *failure)
{
    ssize_t size;

    do {
        size = getline(&lines->text, &lines->capacity, lines->from);
        if (size < 0)
            return AYNI_E_NOT_FOUND;
        lines->line++;
    } while (strspn(lines->text, " \t\r\n") == (size_t)size);
    if (size > LINE_SIZE_MAX)
        return refuse(lines, _("line {} is too long"), failure);
    *object = json_loadb(lines->text, (size_t)size, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(*object))
        return AYNI_OK;
    json_decref(*object);
    return refuse(lines, _("line {} is no JSON object"), failure);
}

/* --- the columns --- */

static bool is_known(const struct lines *lines, const char *name)
{
    for (size_t i = 0; i < lines->column_count; i++)
        if (strcmp(lines->columns[i], name) == 0)
            return true;
    return false;
}

static enum ayni_status add_columns(struct lines *lines, json_t *object, struct failure *failure)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        if (is_known(lines, name))
            continue;
        if (lines->column_count == COLUMNS_MAX)
            return refuse(lines, _("line {} has one column too many"), failure);
        char *copy = strdup(name);
        if (copy == NULL)
            return fail_memory(failure);
        lines->columns[lines->column_count++] = copy;
    }
    return AYNI_OK;
}

/* --- the cells --- */

/* What a cell of CSV says of it; false for what no cell can say. */
static bool append_scalar(struct ayni_buffer *cell, const json_t *value)
{
    char number[32] = "";

    if (json_is_string(value)) {
        ayni_buffer_append(cell, json_string_value(value), json_string_length(value));
        return true;
    }
    if (json_is_integer(value))
        snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value)) /* digits enough for any decimal that is stored */
        snprintf(number, sizeof(number), "%.15g", json_real_value(value));
    else if (json_is_boolean(value))
        snprintf(number, sizeof(number), "%s", json_is_true(value) ? "true" : "false");
    else if (!json_is_null(value))
        return false;
    ayni_buffer_append_text(cell, number);
    return true;
}

static bool append_value(struct ayni_buffer *cell, const json_t *value)
{
    if (!json_is_array(value))
        return append_scalar(cell, value);
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (i > 0)
            ayni_buffer_append_byte(cell, ',');
        if (!append_scalar(cell, json_array_get(value, i)))
            return false;
    }
    return true;
}

static enum ayni_status put_row(struct lines *lines, const json_t *object, FILE *csv,
                                struct failure *failure)
{
    for (size_t i = 0; i < lines->column_count; i++) {
        const json_t *value = json_object_get(object, lines->columns[i]);
        ayni_buffer_clear(&lines->cell);
        if (value != NULL && !append_value(&lines->cell, value))
            return refuse(lines, _("line {} has an object inside of an object"), failure);
        if (lines->cell.failed)
            return fail_memory(failure);
        if (i > 0)
            putc(',', csv);
        if (csv_needs_guard(ayni_buffer_bytes(&lines->cell))) { /* who reads CSV takes it away */
            ayni_buffer_clear(&lines->cell);
            ayni_buffer_append_byte(&lines->cell, '\'');
            (void)append_value(&lines->cell, value);
        }
        csv_put_cell(csv, ayni_buffer_bytes(&lines->cell), ',');
    }
    putc('\n', csv);
    return AYNI_OK;
}

static void put_header(const struct lines *lines, FILE *csv)
{
    for (size_t i = 0; i < lines->column_count; i++) {
        if (i > 0)
            putc(',', csv);
        csv_put_cell(csv, ayni_bytes_of_text(lines->columns[i]), ',');
    }
    putc('\n', csv);
}

/* All objects, from where the file is: their names where `csv` is NULL, else their rows. */
static enum ayni_status go_through(struct lines *lines, FILE *csv, struct failure *failure)
{
    json_t *object;
    enum ayni_status status;

    lines->line = 0;
    while ((status = next_object(lines, &object, failure)) == AYNI_OK) {
        status = csv == NULL ? add_columns(lines, object, failure)
                             : put_row(lines, object, csv, failure);
        json_decref(object);
        if (status != AYNI_OK)
            return status;
    }
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

enum ayni_status json_lines_to_csv(FILE *from, FILE **csv, struct failure *failure)
{
    struct lines lines = { .from = from };
    long at = ftell(from);
    FILE *made = tmpfile();
    enum ayni_status status = made == NULL ? fail_memory(failure) : AYNI_OK;

    if (status == AYNI_OK)
        status = go_through(&lines, NULL, failure);
    if (status == AYNI_OK) {
        put_header(&lines, made);
        status = fseek(from, at, SEEK_SET) == 0 ? go_through(&lines, made, failure)
                                                : fail_memory(failure);
    }
    if (status == AYNI_OK && (fflush(made) != 0 || ferror(made)))
        status = fail(failure, AYNI_E_IO, _("a temporary file can't be written"), NULL);
    lines_done(&lines);
    if (status != AYNI_OK) {
        if (made != NULL)
            fclose(made);
        return status;
    }
    rewind(made);
    *csv = made;
    return AYNI_OK;
}
