#include "daemon/records/sql/sql_common.h"

#include "daemon/records/charter.h"
#include "daemon/records/names.h"
#include "daemon/records/sql/sql_column.h"

const char sql_common_columns[] =
    "\"_id\" " SQL_COLUMN_RECORD ",\"_space\" TEXT,\"_node\" " SQL_COLUMN_NODE
    ",\"_steward\" TEXT,\"_time\" " SQL_COLUMN_TIME ",\"_contested\" " SQL_COLUMN_SET
    ",\"_child\" HIDDEN " SQL_COLUMN_RECORD ",\"_key\" HIDDEN BLOB";

const char *const sql_common_names[] = { "_id",   "_space",     "_node",  "_steward",
                                         "_time", "_contested", "_child", NULL };

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

static const char *node_text(struct sql_common_last *last, const struct ayni_node *node)
{
    if (last->node_text[0] == '\0' || !ayni_id_equal(&last->node, node)) {
        last->node = *node;
        ayni_node_text(node, last->node_text);
    }
    return last->node_text;
}

static const char *time_text(struct sql_common_last *last, struct ayni_instant time)
{
    if (last->time_text[0] == '\0' || last->time.ms != time.ms) {
        last->time = time;
        ayni_instant_text(time, last->time_text);
    }
    return last->time_text;
}

struct sql_common sql_common_of(const struct record_state *state)
{
    const struct ayni_fold_item *newest = record_state_newest(state);

    return (struct sql_common){ &state->key, &newest->node, newest->version->steward, newest->time,
                                state };
}

void sql_common_result(sqlite3_context *context, const struct charter *charter,
                       const struct sql_common *row, struct sql_common_last *last, int column)
{
    const char *shown = NULL;
    char text[NAMES_SIZE];

    switch (column) {
    case SQL_COMMON_ID:
        ayni_record_text(&row->key->record, text);
        shown = text;
        break;
    case SQL_COMMON_SPACE:
        names_of_space(charter, &row->key->space, text);
        shown = text;
        break;
    case SQL_COMMON_NODE:
        shown = node_text(last, row->node);
        break;
    case SQL_COMMON_STEWARD:
        result_bytes_as_text(context, row->steward);
        return;
    case SQL_COMMON_TIME:
        shown = time_text(last, row->time);
        break;
    case SQL_COMMON_CONTESTED:
        if (row->state != NULL)
            result_contested(context, charter, row->state);
        return;
    default:
        result_key(context, row->key);
        return;
    }
    result_bytes_as_text(context, ayni_bytes_of_text(shown));
}
