#ifndef AYNI_PROTO_CONFIDENTIAL_H
#define AYNI_PROTO_CONFIDENTIAL_H

#include "proto/crypto.h"

/*
 * Payloads of confidential spaces: [epoch id 16, nonce 24, ciphertext], the
 * ciphertext XChaCha20-Poly1305 over the padded payload, under a key of its
 * own, bound to where it stands. docs/protocol.md, section 4.8.
 */
struct ayni_epoch {
    uint8_t bytes[16]; /* the id of an epoch: random, drawn with its key */
};

/* Where a payload stands. Whoever moves it elsewhere gets AYNI_E_SIGNATURE. */
struct ayni_confidential_place {
    struct ayni_space space;
    struct ayni_feed feed; /* the original feed id, also in a segment */
    uint64_t kind;
};

/*
 * Encrypt `plain`, a payload; `nonce` is 24 random bytes. Appends the payload
 * as the entry has it. AYNI_E_MEMORY; AYNI_E_LIMIT where it would be over
 * AYNI_PAYLOAD_SIZE_MAX.
 */
AYNI_CHECKED enum ayni_status
ayni_confidential_seal(const uint8_t epoch_key[32], const struct ayni_epoch *epoch,
                       const struct ayni_confidential_place *place, const uint8_t nonce[24],
                       struct ayni_bytes plain, struct ayni_buffer *to);
/* Which epoch's key a payload needs. AYNI_E_MALFORMED where it isn't of the form. */
AYNI_CHECKED enum ayni_status ayni_confidential_epoch(struct ayni_bytes payload,
                                                      struct ayni_epoch *epoch);
/*
 * Appends the plain payload.
 *
 *   AYNI_E_MALFORMED  not of the form, or a wrong padding
 *   AYNI_E_SIGNATURE  another key, another place, or changed
 *   AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status ayni_confidential_open(const uint8_t epoch_key[32],
                                                     const struct ayni_confidential_place *place,
                                                     struct ayni_bytes payload,
                                                     struct ayni_buffer *plain);

#endif
