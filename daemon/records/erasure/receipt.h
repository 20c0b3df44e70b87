#ifndef AYNI_DAEMON_RECORDS_RECEIPT_H
#define AYNI_DAEMON_RECORDS_RECEIPT_H

#include "daemon/records/projection/arrivals.h"
#include "daemon/records/reader.h"
#include "daemon/store/views.h"
#include "proto/receipt.h"

/*
 * What nodes have confirmed of orders of erasure: the newest receipt (kind 3,
 * lane 0) of each node for each order. docs/protocol.md, section 4.7.
 */
struct receipt_held {
    enum ayni_receipt_state state;
    bool has_backup;
    int64_t backup_day;
    struct ayni_instant time; /* of the receipt, by its writer's clock */
    struct ayni_chain_prefix chain;
    uint64_t arrival; /* with which it came here */
};

/* AYNI_E_NOT_FOUND: the node has confirmed nothing. */
AYNI_CHECKED enum ayni_status receipt_get(struct views_snapshot *views,
                                          const struct ayni_entry_name *order,
                                          const struct ayni_node *node,
                                          struct receipt_held *receipt);
/* Note those that came. */
AYNI_CHECKED enum ayni_status receipts_note(struct views_txn *txn, struct log_snapshot *log,
                                            const struct arrivals *arrivals);
/* Take off what this node owes what it has confirmed and is true, once orders are judged. */
AYNI_CHECKED enum ayni_status receipts_settle(struct reader *reader, struct views_txn *txn,
                                              const struct ayni_node *own,
                                              const struct arrivals *arrivals);

/* An order of which this node owes a receipt, since an arrival. */
struct receipt_owed {
    struct ayni_space space;
    struct version_ref order;
    uint64_t since;
};
/* Each after one (NULL: from the first), by space and order; `visit` returns false to stop. */
AYNI_CHECKED enum ayni_status
receipts_each_owed(struct views_snapshot *views, const struct receipt_owed *after,
                   bool (*visit)(void *context, const struct receipt_owed *owed), void *context);

#endif
