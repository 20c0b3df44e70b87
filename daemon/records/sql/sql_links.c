#include "daemon/records/sql/sql_links.h"

#include "daemon/records/links/link_component.h"
#include "proto/cbor.h"

static void result_child(sqlite3_context *context, struct sql_source *source,
                         const struct ayni_record *record)
{
    struct link_component component;
    char text[AYNI_RECORD_TEXT_SIZE];
    enum ayni_status status = links_component(source->reader, record, &component);

    if (status != AYNI_OK) {
        source->status = status;
        sqlite3_result_error_code(context, SQLITE_IOERR);
        return;
    }
    ayni_record_text(&component.child, text);
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

static void child_of(sqlite3_context *context, int count, sqlite3_value **values)
{
    const uint8_t *text = sqlite3_value_text(values[0]);
    struct ayni_record record;

    (void)count;
    if (text == NULL)
        return;
    if (ayni_record_parse(ayni_bytes_of_text((const char *)text), &record) != AYNI_OK)
        sqlite3_result_value(context, values[0]);
    else
        result_child(context, sqlite3_user_data(context), &record);
}

int sql_links_add(sqlite3 *db, struct sql_source *source)
{
    return sqlite3_create_function_v2(db, "child_of", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, source,
                                      child_of, NULL, NULL, NULL);
}

bool sql_links_of_itself(const struct ayni_catalogue_type *type)
{
    for (size_t i = 0; type->subject_field == 0 && i < type->subject_count; i++)
        if (strcmp(type->subjects[i], type->name) == 0)
            return true;
    return false;
}

bool sql_links_any(const struct ayni_catalogue_type *type)
{
    return type->subject_field != 0 || sql_links_of_itself(type);
}

void sql_links_result(sqlite3_context *context, struct sql_source *source,
                      const struct ayni_catalogue_type *type, const struct record_state *state)
{
    struct ayni_record subject;

    if (type->subject_field != 0) {
        struct ayni_cbor_reader value =
            ayni_cbor_reader(record_state_value(state, type->subject_field));
        ayni_cbor_read_id(&value, &subject);
        if (ayni_cbor_done(&value) == AYNI_OK)
            result_child(context, source, &subject);
    } else if (sql_links_of_itself(type)) {
        result_child(context, source, &state->key.record);
    }
}
