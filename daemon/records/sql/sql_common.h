#ifndef AYNI_DAEMON_RECORDS_SQL_COMMON_H
#define AYNI_DAEMON_RECORDS_SQL_COMMON_H

#include <sqlite3.h>

#include "daemon/records/state.h"
#include "proto/instant.h"

struct charter;

/* The columns that the tables of all record types have, before their fields. */
enum sql_common_column {
    SQL_COMMON_ID,
    SQL_COMMON_SPACE,
    SQL_COMMON_NODE,
    SQL_COMMON_STEWARD,
    SQL_COMMON_TIME,
    SQL_COMMON_CONTESTED,
    SQL_COMMON_CHILD, /* daemon/records/sql/sql_links.h */
    SQL_COMMON_KEY,
    SQL_COMMON_COUNT,
};

/* As a table declares them. */
extern const char sql_common_columns[];
/* Their names, for who lists names, the hidden one left out; NULL at the end. */
extern const char *const sql_common_names[];

/* What was written out last: of rows that follow each other many have one writer and one time. All
 * zero at first. */
struct sql_common_last {
    struct ayni_node node;
    struct ayni_instant time;
    char node_text[AYNI_NODE_TEXT_SIZE], time_text[AYNI_INSTANT_TEXT_SIZE]; /* empty: none yet */
};

/* What these columns say of a row; all is lent. */
struct sql_common {
    const struct record_key *key;
    const struct ayni_node *node; /* of the newest version that counts, as what follows */
    struct ayni_bytes steward;
    struct ayni_instant time;
    const struct record_state *state; /* NULL: nothing can be contested */
};
/* Of a record that isn't gone. */
struct sql_common sql_common_of(const struct record_state *state);

/* The value of a record's column, one of enum sql_common_column but CHILD, as a function's result.
 */
void sql_common_result(sqlite3_context *context, const struct charter *charter,
                       const struct sql_common *row, struct sql_common_last *last, int column);

#endif
