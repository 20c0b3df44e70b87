#ifndef AYNI_DAEMON_RECORDS_PROJECTION_H
#define AYNI_DAEMON_RECORDS_PROJECTION_H

#include "daemon/records/charter.h"
#include "daemon/records/projection/arrivals.h"
#include "daemon/records/projection/projector.h"

/*
 * One batch of the projector: arrivals of the log brought into views/ inside
 * one write transaction. What it derives of a record is a function of the
 * versions of that record that views/ knows and of the charter, so that any
 * order of arrival ends in the same.
 */
struct projection {
    /* Given: */
    const struct charter_owner *owner;
    const struct charter *before; /* the charter of the batch before */
    struct log_snapshot *log;
    uint64_t last; /* arrivals in it */
    const struct arrivals *arrivals;
    size_t refold_max; /* records that tasks may add to it */
    const struct projection_hook *hooks;
    size_t hook_count;
    bool beside;             /* it is of a views/ that is being made beside the one that is read */
    bool elsewhere;          /* and the batch before was of another one */
    const atomic_bool *stop; /* give up where it is set: AYNI_E_STOPPED, and nothing is kept */
    /* Answered: */
    struct charter *charter; /* a new one, which the caller takes; NULL: it is as before */
    uint64_t position;       /* arrivals followed with it */
    uint64_t tasks;          /* left to do */
    bool unseals;            /* keys that came may still open entries */
};

/* A views_change of daemon/store/views.h; the context is a projection. It may run more than once.
 */
enum ayni_status projection_make(void *projection, struct views_txn *txn);

#endif
