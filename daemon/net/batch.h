#ifndef AYNI_DAEMON_NET_BATCH_H
#define AYNI_DAEMON_NET_BATCH_H

#include "daemon/store/log_writer.h"
#include "proto/sync.h"

struct intake;

/*
 * Runs of one feed on their way from a peer to the log: a copy of their bytes,
 * what they decode to, and the job that stores them. Made and read in the net
 * thread, stored in the log writer's, freed in the net thread again.
 */
struct batch {
    struct log_job job;             /* first: the writer hands this back */
    uint64_t number;                /* of the STORE, FILL or FORK action */
    struct ayni_feed segment, feed; /* as peers name it, and whose it is */
    struct ayni_feed_descriptor descriptor;
    struct ayni_head start; /* the head that the first run continues */
    struct ayni_buffer bytes;
    struct ayni_entry *entries;
    struct ayni_hash *chains;
    size_t entry_count, entry_room;
    struct ayni_run *runs;   /* `entries` of each is set when all are read */
    struct ayni_head *heads; /* after each run */
    size_t run_count, run_room;
    bool fills; /* payloads alone, of entries that are held under that number, from `first` on */
    feed_no no;
    uint64_t first;
    bool is_fork; /* evidence of one: nothing to append but the proof */
    struct ayni_fork_proof fork;
    struct ayni_buffer proof;
    struct intake *intake; /* the owner, and its list */
    struct batch *next;
};

AYNI_CHECKED enum ayni_status batch_new(const struct ayni_sync_store *from,
                                        const struct ayni_node *root, struct batch **batch);
void batch_free(struct batch *batch);

/*
 * Read the runs, leaving out the first `held` entries, and verify what is left
 * from `*head` and `*last_time` on, which move to its end.
 *
 *   AYNI_E_SIGNATURE, AYNI_E_MALFORMED, AYNI_E_INVALID, AYNI_E_LIMIT, AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status batch_verify(struct batch *batch, uint64_t held,
                                           struct ayni_head *head, struct ayni_instant *last_time);

/* Read the runs, and leave only those payloads that are `wanted`. As batch_verify(). */
AYNI_CHECKED enum ayni_status
batch_choose(struct batch *batch, bool (*wanted)(void *context, uint64_t seq), void *context);

/* Whether an erasure is among its entries: for that there is room on a full disk, too. */
bool batch_has_erasure(const struct batch *batch);

/* What the job does, in the log writer's thread: append the runs; put the payloads in their places;
 * or keep the proof of a fork. */
enum ayni_status batch_store(struct log_job *job, struct log_txn *txn);
enum ayni_status batch_fill(struct log_job *job, struct log_txn *txn);
enum ayni_status batch_store_fork(struct log_job *job, struct log_txn *txn);

#endif
