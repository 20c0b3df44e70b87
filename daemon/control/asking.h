#ifndef AYNI_DAEMON_CONTROL_ASKING_H
#define AYNI_DAEMON_CONTROL_ASKING_H

#include "daemon/control/call.h"
#include "daemon/records/reader_limits.h"
#include "daemon/records/sql/sql_query.h"

struct daemon; /* daemon/daemon.h */

/*
 * A question to the records in SQL, for as long as it runs: what it reads, and how long it may
 * take and how much it may answer, by the role of who asks ([query] of aynid.conf). It holds a
 * snapshot: what it answers is sent when it has ended.
 */
struct asking {
    struct daemon *daemon;
    struct control_call *call;
    uint64_t until_ms; /* of clock_ticks_ms() */
    uint64_t rows_left;
    uint64_t looked_at_ms; /* when it last saw whether somebody still waits */
    bool late, gone;
    struct reader *reader;
    const struct territories *territories;
    struct reader_limits past; /* where "as_of" says when */
    struct sql_query *query;
};

/* Begin it, with the call's "as_of": then `reader` is there. All zero is none. */
AYNI_CHECKED enum ayni_status asking_begin(struct asking *asking, struct daemon *daemon,
                                           struct control_call *call);
/* The statement, once: sql_query_new(). */
AYNI_CHECKED enum ayni_status asking_prepare(struct asking *asking, const char *sql,
                                             const struct sql_parameter *parameters, size_t count);
/*
 * To the next row, in words where that fails.
 *
 *   AYNI_E_NOT_FOUND  there is none
 *   AYNI_E_LIMIT      time is up, or there are more rows than may be answered
 *   AYNI_E_STOPPED    nobody waits for it any more
 */
AYNI_CHECKED enum ayni_status asking_next(struct asking *asking);
/* Ends query and snapshot; what it has answered may be sent. Safe on all zero. */
void asking_end(struct asking *asking);
#define SCOPED_ASKING __attribute__((cleanup(asking_end))) struct asking

#endif
