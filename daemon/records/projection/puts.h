#ifndef AYNI_DAEMON_RECORDS_PUTS_H
#define AYNI_DAEMON_RECORDS_PUTS_H

#include "daemon/store/views.h"
#include "proto/arena.h"

/*
 * Changes to one table, gathered to be put in the order of their keys, which
 * is several times faster than as they come. All zero is an empty one.
 */
struct puts {
    struct ayni_arena memory;
    struct views_item *items;
    size_t count;
    size_t capacity;
    bool unsorted;
    bool failed; /* no memory */
};

/* Copies both. Of several with one key the last stands. */
void puts_add(struct puts *puts, struct ayni_bytes key, struct ayni_bytes value);
void puts_remove(struct puts *puts, struct ayni_bytes key);
/* Sorted, each key once: for who puts the items otherwise. */
AYNI_CHECKED enum ayni_status puts_sort(struct puts *puts);
/* Put them all, and be empty again. */
AYNI_CHECKED enum ayni_status puts_flush(struct puts *puts, struct views_txn *txn, size_t table);
void puts_free(struct puts *puts);

#endif
