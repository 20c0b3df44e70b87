#ifndef AYNI_DAEMON_STORE_LOG_PRIVATE_H
#define AYNI_DAEMON_STORE_LOG_PRIVATE_H

#include "daemon/store/lmdb.h"
#include "daemon/store/log.h"

/* What the files of the log share. Tables, keys and values: docs/storage.md, section 2. */
struct log_store {
    struct lmdb lmdb;
    pthread_mutex_t mutex; /* over the two below */
    struct ayni_incarnation instance, instance_before;
    MDB_dbi meta;
    MDB_dbi feeds;
    MDB_dbi feed_ids;
    MDB_dbi entries;
    MDB_dbi journal;
    MDB_dbi forks;
    MDB_dbi points;
    MDB_dbi branches;
    MDB_dbi settings;
    MDB_dbi stubs;
};

struct log_snapshot {
    struct log_store *store;
    MDB_txn *txn;
};

struct log_txn {
    struct log_snapshot snapshot; /* the transaction as its own reader */
    MDB_cursor *entries;          /* stays where it appended last */
    struct log_arrival arrival;   /* the newest; no 0 in an empty log */
    bool arrival_is_ours;         /* made in this transaction, so it may still grow */
    uint64_t changes;             /* puts that were tried */
    uint64_t bytes;               /* of the values that were put */
    bool failed;                  /* a put failed: nothing of the transaction can be committed */
    bool map_full;                /* because the map is too small: grow it and run it again */
    bool renews;                  /* the instance; to this one: */
    struct ayni_incarnation instance;
};

/* Keys of `meta`. */
#define LOG_FORMAT_KEY "format"
#define LOG_INSTANCE_KEY "instance"
#define LOG_INSTANCE_BEFORE_KEY "instance_before"

/* log_txn_commit() with LMDB's code, for who grows the map. */
AYNI_CHECKED int log_txn_finish(struct log_txn *txn);
/* Put one value of a table other than `entries`. */
AYNI_CHECKED enum ayni_status log_txn_put(struct log_txn *txn, MDB_dbi table, struct ayni_bytes key,
                                          struct ayni_bytes value);

/* A key that isn't there is AYNI_OK. */
AYNI_CHECKED enum ayni_status log_txn_delete(struct log_txn *txn, MDB_dbi table,
                                             struct ayni_bytes key);

/* What is known of a feed, in the place of what was. */
AYNI_CHECKED enum ayni_status log_txn_put_feed(struct log_txn *txn, const struct log_feed *feed);

struct log_row;
/* An entry in its place, for a new one or that of what was. */
AYNI_CHECKED enum ayni_status log_txn_put_row(struct log_txn *txn, feed_no feed, uint64_t seq,
                                              const struct log_row *row);
/* That these entries, all of them held, have come, or a part of them that was missing. */
AYNI_CHECKED enum ayni_status log_txn_put_arrival(struct log_txn *txn, feed_no feed, uint64_t from,
                                                  uint64_t to, struct ayni_instant now);

/* Append to a history, forked or not; `feed` is what is known of it, and will be. As
 * log_txn_append(). */
AYNI_CHECKED enum ayni_status
log_txn_append_to(struct log_txn *txn, struct log_feed *feed, const struct ayni_head *head,
                  const struct ayni_run *run, const struct ayni_hash *chains,
                  const struct ayni_head *after, struct ayni_instant now);

/* --- feeds, histories, branches --- */

/* What the first byte of a row of `feed_ids` says that it is. */
enum { LOG_NAME_FEED = 1, LOG_NAME_BRANCH = 2 };
/* What `feed_ids` has of an id: the numbers of a feed's histories, or the key of a branch. Lent. */
struct log_name {
    bool is_branch;
    struct ayni_bytes numbers; /* u32 each */
    struct ayni_bytes branch;  /* LOG_BRANCH_KEY_SIZE */
};
AYNI_CHECKED enum ayni_status log_name_read(struct ayni_bytes row, struct log_name *name);
AYNI_CHECKED enum ayni_status log_get_name(struct log_snapshot *snapshot,
                                           const struct ayni_feed *id, struct log_name *name);
/* A new history: `feed` with all but its number filled in. */
AYNI_CHECKED enum ayni_status log_txn_add_history(struct log_txn *txn, struct log_feed *feed);

/* How a segment that is a branch is known: by its first entry. */
struct log_branch {
    feed_no root; /* the feed, by its first number */
    uint64_t first;
    struct ayni_hash chain; /* of that entry */
    feed_no no;             /* the history that has it, or that it follows while it isn't held */
    bool held;
};

AYNI_CHECKED enum ayni_status log_get_branch(struct log_snapshot *snapshot, feed_no root,
                                             uint64_t first, const struct ayni_hash *chain,
                                             struct log_branch *branch);
/* Whether these may be a row of `forks`. */
AYNI_CHECKED enum ayni_status log_fork_check(struct ayni_bytes key, struct ayni_bytes value);
/* Each proof of a fork of the feed whose common part ends from `from` to `to`. */
AYNI_CHECKED enum ayni_status
log_each_fork_at(struct log_snapshot *snapshot, const struct log_feed *root, uint64_t from,
                 uint64_t to, bool (*visit)(void *context, const struct log_fork *fork),
                 void *context);
AYNI_CHECKED enum ayni_status log_txn_put_fork_row(struct log_txn *txn, const struct log_feed *root,
                                                   const struct ayni_fork_proof *proof,
                                                   struct ayni_bytes bytes,
                                                   struct ayni_instant now);
/* The history has grown by the entries `from` to its head: fork points among them are places where
 * it forks from now on. */
AYNI_CHECKED enum ayni_status log_txn_pass_points(struct log_txn *txn, const struct log_feed *feed,
                                                  uint64_t from, struct ayni_instant now);

/* --- keys: big-endian, so that their order has meaning --- */

/* A batch of views/ takes whole arrivals, and has its memory for them. */
enum { LOG_ARRIVAL_ENTRIES_MAX = 4096 };

enum {
    LOG_FEED_KEY_SIZE = 4,
    LOG_SEQ_KEY_SIZE = 12,
    LOG_ARRIVAL_KEY_SIZE = 8,
    LOG_BRANCH_KEY_SIZE = 4 + 8 + 32,
};

void log_feed_key(feed_no no, uint8_t key[LOG_FEED_KEY_SIZE]);
/* Of an entry, a fork point. */
void log_seq_key(feed_no no, uint64_t seq, uint8_t key[LOG_SEQ_KEY_SIZE]);
void log_arrival_key(uint64_t no, uint8_t key[LOG_ARRIVAL_KEY_SIZE]);

/* --- values; what can't be read is AYNI_E_IO: the file is damaged --- */

enum {
    LOG_FEED_SIZE = 32 + 32 + 16 + 1 + 16 + 1 + 8 + 32 + 8 + 8 + 8 + 4,
    LOG_ARRIVAL_SIZE = 8 + 4 + 8 + 8,
    LOG_BRANCH_SIZE = 4 + 1,
};

void log_feed_encode(const struct log_feed *feed, uint8_t value[LOG_FEED_SIZE]);
AYNI_CHECKED enum ayni_status log_feed_decode(feed_no no, struct ayni_bytes value,
                                              struct log_feed *feed);

void log_branch_key(const struct log_branch *branch, uint8_t key[LOG_BRANCH_KEY_SIZE]);
AYNI_CHECKED enum ayni_status log_branch_read(struct ayni_bytes key, struct ayni_bytes value,
                                              struct log_branch *branch);

void log_arrival_encode(const struct log_arrival *arrival, uint8_t value[LOG_ARRIVAL_SIZE]);
AYNI_CHECKED enum ayni_status log_arrival_decode(MDB_val key, MDB_val value,
                                                 struct log_arrival *arrival);

/* An entry as it is stored: the last of a run has the signature of its seal. */
struct log_row {
    struct log_entry entry;
    const struct ayni_signature *seal; /* NULL in the middle of a run; lent */
};
size_t log_row_size(const struct log_row *row);
/* `value` holds log_row_size() bytes. */
void log_row_encode(const struct log_row *row, uint8_t *value);
/* Borrows from `value`. */
AYNI_CHECKED enum ayni_status log_row_decode(struct ayni_bytes value, struct log_row *row);

#endif
