#ifndef AYNI_DAEMON_RECORDS_ERASURE_TASK_H
#define AYNI_DAEMON_RECORDS_ERASURE_TASK_H

#include "daemon/records/tables.h"
#include "daemon/store/views.h"
#include "proto/erase.h"

/*
 * Versions that are to be judged again (daemon/records/erasure/erasure.h), kept in
 * views/ with the change that made it so: all that orders reach, because the
 * registry changed, and entries that a range names. A crash in the middle loses
 * none, and a range over millions of entries is weighed in pieces.
 */
AYNI_CHECKED enum ayni_status erasure_weigh_all(struct views_txn *txn);
/* What a range names, on the history that it names; where its end isn't here yet, nothing: it is
 * weighed when that comes. */
AYNI_CHECKED enum ayni_status erasure_weigh_range(struct views_txn *txn, struct log_snapshot *log,
                                                  const struct ayni_erase_range *range);

/* What is to be judged now. All zero is nothing. */
struct epoch_keys;
struct erasure_work {
    const struct epoch_keys *epoch_keys; /* by which entries are read; given */
    struct ayni_buffer keys;             /* struct record_key, in no order, perhaps twice */
    struct ayni_buffer refs; /* struct version_ref: entries that can't be told to be of a record */
    bool owed;               /* receipts came to be owed: daemon/records/erasure/receipt.h */
};
/* Take about `max` off the tasks, adding to `work`. */
AYNI_CHECKED enum ayni_status erasure_tasks_take(struct views_txn *txn, struct log_snapshot *log,
                                                 size_t max, struct erasure_work *work);
void erasure_work_free(struct erasure_work *work);
/* Whether some are left: until none is, more may be found to be erased. */
AYNI_CHECKED enum ayni_status erasure_tasks_left(struct views_snapshot *views, bool *left);
/* Whether it is one of these tasks, for who takes the others. */
bool erasure_is_task(struct ayni_bytes key);

/* Judge the records of the orders whose ranges have an entry: whose it is by their word. */
AYNI_CHECKED enum ayni_status erasure_weigh_named(struct views_snapshot *views,
                                                  const struct log_feed *feed, uint64_t seq,
                                                  struct erasure_work *work);

/* What the tasks rest on: which record an entry of kind 1 is of, by its payload or what is kept of
 * it. AYNI_E_NOT_FOUND: that can't be told; AYNI_E_SIGNATURE: under a key that this node hasn't
 * got. */
AYNI_CHECKED enum ayni_status erasure_record_of(struct log_snapshot *log,
                                                const struct epoch_keys *keys,
                                                const struct log_feed *feed, uint64_t seq,
                                                const struct ayni_entry *entry,
                                                struct record_key *key);

#endif
