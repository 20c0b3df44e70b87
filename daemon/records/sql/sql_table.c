#include "daemon/records/sql/sql_table.h"

#include <stdlib.h>

#include "daemon/records/names.h"
#include "daemon/records/sql/sql_column.h"
#include "daemon/records/sql/sql_common.h"
#include "daemon/records/sql/sql_links.h"
#include "daemon/records/sql/sql_plan.h"
#include "daemon/records/sql/sql_range.h"
#include "proto/crypto.h"

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
    struct sql_row row; /* that it is at */
    struct sql_common_last last;
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
    ayni_buffer_append_text(&sql, sql_common_columns);
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

/* Of a field that a plan knows; -1 where there is none. */
static int column_of(const struct ayni_catalogue_type *type, uint32_t field)
{
    for (size_t i = 0; field != 0 && i < type->field_count; i++)
        if (type->fields[i].number == field)
            return SQL_COMMON_COUNT + (int)i;
    return -1;
}

static const char *name_of(const struct ayni_catalogue_type *type, int column)
{
    return column < 0 ? "" : type->fields[column - SQL_COMMON_COUNT].name;
}

/* What is true of the records when the statement begins, and so to its end. */
static enum ayni_status describe(struct reader *reader, const struct ayni_catalogue_type *type,
                                 struct sql_plan_columns *columns)
{
    struct occasion_fields fields;
    bool odd = false, has_fields = occasion_fields_of(type, &fields);

    *columns = (struct sql_plan_columns){
        .id = SQL_COMMON_ID,
        .space = SQL_COMMON_SPACE,
        .key = SQL_COMMON_KEY,
        .subject = column_of(type, type->subject_field),
        .child = sql_links_any(type) ? SQL_COMMON_CHILD : -1,
        .place = column_of(type, fields.place),
        .date = column_of(type, fields.date),
    };
    columns->place_name = name_of(type, columns->place);
    columns->date_name = name_of(type, columns->date);
    enum ayni_status status = count_records(reader, type->number, &columns->count);
    if (status == AYNI_OK && has_fields)
        status = occasions_usable(reader, type->number, &columns->indexed, &odd);
    columns->by_place = columns->indexed && !odd;
    return status;
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
    type->used = true;
    code = code_of(table, describe(type->source->reader, type->type, &table->columns));
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
    return sql_plan_choose(&((struct table *)base)->columns, info);
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

    sql_row_free(&cursor->row);
    sql_range_end(&cursor->range);
    free(cursor);
    return SQLITE_OK;
}

static bool is_shown(const struct sql_row *row)
{
    return row->indexed || row->lone || !record_state_gone(&row->state);
}

/* To the next record that is shown; whether there is one is in `ended`. */
static enum ayni_status advance(struct cursor *cursor)
{
    struct sql_source *source = table_of(cursor)->source;

    for (unsigned unseen = 1;; unseen++) {
        record_state_free(&cursor->row.state);
        enum ayni_status status = sql_range_next(&cursor->range, &cursor->row);
        cursor->ended = status == AYNI_E_NOT_FOUND;
        if (cursor->ended || (status == AYNI_OK && is_shown(&cursor->row)))
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

/*
 * The same for a record in whatever order rows come: where two terms of an OR find it, SQLite knows
 * by this that it is one. Rows out of the index alone are told apart by their only version, others
 * by the record; a statement has either of a table.
 */
static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *row)
{
    const struct sql_row *at = &((struct cursor *)base)->row;
    uint8_t name[RECORD_KEY_SIZE + VERSION_REF_SIZE] = { 0 };
    struct record_key key = at->lone ? at->one.key : at->state.key;

    if (at->indexed)
        key = (struct record_key){ .space = at->at.space, .record = at->at.record };
    record_key_encode(&key, name);
    if (at->indexed && at->at.single)
        version_ref_encode(&at->at.ref, name + RECORD_KEY_SIZE);
    struct ayni_hash hash = ayni_hash_of((struct ayni_bytes){ name, sizeof(name) });
    *row = (sqlite3_int64)ayni_get_u64(hash.bytes);
    return SQLITE_OK;
}

/* --- values --- */

/* Of a row that is all in the index. */
static void result_indexed(sqlite3_context *context, struct table *table,
                           const struct occasion_row *row, int column)
{
    char text[NAMES_SIZE] = "";

    if (column == SQL_COMMON_SPACE)
        names_of_space(reader_charter(table->source->reader), &row->space, text);
    else if (column == table->columns.place)
        occasion_place_text(&row->at, text);
    else if (column == table->columns.date)
        occasion_date_text(&row->at, text);
    if (text[0] != '\0') /* else there is none: NULL */
        sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

/* What is worked out of a record takes its fold. */
static enum ayni_status fold_row(struct table *table, struct sql_row *row)
{
    if (!row->lone || row->state.count > 0)
        return AYNI_OK;
    return reader_fold_single(table->source->reader, &row->at.ref, &row->state);
}

/* A column that isn't written: `_child`, and those that are computed. */
static enum ayni_status put_worked_out(struct table *table, struct sql_row *row, int column,
                                       sqlite3_context *context)
{
    enum ayni_status status = fold_row(table, row);

    if (status != AYNI_OK) /* what damage left says nothing */
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    if (column == SQL_COMMON_CHILD) {
        sql_links_result(context, table->source, table->type, &row->state);
        return AYNI_OK;
    }
    size_t index = (size_t)(column - SQL_COMMON_COUNT) - table->type->field_count;
    const struct sql_computed_row asked = { &table->source->computing, &table->computed[index],
                                            table->type, &row->state };
    return sql_computed_result(&asked, context);
}

static void put_common(struct table *table, struct cursor *cursor, int column,
                       sqlite3_context *context)
{
    const struct sql_row *row = &cursor->row;
    const struct sql_common common =
        row->lone ? (struct sql_common){ &row->one.key, row->one.node, row->one.version.steward,
                                         row->one.time, NULL }
                  : sql_common_of(&row->state);

    sql_common_result(context, reader_charter(table->source->reader), &common, &cursor->last,
                      column);
}

static bool is_worked_out(const struct table *table, int column)
{
    return column == SQL_COMMON_CHILD || column >= SQL_COMMON_COUNT + (int)table->type->field_count;
}

static int put_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    struct cursor *cursor = (struct cursor *)base;
    struct table *table = table_of(cursor);
    struct sql_row *row = &cursor->row;

    if (row->indexed) {
        result_indexed(context, table, &row->at, column);
    } else if (is_worked_out(table, column)) {
        return code_of(table, put_worked_out(table, row, column, context));
    } else if (column < SQL_COMMON_COUNT) {
        put_common(table, cursor, column, context);
    } else {
        const struct ayni_catalogue_field *field = &table->type->fields[column - SQL_COMMON_COUNT];
        sql_column_result(context, field,
                          row->lone ? single_value(&row->one, field->number)
                                    : record_state_value(&row->state, field->number));
    }
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
