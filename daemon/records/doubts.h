#ifndef AYNI_DAEMON_RECORDS_DOUBTS_H
#define AYNI_DAEMON_RECORDS_DOUBTS_H

#include "daemon/records/check.h"
#include "daemon/records/reader.h"

/*
 * What the catalogue finds in records as they stand, whoever wrote them: its R
 * and W rules, places that the table of territories doesn't have, values that
 * are stricter than their space. They depend on other records, on the
 * catalogue and on today, so they are looked for when somebody asks.
 * What a record alone tells is in views/ already: daemon/records/problem.h.
 */
struct doubt {
    const struct record_state *state;
    const struct check_finding *finding;
};
typedef bool doubt_visit(void *context, struct reader *reader, const struct doubt *doubt);

/* Where a search is. All zero, but for what is searched: at its beginning. */
struct doubts {
    uint32_t type;                  /* this one alone; 0: all */
    const struct ayni_space *space; /* this one alone; NULL: all */

    bool done;
    uint64_t looked_at; /* records */
    uint32_t at;        /* the type being searched, from here on */
    bool started;       /* ... and the record of it that was looked at last */
    struct record_key last;
};

/*
 * Look at some more records, under a reader of its own: no longer than a
 * request may hold one. `visit` returns false for enough: the rest of the same
 * record still comes. What it is lent dies with the call.
 */
AYNI_CHECKED enum ayni_status doubts_page(const struct records *records, struct doubts *doubts,
                                          doubt_visit *visit, void *context);

#endif
