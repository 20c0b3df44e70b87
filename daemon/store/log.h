#ifndef AYNI_DAEMON_STORE_LOG_H
#define AYNI_DAEMON_STORE_LOG_H

#include "daemon/store/compaction.h"
#include "proto/entry.h"

/*
 * The log: feeds, their entries and seals, the arrival journal, keys and small
 * settings of this node. It is the truth; everything in views/ can be made
 * again from it. One LMDB environment, default sync mode: what a commit has
 * answered for is on disk. docs/storage.md.
 *
 * One writer at a time (daemon/store/log_writer.h); any number of readers, in
 * any thread, each with a short snapshot of its own.
 */
struct log_store;

struct log_options {
    const char *folder; /* HOME/log, made if missing (0700) */
    uint64_t map_size;  /* at the start; it grows by doubling when full */
};

/*
 * Open or make the store. `why` gets a sentence for the operator on failure.
 *
 *   AYNI_E_BUSY     another daemon has it
 *   AYNI_E_VERSION  a format this program doesn't know, or a file that isn't ours
 *   AYNI_E_FULL, AYNI_E_IO
 */
AYNI_CHECKED enum ayni_status log_store_open(const struct log_options *options,
                                             struct log_store **store, char *why, size_t why_size);
/* End the snapshots of processes that died while they looked into it; how many there were. */
AYNI_CHECKED enum ayni_status log_clear_readers(struct log_store *store, unsigned *cleared);
void log_store_close(struct log_store *store);
/* Delete the files of a closed one; none there is AYNI_OK. */
AYNI_CHECKED enum ayni_status log_destroy(const char *folder);

/* Feeds are numbered here, from 1, in the order in which they came; numbers never leave this node.
 */
typedef uint32_t feed_no;

struct log_feed {
    feed_no no;
    struct ayni_feed id; /* the segment id for a segment */
    struct ayni_feed_descriptor descriptor;
    struct ayni_head head;
    struct ayni_instant last_time;
    uint64_t arrival; /* of its newest entries */
    bool forked;      /* another history exists under valid seals */
    /* If forked: the last entry before the first fork point (seq 0 for the start; it may be above
     * `head`). Nothing past it is taken; what was, before the fork was known, is held. */
    uint64_t fork_seq;
    struct ayni_hash fork_chain; /* chain(fork_seq) */
};

/* --- reading: a snapshot sees one state and dies with log_snapshot_end() --- */

struct log_snapshot;
AYNI_CHECKED enum ayni_status log_snapshot_begin(struct log_store *store,
                                                 struct log_snapshot **snapshot);
void log_snapshot_end(struct log_snapshot *snapshot); /* NULL is fine */

static inline void log_snapshot_end_scoped(struct log_snapshot **snapshot)
{
    log_snapshot_end(*snapshot);
}
/* A snapshot that ends with its scope. */
#define SCOPED_LOG_SNAPSHOT __attribute__((cleanup(log_snapshot_end_scoped))) struct log_snapshot

AYNI_CHECKED enum ayni_status log_get_feed(struct log_snapshot *snapshot, feed_no no,
                                           struct log_feed *feed);
AYNI_CHECKED enum ayni_status log_find_feed(struct log_snapshot *snapshot,
                                            const struct ayni_feed *id, struct log_feed *feed);
/* Each feed in turn, by number; `visit` returns false to stop. */
AYNI_CHECKED enum ayni_status
log_each_feed(struct log_snapshot *snapshot,
              bool (*visit)(void *context, const struct log_feed *feed), void *context);

/* An entry with its chain hash. The payload borrows from the snapshot. */
struct log_entry {
    struct ayni_entry entry;
    struct ayni_hash chain;
};
AYNI_CHECKED enum ayni_status log_get_entry(struct log_snapshot *snapshot, feed_no feed,
                                            uint64_t seq, struct log_entry *entry);
/* Entries `from` to `to` of a feed, in order, until `visit` returns false; faster than one by one.
 * AYNI_E_NOT_FOUND where one of them isn't there. */
AYNI_CHECKED enum ayni_status
log_each_entry(struct log_snapshot *snapshot, feed_no feed, uint64_t from, uint64_t to,
               bool (*visit)(void *context, uint64_t seq, const struct log_entry *entry),
               void *context);
/* chain(seq); chain(0) for 0. AYNI_E_NOT_FOUND past the head. */
AYNI_CHECKED enum ayni_status log_get_chain(struct log_snapshot *snapshot, feed_no feed,
                                            uint64_t seq, struct ayni_hash *chain);
/* The first seal at or after `seq`: where it stands and its signature. */
AYNI_CHECKED enum ayni_status log_get_seal(struct log_snapshot *snapshot, feed_no feed,
                                           uint64_t seq, uint64_t *sealed_seq,
                                           struct ayni_signature *signature);
/*
 * Whole runs of `feed` from entry `from` on, as the wire has them
 * (proto/entry.h): at least one if there is one, no more than fit in
 * `size_max` together, none that ends after `seq_max`. Where `from` is inside a run, the
 * rest of that run is a run under the same seal. `*next` is the seq after the
 * last, or `from` where there is none. Appends to `runs`.
 */
AYNI_CHECKED enum ayni_status log_read_runs(struct log_snapshot *snapshot, feed_no feed,
                                            uint64_t from, uint64_t seq_max, size_t size_max,
                                            struct ayni_buffer *runs, uint64_t *next);

/* A fork point of a feed, with its proof: the histories differ in the entry after `seq`. */
struct log_fork {
    struct log_feed feed;
    uint64_t seq;
    struct ayni_instant since; /* when this node learnt of it, by its clock */
    struct ayni_bytes proof;   /* borrows from the snapshot */
};
/* AYNI_E_NOT_FOUND: no fork is known there. */
AYNI_CHECKED enum ayni_status log_get_fork(struct log_snapshot *snapshot,
                                           const struct log_feed *feed, uint64_t seq,
                                           struct log_fork *fork);
/* Each fork point, by feed; `visit` returns false to stop. */
AYNI_CHECKED enum ayni_status
log_each_fork(struct log_snapshot *snapshot,
              bool (*visit)(void *context, const struct log_fork *fork), void *context);

/* What stays of an entry whose payload was dropped here; one that came hollow has none. */
struct log_stub {
    uint64_t number;        /* 1, 2, 3 ... in the order in which entries were dropped */
    struct ayni_bytes kept; /* what its dropper keeps of it; borrows from the snapshot */
};
/* AYNI_E_NOT_FOUND: nothing was dropped there. */
AYNI_CHECKED enum ayni_status log_get_stub(struct log_snapshot *snapshot, feed_no feed,
                                           uint64_t seq, struct log_stub *stub);
/* The number of the last drop; 0 for none. */
AYNI_CHECKED enum ayni_status log_last_drop(struct log_snapshot *snapshot, uint64_t *number);

/* The arrival journal: what came when, in the order in which it came to this node. Numbers start
 * at 1. */
struct log_arrival {
    uint64_t no;
    struct ayni_instant time; /* this node's clock */
    feed_no feed;
    uint64_t from,
        to; /* seqs, both included; a payload that came later than its entry is told then */
};
uint64_t log_last_arrival(struct log_snapshot *snapshot); /* 0 for an empty log */
/* From `from` on, in order; `visit` returns false to stop. */
AYNI_CHECKED enum ayni_status
log_each_arrival(struct log_snapshot *snapshot, uint64_t from,
                 bool (*visit)(void *context, const struct log_arrival *arrival), void *context);

/*
 * 16 random bytes: what is known by arrival numbers (acknowledgements of peers,
 * cursors, the position of views/) is good for one instance only. It is drawn
 * when the log is made, and anew when it may be one of several copies.
 */
struct ayni_incarnation log_instance(struct log_store *store);

/* What who follows the journal must know to go on where he was. */
struct log_lineage {
    struct ayni_incarnation instance;
    struct ayni_incarnation before; /* what it was until it was last renewed; zeros: it never was */
    uint64_t last;                  /* arrival: nobody can have followed more */
};
AYNI_CHECKED enum ayni_status log_read_lineage(struct log_store *store,
                                               struct log_lineage *lineage);
/* Whether what holds for `instance` holds for this log. */
bool log_lineage_includes(const struct log_lineage *lineage,
                          const struct ayni_incarnation *instance);

/* Small settings by name (own incarnations, acknowledgements of peers, wrapped secrets). The value
 * is copied. */
AYNI_CHECKED enum ayni_status log_get_setting(struct log_snapshot *snapshot, const char *name,
                                              struct ayni_buffer *value);

struct log_space {
    uint64_t file_bytes;   /* of the file, on the disk */
    uint64_t unused_bytes; /* of them: log_compact() gives them back */
    uint64_t free_bytes;   /* on the file system */
    uint64_t entries;
};
AYNI_CHECKED enum ayni_status log_measure(struct log_store *store, struct log_space *space);

/* daemon/store/compaction.h. Any thread that holds no snapshot; reading and writing go on. */
AYNI_CHECKED enum ayni_status log_compact(struct log_store *store,
                                          const struct store_listener *listener,
                                          struct compaction_result *result);

/* --- writing: only the writer's thread (daemon/store/log_writer.h) --- */

struct log_txn;
AYNI_CHECKED enum ayni_status log_txn_begin(struct log_store *store, struct log_txn **txn);
/* Durable when it answers AYNI_OK. AYNI_E_FULL: nothing of the transaction is stored. */
AYNI_CHECKED enum ayni_status log_txn_commit(struct log_txn *txn);
void log_txn_abort(struct log_txn *txn); /* NULL is fine */
/* The transaction for reading: sees what it has put. Lent; lives as long as the transaction. */
struct log_snapshot *log_txn_snapshot(struct log_txn *txn);

/* The feed, made with its number if it is new. */
AYNI_CHECKED enum ayni_status log_txn_feed(struct log_txn *txn, const struct ayni_feed *id,
                                           const struct ayni_feed_descriptor *descriptor,
                                           struct log_feed *feed);
/*
 * Append one verified run (ayni_run_verify has filled `after` and `chains`)
 * after `head`. The head that the store holds must still be `head`:
 *
 *   AYNI_E_EXISTS  the store already holds all of it
 *   AYNI_E_CHAIN   the store's head is elsewhere: read it and ask again
 *   AYNI_E_FORK    it ends past the fork point of a forked feed
 */
AYNI_CHECKED enum ayni_status
log_txn_append(struct log_txn *txn, feed_no feed, const struct ayni_head *head,
               const struct ayni_run *run, const struct ayni_hash *chains,
               const struct ayni_head *after, struct ayni_instant now);
/*
 * Note a fork: both histories agree up to `common` and differ in the next entry;
 * the proof as docs/protocol.md, section 3.6, has it. The earliest fork point
 * of a feed is the one that log_feed tells; nothing past it is taken any more.
 *
 *   AYNI_E_EXISTS  this fork point is known, and nothing changed
 */
AYNI_CHECKED enum ayni_status log_txn_put_fork(struct log_txn *txn, feed_no feed,
                                               const struct ayni_head *common,
                                               struct ayni_bytes proof, struct ayni_instant now);
/*
 * Take the payload of an entry away, for good once the store is compacted: it
 * is hollow from now on, for `reason` (enum ayni_hollow), and chain and seal
 * hold as before. `kept` is the caller's to read again.
 *
 *   AYNI_E_EXISTS  it is hollow already
 */
AYNI_CHECKED enum ayni_status log_txn_drop(struct log_txn *txn, feed_no feed, uint64_t seq,
                                           uint8_t reason, struct ayni_bytes kept);
/* Say otherwise why an entry is hollow. AYNI_E_EXISTS: it isn't hollow, or says that already. */
AYNI_CHECKED enum ayni_status log_txn_set_reason(struct log_txn *txn, feed_no feed, uint64_t seq,
                                                 uint8_t reason);
/*
 * Put the payload of a hollow entry in its place; its stub goes, and it arrives again.
 *
 *   AYNI_E_EXISTS   it isn't hollow
 *   AYNI_E_INVALID  that isn't the payload that the entry had
 */
AYNI_CHECKED enum ayni_status log_txn_fill(struct log_txn *txn, feed_no feed, uint64_t seq,
                                           struct ayni_bytes payload, struct ayni_instant now);
AYNI_CHECKED enum ayni_status log_txn_put_setting(struct log_txn *txn, const char *name,
                                                  struct ayni_bytes value);
/* Draw another instance; log_instance() answers it after the commit. */
AYNI_CHECKED enum ayni_status log_txn_renew_instance(struct log_txn *txn);

#endif
