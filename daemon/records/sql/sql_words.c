#include "daemon/records/sql/sql_words.h"

#include "daemon/records/sql/sql_common.h"
#include <string.h>

#include "daemon/records/names.h"
#include "daemon/records/sql/sql_query_functions.h"
#include "proto/nearest.h"

struct told {
    const struct charter *charter;
    const struct sql_table_type *types;
    size_t count;
    struct complaint *complaint;
};

/* What comes after the last dot: tables may be named with their schema, columns with their table.
 */
static struct ayni_bytes bare(struct ayni_bytes name)
{
    for (size_t i = name.size; i > 0; i--)
        if (name.data[i - 1] == '.')
            return (struct ayni_bytes){ name.data + i, name.size - i };
    return name;
}

static void hint_nearest(const struct told *told, const struct ayni_nearest *nearest)
{
    if (nearest->best != NULL)
        complain_hint(told->complaint, N_("did you mean {}?"), nearest->best, NULL);
}

static enum ayni_status unknown_table(const struct told *told, struct ayni_bytes name)
{
    struct complaint_word word = complaint_word(bare(name));
    const struct ayni_catalogue_type *type;

    return names_type(told->charter, word.text, &type, told->complaint) == AYNI_OK
               ? complain(told->complaint, AYNI_E_USAGE, N_("there is no table {}"), word.text,
                          NULL)
               : AYNI_E_USAGE;
}

static enum ayni_status unknown_column(const struct told *told, struct ayni_bytes name)
{
    struct ayni_nearest nearest = ayni_nearest(bare(name));

    for (size_t i = 0; i < told->count; i++) {
        const struct ayni_catalogue_type *type = told->types[i].type;
        for (size_t j = 0; told->types[i].used && j < type->field_count; j++)
            if (!type->fields[j].retired)
                ayni_nearest_offer(&nearest, type->fields[j].name);
    }
    for (size_t i = 0; sql_common_names[i] != NULL; i++)
        ayni_nearest_offer(&nearest, sql_common_names[i]);
    complain_code(told->complaint, "unknown_field");
    hint_nearest(told, &nearest);
    return complain(told->complaint, AYNI_E_USAGE, N_("there is no column {}"),
                    complaint_word(name).text, NULL);
}

static enum ayni_status unknown_function(const struct told *told, struct ayni_bytes name)
{
    struct ayni_nearest nearest = ayni_nearest(name);

    for (const char *const *known = sql_query_function_names(); *known != NULL; known++)
        ayni_nearest_offer(&nearest, *known);
    hint_nearest(told, &nearest);
    return complain(told->complaint, AYNI_E_USAGE, N_("there is no function {}"),
                    complaint_word(name).text, NULL);
}

static enum ayni_status unauthorized_function(const struct told *told, struct ayni_bytes name)
{
    return complain(told->complaint, AYNI_E_RIGHT, N_("the function {} can't be used here"),
                    complaint_word(name).text, NULL);
}

static enum ayni_status unclear_column(const struct told *told, struct ayni_bytes name)
{
    complain_hint(told->complaint, N_("write the table before it: TABLE.{}"),
                  complaint_word(name).text, NULL);
    return complain(told->complaint, AYNI_E_USAGE, N_("more than one table has a column {}"),
                    complaint_word(name).text, NULL);
}

static enum ayni_status syntax(const struct told *told, struct ayni_bytes name)
{
    return complain(told->complaint, AYNI_E_USAGE, N_("this isn't SQL, at {}"),
                    complaint_word(name).text, NULL);
}

static enum ayni_status unfinished(const struct told *told, struct ayni_bytes name)
{
    (void)name;
    return complain(told->complaint, AYNI_E_USAGE, N_("the SQL ends too early"), NULL);
}

static enum ayni_status refused(const struct told *told, struct ayni_bytes name)
{
    (void)name;
    return sql_words_refuse(told->complaint);
}

enum ayni_status sql_words_refuse(struct complaint *complaint)
{
    complain_code(complaint, "not_a_select");
    complain_hint(complaint,
                  N_("`ayni types` lists the tables; records are changed by `ayni put`, "
                     "`ayni set` and `ayni delete`"),
                  NULL);
    return complain(complaint, AYNI_E_RIGHT,
                    N_("a query is one SELECT, which reads records and "
                       "nothing else"),
                    NULL);
}

/* What SQLite says, up to the name in it and from there on. */
static const struct {
    const char *before, *after;
    enum ayni_status (*tell)(const struct told *told, struct ayni_bytes name);
} messages[] = {
    { "no such table: ", "", unknown_table },
    { "no such column: ", "", unknown_column },
    { "no such function: ", "", unknown_function },
    { "not authorized to use function: ", "", unauthorized_function },
    { "ambiguous column name: ", "", unclear_column },
    { "near \"", "\": syntax error", syntax },
    { "unrecognized token: \"", "\"", syntax },
    { "incomplete input", "", unfinished },
    { "not authorized", "", refused },
    { "table ", " may not be modified", refused },
    { "access to ", " is prohibited", refused },
};

/* The name in a message of that form. */
static bool name_in(struct ayni_bytes message, const char *before, const char *after,
                    struct ayni_bytes *name)
{
    size_t front = strlen(before), back = strlen(after);

    if (message.size < front + back || memcmp(message.data, before, front) != 0 ||
        memcmp(message.data + message.size - back, after, back) != 0)
        return false;
    *name = (struct ayni_bytes){ message.data + front, message.size - front - back };
    return true;
}

enum ayni_status sql_words_of(const char *message, const struct charter *charter,
                              const struct sql_table_type *types, size_t count,
                              struct complaint *complaint)
{
    const struct told told = { charter, types, count, complaint };
    struct ayni_bytes name;

    complain_code(complaint, "wrong_sql");
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
        if (name_in(ayni_bytes_of_text(message), messages[i].before, messages[i].after, &name))
            return messages[i].tell(&told, name);
    return complain(complaint, AYNI_E_USAGE, N_("this can't be asked: {}"), message, NULL);
}
