#ifndef AYNI_DAEMON_RECORDS_SQL_H
#define AYNI_DAEMON_RECORDS_SQL_H

#include "proto/bytes.h"

/*
 * Rules as SQL expressions over named values, evaluated by SQLite, which is
 * known in daemon/records/sql*.c and nowhere else. An expression says what must hold: it fails
 * where it is false (0), and holds where it is true or null (unknown).
 *
 * One connection for a struct sql; one thread at a time.
 */
struct sql;

enum sql_type { SQL_NULL, SQL_INTEGER, SQL_TEXT, SQL_BLOB };

struct sql_value {
    enum sql_type type;
    int64_t integer;
    struct ayni_bytes bytes; /* of TEXT and BLOB; lent */
};

/* NULL: no memory. */
struct sql *sql_new(void);
void sql_free(struct sql *sql);

/* Several expressions over the same names. */
struct sql_rules;

/*
 * Prepare `expressions` over `names`. Functions are those of
 * daemon/records/sql/sql_functions.h. Nothing but expressions goes: no SELECT, no tables, no side
 * effects. What isn't one always holds; `broken[i]` says so.
 */
AYNI_CHECKED enum ayni_status sql_rules_prepare(struct sql *sql, const char *const *names,
                                                size_t name_count, const char *const *expressions,
                                                size_t count, bool *broken,
                                                struct sql_rules **rules);
void sql_rules_free(struct sql_rules *rules);
/* The values that expression `rule` names (by index), each once, in the order in which it does:
 * what it doesn't name can't change it. */
const size_t *sql_rules_names(const struct sql_rules *rules, size_t rule, size_t *count);
/*
 * Whether expression `rule` is false over `values`, one for each name. Where it
 * can't be computed (numbers that overflow, too long) it holds.
 */
bool sql_rules_fails(struct sql_rules *rules, size_t rule, const struct sql_value *values);

#endif
