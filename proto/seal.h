#ifndef AYNI_PROTO_SEAL_H
#define AYNI_PROTO_SEAL_H

#include "proto/crypto.h"

/*
 * COSE_Sign1 (RFC 9052) with EdDSA (alg -8): protected header {1: -8},
 * unprotected header empty, payload inside. Seals, cards and root statements
 * are of this form, so anybody's library can check them. docs/protocol.md, section 1.4.
 */

/* The Sig_structure ["Signature1", h'a10127', h'', payload], which is what is signed. */
void ayni_cose_to_sign(struct ayni_bytes payload, struct ayni_buffer *to);
/* A whole COSE_Sign1, tag 18. */
void ayni_cose_encode(struct ayni_bytes payload, const struct ayni_signature *signature,
                      struct ayni_buffer *to);
void ayni_cose_sign(struct ayni_bytes payload, const struct ayni_signing_key *secret,
                    struct ayni_buffer *to);
/* Its parts, unverified; `*payload` borrows from `bytes`. */
AYNI_CHECKED enum ayni_status ayni_cose_decode(struct ayni_bytes bytes, struct ayni_bytes *payload,
                                               struct ayni_signature *signature);
AYNI_CHECKED enum ayni_status ayni_cose_verify(struct ayni_bytes payload,
                                               const struct ayni_signature *signature,
                                               const struct ayni_node *node);

/* The payload of a seal: ["ayni-seal-1", feed id, n, chain(n)]. */
void ayni_seal_payload(const struct ayni_feed *feed, uint64_t seq, const struct ayni_hash *chain,
                       struct ayni_buffer *to);

#endif
