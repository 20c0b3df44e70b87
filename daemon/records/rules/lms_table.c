#include "daemon/records/rules/lms_table.h"

#include <stdlib.h>
#include <string.h>

#include "proto/decimal.h"

enum { LMS_SCALE = 5, CELLS_MAX = 16, AT_MAX = 100000 };
static const double lms_unit = 100000;

enum lms_cell { CELL_SEX, CELL_DAYS, CELL_LENGTH, CELL_HEIGHT, CELL_L, CELL_M, CELL_S, CELL_KINDS };

static const char *const cell_names[CELL_KINDS] = {
    "sex", "age_days", "length_cm", "height_cm", "l", "m", "s",
};

/* A text that is being read. */
struct reading {
    struct ayni_bytes rest;
    size_t line;
    int columns[CELL_KINDS]; /* which column it is; -1: there is none */
    enum lms_cell key;       /* of CELL_DAYS, CELL_LENGTH, CELL_HEIGHT the one there is */
    uint32_t key_scale;
};

struct row {
    int64_t sex, at;
    struct lms lms;
};

/* What stands before the next `end`, and `from` goes behind it. */
static struct ayni_bytes cut(struct ayni_bytes *from, uint8_t end)
{
    const uint8_t *found = from->size == 0 ? NULL : memchr(from->data, end, from->size);
    size_t size = found == NULL ? from->size : (size_t)(found - from->data);
    struct ayni_bytes piece = { from->data, size };

    size += found != NULL;
    from->data += size;
    from->size -= size;
    return piece;
}

static size_t split(struct ayni_bytes line, struct ayni_bytes cells[CELLS_MAX])
{
    size_t count = 0;

    do
        cells[count++] = cut(&line, ',');
    while (line.size > 0 && count < CELLS_MAX);
    return line.size > 0 ? 0 : count;
}

static enum ayni_status read_header(struct reading *reading)
{
    struct ayni_bytes cells[CELLS_MAX];
    size_t count = split(cut(&reading->rest, '\n'), cells);
    unsigned keys = 0;

    reading->line = 1;
    for (int kind = 0; kind < CELL_KINDS; kind++) {
        reading->columns[kind] = -1;
        for (size_t i = 0; i < count; i++)
            if (ayni_bytes_equal(cells[i], ayni_bytes_of_text(cell_names[kind])))
                reading->columns[kind] = (int)i;
        if (reading->columns[kind] < 0)
            continue;
        if (kind >= CELL_DAYS && kind <= CELL_HEIGHT) {
            reading->key = (enum lms_cell)kind;
            keys++;
        }
    }
    reading->key_scale = reading->key == CELL_DAYS ? 0 : 1;
    return keys == 1 && reading->columns[CELL_SEX] >= 0 && reading->columns[CELL_L] >= 0 &&
                   reading->columns[CELL_M] >= 0 && reading->columns[CELL_S] >= 0
               ? AYNI_OK
               : AYNI_E_INVALID;
}

static bool read_cell(const struct reading *reading, const struct ayni_bytes *cells, size_t count,
                      enum lms_cell kind, uint32_t scale, int64_t *value)
{
    size_t at = (size_t)reading->columns[kind];

    return at < count && ayni_decimal_parse(cells[at], scale, value) == AYNI_OK;
}

static enum ayni_status read_row(struct reading *reading, struct row *row)
{
    struct ayni_bytes cells[CELLS_MAX];
    size_t count = split(cut(&reading->rest, '\n'), cells);
    int64_t l, m, s;

    reading->line++;
    if (!read_cell(reading, cells, count, CELL_SEX, 0, &row->sex) ||
        !read_cell(reading, cells, count, reading->key, reading->key_scale, &row->at) ||
        !read_cell(reading, cells, count, CELL_L, LMS_SCALE, &l) ||
        !read_cell(reading, cells, count, CELL_M, LMS_SCALE, &m) ||
        !read_cell(reading, cells, count, CELL_S, LMS_SCALE, &s) || row->sex < 1 || row->sex > 2 ||
        row->at < 0 || row->at > AT_MAX || m <= 0 || s <= 0)
        return AYNI_E_INVALID;
    row->lms = (struct lms){ (double)l / lms_unit, (double)m / lms_unit, (double)s / lms_unit };
    return AYNI_OK;
}

/* Rows come in order, each once and none left out. */
static enum ayni_status add_row(struct lms_column *column, const struct row *row)
{
    if (column->rows == NULL) {
        column->rows = calloc(LMS_ROWS_MAX, sizeof(*column->rows));
        column->first = row->at;
    }
    if (column->rows == NULL)
        return AYNI_E_MEMORY;
    if (column->count == LMS_ROWS_MAX)
        return AYNI_E_LIMIT;
    if (row->at != column->first + (int64_t)column->count)
        return AYNI_E_INVALID;
    column->rows[column->count++] = row->lms;
    return AYNI_OK;
}

enum ayni_status lms_table_read(struct ayni_bytes text, struct lms_table *table, size_t *line)
{
    struct reading reading = { .rest = text };
    enum ayni_status status = read_header(&reading);
    struct row row;

    *table = (struct lms_table){ 0 };
    while (status == AYNI_OK && reading.rest.size > 0) {
        status = read_row(&reading, &row);
        if (status == AYNI_OK)
            status = add_row(row.sex == 1 ? &table->male : &table->female, &row);
    }
    if (status == AYNI_OK && (table->male.count == 0 || table->female.count == 0))
        status = AYNI_E_INVALID;
    if (line != NULL)
        *line = reading.line;
    return status;
}

const struct lms *lms_table_at(const struct lms_table *table, bool male, int64_t at)
{
    const struct lms_column *column = male ? &table->male : &table->female;

    return at < column->first || at - column->first >= (int64_t)column->count
               ? NULL
               : &column->rows[at - column->first];
}

void lms_table_free(struct lms_table *table)
{
    free(table->female.rows);
    free(table->male.rows);
    *table = (struct lms_table){ 0 };
}
