#ifndef AYNI_DAEMON_RECORDS_ERASURE_NOTE_H
#define AYNI_DAEMON_RECORDS_ERASURE_NOTE_H

#include "daemon/records/erasure/erasure_task.h"
#include "daemon/records/projection/arrivals.h"

/*
 * Note in views/ the orders that came, and what is to be judged because of
 * them, or because entries came up to which an order's range reaches; then take
 * what is to be judged in this batch, about `max` of it. docs/protocol.md, section 4.7.
 */
AYNI_CHECKED enum ayni_status erasure_note(struct views_txn *txn, struct log_snapshot *log,
                                           const struct ayni_space *registry,
                                           const struct arrivals *arrivals, size_t max,
                                           struct erasure_work *work);

#endif
