#include "proto/catalogue_row.h"

#include <stddef.h>
#include <string.h>

#include "proto/derived_id.h"
#include "proto/set.h"

enum column_kind {
    NUMBER,  /* uint32_t; names the row */
    INTEGER, /* int64_t, with a flag that says whether it is there */
    TEXT,
    WORDS, /* a set on the wire, words with spaces between in the row */
    FLAG,  /* absent is false */
};

/* One column of a row and the field of its record. */
struct column {
    uint32_t number;
    enum column_kind kind;
    bool is_key;
    size_t offset; /* in struct ayni_catalogue_row */
    size_t has_offset;
};

#define AT(member) offsetof(struct ayni_catalogue_row, member)
#define KEY true
#define PLAIN false

static const struct column type_columns[] = {
    { 1, NUMBER, KEY, AT(type.number), 0 },    { 2, TEXT, PLAIN, AT(type.name), 0 },
    { 3, TEXT, PLAIN, AT(type.label_es), 0 },  { 4, TEXT, PLAIN, AT(type.label_en), 0 },
    { 5, WORDS, PLAIN, AT(type.subjects), 0 }, { 6, TEXT, PLAIN, AT(type.key), 0 },
    { 7, TEXT, PLAIN, AT(type.class), 0 },     { 8, FLAG, PLAIN, AT(type.retired), 0 },
    { 9, TEXT, PLAIN, AT(type.edition), 0 },
};
static const struct column field_columns[] = {
    { 1, NUMBER, KEY, AT(field.type), 0 },
    { 2, NUMBER, KEY, AT(field.number), 0 },
    { 3, TEXT, PLAIN, AT(field.name), 0 },
    { 4, TEXT, PLAIN, AT(field.kind), 0 },
    { 5, TEXT, PLAIN, AT(field.unit), 0 },
    { 6, INTEGER, PLAIN, AT(field.minimum), AT(field.has_minimum) },
    { 7, INTEGER, PLAIN, AT(field.maximum), AT(field.has_maximum) },
    { 8, FLAG, PLAIN, AT(field.required), 0 },
    { 9, TEXT, PLAIN, AT(field.merge), 0 },
    { 10, TEXT, PLAIN, AT(field.read), 0 },
    { 11, TEXT, PLAIN, AT(field.codes), 0 },
    { 12, TEXT, PLAIN, AT(field.targets), 0 },
    { 13, TEXT, PLAIN, AT(field.label_es), 0 },
    { 14, TEXT, PLAIN, AT(field.label_en), 0 },
    { 15, TEXT, PLAIN, AT(field.pattern), 0 },
    { 16, FLAG, PLAIN, AT(field.retired), 0 },
};
static const struct column code_columns[] = {
    { 1, NUMBER, KEY, AT(code.type), 0 },     { 2, NUMBER, KEY, AT(code.field), 0 },
    { 3, TEXT, KEY, AT(code.word), 0 },       { 4, TEXT, PLAIN, AT(code.label_es), 0 },
    { 5, TEXT, PLAIN, AT(code.label_en), 0 }, { 6, FLAG, PLAIN, AT(code.retired), 0 },
};
static const struct column rule_columns[] = {
    { 1, NUMBER, KEY, AT(rule.type), 0 },       { 2, TEXT, KEY, AT(rule.name), 0 },
    { 3, TEXT, PLAIN, AT(rule.level), 0 },      { 4, TEXT, PLAIN, AT(rule.expression), 0 },
    { 5, TEXT, PLAIN, AT(rule.message_es), 0 }, { 6, TEXT, PLAIN, AT(rule.message_en), 0 },
    { 7, FLAG, PLAIN, AT(rule.retired), 0 },
};
static const struct column list_columns[] = {
    { 1, TEXT, KEY, AT(list.list), 0 },
    { 2, TEXT, KEY, AT(list.code), 0 },
    { 3, TEXT, PLAIN, AT(list.label_es), 0 },
    { 4, TEXT, PLAIN, AT(list.label_en), 0 },
    { 5, TEXT, PLAIN, AT(list.external), 0 },
    { 6, INTEGER, KEY, AT(list.valid_from), AT(list.has_valid_from) },
    { 7, INTEGER, PLAIN, AT(list.valid_to), AT(list.has_valid_to) },
};

#define TABLE(kind, columns)                                                                       \
    {                                                                                              \
        kind, columns, sizeof(columns) / sizeof((columns)[0])                                      \
    }

static const struct table {
    uint32_t kind;
    const struct column *columns;
    size_t count;
} tables[] = {
    TABLE(AYNI_ROW_TYPE, type_columns), TABLE(AYNI_ROW_FIELD, field_columns),
    TABLE(AYNI_ROW_CODE, code_columns), TABLE(AYNI_ROW_RULE, rule_columns),
    TABLE(AYNI_ROW_LIST, list_columns),
};

static const struct table *table_of(uint32_t kind)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        if (tables[i].kind == kind)
            return &tables[i];
    }
    return NULL;
}

static const void *cell(const struct ayni_catalogue_row *row, size_t offset)
{
    return (const char *)row + offset;
}

static void *cell_of(struct ayni_catalogue_row *row, size_t offset)
{
    return (char *)row + offset;
}

static void put_words(struct ayni_buffer *to, struct ayni_bytes words)
{
    struct ayni_bytes items[AYNI_ROW_WORDS_MAX];
    size_t count = 0;

    while (count < AYNI_ROW_WORDS_MAX && ayni_set_next(&words, ' ', &items[count]))
        count++;
    ayni_set_put(to, items, count, AYNI_CBOR_TEXT);
}

/* Append the value of one column; false, and nothing appended, where it is absent. */
static bool put_column(const struct ayni_catalogue_row *row, const struct column *column,
                       struct ayni_buffer *to)
{
    const struct ayni_bytes *text = cell(row, column->offset);

    switch (column->kind) {
    case NUMBER:
        ayni_cbor_put_uint(to, *(const uint32_t *)cell(row, column->offset));
        return true;
    case INTEGER:
        if (!*(const bool *)cell(row, column->has_offset))
            return false;
        ayni_cbor_put_int(to, *(const int64_t *)cell(row, column->offset));
        return true;
    case FLAG:
        if (!*(const bool *)cell(row, column->offset))
            return false;
        ayni_cbor_put_bool(to, true);
        return true;
    case TEXT:
    case WORDS:
        if (text->size == 0)
            return false;
        column->kind == TEXT ? ayni_cbor_put_text(to, *text) : put_words(to, *text);
        return true;
    }
    return false;
}

enum ayni_status ayni_catalogue_row_fields(const struct ayni_catalogue_row *row,
                                           struct ayni_buffer *values, struct ayni_field *fields,
                                           size_t *count)
{
    const struct table *table = table_of(row->kind);
    size_t starts[AYNI_ROW_FIELDS_MAX], found = 0;

    if (table == NULL)
        return AYNI_E_USAGE;
    for (size_t i = 0; i < table->count; i++) {
        starts[found] = values->size;
        if (put_column(row, &table->columns[i], values))
            fields[found++].number = table->columns[i].number;
    }
    if (ayni_buffer_status(values) != AYNI_OK)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < found; i++) {
        size_t end = i + 1 < found ? starts[i + 1] : values->size;
        fields[i].value = (struct ayni_bytes){ values->data + starts[i], end - starts[i] };
    }
    *count = found;
    return AYNI_OK;
}

/* A set of the wire as words with spaces between, in `scratch`. */
static struct ayni_bytes read_words(struct ayni_cbor_reader *reader, struct ayni_buffer *scratch)
{
    size_t count = ayni_cbor_read_array(reader);
    struct ayni_bytes before = { 0 };

    if (count > AYNI_ROW_WORDS_MAX)
        ayni_cbor_fail(reader, AYNI_E_LIMIT);
    for (size_t i = 0; i < count && reader->status == AYNI_OK; i++) {
        struct ayni_bytes word = ayni_set_read(reader, AYNI_CBOR_TEXT, &before);
        if (i > 0)
            ayni_buffer_append_byte(scratch, ' ');
        ayni_buffer_append(scratch, word.data, word.size);
    }
    return ayni_buffer_bytes(scratch);
}

static void read_column(struct ayni_cbor_reader *reader, const struct column *column,
                        struct ayni_buffer *scratch, struct ayni_catalogue_row *row)
{
    void *to = cell_of(row, column->offset);
    uint64_t number;

    switch (column->kind) {
    case NUMBER:
        number = ayni_cbor_read_uint(reader);
        if (number > UINT32_MAX)
            ayni_cbor_fail(reader, AYNI_E_INVALID);
        *(uint32_t *)to = (uint32_t)number;
        break;
    case INTEGER:
        *(int64_t *)to = ayni_cbor_read_int(reader);
        *(bool *)cell_of(row, column->has_offset) = true;
        break;
    case FLAG:
        *(bool *)to = ayni_cbor_read_bool(reader);
        break;
    case TEXT:
        *(struct ayni_bytes *)to = ayni_cbor_read_text(reader);
        break;
    case WORDS:
        *(struct ayni_bytes *)to = read_words(reader, scratch);
        break;
    }
}

static bool is_null(struct ayni_bytes value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);

    return ayni_cbor_peek(&reader) == AYNI_CBOR_NULL;
}

/* The value of one field among them; NULL where it is absent or null. */
static const struct ayni_field *find_field(const struct ayni_field *fields, size_t count,
                                           uint32_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].number == number)
            return is_null(fields[i].value) ? NULL : &fields[i];
    }
    return NULL;
}

/* What names a row has to be there; the validity of a list's member alone may be open. */
static bool may_be_absent(const struct column *column)
{
    return !column->is_key || column->kind == INTEGER;
}

enum ayni_status ayni_catalogue_row_from_fields(uint32_t kind, const struct ayni_field *fields,
                                                size_t count, struct ayni_buffer *scratch,
                                                struct ayni_catalogue_row *row)
{
    const struct table *table = table_of(kind);
    struct ayni_catalogue_row read = { .kind = kind };

    if (table == NULL)
        return AYNI_E_USAGE;
    ayni_buffer_clear(scratch);
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        const struct ayni_field *field = find_field(fields, count, column->number);
        if (field == NULL && !may_be_absent(column))
            return AYNI_E_INVALID;
        if (field == NULL)
            continue;
        struct ayni_cbor_reader reader = ayni_cbor_reader(field->value);
        read_column(&reader, column, scratch, &read);
        if (ayni_cbor_done(&reader) != AYNI_OK)
            return AYNI_E_INVALID;
    }
    if (ayni_buffer_status(scratch) != AYNI_OK)
        return AYNI_E_MEMORY;
    *row = read;
    return AYNI_OK;
}

enum ayni_status ayni_catalogue_row_copy(const struct ayni_catalogue_row *row,
                                         struct ayni_arena *arena, struct ayni_catalogue_row *copy)
{
    const struct table *table = table_of(row->kind);

    if (table == NULL)
        return AYNI_E_USAGE;
    *copy = *row;
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        if (column->kind != TEXT && column->kind != WORDS)
            continue;
        struct ayni_bytes *text = cell_of(copy, column->offset);
        if (text->size > 0 && memchr(text->data, '\0', text->size) != NULL)
            return AYNI_E_INVALID;
        text->data = (const uint8_t *)ayni_arena_text(arena, *text);
    }
    return ayni_arena_status(arena);
}

enum ayni_status ayni_catalogue_row_id(const uint8_t root_key[32],
                                       const struct ayni_catalogue_row *row,
                                       struct ayni_record *record)
{
    const struct table *table = table_of(row->kind);
    struct ayni_field fields[AYNI_ROW_FIELDS_MAX];
    struct ayni_bytes key[AYNI_KEY_FIELDS_MAX];
    SCOPED_BUFFER values = { 0 };
    size_t count, key_count = 0;

    enum ayni_status status = ayni_catalogue_row_fields(row, &values, fields, &count);
    if (status != AYNI_OK)
        return status;
    for (size_t i = 0; i < table->count; i++) {
        if (!table->columns[i].is_key)
            continue;
        const struct ayni_field *field = find_field(fields, count, table->columns[i].number);
        key[key_count++] = field != NULL ? field->value : ayni_cbor_null();
    }
    return ayni_derived_id(root_key, row->kind, key, key_count, record);
}
