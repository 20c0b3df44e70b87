#include "cli/output_people.h"

#include <string.h>

#include "cli/labels.h"
#include "cli/language.h"
#include "cli/output_table.h"
#include "cli/value.h"
#include "cli/visible.h"
#include "cli/words.h"

enum { COLUMNS_MAX = 300, KEY_SIZE = 64, WIDE_SIZE = 48, NARROW_COUNT = 8 };

/* The keys that came up, in their order. */
struct columns {
    char names[COLUMNS_MAX][KEY_SIZE];
    bool numeric[COLUMNS_MAX];    /* all values so far */
    bool wide[COLUMNS_MAX];       /* one of them is long */
    bool filled[COLUMNS_MAX];     /* one of them is something */
    bool eventful[COLUMNS_MAX];   /* one of them is more than 0 or no */
    size_t shown_at[COLUMNS_MAX]; /* COLUMNS_MAX: left out */
    size_t count;
    bool names_nodes; /* each row's name is what its node is called anyway */
};

static const char *words_of(const struct people *people, const char *key,
                            const struct ayni_control_value *value, struct ayni_buffer *text)
{
    ayni_buffer_clear(text);
    words_put(&people->names, key, value, text);
    ayni_buffer_append_byte(text, '\0');
    return text->failed ? "" : (const char *)text->data;
}

static void copy_key(char to[KEY_SIZE], struct ayni_bytes key)
{
    snprintf(to, KEY_SIZE, "%.*s", (int)key.size, key.size > 0 ? (const char *)key.data : "");
}

/* The index of a column, made where there is room; the count where there is none. */
static size_t column_of(struct columns *columns, struct ayni_bytes key)
{
    char name[KEY_SIZE];

    copy_key(name, key);
    for (size_t i = 0; i < columns->count; i++)
        if (strcmp(columns->names[i], name) == 0)
            return i;
    if (columns->count == COLUMNS_MAX)
        return COLUMNS_MAX;
    memcpy(columns->names[columns->count], name, KEY_SIZE);
    columns->numeric[columns->count] = true;
    columns->wide[columns->count] = columns->filled[columns->count] = false;
    columns->eventful[columns->count] = false;
    columns->shown_at[columns->count] = columns->count;
    return columns->count++;
}

/* Null, nothing, 0 or no. */
static bool is_nothing(const struct ayni_control_value *value)
{
    switch (value->kind) {
    case AYNI_CONTROL_NULL:
        return true;
    case AYNI_CONTROL_ARRAY:
        return ayni_control_count(value) == 0;
    case AYNI_CONTROL_INT:
        return value->integer == 0;
    case AYNI_CONTROL_BOOL:
        return !value->boolean;
    default:
        return false;
    }
}

static void note_kind(struct columns *columns, size_t column,
                      const struct ayni_control_value *value)
{
    bool sized = value->kind == AYNI_CONTROL_TEXT || value->kind == AYNI_CONTROL_ARRAY ||
                 value->kind == AYNI_CONTROL_OBJECT;

    if (column >= columns->count || value->kind == AYNI_CONTROL_NULL)
        return;
    if (!value_is_number(value))
        columns->numeric[column] = false;
    if (sized && value->bytes.size > WIDE_SIZE)
        columns->wide[column] = true;
    if (value->kind != AYNI_CONTROL_ARRAY || ayni_control_count(value) > 0)
        columns->filled[column] = true;
    if (!is_nothing(value))
        columns->eventful[column] = true;
}

/* What no person reads, and trouble where there is none. */
static bool is_left_out(const struct columns *columns, size_t column)
{
    const char *name = columns->names[column];

    return label_is_for_programs(name) ||
           (label_is_of_trouble(name) && !columns->eventful[column]) ||
           (columns->names_nodes && strcmp(name, "name") == 0);
}

/* What is long stands last, where it pushes nothing out of sight. */
static void put_wide_last(struct columns *columns)
{
    size_t at = 0;

    for (int wide = 0; wide <= 1; wide++)
        for (size_t i = 0; i < columns->count; i++)
            if (columns->wide[i] == (wide == 1))
                columns->shown_at[i] = is_left_out(columns, i) ? COLUMNS_MAX : at++;
}

/* Whether an object's "name" says what its "node" says in words. */
static bool names_its_node(const struct people *people, const struct ayni_control_value *object)
{
    struct ayni_control_value node, name;

    if (!ayni_control_find(object, "node", &node) || node.kind != AYNI_CONTROL_NODE ||
        !ayni_control_find(object, "name", &name) || name.kind != AYNI_CONTROL_TEXT)
        return false;
    const char *known = names_find(&people->names, &node.node);
    return known != NULL && ayni_bytes_equal(name.bytes, ayni_bytes_of_text(known));
}

static void note_object(const struct people *people, struct columns *columns,
                        const struct ayni_control_value *object)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(object);
    struct ayni_control_value value;

    for (struct ayni_bytes key; ayni_control_next(&cursor, &key, &value);)
        note_kind(columns, column_of(columns, key), &value);
    columns->names_nodes = columns->names_nodes && names_its_node(people, object);
}

/* Fields keep their names, which are what commands take; what is not a field has a label. */
static const char *heading_of(const char *key, bool fields)
{
    return fields && key[0] != '_' ? key : label_of(key);
}

static bool add_columns(struct table *table, const struct columns *columns, bool fields)
{
    for (size_t at = 0; at < columns->count; at++)
        for (size_t i = 0; i < columns->count; i++)
            if (columns->shown_at[i] == at &&
                !table_add_column(table, heading_of(columns->names[i], fields),
                                  columns->numeric[i]))
                return false;
    return true;
}

static bool add_object(const struct people *people, struct table *table, struct columns *columns,
                       const struct ayni_control_value *object, struct ayni_buffer *text)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(object);
    struct ayni_control_value value;

    if (!table_add_row(table))
        return false;
    for (struct ayni_bytes key; ayni_control_next(&cursor, &key, &value);) {
        size_t column = column_of(columns, key);
        if (column == columns->count || columns->shown_at[column] == COLUMNS_MAX)
            continue;
        const char *words = words_of(people, columns->names[column], &value, text);
        if (!table_set_cell(table, columns->shown_at[column], words))
            return false;
    }
    return true;
}

void people_objects(const struct people *people, struct ayni_bytes objects)
{
    SCOPED_BUFFER text = { 0 };
    struct columns columns = { .names_nodes = true };
    struct ayni_cbor_reader reader = ayni_cbor_reader(objects);

    while (reader.position < objects.size && reader.status == AYNI_OK) {
        struct ayni_control_value object = ayni_control_read(&reader);
        note_object(people, &columns, &object);
    }
    put_wide_last(&columns);
    struct table *table = table_new(true, people->colours);
    bool fits = table != NULL && add_columns(table, &columns, false);
    reader = ayni_cbor_reader(objects);
    while (fits && reader.position < objects.size && reader.status == AYNI_OK) {
        struct ayni_control_value object = ayni_control_read(&reader);
        fits = add_object(people, table, &columns, &object, &text);
    }
    if (fits && columns.count > 0)
        table_print(table, people->to);
    table_free(table);
}

/* Rows of many columns are shown without those in which nothing stands. */
static void leave_out_empty(struct columns *columns)
{
    size_t at = 0;

    for (size_t i = 0; i < columns->count; i++)
        columns->shown_at[i] =
            columns->count <= NARROW_COUNT || columns->filled[i] ? at++ : COLUMNS_MAX;
}

static bool add_cells(const struct people *people, struct table *table,
                      const struct columns *columns, const struct ayni_control_value *row,
                      struct ayni_buffer *text)
{
    struct ayni_control_cursor cells = ayni_control_cursor(row);
    struct ayni_control_value cell;

    if (!table_add_row(table))
        return false;
    for (size_t i = 0; i < columns->count && ayni_control_next(&cells, NULL, &cell); i++)
        if (columns->shown_at[i] < COLUMNS_MAX &&
            !table_set_cell(table, columns->shown_at[i], words_of(people, NULL, &cell, text)))
            return false;
    return true;
}

static void note_rows(struct columns *known, const struct ayni_control_value *columns,
                      struct ayni_bytes rows)
{
    struct ayni_control_cursor names = ayni_control_cursor(columns);
    struct ayni_control_value value;
    struct ayni_cbor_reader reader = ayni_cbor_reader(rows);

    while (ayni_control_next(&names, NULL, &value))
        column_of(known, value.bytes);
    while (reader.position < rows.size && reader.status == AYNI_OK) {
        struct ayni_control_value row = ayni_control_read(&reader);
        struct ayni_control_cursor cells = ayni_control_cursor(&row);
        for (size_t i = 0; ayni_control_next(&cells, NULL, &value); i++)
            note_kind(known, i, &value);
    }
    leave_out_empty(known);
}

void people_rows(const struct people *people, const struct ayni_control_value *columns,
                 struct ayni_bytes rows)
{
    SCOPED_BUFFER text = { 0 };
    struct columns known = { .count = 0 };
    struct ayni_cbor_reader reader = ayni_cbor_reader(rows);

    note_rows(&known, columns, rows);
    struct table *table = table_new(true, people->colours);
    bool fits = table != NULL && add_columns(table, &known, true);
    while (fits && reader.position < rows.size && reader.status == AYNI_OK) {
        struct ayni_control_value row = ayni_control_read(&reader);
        fits = add_cells(people, table, &known, &row, &text);
    }
    if (fits)
        table_print(table, people->to);
    table_free(table);
}

static bool is_list_of_objects(const struct ayni_control_value *value)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(value);
    struct ayni_control_value first;

    return value->kind == AYNI_CONTROL_ARRAY && ayni_control_next(&cursor, NULL, &first) &&
           first.kind == AYNI_CONTROL_OBJECT;
}

static bool has_inner(const struct ayni_control_value *value)
{
    return value->kind == AYNI_CONTROL_OBJECT || is_list_of_objects(value);
}

/* Whole ids where there is room for them: a node stands here to be copied. */
static const char *whole(const struct people *people, const char *key,
                         const struct ayni_control_value *value, struct ayni_buffer *text)
{
    if (strcmp(key, "changed") == 0 && is_nothing(value))
        return _("nothing: it says so already");
    if (value->kind != AYNI_CONTROL_NODE)
        return words_of(people, key, value, text);
    ayni_buffer_clear(text);
    value_text(value, text);
    ayni_buffer_append_byte(text, '\0');
    return text->failed ? "" : (const char *)text->data;
}

/* What the prompt that comes back says anyway, and what isn't there. */
static bool goes_without_saying(const char *key, const struct ayni_control_value *value)
{
    if (strcmp(key, "changed") == 0)
        return false; /* that nothing did is worth saying */
    if (value->kind == AYNI_CONTROL_NULL ||
        (value->kind == AYNI_CONTROL_ARRAY && ayni_control_count(value) == 0) ||
        (label_is_of_trouble(key) && is_nothing(value)))
        return true;
    return strcmp(key, "done") == 0 && value->kind == AYNI_CONTROL_BOOL && value->boolean;
}

static void print_plain(const struct people *people, const struct ayni_control_value *object)
{
    SCOPED_BUFFER text = { 0 };
    struct ayni_control_cursor cursor = ayni_control_cursor(object);
    struct ayni_control_value value;
    char name[KEY_SIZE];
    struct table *table = table_new(false, people->colours);
    bool fits =
        table != NULL && table_add_column(table, "", false) && table_add_column(table, "", false);

    for (struct ayni_bytes key; fits && ayni_control_next(&cursor, &key, &value);) {
        copy_key(name, key);
        if (has_inner(&value) || goes_without_saying(name, &value))
            continue;
        fits = table_add_row(table) && table_set_cell(table, 0, label_of(name)) &&
               table_set_cell(table, 1, whole(people, name, &value, &text));
    }
    if (fits)
        table_print(table, people->to);
    table_free(table);
}

/* The content of an array, its header left out: its elements one behind the other. */
static struct ayni_bytes elements_of(const struct ayni_control_value *array)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(array);
    return (struct ayni_bytes){ array->bytes.data + cursor.reader.position,
                                array->bytes.size - cursor.reader.position };
}

void people_object(const struct people *people, const struct ayni_control_value *object)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(object);
    struct ayni_control_value value;
    char name[KEY_SIZE];

    print_plain(people, object);
    for (struct ayni_bytes key; ayni_control_next(&cursor, &key, &value);) {
        if (!has_inner(&value) || ayni_control_count(&value) == 0)
            continue;
        copy_key(name, key);
        fprintf(people->to, "\n%s\n", label_of(name));
        if (value.kind == AYNI_CONTROL_OBJECT)
            people_object(people, &value);
        else
            people_objects(people, elements_of(&value));
    }
}

void people_text(const struct people *people, struct ayni_bytes text)
{
    visible_print(text, people->to);
}
