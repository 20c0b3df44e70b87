#ifndef AYNI_DAEMON_RECORDS_SQL_FUNCTIONS_H
#define AYNI_DAEMON_RECORDS_SQL_FUNCTIONS_H

#include <sqlite3.h>
#include <stdbool.h>

/*
 * What expressions may call beside SQLite's own (docs/catalogue.md). A null
 * argument makes a null answer, but of count_of(), which is then 0.
 *
 *   has(set, word)             whether a set has the word
 *   count_of(set)              how many it has
 *   months(from, to)           completed months between two days
 *   day(year, month, day)      the day of a date; null where there is none
 *   digits(text, least, most)  whether it is so many digits and nothing else
 *   fold(text)                 without accents, case and superfluous spaces
 */
int sql_functions_add(sqlite3 *db);

/* Whether an expression may call it: what is above, and what of SQLite's own only computes. */
bool sql_function_allowed(const char *name);

#endif
