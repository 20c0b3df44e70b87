#ifndef AYNI_DAEMON_RECORDS_TASK_H
#define AYNI_DAEMON_RECORDS_TASK_H

#include "daemon/records/tables.h"
#include "daemon/store/views.h"

/* What a task is, the first byte of its key. */
enum task_kind {
    TASK_FEED = 1,
    TASK_TYPE = 2,
    TASK_ORDERS = 3, /* daemon/records/erasure/erasure_task.h */
    TASK_WEIGH = 4,
    TASK_UNSEAL = 5, /* daemon/records/sealed.h */
};

/*
 * What is still to be folded again because the registry changed: all records
 * that a feed has versions of, or all of one type in a space. Kept in views/ with
 * the change that made them, so that a crash in the middle loses none.
 */
/* Up to where views/ has followed the feed now. */
AYNI_CHECKED enum ayni_status task_add_feed(struct views_txn *txn, feed_no feed);
AYNI_CHECKED enum ayni_status task_add_type(struct views_txn *txn, const struct ayni_space *space,
                                            uint32_t type);

/*
 * Take up to `max` record keys off the tasks and append them to `keys`, as struct
 * record_key in no order, perhaps twice. Of a feed no more than `max` entries are
 * looked at, whether or not they are versions. Entries are read by
 * `epoch_keys`.
 */
struct epoch_keys;
AYNI_CHECKED enum ayni_status tasks_take(struct views_txn *txn, struct log_snapshot *log,
                                         const struct epoch_keys *epoch_keys, size_t max,
                                         struct ayni_buffer *keys);
/* Whether there are any by which records are to be folded again: what is derived of those may be of
 * an earlier registry. */
AYNI_CHECKED enum ayni_status tasks_fold_again(struct views_snapshot *views, bool *any);
/* How many tasks there are, and entries of the log that are still to be made hollow. */
AYNI_CHECKED enum ayni_status tasks_count(struct views_snapshot *views, uint64_t *count);

#endif
