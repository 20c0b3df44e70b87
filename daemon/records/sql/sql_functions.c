#include "daemon/records/sql/sql_functions.h"

#include <string.h>

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
    for (int i = 0; i < count; i++) {
        if (sqlite3_value_type(values[i]) == SQLITE_NULL)
            return true;
    }
    return false;
}

static void has(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct ayni_bytes rest = text_of(values[0]), wanted = text_of(values[1]), word;
    bool found = false;

    if (any_null(count, values))
        return;
    while (!found && ayni_set_next(&rest, ',', &word))
        found = ayni_bytes_equal(word, wanted);
    sqlite3_result_int(context, found);
}

static void count_of(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct ayni_bytes rest = text_of(values[0]), word;
    int found = 0;

    (void)count;
    while (ayni_set_next(&rest, ',', &word))
        found++;
    sqlite3_result_int(context, found);
}

static void months(sqlite3_context *context, int count, sqlite3_value **values)
{
    if (!any_null(count, values))
        sqlite3_result_int(context, ayni_months_between(sqlite3_value_int64(values[0]),
                                                        sqlite3_value_int64(values[1])));
}

static void day(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t found;

    if (!any_null(count, values) &&
        ayni_day_of(sqlite3_value_int(values[0]), sqlite3_value_int(values[1]),
                    sqlite3_value_int(values[2]), &found) == AYNI_OK)
        sqlite3_result_int64(context, found);
}

static void digits(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct ayni_bytes text = text_of(values[0]);
    size_t found = 0;

    if (any_null(count, values))
        return;
    while (found < text.size && text.data[found] >= '0' && text.data[found] <= '9')
        found++;
    sqlite3_result_int(context, found == text.size &&
                                    (int64_t)found >= sqlite3_value_int64(values[1]) &&
                                    (int64_t)found <= sqlite3_value_int64(values[2]));
}

static void fold(sqlite3_context *context, int count, sqlite3_value **values)
{
    SCOPED_BUFFER folded = { 0 };

    if (any_null(count, values))
        return;
    if (ayni_text_fold(text_of(values[0]), &folded) == AYNI_OK)
        sqlite3_result_text(context, folded.size == 0 ? "" : (const char *)folded.data,
                            (int)folded.size, SQLITE_TRANSIENT);
}

static const struct {
    const char *name;
    int argument_count;
    void (*call)(sqlite3_context *, int, sqlite3_value **);
} functions[] = {
    { "has", 2, has }, { "count_of", 1, count_of }, { "months", 2, months },
    { "day", 3, day }, { "digits", 3, digits },     { "fold", 1, fold },
};
enum { FUNCTION_COUNT = sizeof(functions) / sizeof(functions[0]) };

static const char *const allowed[] = {
    "abs", "coalesce", "glob",   "ifnull", "instr",  "length", "like",  "lower",
    "max", "min",      "nullif", "round",  "substr", "trim",   "upper", "iif",
};

int sql_functions_add(sqlite3 *db)
{
    for (int i = 0; i < FUNCTION_COUNT; i++) {
        int rc = sqlite3_create_function_v2(db, functions[i].name, functions[i].argument_count,
                                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                            functions[i].call, NULL, NULL, NULL);
        if (rc != SQLITE_OK)
            return rc;
    }
    return SQLITE_OK;
}

bool sql_function_allowed(const char *name)
{
    for (int i = 0; i < FUNCTION_COUNT; i++) {
        if (strcmp(functions[i].name, name) == 0)
            return true;
    }
    for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
        if (strcmp(allowed[i], name) == 0)
            return true;
    }
    return false;
}
