#ifndef AYNI_DAEMON_RECORDS_SQL_PLAN_H
#define AYNI_DAEMON_RECORDS_SQL_PLAN_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which records of a type a statement looks at: those of one id, of one subject, of one child
 * and who is one with it, of some place and time, of one space, or all. What a plan takes from the
 * statement SQLite checks again, so it may give too many. EXPLAIN QUERY PLAN shows its words.
 * Records come in the order of their keys, but those of places and times
 * (daemon/records/occasion_walk.h).
 */

/* The parts of a plan (idxNum). Those up to SQL_DATE_TO have an argument each, in this order. */
enum sql_plan_part {
    SQL_BY_ID = 1,
    SQL_BY_SUBJECT = 1 << 1,
    SQL_BY_CHILD = 1 << 2,
    SQL_IN_SPACE = 1 << 3,
    SQL_PLACE_IS = 1 << 4,
    SQL_PLACE_LIKE = 1 << 5,
    SQL_PLACE_FROM = 1 << 6,
    SQL_PLACE_TO = 1 << 7,
    SQL_DATE_IS = 1 << 8,
    SQL_DATE_LIKE = 1 << 9,
    SQL_DATE_FROM = 1 << 10,
    SQL_DATE_TO = 1 << 11,
    SQL_BY_OCCASION = 1 << 12, /* the indexes of places and times say which they are */
    SQL_INDEX_ALONE = 1 << 13, /* and all that is asked of them */
};
#define SQL_PLAN_PLACE (SQL_PLACE_IS | SQL_PLACE_LIKE | SQL_PLACE_FROM | SQL_PLACE_TO)
#define SQL_PLAN_DATE (SQL_DATE_IS | SQL_DATE_LIKE | SQL_DATE_FROM | SQL_DATE_TO)

/* Where the columns are that plans know; -1: the type has none. */
struct sql_plan_columns {
    int id, space, key;
    int subject, child;
    int place, date;
    const char *place_name, *date_name;
    bool indexed;   /* its records are indexed by these, and the indexes can be used */
    bool by_place;  /* and give all of them by place */
    uint64_t count; /* records of the type, about */
};

/* The best plan, for xBestIndex: idxNum, idxStr, arguments, cost. An SQLite code. */
int sql_plan_choose(const struct sql_plan_columns *columns, sqlite3_index_info *info);

#endif
