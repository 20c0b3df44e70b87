#ifndef AYNI_DAEMON_FEDERATION_RECEIPTS_H
#define AYNI_DAEMON_FEDERATION_RECEIPTS_H

#include "daemon/records/erasure/erasure.h"
#include "daemon/records/erasure/receipt.h"
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

/* Where what was erased may be besides the stores. */
struct receipts_elsewhere {
    struct receipts_backup backup;
    /* struct ayni_space, ascending: of these spaces something waits outside of the stores. */
    struct ayni_bytes waiting;
};
/* What still waits to be scrubbed. */
struct receipts_left {
    struct ayni_instant since; /* the oldest one was told to be dropped; 0: nothing waits */
    struct ayni_buffer spaces; /* struct ayni_space, ascending: whose */
};
#define SCOPED_RECEIPTS_LEFT __attribute__((cleanup(receipts_left_free))) struct receipts_left
void receipts_left_free(struct receipts_left *left);

/*
 * Give the receipts that this node owes: `dropped` when nothing that an order
 * reaches is in the log any more, `scrubbed` when it isn't in the files either
 * (daemon/records/erasure/scrub.h) or never was here, no life that broke off may have left it there
 * (daemon/records/erasure/residue.h), and nothing of its space waits elsewhere. `*left` is begun
 * anew.
 */
AYNI_CHECKED enum ayni_status receipts_give(struct records *records,
                                            const struct receipts_elsewhere *elsewhere,
                                            struct receipts_left *left);

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
