#ifndef AYNI_DAEMON_STORE_VIEWS_H
#define AYNI_DAEMON_STORE_VIEWS_H

#include "daemon/store/log.h"

/*
 * Everything derived from the log: one LMDB environment of named tables of
 * sorted keys, and the position, up to which arrival it has followed the log.
 * It knows nothing of what the tables hold, and can be deleted at any time.
 * docs/storage.md.
 *
 * One writer at a time (the projector's thread); any number of readers, in any
 * thread, each with a short snapshot of its own. Who reads both stores begins
 * the snapshot of views/ first: then the log holds all that views/ points to.
 * No thread begins a second snapshot, or waits for a write, while it holds
 * one: growing the map waits for the snapshots to end, and the file grows as long as an old one
 * lives. So one that is held for too long answers AYNI_E_BUSY to whoever reads on.
 */
struct views;

enum {
    VIEWS_KEY_SIZE_MAX = 511, /* LMDB's; a key has at least one byte */
    VIEWS_TABLES_MAX = 64,
    VIEWS_SNAPSHOT_MS = 5 * 60 * 1000, /* what reads longer begins another, or ends */
    VIEWS_RECENT_FROM = 2048,          /* pages: 8 MiB */
};

struct views_options {
    const char *folder;        /* HOME/views, made if missing (0700) */
    uint64_t map_size;         /* at the start; it grows by doubling when full */
    struct log_lineage log;    /* of the log that it follows: log_read_lineage() */
    uint32_t format;           /* of what the tables hold: a new number makes all anew */
    const char *const *tables; /* their names; a table is known by its place in this list */
    size_t table_count;        /* up to VIEWS_TABLES_MAX */
    uint64_t scattered;        /* bit i: the keys of table i come in no order (below, "recent") */
    uint64_t recent_from;      /* those of so many pages keep apart what is recent; 0:
                                  VIEWS_RECENT_FROM */
    uint64_t snapshot_ms;      /* what a snapshot may be read for; 0: VIEWS_SNAPSHOT_MS */
};

/*
 * Open or make it. What is missing, damaged, of another log, ahead of its log or
 * of another format is made anew, empty, with position 0: that is no failure.
 * `why` gets a sentence for the operator on failure.
 *
 *   AYNI_E_BUSY  another daemon has it
 *   AYNI_E_FULL, AYNI_E_IO, AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status views_open(const struct views_options *options, struct views **views,
                                         char *why, size_t why_size);
/* End the snapshots of processes that died while they looked into it; how many there were. */
AYNI_CHECKED enum ayni_status views_clear_readers(struct views *views, unsigned *cleared);
/* All snapshots have ended. NULL is fine. */
void views_close(struct views *views);
/* Delete the files of a closed one; none there is AYNI_OK. */
AYNI_CHECKED enum ayni_status views_destroy(const char *folder);

/*
 * Another one, empty, beside the one that everybody reads: to make everything
 * anew and then take its place. The projector's thread alone; it is written
 * as the other is. What is left of one that wasn't finished goes at the next start.
 */
AYNI_CHECKED enum ayni_status views_open_beside(struct views *views, struct views **beside);
/*
 * Let it take the place: snapshots that begin from now on are of it. `beside` is no more.
 *
 *   AYNI_E_BUSY  snapshots didn't end for long; it is still there
 */
AYNI_CHECKED enum ayni_status views_replace(struct views *views, struct views *beside);
/* Give it up. */
void views_discard_beside(struct views *views, struct views *beside);

struct views_space {
    uint64_t file_bytes;   /* of the file, on the disk */
    uint64_t unused_bytes; /* of them: views_compact() gives them back */
    uint64_t free_bytes;   /* on the file system */
};
AYNI_CHECKED enum ayni_status views_measure(struct views *views, struct views_space *space);

/* daemon/store/compaction.h. Any thread that holds no snapshot; reading and writing go on. */
AYNI_CHECKED enum ayni_status views_compact(struct views *views,
                                            const struct store_listener *listener,
                                            struct compaction_result *result);

/* --- reading: keys and values borrow from the snapshot and die with it --- */

struct views_snapshot;
AYNI_CHECKED enum ayni_status views_snapshot_begin(struct views *views,
                                                   struct views_snapshot **snapshot);
void views_snapshot_end(struct views_snapshot *snapshot); /* NULL is fine */

static inline void views_snapshot_end_scoped(struct views_snapshot **snapshot)
{
    views_snapshot_end(*snapshot);
}
/* A snapshot that ends with its scope. */
#define SCOPED_VIEWS_SNAPSHOT                                                                      \
    __attribute__((cleanup(views_snapshot_end_scoped))) struct views_snapshot

/* The last arrival of the log that is in here; 0 for none. */
AYNI_CHECKED enum ayni_status views_position(struct views_snapshot *snapshot, uint64_t *arrival);
/* AYNI_E_NOT_FOUND where there is no such key; AYNI_E_LIMIT for a key of a size that can't be. */
AYNI_CHECKED enum ayni_status views_get(struct views_snapshot *snapshot, size_t table,
                                        struct ayni_bytes key, struct ayni_bytes *value);
/* How many keys a table holds; of a scattered one at most, since some may be in both of its parts.
 */
AYNI_CHECKED enum ayni_status views_count(struct views_snapshot *snapshot, size_t table,
                                          uint64_t *count);

/* How large the tables are: of each the pages of keys that a change may come to write. */
struct views_pages {
    uint64_t page_size; /* in bytes */
    uint64_t leaves[VIEWS_TABLES_MAX];
    size_t table_count;
};
AYNI_CHECKED enum ayni_status views_count_pages(struct views_snapshot *snapshot,
                                                struct views_pages *pages);

/*
 * The keys of a table that begin with `prefix` (all, where it is empty), in
 * bytewise order, forwards or backwards:
 *
 *   SCOPED_VIEWS_CURSOR cursor;
 *   views_cursor_open(snapshot, TABLE, prefix, &cursor);
 *   while (views_cursor_next(&cursor, &key, &value))
 *       ...
 *   return cursor.status;
 *
 * `prefix` is lent until the cursor is closed, which is before its snapshot
 * ends. Inside a write, what a cursor has lent dies with the next put or delete.
 */
struct views_cursor {
    struct views_part_cursor {
        void *cursor; /* LMDB's */
        struct ayni_bytes key, value;
        bool ended; /* there is none further on */
    } parts[2];     /* of the table; the second, what is recent, has no cursor where nothing is */
    struct views_snapshot *snapshot;
    struct ayni_bytes prefix;
    bool placed;             /* it stands on a key, or has run off an end */
    enum ayni_status status; /* the first failure; the end of the keys is none */
    /* Of one over two parts: */
    bool backwards;   /* so it went last */
    uint64_t writes;  /* of the transaction, when the parts were placed */
    size_t last_size; /* of the key that it stands on; 0 where it stands on none */
    uint8_t last[VIEWS_KEY_SIZE_MAX];
};
void views_cursor_open(struct views_snapshot *snapshot, size_t table, struct ayni_bytes prefix,
                       struct views_cursor *cursor);
void views_cursor_close(struct views_cursor *cursor);
#define SCOPED_VIEWS_CURSOR __attribute__((cleanup(views_cursor_close))) struct views_cursor

/* The next key and its value, the first at first; false after the last, and on failure. */
bool views_cursor_next(struct views_cursor *cursor, struct ayni_bytes *key,
                       struct ayni_bytes *value);
/* The one before, the last at first. */
bool views_cursor_previous(struct views_cursor *cursor, struct ayni_bytes *key,
                           struct ayni_bytes *value);
/* Go to the first key that is not below `from` (a whole key, not less than the prefix), and lend
 * it. */
bool views_cursor_seek(struct views_cursor *cursor, struct ayni_bytes from, struct ayni_bytes *key,
                       struct ayni_bytes *value);

/* The key after `last`, which may have gone meanwhile: for who goes on where he was. Likewise. */
bool views_cursor_after(struct views_cursor *cursor, struct ayni_bytes last, struct ayni_bytes *key,
                        struct ayni_bytes *value);

/*
 * Looks keys up that come in ascending order: where none is held between two of them, the second
 * one costs nothing.
 */
struct views_ascent {
    struct views_ascent_part {
        struct views_cursor cursor;
        struct ayni_bytes key, value; /* the first that isn't below the last one asked for */
        bool begun, ended;
    } parts[2]; /* as a cursor's */
    size_t part_count;
    enum ayni_status status; /* the first failure */
};
void views_ascent_open(struct views_snapshot *snapshot, size_t table, struct views_ascent *ascent);
void views_ascent_close(struct views_ascent *ascent);
#define SCOPED_VIEWS_ASCENT __attribute__((cleanup(views_ascent_close))) struct views_ascent

/* Whether there is such a key; then its value is lent. On failure there is none, and `status` says
 * so. */
bool views_ascent_find(struct views_ascent *ascent, struct ayni_bytes key,
                       struct ayni_bytes *value);

/* --- writing: the projector's thread alone --- */

struct views_txn;
typedef enum ayni_status views_change(void *context, struct views_txn *txn);
/*
 * Run `change` in a write transaction and commit it, durably, if it answers
 * AYNI_OK; else nothing of it is stored and its status comes back. Where the
 * map is full it grows and `change` runs once more from the start, so it must
 * not keep what it has computed from the transaction.
 *
 *   AYNI_E_FULL  no room on the disk; nothing is stored
 *   AYNI_E_BUSY  the map must grow, and a snapshot didn't end for long
 */
AYNI_CHECKED enum ayni_status views_update(struct views *views, views_change *change,
                                           void *context);

/* The transaction for reading: sees what it has put. Lent; lives as long as the transaction. */
struct views_snapshot *views_txn_snapshot(struct views_txn *txn);
AYNI_CHECKED enum ayni_status views_put(struct views_txn *txn, size_t table, struct ayni_bytes key,
                                        struct ayni_bytes value);
/* A key that isn't there is AYNI_OK. */
AYNI_CHECKED enum ayni_status views_delete(struct views_txn *txn, size_t table,
                                           struct ayni_bytes key);
/* All keys that begin with `prefix`; the whole table where it is empty. */
AYNI_CHECKED enum ayni_status views_delete_prefix(struct views_txn *txn, size_t table,
                                                  struct ayni_bytes prefix);

/* One of many changes to a table. */
struct views_item {
    struct ayni_bytes key;
    struct ayni_bytes value;
    bool removed; /* delete the key instead */
};
/*
 * Many at once, which is several times faster than one by one if the caller
 * has sorted them by key (ayni_bytes_compare), each key once.
 */
AYNI_CHECKED enum ayni_status views_put_sorted(struct views_txn *txn, size_t table,
                                               const struct views_item *items, size_t count);
/* Note the arrival up to which views/ has followed with this transaction. */
AYNI_CHECKED enum ayni_status views_set_position(struct views_txn *txn, uint64_t arrival);
/* Empty all tables, position 0: a rebuild while readers go on. */
AYNI_CHECKED enum ayni_status views_clear(struct views_txn *txn);

/* --- what is recent: the projector's thread alone ---
 *
 * Keys in no order write a page each, and a commit of many of them most pages of a large table.
 * So a scattered table that is large keeps what is put apart, in a small table of its own; whoever
 * reads finds both as one. What is recent is merged in the order of keys when it has become much,
 * so that each page is written once for many keys; in slices, each a commit of its own, so that
 * nobody waits for long. A merge changes nothing that can be read.
 */
struct views_recent {
    uint64_t leaves;   /* pages of keys, of all tables */
    bool much;         /* to be merged when there is time */
    bool far_too_much; /* to be merged before more is put */
};
/* `memory` is what a transaction may hold, in bytes. */
AYNI_CHECKED enum ayni_status views_count_recent(struct views *views, uint64_t memory,
                                                 struct views_recent *recent);
/* A slice: `*more` says whether anything is left. Begin again after views_update(). */
AYNI_CHECKED enum ayni_status views_merge(struct views *views, uint64_t memory, bool *more);

#endif
