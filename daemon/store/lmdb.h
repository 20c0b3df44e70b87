#ifndef AYNI_DAEMON_STORE_LMDB_H
#define AYNI_DAEMON_STORE_LMDB_H

#include <lmdb.h>
#include <pthread.h>

#include "daemon/store/lmdb_changes.h"

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
    LMDB_TABLES_MAX = 80,
    LMDB_PATH_SIZE = 4096,
    LMDB_NAME_SIZE = 32,             /* of a file in the folder, with what is before and after */
    LMDB_MAP_MIN = 64 * 1024 * 1024, /* where there is no room for a larger one */
};

struct lmdb_options {
    const char *folder; /* made if missing (0700) */
    uint64_t map_size;
    size_t table_count;
};

struct lmdb_table {
    const char *name; /* a word that lives for ever */
    MDB_dbi dbi;
};

struct lmdb {
    char folder[LMDB_PATH_SIZE - LMDB_NAME_SIZE];
    int lock;                                  /* FOLDER/lock, held as long as it is open */
    struct lmdb_table tables[LMDB_TABLES_MAX]; /* in the order in which they were opened */
    size_t table_count;
    struct lmdb_changes changes; /* what is written while somebody copies */
    pthread_mutex_t mutex;       /* over all below */
    pthread_cond_t changed;
    MDB_env *env; /* another after a compaction, which is when no transaction is open; NULL while
                     it can't be opened again */
    uint64_t map_size;         /* to open it with, where it is NULL */
    unsigned active;           /* transactions that are open */
    bool writing;              /* one of them, and the only one, writes, */
    _Atomic(MDB_txn *) writer; /* and this is it */
    bool alone;                /* none may begin */
    bool broken; /* what the folder's name leads to isn't known: nothing is written any more */
    atomic_bool compacting;
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

/* The file that is to replace the data file, in the folder; its table of readers ends in -lock. */
#define LMDB_SUCCESSOR "data.mdb.new"
/* 0, also where there is none, or the errno. */
AYNI_CHECKED int lmdb_remove_successor(const char *folder);
/* LMDB's code; `*env` is to be closed in any case. */
AYNI_CHECKED int lmdb_create_env(const char *path, unsigned flags, size_t table_count,
                                 uint64_t map_size, MDB_env **env);
/* Take the room of a table of readers on the disk, so that a full one is no SIGBUS. */
AYNI_CHECKED enum ayni_status lmdb_reserve_readers(const char *path, char *why, size_t why_size);

/* Free the slots of processes that died with a snapshot open; how many there were. */
AYNI_CHECKED enum ayni_status lmdb_clear_readers(struct lmdb *lmdb, unsigned *cleared);

/* What a code of LMDB means to a caller. */
AYNI_CHECKED enum ayni_status lmdb_status(int rc);
/* The same for the system's. */
AYNI_CHECKED enum ayni_status lmdb_status_of_errno(int error);
/* ENOSPC for the EIO that LMDB answers when the disk took only a part of a write; other codes as
 * they are. */
AYNI_CHECKED int lmdb_true_code(struct lmdb *lmdb, int rc);

/* Make a table, or open it, in the transaction that a store is opened with; done again, the same.
 */
AYNI_CHECKED int lmdb_open_table(struct lmdb *lmdb, MDB_txn *txn, const char *name, MDB_dbi *dbi);

/* `flags` are LMDB's. Waits while somebody is alone with it, and for the writer before. */
AYNI_CHECKED int lmdb_begin(struct lmdb *lmdb, unsigned flags, MDB_txn **txn);
/* Ends `*txn` and makes it NULL, whatever the answer. */
AYNI_CHECKED int lmdb_commit(struct lmdb *lmdb, MDB_txn **txn);
/* The same; a NULL one is fine. */
void lmdb_abort(struct lmdb *lmdb, MDB_txn **txn);

/*
 * Run `act` while no transaction is open but the caller's own, `own` of them,
 * and none begins. AYNI_E_BUSY: others' snapshots didn't end within LMDB_GROW_WAIT_MS.
 */
AYNI_CHECKED enum ayni_status lmdb_alone(struct lmdb *lmdb, unsigned own,
                                         enum ayni_status (*act)(struct lmdb *lmdb, void *context),
                                         void *context);
/*
 * Double the map, with no transaction of the caller's open.
 *
 *   AYNI_E_BUSY  others' snapshots didn't end in time
 *   AYNI_E_FULL  the system has no room for a larger map
 */
AYNI_CHECKED enum ayni_status lmdb_grow(struct lmdb *lmdb);
/*
 * Open the file again where LMDB has given up, with no transaction of the caller's open:
 * lmdb_begin() does so by itself. AYNI_E_BUSY: others' snapshots didn't end in time.
 */
AYNI_CHECKED enum ayni_status lmdb_mend(struct lmdb *lmdb);
/* The same for who is alone already: close it, and open it with that map. */
AYNI_CHECKED enum ayni_status lmdb_open_again(struct lmdb *lmdb, uint64_t map_size);
/* LMDB is lost where it unmaps and can't map again: whether there is room for so large a map. */
bool lmdb_has_address_space(uint64_t size);

struct lmdb_measures {
    uint64_t file_bytes;   /* of the data file, on the disk */
    uint64_t unused_bytes; /* of them, in pages that hold nothing: what compaction gives back */
    uint64_t map_bytes;
    uint64_t free_bytes; /* on its file system */
};
/* Opens a snapshot. */
AYNI_CHECKED enum ayni_status lmdb_measure(struct lmdb *lmdb, struct lmdb_measures *measures);

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
