#ifndef AYNI_DAEMON_FEDERATION_RECEIPTS_H
#define AYNI_DAEMON_FEDERATION_RECEIPTS_H

#include "daemon/records/erasure.h"
#include "daemon/records/receipt.h"
#include "daemon/records/records.h"

/*
 * Receipts of erasures: this node's own, which it gives for each order that it
 * has followed, and what all who hold a space have confirmed.
 * docs/protocol.md, section 4.7.
 */

/* The oldest backup of this node that may still exist. */
struct receipts_backup {
    bool exists;
    int64_t day;
};

/*
 * Give the receipts that this node owes: `dropped` when nothing that an order
 * reaches is in the log any more, `scrubbed` when it isn't in the files either
 * (daemon/records/scrub.h) or never was here. `*dropped_since` is the time of
 * the oldest one that still waits to be scrubbed, 0 for none.
 */
AYNI_CHECKED enum ayni_status receipts_give(struct records *records,
                                            const struct receipts_backup *backup,
                                            struct ayni_instant *dropped_since);

/* What one node has confirmed of all orders about one record: the least of them. */
struct receipts_state {
    const struct record_key *key;
    struct ayni_node node;
    bool member; /* it has a right in the space now; else it had one, and may have a copy */
    bool confirmed;
    struct receipt_held receipt; /* where `confirmed` */
};
/*
 * Of one record, or of all with orders that count (NULL), by record and node. `visit` returns
 * false to stop.
 */
AYNI_CHECKED enum ayni_status
receipts_each(struct reader *reader, const struct ayni_record *record,
              bool (*visit)(void *context, const struct receipts_state *state), void *context);

#endif
