#ifndef AYNI_DAEMON_RECORDS_OCCASION_LIST_H
#define AYNI_DAEMON_RECORDS_OCCASION_LIST_H

#include "daemon/records/occasion.h"
#include "daemon/records/projection/puts.h"

/*
 * The records of one version that are of one place and month, in pieces: a piece is known by the
 * first version in it, and names those that follow by how far they are from the one before, two
 * bytes each where they were written together. docs/storage.md.
 */
enum { OCCASION_LIST_SIZE_MAX = 480 }; /* of a piece: a record that comes rewrites one */

struct occasion_item {
    struct version_ref ref;
    uint8_t day;
};

/* Reads one piece. */
struct occasion_list {
    struct ayni_bytes rest;
    struct occasion_item item; /* the last one that was read */
    bool begun;
    bool damaged; /* it isn't one */
};
/* `key` is one of OCCASION_KEY_SIZE bytes; `value` is lent. */
struct occasion_list occasion_list(const uint8_t *key, struct ayni_bytes value);
/* False at the end. */
bool occasion_list_next(struct occasion_list *list);

/* A piece of `items`, ascending, one at least; as many of them as it holds. The first of them
 * belongs to the key. */
size_t occasion_list_encode(const struct occasion_item *items, size_t count,
                            struct ayni_buffer *to);

/*
 * Bring changes into the lists: `changes` are keys of occasion_key_encode() with the day as their
 * value, or removed. Empty afterwards. AYNI_E_IO: a piece is damaged.
 */
AYNI_CHECKED enum ayni_status occasion_lists_put(struct puts *changes, struct views_txn *txn);

#endif
