#include "daemon/records/import/import_cell.h"

#include <stdio.h>
#include <string.h>

#include "proto/cbor.h"
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

/* Where `text` ends a word: the next place of what stands between, or the end. */
static size_t word_size(struct ayni_bytes text, const char *between)
{
    size_t size = strlen(between);

    for (size_t i = 0; i + size <= text.size; i++)
        if (memcmp(text.data + i, between, size) == 0)
            return i;
    return text.size;
}

/* The next word, and `text` goes on behind what stands after it. */
static struct ayni_bytes next_word(struct ayni_bytes *text, const char *between)
{
    size_t size = word_size(*text, between), passed = size + strlen(between);
    struct ayni_bytes word = { text->data, size };

    if (passed > text->size)
        passed = text->size;
    *text = (struct ayni_bytes){ text->data + passed, text->size - passed };
    return import_cell_trim(word);
}

/* That word alone, from 1; empty where there are fewer. */
static struct ayni_bytes word_at(struct ayni_bytes text, const char *between, unsigned number)
{
    struct ayni_bytes word = { NULL, 0 };

    for (unsigned i = 0; i < number; i++) {
        if (text.size == 0)
            return text;
        word = next_word(&text, between);
    }
    return word;
}

/* One cell of a source; empty where the file hasn't got the column. */
static struct ayni_bytes cell_of(const struct plan_field *field, size_t index,
                                 const struct ayni_bytes *cells)
{
    struct ayni_bytes cell = { NULL, 0 };

    if (field->columns[index] != PLAN_NOWHERE)
        cell = import_cell_trim(cells[field->columns[index]]);
    if (field->source->word > 0)
        cell = word_at(cell, field->source->split, field->source->word);
    return field->source->first > 0 ? cut(cell, field->source->first) : cell;
}

void import_cell_text(const struct plan_field *field, const struct ayni_bytes *cells,
                      struct ayni_buffer *text)
{
    const struct import_source *source = field->source;
    bool any = false;

    ayni_buffer_clear(text);
    if (source->prefix != NULL)
        ayni_buffer_append_text(text, source->prefix);
    for (size_t i = 0; i < source->column_count; i++) {
        struct ayni_bytes cell = cell_of(field, i, cells);
        if (source->join != NULL && i > 0)
            ayni_buffer_append_text(text, source->join); /* parts of an id keep their places */
        else if (any && cell.size > 0)
            ayni_buffer_append_byte(text, ' ');
        any = any || cell.size > 0;
        ayni_buffer_append(text, cell.data, cell.size);
    }
    if (!any)
        ayni_buffer_clear(text);
}

/* With the words that there are, where they can be read in one line. */
static enum ayni_status refuse_word(const struct import_source *source, struct ayni_bytes word,
                                    struct ayni_reason *reason)
{
    char words[AYNI_REASON_ARG_SIZE];
    size_t size = 0;

    for (size_t i = 0; i < source->word_count && size < sizeof(words); i++)
        size += (size_t)snprintf(words + size, sizeof(words) - size, "%s%s", i == 0 ? "" : " ",
                                 source->words[i].from);
    if (size >= sizeof(words))
        return ayni_reason_refuse(reason, "unknown_code",
                                  N_("'{}' is none of the words of the map"), word);
    ayni_reason_set(reason, "unknown_code", N_("'{}' is none of the words of the map: {}"));
    ayni_reason_arg(reason, word);
    ayni_reason_arg_text(reason, words);
    return AYNI_E_INVALID;
}

static enum ayni_status translate(const struct import_source *source, struct ayni_bytes *text,
                                  struct ayni_reason *reason)
{
    if (source->word_count == 0)
        return AYNI_OK;
    for (size_t i = 0; i < source->word_count; i++)
        if (ayni_bytes_equal(*text, ayni_bytes_of_text(source->words[i].from))) {
            *text = ayni_bytes_of_text(source->words[i].to);
            return AYNI_OK;
        }
    return refuse_word(source, *text, reason);
}

/* The words of a set, each translated, with commas between as values have them. */
static enum ayni_status translate_set(const struct import_source *source, struct ayni_bytes text,
                                      struct ayni_buffer *words, struct ayni_reason *reason)
{
    while (text.size > 0) {
        struct ayni_bytes word = next_word(&text, source->split);
        if (word.size == 0)
            continue;
        enum ayni_status status = translate(source, &word, reason);
        if (status != AYNI_OK)
            return status;
        if (words->size > 0)
            ayni_buffer_append_byte(words, ',');
        ayni_buffer_append(words, word.data, word.size);
    }
    return ayni_buffer_status(words);
}

/* DD/MM/YYYY or MM/DD/YYYY becomes YYYY-MM-DD; ten characters either way. */
static bool turn_date(enum import_dates dates, struct ayni_bytes *text, char turned[10])
{
    static const uint8_t day_first[10] = { 6, 7, 8, 9, 2, 3, 4, 5, 0, 1 };
    static const uint8_t month_first[10] = { 6, 7, 8, 9, 2, 0, 1, 5, 3, 4 };
    const uint8_t *from = dates == IMPORT_DATES_MONTH_FIRST ? month_first : day_first;

    if (text->size != 10 || text->data[2] != '/' || text->data[5] != '/')
        return false;
    for (size_t i = 0; i < 10; i++)
        turned[i] = (char)text->data[from[i]];
    turned[4] = turned[7] = '-';
    *text = (struct ayni_bytes){ (const uint8_t *)turned, 10 };
    return true;
}

/* As the form says, or by where the slashes are. False where it hasn't got the form. */
static bool day_form(enum import_dates dates, struct ayni_bytes *text, char turned[10])
{
    return dates == IMPORT_DATES_ISO || turn_date(dates, text, turned) ||
           dates == IMPORT_DATES_FOUND;
}

enum ayni_status import_cell_day(enum import_dates dates, struct ayni_bytes text, int64_t *day)
{
    char turned[10];

    if (!day_form(dates, &text, turned))
        return AYNI_E_INVALID;
    return ayni_day_parse(text, day) == AYNI_OK ? AYNI_OK : AYNI_E_INVALID;
}

static bool is_number(const struct ayni_catalogue_field *field)
{
    return field->kind.type == AYNI_KIND_INT || field->kind.type == AYNI_KIND_DEC;
}

/* The comma of a number that has no point, if it has one alone, becomes a point in `written`. */
static void point_for_comma(const struct import_source *source, struct ayni_buffer *written,
                            struct ayni_bytes *text)
{
    const uint8_t *comma = memchr(text->data, ',', text->size);
    size_t at = comma == NULL ? 0 : (size_t)(comma - text->data);

    if (comma == NULL || source->decimals == IMPORT_DECIMALS_POINT ||
        memchr(comma + 1, ',', text->size - at - 1) != NULL ||
        memchr(text->data, '.', text->size) != NULL)
        return;
    ayni_buffer_append(written, text->data, at);
    ayni_buffer_append_byte(written, '.');
    ayni_buffer_append(written, comma + 1, text->size - at - 1);
    *text = ayni_buffer_bytes(written);
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

/* A number as it is written here, with a point before decimals that are as many as asked for. */
static enum ayni_status number_value(const struct ayni_value_context *context,
                                     const struct plan_field *field, struct ayni_bytes text,
                                     struct ayni_buffer *cbor, struct ayni_reason *reason)
{
    SCOPED_BUFFER written = { 0 }, moved = { 0 };

    if (field->source->decimals == IMPORT_DECIMALS_COMMA &&
        memchr(text.data, '.', text.size) != NULL)
        return ayni_reason_refuse(reason, "bad_number", N_("'{}' is not a number"), text);
    const struct ayni_bytes cell = text;
    point_for_comma(field->source, &written, &text);
    if (field->source->shift > 0 && has_digit(text))
        move_point(field->source, &moved, &text);
    if (written.failed || moved.failed)
        return AYNI_E_MEMORY;
    enum ayni_status status = ayni_value_parse(context, field->field, text, cbor, reason);
    if (status == AYNI_E_INVALID && field->source->shift > 0 &&
        strcmp(reason->code, "bad_number") == 0) /* in the unit of the file, not of the field */
        return ayni_reason_refuse(reason, "bad_number",
                                  N_("'{}' is not a number, or has too many decimals"), cell);
    return status;
}

static enum ayni_status refuse_day(enum import_dates dates, struct ayni_bytes text,
                                   struct ayni_reason *reason)
{
    return ayni_reason_refuse(reason, "bad_date",
                              dates == IMPORT_DATES_MONTH_FIRST
                                  ? N_("'{}' is not a day of the form MM/DD/YYYY")
                                  : N_("'{}' is not a day of the form DD/MM/YYYY"),
                              text);
}

enum ayni_status import_cell_value(const struct ayni_value_context *context,
                                   const struct plan_field *field, struct ayni_bytes text,
                                   struct ayni_buffer *cbor, struct ayni_reason *reason)
{
    const struct import_source *source = field->source;
    SCOPED_BUFFER words = { 0 };
    char turned[10];

    if (source->split != NULL && source->word == 0) {
        enum ayni_status status = translate_set(source, text, &words, reason);
        if (status != AYNI_OK)
            return status;
        text = ayni_buffer_bytes(&words);
    } else if (source->word_count > 0) {
        enum ayni_status status = translate(source, &text, reason);
        if (status != AYNI_OK)
            return status;
    } else if (is_number(field->field)) {
        return number_value(context, field, text, cbor, reason);
    } else if (is_date(field->field) && !day_form(source->dates, &text, turned)) {
        return refuse_day(source->dates, text, reason);
    }
    return ayni_value_parse(context, field->field, text, cbor, reason);
}

/* --- a day some weeks before another --- */

enum { WEEKS_MAX = 44, WEEK = 7 };

static struct ayni_bytes weeks_of(const struct plan_field *field, const struct ayni_bytes *cells)
{
    return field->weeks == PLAN_NOWHERE ? (struct ayni_bytes){ NULL, 0 }
                                        : import_cell_trim(cells[field->weeks]);
}

bool import_cell_has_weeks(const struct plan_field *field, const struct ayni_bytes *cells)
{
    return field->source->weeks == NULL || weeks_of(field, cells).size > 0;
}

/* One or two digits. */
static bool read_weeks(struct ayni_bytes text, int64_t *weeks)
{
    *weeks = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (i == 2 || text.data[i] < '0' || text.data[i] > '9')
            return false;
        *weeks = *weeks * 10 + (text.data[i] - '0');
    }
    return *weeks <= WEEKS_MAX;
}

enum ayni_status import_cell_weeks_before(const struct plan_field *field,
                                          const struct ayni_bytes *cells, struct ayni_buffer *cbor,
                                          struct ayni_reason *reason)
{
    struct ayni_cbor_reader day = ayni_cbor_reader(ayni_buffer_bytes(cbor));
    struct ayni_bytes text = weeks_of(field, cells);
    int64_t from = ayni_cbor_read_int(&day), weeks;

    if (day.status != AYNI_OK || !read_weeks(text, &weeks))
        return ayni_reason_refuse(reason, "out_of_range", N_("'{}' is no number of weeks"), text);
    ayni_buffer_clear(cbor);
    ayni_cbor_put_int(cbor, from - weeks * WEEK);
    return ayni_buffer_status(cbor);
}
