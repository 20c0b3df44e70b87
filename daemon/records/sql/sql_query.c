#include "daemon/records/sql/sql_query.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "daemon/records/charter.h"
#include "daemon/records/sql/sql_column.h"
#include "daemon/records/sql/sql_links.h"
#include "daemon/records/sql/sql_query_functions.h"
#include "daemon/records/sql/sql_table.h"
#include "daemon/records/sql/sql_words.h"
#include "proto/text.h"

/* A value fits a few times into a frame of the control socket; between two looks at the clock and
 * the memory in use there are so many steps of SQLite's machine. */
enum { VALUE_SIZE_MAX = 1000000, DEPTH_MAX = 200, STEPS = 200 };

struct sql_query {
    sqlite3 *db;
    sqlite3_stmt *statement;
    struct sql_query_wish wish;
    struct sql_source source;
    struct sql_lookups lookups;
    struct sql_table_type *types; /* of the catalogue, those that are in use */
    size_t type_count;
    struct sql_column_form *forms; /* of each column of the answer */
    bool too_large;                /* it was stopped for the memory it takes */
};

/* --- what it may do --- */

static bool is_table(const struct sql_query *query, const char *name)
{
    for (size_t i = 0; i < query->type_count; i++)
        if (sqlite3_stricmp(query->types[i].type->name, name) == 0)
            return true;
    return sqlite3_stricmp(name, "json_each") == 0 || sqlite3_stricmp(name, "json_tree") == 0;
}

/* SQLite asks of what a WITH names, too, where none of its columns is read. */
static bool may_read(const struct sql_query *query, const char *table, const char *column)
{
    return is_table(query, table) ||
           (column[0] == '\0' && sqlite3_strnicmp(table, "sqlite_", 7) != 0);
}

/* Reading the tables of types, and what needs nothing to be read. */
static int authorize(void *context, int action, const char *table, const char *function,
                     const char *schema, const char *view)
{
    const struct sql_query *query = context;

    (void)schema, (void)view;
    if (query->source.declaring)
        return SQLITE_OK;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_READ:
        return may_read(query, table, function) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return sql_query_function_allowed(function) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

static int look_up(void *context)
{
    struct sql_query *query = context;

    if (query->wish.memory_max != 0 && (uint64_t)sqlite3_memory_used() > query->wish.memory_max)
        query->too_large = true;
    return query->too_large || query->wish.stop(query->wish.context);
}

static void limit(sqlite3 *db)
{
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_SIZE_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, SQL_QUERY_SIZE_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, DEPTH_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
    sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL); /* "x" is a name, never a text */
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
}

/* --- opening --- */

static int add_tables(struct sql_query *query, const struct ayni_catalogue *catalogue)
{
    int code = SQLITE_OK;

    query->types = calloc(catalogue->type_count + 1, sizeof(*query->types));
    if (query->types == NULL)
        return SQLITE_NOMEM;
    for (size_t i = 0; code == SQLITE_OK && i < catalogue->type_count; i++) {
        struct sql_table_type *type = &query->types[query->type_count++];
        *type = (struct sql_table_type){ &query->source, &catalogue->types[i], false };
        code = sql_table_add(query->db, type);
    }
    return code;
}

/*
 * What must be done while everything is allowed. Sorting and the like stay in memory: nothing of
 * a record ever lies in a temporary file. Tables of SQLite's own say their columns once.
 */
static int set_up(sqlite3 *db)
{
    return sqlite3_exec(db, "PRAGMA temp_store=2; SELECT 1 FROM json_each('[]'), json_tree('[]')",
                        NULL, NULL, NULL);
}

static int open_database(struct sql_query *query)
{
    const struct ayni_catalogue *catalogue = reader_charter(query->wish.reader)->catalogue;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(":memory:", &query->db, flags, NULL);

    query->lookups = (struct sql_lookups){ .catalogue = catalogue,
                                           .territories = query->wish.territories,
                                           .spanish = query->wish.spanish };
    if (code == SQLITE_OK)
        code = set_up(query->db);
    if (code == SQLITE_OK)
        code = sql_query_functions_add(query->db, &query->lookups);
    if (code == SQLITE_OK)
        code = sql_links_add(query->db, &query->source);
    if (code == SQLITE_OK)
        code = add_tables(query, catalogue);
    if (code != SQLITE_OK)
        return code;
    limit(query->db);
    sqlite3_progress_handler(query->db, STEPS, look_up, query);
    return sqlite3_set_authorizer(query->db, authorize, query);
}

/* --- the statement --- */

/* White space and comments at the front, taken off. */
static const char *skip_blank(const char *sql)
{
    for (;;) {
        const char *end;
        while (isspace((unsigned char)*sql))
            sql++;
        if (strncmp(sql, "--", 2) == 0)
            end = strchr(sql, '\n');
        else if (strncmp(sql, "/*", 2) == 0)
            end = strstr(sql + 2, "*/");
        else
            return sql;
        if (end == NULL)
            return sql + strlen(sql);
        sql = end + (*end == '\n' ? 1 : 2);
    }
}

/* Whether it goes on with that word, and a blank; then where it goes on after it. */
static bool begins_with(const char *sql, const char *word, const char **rest)
{
    size_t size = strlen(word);

    if (sqlite3_strnicmp(sql, word, (int)size) != 0 || isalnum((unsigned char)sql[size]) ||
        sql[size] == '_')
        return false;
    *rest = skip_blank(sql + size);
    return true;
}

/* The words that a statement may begin with; the authorizer sees what follows them. */
static bool is_select(const char *sql)
{
    const char *rest;

    sql = skip_blank(sql);
    if (begins_with(sql, "EXPLAIN", &rest)) {
        if (!begins_with(rest, "QUERY", &rest) || !begins_with(rest, "PLAN", &rest))
            return false;
        sql = rest;
    }
    return begins_with(sql, "SELECT", &rest) || begins_with(sql, "WITH", &rest) ||
           begins_with(sql, "VALUES", &rest);
}

/* Nothing but blanks and semicolons. */
static bool is_nothing(const char *sql)
{
    for (sql = skip_blank(sql); *sql == ';'; sql = skip_blank(sql + 1))
        ;
    return *sql == '\0';
}

/* What went wrong, by SQLite's code and what is known besides. */
static enum ayni_status explain(struct sql_query *query, int code, struct complaint *complaint)
{
    const struct charter *charter = reader_charter(query->wish.reader);

    if (query->too_large) {
        complain_hint(complaint,
                      N_("ask for fewer columns or rows, or with LIMIT; [query] memory "
                         "of aynid.conf is how much queries may take"),
                      NULL);
        return complain(complaint, AYNI_E_LIMIT, N_("the query needs too much memory"), NULL);
    }
    if (query->source.status != AYNI_OK)
        return query->source.status;
    if (code == SQLITE_NOMEM)
        return AYNI_E_MEMORY;
    if (code == SQLITE_INTERRUPT)
        return AYNI_E_STOPPED;
    return sql_words_of(sqlite3_errmsg(query->db), charter, query->types, query->type_count,
                        complaint);
}

static enum ayni_status prepare(struct sql_query *query, const char *sql,
                                struct complaint *complaint)
{
    const char *rest = "";

    if (strlen(sql) > SQL_QUERY_SIZE_MAX)
        return complain(complaint, AYNI_E_LIMIT, N_("the query is too long"), NULL);
    if (!ayni_text_valid(ayni_bytes_of_text(sql))) /* names of columns are cut out of it */
        return complain(complaint, AYNI_E_USAGE, N_("this isn't SQL, at {}"), "?", NULL);
    if (!is_select(sql))
        return sql_words_refuse(complaint);
    int code = sqlite3_prepare_v3(query->db, sql, -1, 0, &query->statement, &rest);
    if (code != SQLITE_OK)
        return explain(query, code, complaint);
    if (!is_nothing(rest) || query->statement == NULL || !sqlite3_stmt_readonly(query->statement) ||
        sqlite3_column_count(query->statement) == 0)
        return sql_words_refuse(complaint);
    return AYNI_OK;
}

static enum ayni_status find_forms(struct sql_query *query)
{
    int count = sqlite3_column_count(query->statement);

    query->forms = calloc((size_t)count, sizeof(*query->forms));
    for (int i = 0; query->forms != NULL && i < count; i++)
        query->forms[i] = sql_column_form_of(query->statement, i);
    return query->forms == NULL ? AYNI_E_MEMORY : AYNI_OK;
}

/* --- parameters --- */

static const struct sql_parameter *parameter_named(const struct sql_parameter *parameters,
                                                   size_t count, const char *name)
{
    for (size_t i = 0; name != NULL && i < count; i++)
        if (strcmp(parameters[i].name, name + 1) == 0)
            return &parameters[i];
    return NULL;
}

static bool asks_for(sqlite3_stmt *statement, const char *name)
{
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++) {
        const char *asked = sqlite3_bind_parameter_name(statement, i);
        if (asked != NULL && strcmp(asked + 1, name) == 0)
            return true;
    }
    return false;
}

static enum ayni_status bind(struct sql_query *query, const struct sql_parameter *parameters,
                             size_t count, struct complaint *complaint)
{
    for (int i = 1; i <= sqlite3_bind_parameter_count(query->statement); i++) {
        const char *name = sqlite3_bind_parameter_name(query->statement, i);
        const struct sql_parameter *given = parameter_named(parameters, count, name);
        if (given == NULL) {
            const char *asked = name == NULL ? "?" : name + 1;
            complain_hint(complaint, N_("say it after the query: {}=VALUE"), asked, NULL);
            return complain(complaint, AYNI_E_USAGE, N_("the query asks for {}"), asked, NULL);
        }
        if (sqlite3_bind_text(query->statement, i, given->value, -1, SQLITE_TRANSIENT) != SQLITE_OK)
            return AYNI_E_MEMORY;
    }
    for (size_t i = 0; i < count; i++)
        if (!asks_for(query->statement, parameters[i].name))
            return complain(complaint, AYNI_E_USAGE, N_("the query doesn't ask for {}"),
                            parameters[i].name, NULL);
    return AYNI_OK;
}

enum ayni_status sql_query_new(const struct sql_query_wish *wish, const char *sql,
                               const struct sql_parameter *parameters, size_t count,
                               struct sql_query **query, struct complaint *complaint)
{
    SCOPED_QUERY *made = calloc(1, sizeof(*made));
    enum ayni_status status;

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->wish = *wish;
    made->source = (struct sql_source){
        .reader = wish->reader,
        .stop = wish->stop,
        .context = wish->context,
        .computing = { .reader = wish->reader, .territories = wish->territories },
    };
    if (open_database(made) != SQLITE_OK)
        return AYNI_E_MEMORY;
    status = prepare(made, sql, complaint);
    if (status == AYNI_OK)
        status = find_forms(made);
    if (status == AYNI_OK)
        status = bind(made, parameters, count, complaint);
    if (status != AYNI_OK)
        return status;
    *query = made;
    made = NULL;
    return AYNI_OK;
}

void sql_query_free(struct sql_query *query)
{
    if (query == NULL)
        return;
    sqlite3_finalize(query->statement);
    free(query->forms);
    sqlite3_close(query->db);
    sql_lookups_free(&query->lookups);
    sql_computing_done(&query->source.computing);
    free(query->types);
    free(query);
}

void sql_query_free_scoped(struct sql_query **query)
{
    sql_query_free(*query);
}

/* --- rows --- */

void sql_query_put_names(const struct sql_query *query, struct ayni_control_writer *writer)
{
    ayni_control_open_array(writer, NULL);
    for (int i = 0; i < sqlite3_column_count(query->statement); i++)
        ayni_control_put_text(writer, NULL, sqlite3_column_name(query->statement, i));
    ayni_control_close(writer);
}

enum ayni_status sql_query_next(struct sql_query *query, struct complaint *complaint)
{
    int code = sqlite3_step(query->statement);

    if (code == SQLITE_ROW)
        return AYNI_OK;
    return code == SQLITE_DONE ? AYNI_E_NOT_FOUND : explain(query, code, complaint);
}

void sql_query_put_row(const struct sql_query *query, struct ayni_control_writer *writer)
{
    ayni_control_open_array(writer, NULL);
    for (int i = 0; i < sqlite3_column_count(query->statement); i++)
        sql_column_put(writer, query->statement, i, &query->forms[i]);
    ayni_control_close(writer);
}

enum ayni_status sql_query_key(const struct sql_query *query, struct record_key *key)
{
    const uint8_t *bytes = sqlite3_column_blob(query->statement, 0);

    if (sqlite3_column_type(query->statement, 0) != SQLITE_BLOB ||
        sqlite3_column_bytes(query->statement, 0) != RECORD_KEY_SIZE)
        return AYNI_E_MALFORMED;
    record_key_decode(bytes, key);
    return AYNI_OK;
}
