#ifndef AYNI_PROTO_ERASE_H
#define AYNI_PROTO_ERASE_H

#include "proto/entry_name.h"

/*
 * The payload of an erase entry (kind 2, lane 0):
 *
 *   [[[feed id, from, to, first 8 bytes of chain(to)], ...], order]
 *
 * Everybody reads the ranges, relays too; `order` is a byte string that holds
 *
 *   [salt 16, record id, type, {meta}]        meta: 1 steward, 3 reason, 6 earlier order
 *
 * or, in a confidential space, that encrypted (proto/confidential.h). An order
 * that names an earlier one adds its ranges to it. docs/protocol.md, section
 * 4.7. Both kinds of struct borrow from the bytes they were decoded from.
 */
struct ayni_erase_range {
    struct ayni_feed feed;
    uint64_t from, to; /* seqs, both included; 1 <= from <= to */
    struct ayni_chain_prefix chain;
};

struct ayni_erase {
    struct ayni_erase_range *ranges; /* the caller's when encoding; by decode: ayni_erase_free() */
    size_t range_count;              /* may be 0: what is named is still to come */
    struct ayni_bytes order;
};

/* The order of ranges in the encoding: by feed, from, to, chain; none twice. */
void ayni_erase_sort(struct ayni_erase_range *ranges, size_t count);
void ayni_erase_encode(const struct ayni_erase *erase, struct ayni_buffer *to);
/*
 *   AYNI_E_MALFORMED  not of the form: it erases nothing and is listed
 *   AYNI_E_LIMIT      more than AYNI_ERASE_RANGES_MAX
 *   AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status ayni_erase_decode(struct ayni_bytes payload,
                                                struct ayni_erase *erase);
void ayni_erase_free(struct ayni_erase *erase);

struct ayni_erase_order {
    uint8_t salt[16];
    struct ayni_record record;
    uint32_t type;
    struct ayni_bytes steward; /* 1: text; empty if absent */
    struct ayni_bytes reason;  /* 3: text; empty if absent */
    bool has_earlier;          /* 6: */
    struct ayni_entry_name earlier;
    struct ayni_bytes unknown_meta; /* raw pairs of meta numbers above 7, kept byte for byte */
    size_t unknown_meta_count;
};

void ayni_erase_order_encode(const struct ayni_erase_order *order, struct ayni_buffer *to);
AYNI_CHECKED enum ayni_status ayni_erase_order_decode(struct ayni_bytes bytes,
                                                      struct ayni_erase_order *order);

#endif
