#ifndef AYNI_DAEMON_RECORDS_SQL_PLAN_H
#define AYNI_DAEMON_RECORDS_SQL_PLAN_H

#include <sqlite3.h>

#include "daemon/records/walk.h"

/*
 * Which records of a type a statement looks at: those of one id, of one subject, of one space, or
 * all. What a plan takes from the statement SQLite checks again, so it may give too many.
 * EXPLAIN QUERY PLAN shows its words. Whatever the plan, records come in the order of their keys.
 */

/* Where the columns are that plans know. */
struct sql_plan_columns {
    int id, space, key;
    int subject;    /* -1: the type names no subject, or is one */
    uint64_t count; /* records of the type, about */
};

/* The best plan, for xBestIndex: idxNum, idxStr, arguments, cost. */
void sql_plan_choose(const struct sql_plan_columns *columns, sqlite3_index_info *info);

/* The keys of a plan, one after the other; all zero is none. */
struct sql_range {
    struct reader *reader; /* lent */
    uint32_t type;
    struct walk walk;
    bool walking;
    struct ayni_buffer keys; /* struct record_key, where it isn't walking */
    size_t next;
};

/* By `plan` (idxNum) and its arguments. What can't name anything gives no record. */
AYNI_CHECKED enum ayni_status sql_range_begin(struct sql_range *range, struct reader *reader,
                                              uint32_t type, int plan, sqlite3_value **arguments);
/* The next record, folded, into a state that is free; record_state_gone() of one of which nothing
 * can be read. AYNI_E_NOT_FOUND at the end. */
AYNI_CHECKED enum ayni_status sql_range_next(struct sql_range *range, struct record_state *state);
void sql_range_end(struct sql_range *range); /* all zero again */

#endif
