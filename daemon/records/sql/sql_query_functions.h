#ifndef AYNI_DAEMON_RECORDS_SQL_QUERY_FUNCTIONS_H
#define AYNI_DAEMON_RECORDS_SQL_QUERY_FUNCTIONS_H

#include <sqlite3.h>

#include "daemon/records/territories.h"
#include "proto/catalogue.h"

/*
 * What statements may call beside SQLite's own functions. A null argument makes a null answer.
 *
 *   label(code)                    what a word of the catalogue means, in the asker's language;
 *                                  the word itself where it is none
 *   label(code, 'type.field')      the same of that field, where several have the word
 *   label(code, 'type.field', 'es'|'en')
 *   age_days(birth[, at])          days between two dates; `at` is today where it isn't said
 *   age_months(birth[, at])        completed months
 *   ubigeo_name(code)              the name of a place by its public code; null for none
 *   unaccent(text)                 without accents, case and superfluous spaces
 *   members(set)                   the set as a JSON array, for json_each()
 *   child_of(id)                   who it is one with (daemon/records/sql/sql_links.h)
 *   has(set, word), count_of(set), digits(text, least, most), fold(text): as in rules
 */
struct sql_lookups {
    const struct ayni_catalogue *catalogue;
    const struct territories *territories; /* NULL: none are known */
    bool spanish;
    struct code_index *codes; /* made when first asked for: sql_lookups_free() */
};

int sql_query_functions_add(sqlite3 *db, struct sql_lookups *lookups);
void sql_lookups_free(struct sql_lookups *lookups);

/* Whether a statement may call it: what is above, and what of SQLite's own reads nothing but its
 * arguments. */
bool sql_query_function_allowed(const char *name);
/* All of them, NULL at the end: for who looks for the nearest name. */
const char *const *sql_query_function_names(void);

#endif
