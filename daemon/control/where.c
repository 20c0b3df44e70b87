#include "daemon/control/where.h"

#include "daemon/records/names.h"

/* What an expression can't be called. */
static const char space_parameter[] = "_space";

/* A line end closes a comment that the expression may have. */
static void write_select(const struct where *where, struct ayni_buffer *sql)
{
    ayni_buffer_append_text(sql, "SELECT _key FROM \"");
    ayni_buffer_append_text(sql, where->type->name);
    ayni_buffer_append_text(sql, "\" WHERE (\n");
    ayni_buffer_append_text(sql, where->expression == NULL ? "1" : where->expression);
    ayni_buffer_append_text(sql, "\n)");
    if (where->space != NULL)
        ayni_buffer_append_text(sql, " AND _space = :_space");
    ayni_buffer_append_text(sql, " ORDER BY ");
    if (where->order_by != NULL) {
        ayni_buffer_append_text(sql, "\"");
        ayni_buffer_append_text(sql, where->order_by);
        ayni_buffer_append_text(sql, where->descending ? "\" DESC, " : "\", ");
    }
    ayni_buffer_append_text(sql, where->descending ? "_key DESC" : "_key");
    ayni_buffer_append_byte(sql, '\0');
}

/* Whoever writes an expression that isn't one may select anything: it must be a key of the type. */
static bool is_wanted(const struct where *where, const struct record_key *key)
{
    return key->type == where->type->number &&
           (where->space == NULL || ayni_id_equal(&key->space, where->space));
}

static enum ayni_status gather(struct asking *asking, const struct where *where,
                               struct ayni_buffer *keys)
{
    struct record_key key;
    enum ayni_status status;

    while ((status = asking_next(asking)) == AYNI_OK) {
        if (sql_query_key(asking->query, &key) == AYNI_OK && is_wanted(where, &key))
            ayni_buffer_append(keys, &key, sizeof(key));
    }
    if (status != AYNI_E_NOT_FOUND)
        return status;
    return ayni_buffer_status(keys);
}

enum ayni_status where_choose(struct daemon *daemon, struct control_call *call,
                              const struct where *where, struct ayni_buffer *keys)
{
    SCOPED_ASKING asking = { 0 };
    SCOPED_BUFFER sql = { 0 };
    char name[NAMES_SIZE];
    const struct sql_parameter space = { space_parameter, name };
    enum ayni_status status = asking_begin(&asking, daemon, call);

    write_select(where, &sql);
    if (status == AYNI_OK)
        status = ayni_buffer_status(&sql);
    asking.rows_left = UINT64_MAX; /* keys alone are few bytes */
    if (status == AYNI_OK && where->space != NULL)
        names_of_space(reader_charter(asking.reader), where->space, name);
    if (status == AYNI_OK)
        status = asking_prepare(&asking, (const char *)sql.data, &space, where->space != NULL);
    return status == AYNI_OK ? gather(&asking, where, keys) : status;
}

enum ayni_status where_read(struct daemon *daemon, struct control_call *call,
                            const struct charter *charter, const struct scope *scope,
                            struct ayni_buffer *keys, bool *given)
{
    struct where where = { .type = ayni_catalogue_type(charter->catalogue, scope->type),
                           .space = scope_space(scope) };
    enum ayni_status status = call_text_or(call, "where", NULL, &where.expression);

    *given = false;
    if (status != AYNI_OK || where.expression == NULL)
        return status;
    if (where.type == NULL)
        return call_fail(call, AYNI_E_USAGE, N_("--where needs --type: whose columns it is about"),
                         NULL);
    *given = true;
    return where_choose(daemon, call, &where, keys);
}
