#ifndef AYNI_PROTO_CONTEXT_H
#define AYNI_PROTO_CONTEXT_H

#include "proto/cbor.h"
#include "proto/entry_name.h"
#include "proto/ids.h"

/*
 * What the writer of a version had seen of its record:
 *
 *   {0 or first 16 bytes of a feed id: [seq, first 8 bytes of chain(seq), ...]}
 *
 * one pair for each branch of a feed; key 0 is the feed that the version
 * itself is in. docs/protocol.md, section 4.2.
 */
struct ayni_seen { /* one pair: the newest version of this record that was seen on one branch */
    struct ayni_feed_prefix feed; /* for key 0, the own feed, filled in by who knows it */
    bool own;
    uint64_t seq; /* from 1 */
    struct ayni_chain_prefix chain;
};

/* The order of the encoding: own first, then by feed, of one feed by seq, then by chain. <0, 0, >0.
 */
int ayni_seen_order(const struct ayni_seen *a, const struct ayni_seen *b);

/*
 * Say that the own feed is seen up to (seq, chain), whatever was said of it:
 * for who has just written there. `*seen` is memory of malloc() that may move.
 * Of as many pairs as there may be the last one goes: what is left out is not
 * seen, and no more. On AYNI_E_MEMORY nothing has changed.
 */
AYNI_CHECKED enum ayni_status ayni_context_see_own(struct ayni_seen **seen, size_t *count,
                                                   const struct ayni_entry_name *entry);

/* `seen` in the order of the encoding, none twice, at most AYNI_CONTEXT_PAIRS_MAX. */
void ayni_context_put(const struct ayni_seen *seen, size_t count, struct ayni_buffer *to);
/*
 * The context that comes next, in memory that the caller frees with free(),
 * also when the reader fails in the middle of it (or later). `*seen` is NULL before.
 */
void ayni_context_read(struct ayni_cbor_reader *reader, struct ayni_seen **seen, size_t *count);

#endif
