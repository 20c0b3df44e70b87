#ifndef AYNI_DAEMON_STORE_LOG_H
#define AYNI_DAEMON_STORE_LOG_H

#include "daemon/store/compaction.h"
#include "proto/fork_proof.h"

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

/*
 * One history of a feed. A feed has one, unless it forked: then each branch is
 * kept under a number of its own, from its first different entry on, and all
 * have the feed's id (docs/storage.md, section 2).
 */
struct log_feed {
    feed_no no;
    struct ayni_feed id;
    struct ayni_feed_descriptor descriptor;
    uint64_t first; /* its first entry kept here: 1, or where it leaves another history */
    feed_no parent; /* of a branch: the history whose entry `first` - 1 it follows; else 0 */
    struct ayni_head head;
    struct ayni_instant last_time;
    uint64_t arrival; /* of its newest entries */
    bool forked;      /* another history exists under valid seals */
};
/* How many entries are kept under the number. */
static inline uint64_t log_feed_count(const struct log_feed *feed)
{
    return feed->head.seq + 1 - feed->first;
}

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
/* By its id; of a forked one the history that came first. */
AYNI_CHECKED enum ayni_status log_find_feed(struct log_snapshot *snapshot,
                                            const struct ayni_feed *id, struct log_feed *feed);
/* Each history of each feed in turn, by number; `visit` returns false to stop. */
AYNI_CHECKED enum ayni_status
log_each_feed(struct log_snapshot *snapshot,
              bool (*visit)(void *context, const struct log_feed *feed), void *context);
/* Each history of one feed. */
AYNI_CHECKED enum ayni_status
log_each_history(struct log_snapshot *snapshot, const struct ayni_feed *id,
                 bool (*visit)(void *context, const struct log_feed *feed), void *context);
/* The history whose chain hash at `seq` begins with `prefix`: one of them, where several share the
 * entry. AYNI_E_NOT_FOUND. */
AYNI_CHECKED enum ayni_status log_find_history(struct log_snapshot *snapshot,
                                               const struct ayni_feed *id, uint64_t seq,
                                               struct ayni_bytes prefix, struct log_feed *feed);

/* An entry with its chain hash, of those kept under the number. The payload borrows from the
 * snapshot. */
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
/* One of the whole history, also before a branch begins. */
AYNI_CHECKED enum ayni_status log_find_entry(struct log_snapshot *snapshot, feed_no feed,
                                             uint64_t seq, struct log_entry *entry);
/* chain(seq), also before a branch begins; chain(0) for 0. AYNI_E_NOT_FOUND past the head. */
AYNI_CHECKED enum ayni_status log_get_chain(struct log_snapshot *snapshot, feed_no feed,
                                            uint64_t seq, struct ayni_hash *chain);
/* The first seal at or after `seq`: where it stands and its signature. */
AYNI_CHECKED enum ayni_status log_get_seal(struct log_snapshot *snapshot, feed_no feed,
                                           uint64_t seq, uint64_t *sealed_seq,
                                           struct ayni_signature *signature);
/* A side of the proof of a fork: the entries from `first` up to the next seal, into `entries`,
 * which has room for AYNI_RUN_ENTRIES_MAX and which `side` then points to. */
AYNI_CHECKED enum ayni_status log_get_side(struct log_snapshot *snapshot, feed_no feed,
                                           uint64_t first, struct ayni_entry *entries,
                                           struct ayni_fork_side *side);
/*
 * Whole runs of `feed` from entry `from` on, as the wire has them
 * (proto/entry.h): at least one if there is one, no more than fit in
 * `size_max` together, none that begins after `seq_max`. Where `from` is inside a run, the
 * rest of that run is a run under the same seal. `*next` is the seq after the
 * last, or `from` where there is none. Appends to `runs`.
 */
AYNI_CHECKED enum ayni_status log_read_runs(struct log_snapshot *snapshot, feed_no feed,
                                            uint64_t from, uint64_t seq_max, size_t size_max,
                                            struct ayni_buffer *runs, uint64_t *next);

/* A proof that two histories of a feed agree up to `common` and differ in the next entry. */
struct log_fork {
    struct ayni_feed feed;
    struct ayni_feed_descriptor descriptor;
    struct ayni_head common;
    struct ayni_hash chains[2]; /* of the next entry in each, the lower first */
    struct ayni_instant since;  /* when this node learnt of it, by its clock */
    struct ayni_bytes proof;    /* borrows from the snapshot */
};
/* AYNI_E_NOT_FOUND: there is none of these two. */
AYNI_CHECKED enum ayni_status log_get_fork(struct log_snapshot *snapshot,
                                           const struct ayni_feed *feed, uint64_t seq,
                                           const struct ayni_hash chains[2], struct log_fork *fork);
/* Whether a proof of these two would tell the log anything new. */
bool log_knows_fork(struct log_snapshot *snapshot, const struct ayni_feed *feed, uint64_t seq,
                    const struct ayni_hash chains[2]);
/* Each, by feed and seq; `visit` returns false to stop. */
AYNI_CHECKED enum ayni_status
log_each_fork(struct log_snapshot *snapshot,
              bool (*visit)(void *context, const struct log_fork *fork), void *context);

/*
 * A segment: what peers speak of as of a feed. The part of a feed before its
 * first fork point, and each part of a branch from one fork point to the next;
 * of a feed that hasn't forked, all of it. docs/protocol.md, section 3.6.
 */
struct log_segment {
    struct ayni_feed id;   /* the feed's own, or that of the branch */
    struct ayni_feed feed; /* the feed's */
    struct ayni_feed_descriptor descriptor;
    feed_no no;             /* the history that keeps it; with nothing held that which it follows */
    struct ayni_head start; /* what it follows: 0 and chain(0) for the feed's own */
    struct ayni_hash first; /* of a branch: the chain hash of its first entry */
    struct ayni_head head;  /* `start` where nothing is held */
    struct ayni_instant last_time;
    uint64_t arrival; /* of the newest entries of its history */
    bool ended;       /* the feed forks after `head`: what follows are other segments */
};
AYNI_CHECKED enum ayni_status log_find_segment(struct log_snapshot *snapshot,
                                               const struct ayni_feed *id,
                                               struct log_segment *segment);
/* Each, of all feeds; `visit` returns false to stop. */
AYNI_CHECKED enum ayni_status
log_each_segment(struct log_snapshot *snapshot,
                 bool (*visit)(void *context, const struct log_segment *segment), void *context);
/* Those of one feed. */
AYNI_CHECKED enum ayni_status
log_each_segment_of(struct log_snapshot *snapshot, const struct ayni_feed *feed,
                    bool (*visit)(void *context, const struct log_segment *segment), void *context);

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

/* The feed, made with its number if it is new; of a forked one the history that came first. */
AYNI_CHECKED enum ayni_status log_txn_feed(struct log_txn *txn, const struct ayni_feed *id,
                                           const struct ayni_feed_descriptor *descriptor,
                                           struct log_feed *feed);
/*
 * Append one verified run (ayni_run_verify has filled `after` and `chains`)
 * after `head`. The head that the store holds must still be `head`:
 *
 *   AYNI_E_EXISTS  the store already holds all of it
 *   AYNI_E_CHAIN   the store's head is elsewhere: read it and ask again
 *   AYNI_E_FORK    the feed has forked: say which segment goes on
 */
AYNI_CHECKED enum ayni_status
log_txn_append(struct log_txn *txn, feed_no feed, const struct ayni_head *head,
               const struct ayni_run *run, const struct ayni_hash *chains,
               const struct ayni_head *after, struct ayni_instant now);
/*
 * The same in a segment, whose feed is made if it is new. The run may go on
 * past the segment's end: what is past it is of the segments after it.
 *
 *   AYNI_E_NOT_FOUND  no such segment is known (yet)
 *   AYNI_E_FORK       the segment has ended before the run begins
 *   AYNI_E_CHAIN      the store's head is elsewhere, or this isn't how the segment begins
 */
AYNI_CHECKED enum ayni_status
log_txn_extend(struct log_txn *txn, const struct ayni_feed *segment, const struct ayni_feed *feed,
               const struct ayni_feed_descriptor *descriptor, const struct ayni_head *head,
               const struct ayni_run *run, const struct ayni_hash *chains,
               const struct ayni_head *after, struct ayni_instant now);
/*
 * Keep the proof of a fork; its feed is made if it is new. `proof` is what
 * `bytes` decode to. Both branches are segments from now on, or as soon as what they
 * follow is held; whatever is held already and goes on in a third way becomes one, too, with a
 * proof of its own.
 *
 *   AYNI_E_EXISTS  both branches are known, and nothing changed
 */
AYNI_CHECKED enum ayni_status log_txn_put_fork(struct log_txn *txn,
                                               const struct ayni_fork_proof *proof,
                                               struct ayni_bytes bytes, struct ayni_instant now);
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
