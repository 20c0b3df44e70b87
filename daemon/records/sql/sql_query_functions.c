#include "daemon/records/sql/sql_query_functions.h"

#include <string.h>

#include "daemon/clock.h"
#include "daemon/records/sql/code_index.h"
#include "daemon/records/sql/sql_functions.h"
#include "proto/instant.h"
#include "proto/set.h"
#include "proto/text.h"

static struct ayni_bytes text_of(sqlite3_value *value)
{
    const uint8_t *text = sqlite3_value_text(value);

    return (struct ayni_bytes){ text, text == NULL ? 0 : (size_t)sqlite3_value_bytes(value) };
}

static bool any_null(int count, sqlite3_value **values)
{
    for (int i = 0; i < count; i++)
        if (sqlite3_value_type(values[i]) == SQLITE_NULL)
            return true;
    return false;
}

static void result_text(sqlite3_context *context, struct ayni_bytes text)
{
    sqlite3_result_text(context, text.size == 0 ? "" : (const char *)text.data, (int)text.size,
                        SQLITE_TRANSIENT);
}

/* --- labels --- */

static const struct ayni_catalogue_code *any_code(struct sql_lookups *lookups,
                                                  struct ayni_bytes word)
{
    if (lookups->codes == NULL)
        lookups->codes = code_index_new(lookups->catalogue);
    return lookups->codes == NULL ? NULL : code_index_find(lookups->codes, word);
}

/* Of "type.field". */
static const struct ayni_catalogue_code *
code_of_field(const struct sql_lookups *lookups, struct ayni_bytes name, struct ayni_bytes word)
{
    const uint8_t *dot = name.size == 0 ? NULL : memchr(name.data, '.', name.size);
    const struct ayni_catalogue_type *type;
    const struct ayni_catalogue_field *field;

    if (dot == NULL)
        return NULL;
    type = ayni_catalogue_type_named(lookups->catalogue,
                                     (struct ayni_bytes){ name.data, (size_t)(dot - name.data) });
    if (type == NULL)
        return NULL;
    field = ayni_catalogue_field_named(
        type, (struct ayni_bytes){ dot + 1, name.size - (size_t)(dot + 1 - name.data) });
    return field == NULL ? NULL : ayni_catalogue_code_named(field, word);
}

static void label(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct sql_lookups *lookups = sqlite3_user_data(context);
    struct ayni_bytes word = text_of(values[0]);
    const struct ayni_catalogue_code *code;
    bool spanish = lookups->spanish;

    if (any_null(count, values))
        return;
    if (count > 2)
        spanish = !ayni_bytes_equal(text_of(values[2]), ayni_bytes_of_text("en"));
    code = count == 1 ? any_code(lookups, word) : code_of_field(lookups, text_of(values[1]), word);
    if (code == NULL)
        result_text(context, word);
    else
        result_text(context, ayni_bytes_of_text(spanish ? code->label_es : code->label_en));
}

/* --- ages --- */

/* Of a date, or of a time, whose date it is. */
static bool day_of(sqlite3_value *value, int64_t *day)
{
    struct ayni_bytes text = text_of(value);

    if (text.size > AYNI_DAY_TEXT_SIZE - 1 && text.data[AYNI_DAY_TEXT_SIZE - 1] == 'T')
        text.size = AYNI_DAY_TEXT_SIZE - 1;
    return ayni_day_parse(text, day) == AYNI_OK;
}

static bool span_of(int count, sqlite3_value **values, int64_t *birth, int64_t *at)
{
    *at = count == 1 ? clock_today() : 0;
    return !any_null(count, values) && day_of(values[0], birth) &&
           (count == 1 || day_of(values[1], at));
}

static void age_days(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t birth, at;

    if (span_of(count, values, &birth, &at))
        sqlite3_result_int64(context, at - birth);
}

static void age_months(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t birth, at;

    if (span_of(count, values, &birth, &at))
        sqlite3_result_int(context, ayni_months_between(birth, at));
}

/* --- places, texts, sets --- */

static void ubigeo_name(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct sql_lookups *lookups = sqlite3_user_data(context);
    const struct territory *found;

    if (any_null(count, values) || lookups->territories == NULL)
        return;
    found = territories_last(lookups->territories, text_of(values[0]));
    if (found != NULL)
        result_text(context, ayni_bytes_of_text(found->name));
}

static void unaccent(sqlite3_context *context, int count, sqlite3_value **values)
{
    SCOPED_BUFFER folded = { 0 };

    if (!any_null(count, values) && ayni_text_fold(text_of(values[0]), &folded) == AYNI_OK)
        result_text(context, ayni_buffer_bytes(&folded));
}

/* Words of sets are codes, numbers and ids: nothing in them needs to be escaped but what isn't one.
 */
static void members(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct ayni_bytes rest = text_of(values[0]), word;
    SCOPED_BUFFER json = { 0 };

    if (any_null(count, values))
        return;
    ayni_buffer_append_byte(&json, '[');
    while (ayni_set_next(&rest, ',', &word)) {
        ayni_buffer_append_text(&json, json.size == 1 ? "\"" : ",\"");
        for (size_t i = 0; i < word.size; i++)
            if (word.data[i] >= ' ' && word.data[i] != '"' && word.data[i] != '\\')
                ayni_buffer_append_byte(&json, word.data[i]);
        ayni_buffer_append_byte(&json, '"');
    }
    ayni_buffer_append_byte(&json, ']');
    if (ayni_buffer_status(&json) == AYNI_OK)
        result_text(context, ayni_buffer_bytes(&json));
    else
        sqlite3_result_error_nomem(context);
}

/* --- all of them --- */

static const struct {
    const char *name;
    int arguments;
    bool today; /* it asks for the day */
    void (*call)(sqlite3_context *, int, sqlite3_value **);
} functions[] = {
    { "label", 1, false, label },           { "label", 2, false, label },
    { "label", 3, false, label },           { "age_days", 1, true, age_days },
    { "age_days", 2, false, age_days },     { "age_months", 1, true, age_months },
    { "age_months", 2, false, age_months }, { "ubigeo_name", 1, false, ubigeo_name },
    { "unaccent", 1, false, unaccent },     { "members", 1, false, members },
};

static const char *const allowed[] = {
    "label",
    "age_days",
    "age_months",
    "ubigeo_name",
    "unaccent",
    "members",
    "child_of",
    "has",
    "count_of",
    "digits",
    "fold",
    /* SQLite's own: */
    "abs",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "format",
    "glob",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "length",
    "like",
    "likelihood",
    "likely",
    "lower",
    "ltrim",
    "max",
    "min",
    "nullif",
    "octet_length",
    "printf",
    "quote",
    "random",
    "randomblob",
    "replace",
    "round",
    "rtrim",
    "sign",
    "soundex",
    "substr",
    "substring",
    "trim",
    "typeof",
    "unhex",
    "unicode",
    "unlikely",
    "upper",
    "zeroblob",
    "avg",
    "count",
    "group_concat",
    "string_agg",
    "sum",
    "total",
    "cume_dist",
    "dense_rank",
    "first_value",
    "lag",
    "last_value",
    "lead",
    "nth_value",
    "ntile",
    "percent_rank",
    "rank",
    "row_number",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "datetime",
    "julianday",
    "strftime",
    "time",
    "timediff",
    "unixepoch",
    "json",
    "json_array",
    "json_array_length",
    "json_extract",
    "->",
    "->>",
    "json_group_array",
    "json_group_object",
    "json_insert",
    "json_object",
    "json_patch",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_type",
    "json_valid",
    "acos",
    "asin",
    "atan",
    "atan2",
    "ceil",
    "ceiling",
    "cos",
    "degrees",
    "exp",
    "floor",
    "ln",
    "log",
    "log10",
    "log2",
    "mod",
    "pi",
    "pow",
    "power",
    "radians",
    "sin",
    "sqrt",
    "tan",
    "trunc",
    NULL,
};

int sql_query_functions_add(sqlite3 *db, struct sql_lookups *lookups)
{
    int code = sql_functions_add(db);

    for (size_t i = 0; code == SQLITE_OK && i < sizeof(functions) / sizeof(functions[0]); i++)
        code = sqlite3_create_function_v2(db, functions[i].name, functions[i].arguments,
                                          SQLITE_UTF8 |
                                              (functions[i].today ? 0 : SQLITE_DETERMINISTIC),
                                          lookups, functions[i].call, NULL, NULL, NULL);
    return code;
}

void sql_lookups_free(struct sql_lookups *lookups)
{
    code_index_free(lookups->codes);
    lookups->codes = NULL;
}

bool sql_query_function_allowed(const char *name)
{
    for (size_t i = 0; allowed[i] != NULL; i++)
        if (sqlite3_stricmp(allowed[i], name) == 0)
            return true;
    return false;
}

const char *const *sql_query_function_names(void)
{
    return allowed;
}
