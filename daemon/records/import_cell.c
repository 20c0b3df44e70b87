#include "daemon/records/import_cell.h"

#include <string.h>

#include "proto/instant.h"
#include "proto/text.h"

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct ayni_bytes import_cell_trim(struct ayni_bytes text)
{
    while (text.size > 0 && is_blank(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

static struct ayni_bytes cut(struct ayni_bytes text, unsigned characters)
{
    struct ayni_bytes rest = text;
    uint32_t character;

    for (unsigned i = 0; i < characters && ayni_text_next(&rest, &character); i++)
        ;
    text.size -= rest.size;
    return text;
}

void import_cell_text(const struct plan_field *field, const struct ayni_bytes *cells,
                      struct ayni_buffer *text)
{
    ayni_buffer_clear(text);
    for (size_t i = 0; i < field->source->column_count; i++) {
        struct ayni_bytes cell;
        if (field->columns[i] == PLAN_NOWHERE)
            continue;
        cell = import_cell_trim(cells[field->columns[i]]);
        if (field->source->first > 0)
            cell = cut(cell, field->source->first);
        if (cell.size == 0)
            continue;
        if (text->size > 0)
            ayni_buffer_append_byte(text, ' ');
        ayni_buffer_append(text, cell.data, cell.size);
    }
}

static enum ayni_status translate(const struct import_source *source, struct ayni_bytes *text,
                                  struct ayni_reason *reason)
{
    for (size_t i = 0; i < source->word_count; i++)
        if (ayni_bytes_equal(*text, ayni_bytes_of_text(source->words[i].from))) {
            *text = ayni_bytes_of_text(source->words[i].to);
            return AYNI_OK;
        }
    return ayni_reason_refuse(reason, "unknown_code", N_("'{}' is none of the words of the map"),
                              *text);
}

/* DD/MM/YYYY becomes YYYY-MM-DD; ten characters either way. */
static bool turn_date(struct ayni_bytes *text, char turned[10])
{
    static const uint8_t from[10] = { 6, 7, 8, 9, 2, 3, 4, 5, 0, 1 };

    if (text->size != 10 || text->data[2] != '/' || text->data[5] != '/')
        return false;
    for (size_t i = 0; i < 10; i++)
        turned[i] = (char)text->data[from[i]];
    turned[4] = turned[7] = '-';
    *text = (struct ayni_bytes){ (const uint8_t *)turned, 10 };
    return true;
}

enum ayni_status import_cell_day(enum import_dates dates, struct ayni_bytes text, int64_t *day)
{
    char turned[10];

    if (dates == IMPORT_DATES_DAY_FIRST && !turn_date(&text, turned))
        return AYNI_E_INVALID;
    return ayni_day_parse(text, day) == AYNI_OK ? AYNI_OK : AYNI_E_INVALID;
}

static bool has_digit(struct ayni_bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= '0' && text.data[i] <= '9')
            return true;
    return false;
}

/* 7.35 with a shift of 3 is 7350; what isn't a number is left to be refused by who reads it. */
static void move_point(const struct import_source *source, struct ayni_buffer *moved,
                       struct ayni_bytes *text)
{
    const uint8_t *point = memchr(text->data, '.', text->size);
    size_t whole = point == NULL ? text->size : (size_t)(point - text->data);
    size_t decimals = point == NULL ? 0 : text->size - whole - 1;

    ayni_buffer_append(moved, text->data, whole);
    for (size_t i = 0; i < source->shift; i++)
        ayni_buffer_append_byte(moved, i < decimals ? point[1 + i] : '0');
    if (decimals > source->shift) {
        ayni_buffer_append_byte(moved, '.');
        ayni_buffer_append(moved, point + 1 + source->shift, decimals - source->shift);
    }
    *text = ayni_buffer_bytes(moved);
}

static bool is_date(const struct ayni_catalogue_field *field)
{
    return field->kind.type == AYNI_KIND_DATE;
}

enum ayni_status import_cell_value(const struct ayni_value_context *context,
                                   const struct plan_field *field, struct ayni_bytes text,
                                   struct ayni_buffer *cbor, struct ayni_reason *reason)
{
    const struct import_source *source = field->source;
    SCOPED_BUFFER moved = { 0 };
    char turned[10];
    enum ayni_status status = AYNI_OK;

    if (source->word_count > 0)
        status = translate(source, &text, reason);
    else if (source->dates == IMPORT_DATES_DAY_FIRST && is_date(field->field)) {
        if (!turn_date(&text, turned))
            return ayni_reason_refuse(reason, "bad_date",
                                      N_("'{}' is not a day of the form DD/MM/YYYY"), text);
    } else if (source->shift > 0 && has_digit(text))
        move_point(source, &moved, &text);
    if (status != AYNI_OK)
        return status;
    if (moved.failed)
        return AYNI_E_MEMORY;
    return ayni_value_parse(context, field->field, text, cbor, reason);
}
