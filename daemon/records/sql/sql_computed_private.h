#ifndef AYNI_DAEMON_RECORDS_SQL_COMPUTED_PRIVATE_H
#define AYNI_DAEMON_RECORDS_SQL_COMPUTED_PRIVATE_H

#include "daemon/records/rules/check.h"
#include "daemon/records/sql/sql_computed.h"

/* sql_haemoglobin.c; `which`: an index of rule sets, and whether it is the class. */
enum { SQL_HB_2017, SQL_HB_2024, SQL_HB_RULE_SETS, SQL_HB_CLASS = 16 };
enum ayni_status sql_haemoglobin_result(const struct sql_computed_row *row,
                                        sqlite3_context *context);

/* sql_growth.c; `which`: an enum growth_score, of the flags GROWTH_SCORE_COUNT. */
enum ayni_status sql_growth_result(const struct sql_computed_row *row, sqlite3_context *context);

/* The number of the field of that name; 0 where the catalogue has none. */
uint32_t sql_computed_field(const struct ayni_catalogue_type *type, const char *name);
/* A fact about a record that the row names in that field: a number, or whether it is that word.
 * False where it isn't known. */
bool sql_computed_integer(const struct sql_computed_row *row, uint32_t field, enum check_fact fact,
                          int64_t *number);
bool sql_computed_is_word(const struct sql_computed_row *row, uint32_t field, enum check_fact fact,
                          const char *word, bool *is);

#endif
