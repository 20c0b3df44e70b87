#ifndef AYNI_PROTO_RECEIPT_H
#define AYNI_PROTO_RECEIPT_H

#include "proto/entry_name.h"
#include "proto/limits.h"

/*
 * The payload of a receipt (kind 3, lane 0): how far its writer has followed
 * orders of erasure. The only entry that relays write.
 *
 *   [[[feed id, seq, chain prefix], ...], state, oldest backup]
 *
 * docs/protocol.md, section 4.7.
 */
enum ayni_receipt_state {
    AYNI_RECEIPT_DROPPED = 1,  /* payloads and all that was derived are no longer read or served */
    AYNI_RECEIPT_SCRUBBED = 2, /* and their bytes are gone from the files of this node */
};

struct ayni_receipt {
    struct ayni_entry_name orders[AYNI_RECEIPT_ORDERS_MAX]; /* the erase entries, ascending */
    size_t order_count;                                     /* 1 or more */
    enum ayni_receipt_state state;
    bool has_backup; /* there are backups that may still hold it, the oldest of this day */
    int64_t backup_day;
};

void ayni_receipt_encode(const struct ayni_receipt *receipt, struct ayni_buffer *to);
/* AYNI_E_MALFORMED, AYNI_E_LIMIT: it confirms nothing and is listed. */
AYNI_CHECKED enum ayni_status ayni_receipt_decode(struct ayni_bytes payload,
                                                  struct ayni_receipt *receipt);

#endif
