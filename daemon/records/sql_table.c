#include "daemon/records/sql_table.h"

#include <stdlib.h>

#include "daemon/records/names.h"
#include "daemon/records/sql_column.h"
#include "daemon/records/sql_links.h"
#include "daemon/records/sql_plan.h"

/* Columns before the fields. */
enum {
    AT_ID,
    AT_SPACE,
    AT_NODE,
    AT_STEWARD,
    AT_TIME,
    AT_CONTESTED,
    AT_CHILD,
    AT_KEY,
    COMMON_COUNT
};

static const char common_columns[] =
    "\"_id\" " SQL_COLUMN_RECORD ",\"_space\" TEXT,\"_node\" " SQL_COLUMN_NODE
    ",\"_steward\" TEXT,\"_time\" " SQL_COLUMN_TIME ",\"_contested\" " SQL_COLUMN_SET
    ",\"_child\" HIDDEN " SQL_COLUMN_RECORD ",\"_key\" HIDDEN BLOB";

const char *const sql_table_common[] = { "_id",   "_space",     "_node",  "_steward",
                                         "_time", "_contested", "_child", NULL };

/* Records that aren't shown, passed over without asking whether to go on. */
enum { UNSEEN_MAX = 1024 };

struct table {
    sqlite3_vtab base;
    struct sql_source *source;
    const struct ayni_catalogue_type *type;
    struct sql_plan_columns columns;
    const struct sql_computed *computed; /* after the fields */
};

struct cursor {
    sqlite3_vtab_cursor base;
    struct sql_range range;
    struct record_state state; /* of the row that it is at */
    sqlite3_int64 row;
    bool ended;
};

/* A failure of the stores ends the statement; the source remembers which it was. */
static int code_of(struct table *table, enum ayni_status status)
{
    if (status == AYNI_OK)
        return SQLITE_OK;
    if (table->source->status == AYNI_OK)
        table->source->status = status;
    return status == AYNI_E_MEMORY ? SQLITE_NOMEM : SQLITE_IOERR;
}

/* --- the table --- */

/* A column behind others. HIDDEN is the first word of a type, if of any: some end with a bracket.
 */
static void declare_column(struct ayni_buffer *sql, const char *name, const char *type, bool hidden)
{
    ayni_buffer_append_text(sql, ",\"");
    ayni_buffer_append_text(sql, name);
    ayni_buffer_append_text(sql, hidden ? "\" HIDDEN " : "\" ");
    ayni_buffer_append_text(sql, type);
}

static int declare(sqlite3 *db, const struct ayni_catalogue_type *type)
{
    SCOPED_BUFFER sql = { 0 };
    char kind[SQL_COLUMN_TYPE_SIZE];
    size_t count;
    const struct sql_computed *computed = sql_computed_of(type, &count);

    ayni_buffer_append_text(&sql, "CREATE TABLE x(");
    ayni_buffer_append_text(&sql, common_columns);
    for (size_t i = 0; i < type->field_count; i++) {
        sql_column_type(&type->fields[i].kind, kind);
        declare_column(&sql, type->fields[i].name, kind, type->fields[i].retired);
    }
    for (size_t i = 0; i < count; i++)
        declare_column(&sql, computed[i].name, computed[i].declared, true);
    ayni_buffer_append(&sql, ")", 2);
    return ayni_buffer_status(&sql) == AYNI_OK ? sqlite3_declare_vtab(db, (const char *)sql.data)
                                               : SQLITE_NOMEM;
}

static enum ayni_status count_records(struct reader *reader, uint32_t type, uint64_t *count)
{
    const struct record_places *places;
    uint64_t more;
    enum ayni_status status = reader_places(reader, &places);

    *count = 0;
    for (size_t i = 0; status == AYNI_OK && i < places->count; i++) {
        if (places->items[i].type != type)
            continue;
        status = reader_count(reader, &places->items[i].space, type, &more);
        *count += status == AYNI_OK ? more : 0;
    }
    return status;
}

static int column_of_subject(const struct ayni_catalogue_type *type)
{
    for (size_t i = 0; type->subject_field != 0 && i < type->field_count; i++)
        if (type->fields[i].number == type->subject_field)
            return COMMON_COUNT + (int)i;
    return -1;
}

static int connect_table(sqlite3 *db, void *aux, int argc, const char *const *argv,
                         sqlite3_vtab **made, char **error)
{
    struct sql_table_type *type = aux;
    struct table *table;
    size_t count;
    int code;

    (void)argc, (void)argv;
    type->source->declaring = true;
    code = declare(db, type->type);
    type->source->declaring = false;
    if (code == SQLITE_OK)
        code = sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    if (code != SQLITE_OK) {
        *error = sqlite3_mprintf("%s", sqlite3_errmsg(db));
        return code;
    }
    table = calloc(1, sizeof(*table));
    if (table == NULL)
        return SQLITE_NOMEM;
    table->source = type->source;
    table->type = type->type;
    table->computed = sql_computed_of(type->type, &count);
    table->columns = (struct sql_plan_columns){
        .id = AT_ID, .space = AT_SPACE, .key = AT_KEY, .subject = column_of_subject(type->type)
    };
    type->used = true;
    code = code_of(table,
                   count_records(type->source->reader, type->type->number, &table->columns.count));
    if (code == SQLITE_OK)
        *made = &table->base;
    else
        free(table);
    return code;
}

static int disconnect_table(sqlite3_vtab *table)
{
    free(table);
    return SQLITE_OK;
}

static int choose_plan(sqlite3_vtab *base, sqlite3_index_info *info)
{
    sql_plan_choose(&((struct table *)base)->columns, info);
    return SQLITE_OK;
}

/* --- rows --- */

static struct table *table_of(struct cursor *cursor)
{
    return (struct table *)cursor->base.pVtab;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **made)
{
    struct cursor *cursor = calloc(1, sizeof(*cursor));

    (void)table;
    if (cursor == NULL)
        return SQLITE_NOMEM;
    *made = &cursor->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    struct cursor *cursor = (struct cursor *)base;

    record_state_free(&cursor->state);
    sql_range_end(&cursor->range);
    free(cursor);
    return SQLITE_OK;
}

/* To the next record that is shown; whether there is one is in `ended`. */
static enum ayni_status advance(struct cursor *cursor)
{
    struct sql_source *source = table_of(cursor)->source;

    for (unsigned unseen = 1;; unseen++) {
        record_state_free(&cursor->state);
        enum ayni_status status = sql_range_next(&cursor->range, &cursor->state);
        cursor->ended = status == AYNI_E_NOT_FOUND;
        if (cursor->ended || (status == AYNI_OK && !record_state_gone(&cursor->state)))
            return AYNI_OK;
        if (status != AYNI_OK)
            return status;
        if (unseen % UNSEEN_MAX == 0 && source->stop(source->context))
            return AYNI_E_STOPPED;
    }
}

static int next_row(sqlite3_vtab_cursor *base)
{
    struct cursor *cursor = (struct cursor *)base;

    cursor->row++;
    return code_of(table_of(cursor), advance(cursor));
}

static int filter_rows(sqlite3_vtab_cursor *base, int plan, const char *words, int count,
                       sqlite3_value **arguments)
{
    struct cursor *cursor = (struct cursor *)base;
    struct table *table = table_of(cursor);

    (void)words, (void)count;
    sql_range_end(&cursor->range);
    cursor->ended = false;
    int code = code_of(table, sql_range_begin(&cursor->range, table->source->reader,
                                              table->type->number, plan, arguments));
    return code == SQLITE_OK ? next_row(base) : code;
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
    return ((struct cursor *)base)->ended;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *row)
{
    *row = ((struct cursor *)base)->row;
    return SQLITE_OK;
}

/* --- values --- */

static void result_bytes_as_text(sqlite3_context *context, struct ayni_bytes text)
{
    sqlite3_result_text(context, text.size == 0 ? "" : (const char *)text.data, (int)text.size,
                        SQLITE_TRANSIENT);
}

/* Names of contested fields with commas between; NULL where none is. */
static void result_contested(sqlite3_context *context, const struct charter *charter,
                             const struct record_state *state)
{
    SCOPED_BUFFER text = { 0 };
    char name[NAMES_SIZE];

    for (size_t i = 0; i < state->folded.field_count; i++) {
        if (!state->folded.fields[i].contested)
            continue;
        names_of_field(charter, state->key.type, state->folded.fields[i].number, name);
        ayni_buffer_append_text(&text, text.size == 0 ? "" : ",");
        ayni_buffer_append_text(&text, name);
    }
    if (state->folded.delete_contested)
        ayni_buffer_append_text(&text, text.size == 0 ? "_deleted" : ",_deleted");
    if (text.size > 0)
        result_bytes_as_text(context, ayni_buffer_bytes(&text));
}

static void result_key(sqlite3_context *context, const struct record_key *key)
{
    uint8_t bytes[RECORD_KEY_SIZE];

    record_key_encode(key, bytes);
    sqlite3_result_blob(context, bytes, sizeof(bytes), SQLITE_TRANSIENT);
}

static void result_common(sqlite3_context *context, const struct charter *charter,
                          const struct record_state *state, int column)
{
    const struct ayni_fold_item *newest = record_state_newest(state);
    char text[NAMES_SIZE];

    _Static_assert((int)NAMES_SIZE >= (int)AYNI_NODE_TEXT_SIZE, "a node's name fits");
    switch (column) {
    case AT_ID:
        ayni_record_text(&state->key.record, text);
        break;
    case AT_SPACE:
        names_of_space(charter, &state->key.space, text);
        break;
    case AT_NODE:
        ayni_node_text(&newest->node, text);
        break;
    case AT_STEWARD:
        result_bytes_as_text(context, newest->version->steward);
        return;
    case AT_TIME:
        ayni_instant_text(newest->time, text);
        break;
    case AT_CONTESTED:
        result_contested(context, charter, state);
        return;
    default:
        result_key(context, &state->key);
        return;
    }
    result_bytes_as_text(context, ayni_bytes_of_text(text));
}

static int put_computed(struct table *table, const struct cursor *cursor, size_t index,
                        sqlite3_context *context)
{
    const struct sql_computed_row row = { &table->source->computing, &table->computed[index],
                                          table->type, &cursor->state };

    return code_of(table, sql_computed_result(&row, context));
}

static int put_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    struct cursor *cursor = (struct cursor *)base;
    struct table *table = table_of(cursor);

    if (column == AT_CHILD) {
        sql_links_result(context, table->source, table->type, &cursor->state);
        return SQLITE_OK;
    }
    if (column < COMMON_COUNT) {
        result_common(context, reader_charter(table->source->reader), &cursor->state, column);
        return SQLITE_OK;
    }
    size_t index = (size_t)(column - COMMON_COUNT);
    if (index >= table->type->field_count)
        return put_computed(table, cursor, index - table->type->field_count, context);
    const struct ayni_catalogue_field *field = &table->type->fields[index];
    sql_column_result(context, field, record_state_value(&cursor->state, field->number));
    return SQLITE_OK;
}

/* Without xCreate a table is there by its name alone, and nothing else can be made of it. */
static const sqlite3_module module = {
    .xConnect = connect_table,
    .xBestIndex = choose_plan,
    .xDisconnect = disconnect_table,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter_rows,
    .xNext = next_row,
    .xEof = is_at_end,
    .xColumn = put_column,
    .xRowid = row_number,
};

int sql_table_add(sqlite3 *db, struct sql_table_type *type)
{
    return sqlite3_create_module_v2(db, type->type->name, &module, type, NULL);
}
