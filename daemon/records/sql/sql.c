#include "daemon/records/sql/sql.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/records/sql/sql_functions.h"

/* One expression is a few lines without loops; what it makes is bounded too. */
enum { EXPRESSION_SIZE_MAX = 4000, VALUE_SIZE_MAX = 100000, DEPTH_MAX = 50 };

struct sql {
    sqlite3 *db;
    unsigned selects; /* of the statement that is being prepared */
};

struct rule {
    sqlite3_stmt *statement; /* NULL: broken, always holds */
    size_t *names;           /* of parameter i + 1 */
    size_t name_count;
};

struct sql_rules {
    size_t count;
    struct rule rules[];
};

/* Reading values and calling functions; one SELECT, which is ours. */
static int authorize(void *context, int action, const char *a, const char *function, const char *b,
                     const char *c)
{
    struct sql *sql = context;

    (void)a, (void)b, (void)c;
    if (action == SQLITE_SELECT && sql->selects++ == 0)
        return SQLITE_OK;
    if (action == SQLITE_FUNCTION && sql_function_allowed(function))
        return SQLITE_OK;
    return SQLITE_DENY;
}

static void limit(sqlite3 *db)
{
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_SIZE_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, EXPRESSION_SIZE_MAX * 2);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, DEPTH_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL); /* "x" is a name, never a text */
}

struct sql *sql_new(void)
{
    struct sql *sql = calloc(1, sizeof(*sql));
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;

    if (sql == NULL)
        return NULL;
    if (sqlite3_open_v2(":memory:", &sql->db, flags, NULL) != SQLITE_OK ||
        sql_functions_add(sql->db) != SQLITE_OK) {
        sql_free(sql);
        return NULL;
    }
    limit(sql->db);
    sqlite3_set_authorizer(sql->db, authorize, sql);
    return sql;
}

void sql_free(struct sql *sql)
{
    if (sql == NULL)
        return;
    sqlite3_close(sql->db);
    free(sql);
}

void sql_rules_free(struct sql_rules *rules)
{
    if (rules == NULL)
        return;
    for (size_t i = 0; i < rules->count; i++) {
        sqlite3_finalize(rules->rules[i].statement);
        free(rules->rules[i].names);
    }
    free(rules);
}

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* What one step of reading an expression is: a text in quotes, a word, or a single character. */
static size_t token_size(const char *text)
{
    size_t size = 1;

    if (text[0] == '\'' || text[0] == '"') {
        while (text[size] != '\0' && text[size] != text[0])
            size++;
        return text[size] == '\0' ? size : size + 1;
    }
    while (is_name_character(text[0]) && is_name_character(text[size]))
        size++;
    return size;
}

/* The index of the name that a token is, or `count`; what has a bracket after it is a function. */
static size_t find_name(const char *token, size_t size, const char *const *names, size_t count)
{
    size_t i = 0;

    if (token[size] == '(')
        return count;
    while (i < count && (strlen(names[i]) != size || memcmp(names[i], token, size) != 0))
        i++;
    return i;
}

/* The parameter of a name, a new one where the rule hasn't named it before. */
static size_t parameter_of(struct rule *rule, size_t name)
{
    size_t i = 0;

    while (i < rule->name_count && rule->names[i] != name)
        i++;
    if (i == rule->name_count)
        rule->names[rule->name_count++] = name;
    return i + 1;
}

/* SELECT (expression), its names as parameters. A line end closes a comment that it may have. */
static void write_select(const char *expression, const char *const *names, size_t name_count,
                         struct rule *rule, struct ayni_buffer *to)
{
    ayni_buffer_append_text(to, "SELECT (\n");
    for (size_t size; *expression != '\0'; expression += size) {
        size = token_size(expression);
        size_t name = find_name(expression, size, names, name_count);
        if (name < name_count) {
            char parameter[16];
            snprintf(parameter, sizeof(parameter), "?%zu", parameter_of(rule, name));
            ayni_buffer_append_text(to, parameter);
        } else {
            ayni_buffer_append(to, expression, size);
        }
    }
    ayni_buffer_append_text(to, "\n)");
}

static enum ayni_status prepare(struct sql *sql, const char *expression, const char *const *names,
                                size_t name_count, struct rule *rule)
{
    SCOPED_BUFFER select = { 0 };
    const char *rest = "";

    rule->names = calloc(name_count + 1, sizeof(*rule->names));
    if (rule->names == NULL)
        return AYNI_E_MEMORY;
    if (strlen(expression) > EXPRESSION_SIZE_MAX)
        return AYNI_OK;
    write_select(expression, names, name_count, rule, &select);
    if (ayni_buffer_status(&select) != AYNI_OK)
        return AYNI_E_MEMORY;
    sql->selects = 0;
    int rc = sqlite3_prepare_v3(sql->db, (const char *)select.data, (int)select.size,
                                SQLITE_PREPARE_PERSISTENT, &rule->statement, &rest);
    if (rc == SQLITE_NOMEM)
        return AYNI_E_MEMORY;
    bool whole = rc == SQLITE_OK && sqlite3_column_count(rule->statement) == 1 &&
                 rest == (const char *)select.data + select.size;
    if (!whole) {
        sqlite3_finalize(rule->statement);
        rule->statement = NULL;
    }
    return AYNI_OK;
}

enum ayni_status sql_rules_prepare(struct sql *sql, const char *const *names, size_t name_count,
                                   const char *const *expressions, size_t count, bool *broken,
                                   struct sql_rules **rules)
{
    struct sql_rules *made = calloc(1, sizeof(*made) + count * sizeof(made->rules[0]));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->count = count;
    for (size_t i = 0; i < count; i++) {
        enum ayni_status status = prepare(sql, expressions[i], names, name_count, &made->rules[i]);
        if (status != AYNI_OK) {
            sql_rules_free(made);
            return status;
        }
        broken[i] = made->rules[i].statement == NULL;
    }
    *rules = made;
    return AYNI_OK;
}

const size_t *sql_rules_names(const struct sql_rules *rules, size_t rule, size_t *count)
{
    *count = rules->rules[rule].statement == NULL ? 0 : rules->rules[rule].name_count;
    return rules->rules[rule].names;
}

static void bind(sqlite3_stmt *statement, int parameter, const struct sql_value *value)
{
    switch (value->type) {
    case SQL_NULL:
        sqlite3_bind_null(statement, parameter);
        break;
    case SQL_INTEGER:
        sqlite3_bind_int64(statement, parameter, value->integer);
        break;
    case SQL_TEXT:
        sqlite3_bind_text(statement, parameter, (const char *)value->bytes.data,
                          (int)value->bytes.size, SQLITE_STATIC);
        break;
    case SQL_BLOB:
        sqlite3_bind_blob(statement, parameter, value->bytes.data, (int)value->bytes.size,
                          SQLITE_STATIC);
        break;
    }
}

bool sql_rules_fails(struct sql_rules *rules, size_t rule, const struct sql_value *values)
{
    const struct rule *r = &rules->rules[rule];

    if (r->statement == NULL)
        return false;
    for (size_t i = 0; i < r->name_count; i++)
        bind(r->statement, (int)i + 1, &values[r->names[i]]);
    bool fails = sqlite3_step(r->statement) == SQLITE_ROW &&
                 sqlite3_column_type(r->statement, 0) != SQLITE_NULL &&
                 sqlite3_column_double(r->statement, 0) == 0;
    sqlite3_reset(r->statement);
    return fails;
}
