#ifndef AYNI_DAEMON_RECORDS_SQL_WORDS_H
#define AYNI_DAEMON_RECORDS_SQL_WORDS_H

#include "daemon/records/complaint.h"
#include "daemon/records/sql/sql_table.h"

/*
 * What SQLite says is wrong with a statement, for people: names that nobody knows with the nearest
 * one of the types that it uses. Its own words, in English, where there are none of ours.
 * Returns AYNI_E_USAGE, or AYNI_E_RIGHT for what isn't reading.
 */
enum ayni_status sql_words_of(const char *message, const struct charter *charter,
                              const struct sql_table_type *types, size_t count,
                              struct complaint *complaint);

/* Refuse what isn't one SELECT. Returns AYNI_E_RIGHT. */
enum ayni_status sql_words_refuse(struct complaint *complaint);

#endif
