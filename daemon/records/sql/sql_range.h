#ifndef AYNI_DAEMON_RECORDS_SQL_RANGE_H
#define AYNI_DAEMON_RECORDS_SQL_RANGE_H

#include <sqlite3.h>

#include "daemon/records/occasion_walk.h"
#include "daemon/records/single.h"
#include "daemon/records/walk.h"

/* The records of a plan (daemon/records/sql/sql_plan.h), one after the other; all zero is none. */
struct sql_range {
    struct reader *reader; /* lent */
    uint32_t type;
    int plan;
    struct walk walk;
    bool walking;
    struct ayni_buffer keys; /* struct record_key, where it isn't walking */
    size_t next;
    struct ayni_buffer spaces; /* struct ayni_space, of: */
    struct occasion_walk occasions;
};

/* What the range is at. */
struct sql_row {
    bool indexed; /* it is all in `at`: where and when a record of `at.space` is of, */
    struct occasion_row at;
    bool lone; /* else `one` says it, */
    struct single one;
    struct record_state state; /* or else this, */
};
void sql_row_free(struct sql_row *row); /* all zero again */

/* By `plan` (idxNum) and its arguments. What can't name anything gives no record. */
AYNI_CHECKED enum ayni_status sql_range_begin(struct sql_range *range, struct reader *reader,
                                              uint32_t type, int plan, sqlite3_value **arguments);
/* The next record into a row whose state is free; record_state_gone() of the state of one of which
 * nothing can be read. AYNI_E_NOT_FOUND at the end. */
AYNI_CHECKED enum ayni_status sql_range_next(struct sql_range *range, struct sql_row *row);
void sql_range_end(struct sql_range *range); /* all zero again */

#endif
