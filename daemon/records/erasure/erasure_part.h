#ifndef AYNI_DAEMON_RECORDS_ERASURE_PART_H
#define AYNI_DAEMON_RECORDS_ERASURE_PART_H

#include "daemon/records/erasure/erasure.h"
#include "daemon/records/erasure/erasure_task.h"
#include "daemon/records/occasion.h"
#include "daemon/records/projection/puts.h"
#include "daemon/records/projection/touched.h"

/*
 * Part the versions of the records that a batch touches: those that are here
 * and not erased stay in RECORDS, the others are in GONE and for nobody. What
 * follows from that is noted: payloads that are to go, what isn't read, what no
 * range names. Before anything is derived of the records, and after the
 * registry is known by which orders are judged.
 */
struct parting {
    /* Given: */
    struct reader *reader; /* over the batch's transaction, with its charter */
    struct views_txn *txn;
    const struct arrivals *arrivals;
    uint64_t position;         /* arrivals followed with this batch */
    struct erasure_work *work; /* sorted here */
    /* Made; all zero at first: */
    struct ayni_buffer unnamed;  /* struct parting_subject, whose record named it and may no more */
    struct ayni_buffer unlisted; /* struct parting_occasion, likewise of a place and time */
    struct puts records, gone, unread, drops, late, owed, problems;
    struct ayni_buffer orders; /* of the version being judged */
    bool known;                /* there are orders at all */
};
/* A subject that an erased version named. */
struct parting_subject {
    struct record_key key;
    struct ayni_record subject;
};

/* Where and when a record of an erased version alone was of. */
struct parting_occasion {
    struct record_key key;
    struct version_ref ref;
    struct occasion occasion;
};

/* `held` and `parted` of each are set where that was asked. */
AYNI_CHECKED enum ayni_status parting_run(struct parting *parting, struct touched *touched,
                                          size_t count);
void parting_free(struct parting *parting);

#endif
