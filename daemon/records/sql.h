#ifndef AYNI_DAEMON_RECORDS_SQL_H
#define AYNI_DAEMON_RECORDS_SQL_H

#include "proto/bytes.h"

/*
 * Rules as SQL expressions over named values, evaluated by SQLite, which is
 * known here and nowhere else. An expression says what must hold: it fails
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

/* Several expressions over the same names, evaluated at once. */
struct sql_rules;

/*
 * Prepare `expressions` over `names`. Functions beside SQLite's own:
 * has(set, word), count_of(set). Nothing but expressions goes: no SELECT, no tables, no side
 * effects. An expression that isn't one is left out and always holds; `broken[i]` says so.
 */
AYNI_CHECKED enum ayni_status sql_rules_prepare(struct sql *sql, const char *const *names,
                                                size_t name_count, const char *const *expressions,
                                                size_t count, bool *broken,
                                                struct sql_rules **rules);
void sql_rules_free(struct sql_rules *rules);
/* Whether expression `rule` names the value `name` (by index): what it doesn't name can't change
 * it. */
bool sql_rules_use(const struct sql_rules *rules, size_t rule, size_t name);
/* Evaluate all over `values`, one for each name: `fails[i]` for each expression that is false. */
AYNI_CHECKED enum ayni_status sql_rules_run(struct sql_rules *rules, const struct sql_value *values,
                                            bool *fails);

#endif
