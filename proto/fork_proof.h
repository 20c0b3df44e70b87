#ifndef AYNI_PROTO_FORK_PROOF_H
#define AYNI_PROTO_FORK_PROOF_H

#include "proto/entry.h"

/*
 * The proof that a node wrote two histories of one feed, and the payload of a
 * fork proof entry (kind 4, lane 0). It needs nothing else to be checked:
 *
 *   [root key, descriptor, c, chain(c-1), side, side]
 *   side = [[header(c), header(c+1), ...], signature]
 *
 * c is the first entry in which they differ; each side's headers lead up to
 * the seal that its signature is. The side with the lower chain(c) comes
 * first. docs/protocol.md, section 3.6.
 */
struct ayni_fork_proof {
    struct ayni_node root;
    struct ayni_feed_descriptor descriptor;
    struct ayni_feed feed;
    uint64_t seq;            /* c */
    struct ayni_hash before; /* chain(c-1) */
    struct ayni_hash
        chains[2]; /* chain(c) of each side: ayni_feed_branch() has the segments' ids */
    struct ayni_head sealed[2]; /* where each side's seal stands */
};

/* One history from c up to a seal: entries, complete (hollow or not). */
struct ayni_fork_side {
    const struct ayni_entry *entries;
    size_t count;
    struct ayni_signature signature;
};

/* Appends the proof; of the struct root, descriptor, seq and before are read. The sides may come in
 * any order. */
void ayni_fork_proof_encode(const struct ayni_fork_proof *proof, const struct ayni_fork_side *one,
                            const struct ayni_fork_side *other, struct ayni_buffer *to);
/*
 * Read and verify.
 *
 *   AYNI_E_MALFORMED, AYNI_E_LIMIT
 *   AYNI_E_INVALID    two times the same, or in the wrong order
 *   AYNI_E_CHAIN      c is 1, and chain(0) is another
 *   AYNI_E_SIGNATURE  a seal doesn't verify
 */
AYNI_CHECKED enum ayni_status ayni_fork_proof_decode(struct ayni_bytes bytes,
                                                     struct ayni_fork_proof *proof);

/*
 * One side of a proof that decodes, to make another one of it: its headers as
 * hollow entries into `entries` (AYNI_RUN_ENTRIES_MAX of them), which `side` then
 * points to. Side 0 is that of proof->chains[0]. Fails as ayni_fork_proof_decode().
 */
AYNI_CHECKED enum ayni_status ayni_fork_proof_side(struct ayni_bytes bytes, int side,
                                                   struct ayni_entry *entries,
                                                   struct ayni_fork_side *read);

#endif
