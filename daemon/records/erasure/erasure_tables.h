#ifndef AYNI_DAEMON_RECORDS_ERASURE_TABLES_H
#define AYNI_DAEMON_RECORDS_ERASURE_TABLES_H

#include "daemon/records/tables.h"
#include "daemon/store/views.h"
#include "proto/erase.h"

/*
 * The rows of views/ about erasure. docs/storage.md. Private to the files that
 * are named after it.
 *
 *   ERASES  space, order           -> [flags 1, type 4, record 16]
 *   ORDERS  record key, order      -> nothing: those that add to no other
 *   RANGES  feed id, to, from, chain prefix, order -> flags 1; and feed id -> the longest range u64
 *   GONE    record key, version    -> flags 1: known to be of the record, and erased or not here
 *   DROPS   version                -> enum ayni_hollow: what the log is to say of it
 *   LATE    record key, version    -> nothing: erased, and no range names it
 *   OWED    space, order           -> the arrival u64 with which a receipt of this node's is owed
 *   RECEIPTS the order's name 48, node -> what that node confirmed
 * (daemon/records/erasure/receipt.h)
 */
enum {
    ERASURE_ROW_ADDS = 1,   /* ranges to an earlier order */
    ERASURE_ROW_UNREAD = 2, /* the order is encrypted: type and record are zeros */
    ERASURE_ROW_SIZE = 1 + 4 + 16,
};
struct erasure_row {
    uint8_t flags;
    uint32_t type;
    struct ayni_record record;
};
void erasure_row_encode(const struct erasure_row *row, uint8_t to[ERASURE_ROW_SIZE]);
bool erasure_row_decode(struct ayni_bytes bytes, struct erasure_row *row);
/* The record that it is about; fit to be compared and sorted as bytes. */
void erasure_row_key(const struct ayni_space *space, const struct erasure_row *row,
                     struct record_key *key);

/* One range of one order, as RANGES names it. */
struct erasure_range {
    struct ayni_erase_range range;
    struct version_ref order;
    bool adds;
};
enum { ERASURE_RANGE_KEY_SIZE = 32 + 8 + 8 + 8 + VERSION_REF_SIZE };
void erasure_range_encode(const struct erasure_range *range, uint8_t to[ERASURE_RANGE_KEY_SIZE]);
/* False where the key is another one of that table. */
bool erasure_range_decode(struct ayni_bytes key, struct ayni_bytes value,
                          struct erasure_range *range);

/* Each range that has the entry `seq` of the feed, whether or not it counts; `visit` returns false
 * to stop. */
AYNI_CHECKED enum ayni_status
erasure_each_range(struct views_snapshot *views, const struct ayni_feed *feed, uint64_t seq,
                   bool (*visit)(void *context, const struct erasure_range *range), void *context);

enum {
    ERASURE_GONE_ERASED = 1,
    ERASURE_GONE_LISTED = 2, /* nobody knew it when the erasure was ordered */
};

#endif
