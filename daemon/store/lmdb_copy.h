#ifndef AYNI_DAEMON_STORE_LMDB_COPY_H
#define AYNI_DAEMON_STORE_LMDB_COPY_H

#include "daemon/store/lmdb.h"

/*
 * A copy of all tables of a store, taken while others read and write: piece by
 * piece, each under a snapshot of a moment, so that it pins no pages and is in
 * nobody's way; what is written meanwhile is noted (lmdb_changes.h) and copied
 * again, and the last of it while nobody writes. So the copy is one state of
 * the store: that of the commit before its end. Private to daemon/store/.
 */
struct lmdb_copy_sink {
    void *context;
    /* The next key of a table; tables come in their order, and keys in theirs. */
    enum ayni_status (*append)(void *context, size_t table, struct ayni_bytes key,
                               struct ayni_bytes value);
    /* Then, in any order: a key that is new or has another value, or that is no more. */
    enum ayni_status (*put)(void *context, size_t table, struct ayni_bytes key,
                            struct ayni_bytes value);
    enum ayni_status (*remove)(void *context, size_t table, struct ayni_bytes key);
    /* Between pieces, no transaction being open; what it answers but AYNI_OK ends the copy. */
    enum ayni_status (*progress)(void *context, uint64_t done, uint64_t total);
    /* All but the last is there: what takes its time, before others have to wait. */
    enum ayni_status (*prepare)(void *context);
    /*
     * The sink has all, and nobody writes: the transaction that holds others back is the caller's
     * only one. AYNI_E_BUSY: let them write a little, and come again.
     */
    enum ayni_status (*finish)(void *context);
};

/*
 *   AYNI_E_BUSY     another copy is being made, or the sink could not finish for long
 *   AYNI_E_CHANGED  a table was emptied meanwhile
 *   AYNI_E_IO, AYNI_E_MEMORY, and what the sink answers
 */
AYNI_CHECKED enum ayni_status lmdb_copy(struct lmdb *lmdb, const struct lmdb_copy_sink *sink);

#endif
