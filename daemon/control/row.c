#include "daemon/control/row.h"

#include "daemon/control/record_item.h"
#include "daemon/records/names.h"
#include "daemon/records/walk.h"

/* --- columns --- */

static const struct row_column common[] = {
    { ROW_ID, "_id", NULL },     { ROW_SPACE, "_space", NULL },
    { ROW_NODE, "_node", NULL }, { ROW_STEWARD, "_steward", NULL },
    { ROW_TIME, "_time", NULL }, { ROW_CONTESTED, "_contested", NULL },
};
enum { COMMON_COUNT = sizeof(common) / sizeof(common[0]) };

static void add(struct row_columns *columns, struct row_column column)
{
    if (columns->count < ROW_COLUMNS_MAX)
        columns->items[columns->count++] = column;
}

static void add_fields(const struct ayni_catalogue_type *type, struct row_columns *columns)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (!type->fields[i].retired)
            add(columns, (struct row_column){ ROW_FIELD, type->fields[i].name, &type->fields[i] });
}

enum ayni_status row_column_named(const struct ayni_catalogue_type *type, const char *name,
                                  struct row_column *column, struct complaint *complaint)
{
    const struct ayni_catalogue_field *field;
    enum ayni_status status;

    for (size_t i = 0; i < COMMON_COUNT; i++)
        if (strcmp(name, common[i].name) == 0) {
            *column = common[i];
            return AYNI_OK;
        }
    status = names_field(type, name, &field, complaint);
    if (status == AYNI_OK)
        *column = (struct row_column){ ROW_FIELD, field->name, field };
    return status;
}

enum ayni_status row_columns_of_list(const struct ayni_catalogue_type *type,
                                     const char *const *names, size_t count,
                                     struct row_columns *columns, struct complaint *complaint)
{
    enum ayni_status status = AYNI_OK;

    columns->count = 0;
    if (count > ROW_COLUMNS_MAX)
        return complain(complaint, AYNI_E_USAGE, N_("too many columns"), NULL);
    for (size_t i = 0; status == AYNI_OK && i < count; i++)
        status = row_column_named(type, names[i], &columns->items[columns->count++], complaint);
    if (status != AYNI_OK || count > 0)
        return status;
    for (size_t i = 0; i < COMMON_COUNT; i++)
        add(columns, common[i]);
    add_fields(type, columns);
    return AYNI_OK;
}

void row_columns_of_export(const struct ayni_catalogue_type *type, struct row_columns *columns)
{
    columns->count = 0;
    add(columns, common[0]);
    for (size_t i = 0; type->key_is_identifier && i < IDENTIFIER_SCHEMES; i++)
        add(columns, (struct row_column){ ROW_IDENTIFIER, identifier_names[i], NULL });
    add_fields(type, columns);
}

void row_put_names(struct ayni_control_writer *item, const struct row_columns *columns)
{
    ayni_control_open_array(item, NULL);
    for (size_t i = 0; i < columns->count; i++)
        ayni_control_put_text(item, NULL, columns->items[i].name);
    ayni_control_close(item);
}

/* --- the numbers of a child or person --- */

struct numbers {
    struct complaint_word values[IDENTIFIER_SCHEMES]; /* empty for none */
};

/* Whether the state still names `holder`. */
static bool held_by(const struct record_state *state, uint32_t field,
                    const struct ayni_record *holder)
{
    struct ayni_record shown;

    return record_state_reference(state, field, &shown) && ayni_id_equal(&shown, holder);
}

/* A code of this node's own organisation goes without the organisation. */
static bool own_code(struct reader *reader, const struct ayni_node *node, struct ayni_bytes *value)
{
    char organisation[NAMES_SIZE];
    size_t size;

    names_of_org(reader_charter(reader), node, organisation);
    size = strlen(organisation);
    if (size == 0 || value->size <= size + 1 || memcmp(value->data, organisation, size) != 0 ||
        value->data[size] != ':')
        return false;
    *value = (struct ayni_bytes){ value->data + size + 1, value->size - size - 1 };
    return true;
}

static void take_number(struct numbers *numbers, struct reader *reader,
                        const struct ayni_node *node, const struct identifier_type *type,
                        const struct record_state *state)
{
    struct ayni_bytes value, scheme_word;
    (void)record_state_text(state, type->value, &value);
    (void)record_state_text(state, type->scheme, &scheme_word);
    struct complaint_word scheme = complaint_word(scheme_word);
    int index = identifier_index(scheme.text);

    if (strcmp(scheme.text, "programme") == 0 && own_code(reader, node, &value))
        index = identifier_index("code");
    if (index >= 0 && numbers->values[index].text[0] == 0)
        numbers->values[index] = complaint_word(value);
}

static enum ayni_status find_numbers(struct reader *reader, const struct ayni_node *node,
                                     const struct record_key *holder, struct numbers *numbers)
{
    SCOPED_WALK walk = { 0 };
    struct identifier_type type;
    struct record_key key;
    enum ayni_status status = identifier_type_of(reader_charter(reader)->catalogue, &type);

    memset(numbers, 0, sizeof(*numbers));
    walk_subject(reader, &holder->record, &walk);
    if (status != AYNI_OK)
        return AYNI_OK;
    while (status == AYNI_OK && walk_next(&walk, &key)) {
        SCOPED_STATE state = { 0 };
        if (key.type != type.type->number || !ayni_id_equal(&key.space, &holder->space))
            continue;
        status = reader_fold(reader, &key, &state);
        if (status == AYNI_OK && !record_state_gone(&state) &&
            held_by(&state, type.holder, &holder->record))
            take_number(numbers, reader, node, &type, &state);
    }
    return status == AYNI_OK ? walk.status : status;
}

/* --- rows --- */

static void put_contested(struct ayni_control_writer *item, const struct charter *charter,
                          const struct record_state *state)
{
    char name[NAMES_SIZE];

    ayni_control_open_array(item, NULL);
    for (size_t i = 0; i < state->folded.field_count; i++) {
        if (!state->folded.fields[i].contested)
            continue;
        names_of_field(charter, state->key.type, state->folded.fields[i].number, name);
        ayni_control_put_text(item, NULL, name);
    }
    if (state->folded.delete_contested)
        ayni_control_put_text(item, NULL, "_deleted");
    ayni_control_close(item);
}

static void put_text_or_null(struct ayni_control_writer *item, const char *text)
{
    if (text[0] == 0)
        ayni_control_put_null(item, NULL);
    else
        ayni_control_put_text(item, NULL, text);
}

static void put_cell(struct ayni_control_writer *item, const struct row_column *column,
                     const struct charter *charter, const struct record_state *state,
                     const struct numbers *numbers)
{
    const struct ayni_fold_item *newest = record_state_newest(state);
    char name[NAMES_SIZE];

    switch (column->kind) {
    case ROW_ID:
        ayni_control_put_record(item, NULL, &state->key.record);
        return;
    case ROW_SPACE:
        names_of_space(charter, &state->key.space, name);
        ayni_control_put_text(item, NULL, name);
        return;
    case ROW_NODE:
        ayni_control_put_node(item, NULL, &newest->node);
        return;
    case ROW_STEWARD:
        ayni_control_put_string(item, NULL, newest->version->steward);
        return;
    case ROW_TIME:
        ayni_control_put_instant(item, NULL, newest->time);
        return;
    case ROW_CONTESTED:
        put_contested(item, charter, state);
        return;
    case ROW_IDENTIFIER:
        put_text_or_null(item, numbers->values[identifier_index(column->name)].text);
        return;
    case ROW_FIELD:
        record_item_value(item, NULL, column->field,
                          record_state_value(state, column->field->number));
    }
}

enum ayni_status row_put(struct ayni_control_writer *item, const struct row_columns *columns,
                         struct reader *reader, const struct ayni_node *node,
                         const struct record_state *state)
{
    struct numbers numbers;
    bool has_numbers = false;
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; i < columns->count; i++)
        has_numbers = has_numbers || columns->items[i].kind == ROW_IDENTIFIER;
    if (has_numbers)
        status = find_numbers(reader, node, &state->key, &numbers);
    if (status != AYNI_OK)
        return status;
    ayni_control_open_array(item, NULL);
    for (size_t i = 0; i < columns->count; i++)
        put_cell(item, &columns->items[i], reader_charter(reader), state, &numbers);
    ayni_control_close(item);
    return AYNI_OK;
}
