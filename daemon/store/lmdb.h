#ifndef AYNI_DAEMON_STORE_LMDB_H
#define AYNI_DAEMON_STORE_LMDB_H

#include <lmdb.h>
#include <pthread.h>

#include "proto/bytes.h"

/*
 * What both stores need of LMDB: one folder opened by one daemon, on a disk of
 * this machine, in the default sync mode; transactions that are counted, so
 * that the map can grow when none is open; foreign codes translated. Private
 * to daemon/store/. docs/storage.md, section 1.
 */
enum {
    /* Snapshots at one time: far above the threads of a daemon. */
    LMDB_READERS_MAX = 512,
    LMDB_READERS_SIZE = 64 * (LMDB_READERS_MAX + 8), /* of their table on the disk, and a little */
    /* Growing waits for snapshots to end, so long until it lets waiting ones begin, and so often.
     */
    LMDB_GROW_WAIT_MS = 2000,
    LMDB_GROW_PAUSE_MS = 50,
    LMDB_GROW_TRIES = 10,
    /* Less than this is a full disk: a commit needs some pages for itself. */
    LMDB_ROOM_MIN = 1024 * 1024,
};

struct lmdb_options {
    const char *folder; /* made if missing (0700) */
    uint64_t map_size;
    size_t table_count;
};

struct lmdb {
    MDB_env *env;
    int lock;              /* FOLDER/lock, held as long as it is open */
    pthread_mutex_t mutex; /* over the two below */
    pthread_cond_t changed;
    unsigned active; /* transactions that are open */
    bool growing;    /* and none may begin */
};

/*
 * `*lmdb` needs no init and has nothing to close after a failure. `why` gets a sentence.
 *
 *   AYNI_E_BUSY     the folder is locked by another daemon
 *   AYNI_E_VERSION  the file isn't LMDB's, or of another version of it
 *   AYNI_E_FULL, AYNI_E_IO, AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status lmdb_open(const struct lmdb_options *options, struct lmdb *lmdb,
                                        char *why, size_t why_size);
void lmdb_close(struct lmdb *lmdb);
/* Delete the data file of a folder that nobody has open. */
AYNI_CHECKED enum ayni_status lmdb_destroy(const char *folder);

/* What a code of LMDB means to a caller. */
AYNI_CHECKED enum ayni_status lmdb_status(int rc);
/* The same for the system's. */
AYNI_CHECKED enum ayni_status lmdb_status_of_errno(int error);
/* ENOSPC for the EIO that LMDB answers when the disk took only a part of a write; other codes as
 * they are. */
AYNI_CHECKED int lmdb_true_code(struct lmdb *lmdb, int rc);

/* `flags` are LMDB's. Waits while the map grows. */
AYNI_CHECKED int lmdb_begin(struct lmdb *lmdb, unsigned flags, MDB_txn **txn);
/* Ends `*txn` and makes it NULL, whatever the answer. */
AYNI_CHECKED int lmdb_commit(struct lmdb *lmdb, MDB_txn **txn);
/* The same; a NULL one is fine. */
void lmdb_abort(struct lmdb *lmdb, MDB_txn **txn);

/*
 * Double the map, with no transaction of the caller's open.
 *
 *   AYNI_E_BUSY  others' snapshots didn't end in time
 *   AYNI_E_FULL  the system has no room for a larger map
 */
AYNI_CHECKED enum ayni_status lmdb_grow(struct lmdb *lmdb);

/* Bytes of the data file, and bytes free on its file system. */
AYNI_CHECKED enum ayni_status lmdb_measure(struct lmdb *lmdb, uint64_t *file_bytes,
                                           uint64_t *free_bytes);

/* Bytes as LMDB spells them, and back. LMDB never writes through what it is given to put. */
static inline MDB_val lmdb_val(struct ayni_bytes bytes)
{
    union {
        const uint8_t *in;
        void *out;
    } data = { .in = bytes.data };
    return (MDB_val){ bytes.size, data.out };
}

static inline struct ayni_bytes lmdb_bytes(MDB_val val)
{
    return (struct ayni_bytes){ val.mv_data, val.mv_size };
}

static inline void lmdb_cursor_close(MDB_cursor **cursor)
{
    if (*cursor != NULL)
        mdb_cursor_close(*cursor);
}
/* A cursor that closes with its scope, which ends before its transaction. */
#define SCOPED_LMDB_CURSOR __attribute__((cleanup(lmdb_cursor_close))) MDB_cursor

/* Whether `key` begins with `prefix`. */
bool lmdb_has_prefix(MDB_val key, struct ayni_bytes prefix);

#endif
