#ifndef AYNI_DAEMON_RECORDS_SEALED_H
#define AYNI_DAEMON_RECORDS_SEALED_H

#include "daemon/records/plain_payload.h"
#include "daemon/records/standing.h"
#include "daemon/records/tables.h"
#include "daemon/store/views.h"

/*
 * Entries under keys that this node hasn't got: versions, and orders of
 * erasure. They are stored and handed on, no context of this node reaches past
 * one (docs/protocol.md, section 4.2), and rows of SEALED say which they are. When
 * keys come, the rows of the space are looked at again, as a task that a crash
 * doesn't lose, and what opens is taken as if it had just come.
 */
struct sealed_row {
    struct version_ref ref;
    uint64_t arrival; /* with which it came, and when */
    struct ayni_instant time;
};
AYNI_CHECKED enum ayni_status sealed_put(struct views_txn *txn, const struct sealed_row *row);
AYNI_CHECKED enum ayni_status sealed_remove(struct views_txn *txn, const struct version_ref *ref);
/* The first of a history of a feed; AYNI_E_NOT_FOUND. */
AYNI_CHECKED enum ayni_status sealed_first(struct views_snapshot *views, feed_no feed,
                                           struct version_ref *ref);

/* How many of a feed, and the newest of them; count 0 for none. */
struct sealed_count {
    uint64_t count;
    struct ayni_instant time; /* when it came */
};
AYNI_CHECKED enum ayni_status sealed_count_of(struct views_snapshot *views, feed_no feed,
                                              struct sealed_count *count);

/* Whether `entry`, of kind 1 or 2, is under a key that isn't among these. */
AYNI_CHECKED enum ayni_status sealed_check(const struct epoch_keys *keys,
                                           const struct log_feed *feed,
                                           const struct ayni_entry *entry, bool *sealed);

/* Plan to look again at the feeds of spaces of which `after` has keys that `before` hasn't. */
AYNI_CHECKED enum ayni_status sealed_plan(const struct charter *before, const struct charter *after,
                                          struct views_txn *txn, struct log_snapshot *log);
bool sealed_is_task(struct ayni_bytes key);
/* Whether some feed is still to be looked at again. */
AYNI_CHECKED enum ayni_status sealed_tasks_left(struct views_snapshot *views, bool *left);

/* What was looked at in one batch. All zero is nothing. */
struct sealed_work {
    struct ayni_buffer opened; /* struct version_ref: their rows go */
    struct ayni_buffer steps;  /* how far tasks have come */
};
/* Look at about `max` rows that tasks name; `take` gets those that `keys` open. */
AYNI_CHECKED enum ayni_status
sealed_take(struct views_snapshot *views, struct log_snapshot *log, const struct epoch_keys *keys,
            size_t max, struct sealed_work *work,
            enum ayni_status (*take)(void *context, const struct log_feed *feed,
                                     const struct sealed_row *row, const struct log_entry *entry),
            void *context);
/* In the transaction that has what was taken. */
AYNI_CHECKED enum ayni_status sealed_settle(struct views_txn *txn, const struct sealed_work *work);
void sealed_work_free(struct sealed_work *work);

#endif
