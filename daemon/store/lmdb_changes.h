#ifndef AYNI_DAEMON_STORE_LMDB_CHANGES_H
#define AYNI_DAEMON_STORE_LMDB_CHANGES_H

#include <pthread.h>
#include <stdatomic.h>

#include "proto/bytes.h"

/*
 * Which keys were written since somebody began to copy a store: he copies them
 * again, and needs no snapshot that lives as long as his work. The one writer
 * notes in its transaction and publishes when that is committed, the one copier
 * takes what is published: so he never takes a key before its value is there.
 * Private to daemon/store/.
 */
struct lmdb_changes {
    atomic_bool wanted;
    struct ayni_buffer pending; /* the writer's: table u32, size u16, key; ... */
    bool pending_lost;          /* a table was emptied: too much to note */
    pthread_mutex_t mutex;      /* over all below */
    struct ayni_buffer notes;   /* published */
    bool lost;                  /* there was too much, or no memory: begin anew */
};

void lmdb_changes_init(struct lmdb_changes *changes);
void lmdb_changes_done(struct lmdb_changes *changes);

/* --- the writer's --- */

/* A key that is put or deleted; nothing where nobody copies. */
void lmdb_changes_note(struct lmdb_changes *changes, unsigned table, struct ayni_bytes key);
/* All keys of a table: more than is worth noting. */
void lmdb_changes_lose(struct lmdb_changes *changes);
/* The transaction has ended, and may be written or surely isn't; before another one begins. */
void lmdb_changes_publish(struct lmdb_changes *changes, bool written);

/* --- the copier's --- */

/* While nobody writes. AYNI_E_BUSY where somebody copies already. */
AYNI_CHECKED enum ayni_status lmdb_changes_begin(struct lmdb_changes *changes);
void lmdb_changes_end(struct lmdb_changes *changes);
/* How much is noted, in bytes. */
size_t lmdb_changes_size(struct lmdb_changes *changes);

struct lmdb_change {
    unsigned table;
    struct ayni_bytes key; /* lives in the notes */
};
/*
 * What is noted, sorted by table and key, each once; it is forgotten here.
 * `*list` is to be freed, then `notes`. AYNI_E_CHANGED: it was lost; AYNI_E_MEMORY.
 */
AYNI_CHECKED enum ayni_status lmdb_changes_take(struct lmdb_changes *changes,
                                                struct ayni_buffer *notes,
                                                struct lmdb_change **list, size_t *count);

#endif
