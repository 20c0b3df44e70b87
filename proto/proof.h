#ifndef AYNI_PROTO_PROOF_H
#define AYNI_PROTO_PROOF_H

#include "proto/entry.h"

/*
 * The exported proof of entries, which anybody can check with nothing else:
 *
 *   ["ayni-proof-1", root key, [part, ...]]
 *   part = [descriptor, seq, chain(seq-1), entry, [header, ...], seal]
 *
 * The headers are those after the entry up to the next seal; the seal is a
 * whole COSE_Sign1. docs/protocol.md, section 3.5. It shows that the node of
 * the descriptor signed the entry as the seq-th of that feed in the federation
 * of that root key, and nothing of rights or of what came later.
 */
struct ayni_proof {
    struct ayni_node root;
    size_t part_count;
    struct ayni_cbor_reader rest; /* the parts that weren't read yet; borrows */
};

/* One entry that is proven. The writer fills the first four. */
struct ayni_proof_part {
    struct ayni_feed_descriptor descriptor;
    uint64_t seq;
    struct ayni_hash before; /* chain(seq-1) */
    struct ayni_entry entry;
    /* By ayni_proof_next(). */
    struct ayni_feed feed;
    struct ayni_hash chain; /* chain(seq) */
    uint64_t sealed_seq;    /* where the seal stands */
};

/* A writer begins once and then puts `part_count` parts, 1 or more. */
void ayni_proof_begin(const struct ayni_node *root, size_t part_count, struct ayni_buffer *to);
/* `following` are the entries up to the next seal, complete (hollow or not); `signature` is that
 * seal's. */
void ayni_proof_put(const struct ayni_node *root, const struct ayni_proof_part *part,
                    const struct ayni_entry *following, size_t following_count,
                    const struct ayni_signature *signature, struct ayni_buffer *to);

/* AYNI_E_MALFORMED, AYNI_E_LIMIT. Nothing is verified yet. */
AYNI_CHECKED enum ayni_status ayni_proof_decode(struct ayni_bytes bytes, struct ayni_proof *proof);
/*
 * Read and verify the next part. A proof holds if this answers AYNI_OK for
 * each part and then AYNI_E_NOT_FOUND.
 *
 *   AYNI_E_NOT_FOUND  that was all
 *   AYNI_E_MALFORMED, AYNI_E_LIMIT
 *   AYNI_E_CHAIN      the seal is of another feed, seq or chain
 *   AYNI_E_SIGNATURE
 */
AYNI_CHECKED enum ayni_status ayni_proof_next(struct ayni_proof *proof,
                                              struct ayni_proof_part *part);

#endif
