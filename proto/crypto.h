#ifndef AYNI_PROTO_CRYPTO_H
#define AYNI_PROTO_CRYPTO_H

#include "proto/ids.h"

/*
 * The cryptography that docs/protocol.md names, by libsodium, which is known
 * here and nowhere else. Nothing here keeps state.
 */

/* Once, before anything else here. AYNI_E_IO where the system has no randomness. */
AYNI_CHECKED enum ayni_status ayni_crypto_init(void);

/* BLAKE2b-256 of bytes. H(a, b, ...) of the design is this over the CBOR array [a, b, ...]. */
struct ayni_hash ayni_hash_of(struct ayni_bytes bytes);
/* The same over two pieces, as if they stood together. */
struct ayni_hash ayni_hash_of_two(struct ayni_bytes first, struct ayni_bytes second);
/* And over any number of them, one after the other. */
struct ayni_hasher {
    _Alignas(64) uint8_t state[384];
};
void ayni_hasher_begin(struct ayni_hasher *hasher);
void ayni_hasher_add(struct ayni_hasher *hasher, struct ayni_bytes bytes);
struct ayni_hash ayni_hasher_end(struct ayni_hasher *hasher);
/* BLAKE2b with a key, of 16 bytes (derived record ids) and of 32 (derived keys). */
void ayni_hash_keyed_16(const uint8_t key[32], struct ayni_bytes bytes, uint8_t out[16]);
void ayni_hash_keyed_32(const uint8_t key[32], struct ayni_bytes bytes, uint8_t out[32]);

/* Ed25519. The secret is the 64 bytes of libsodium, in memory of ayni_secret_new(). */
struct ayni_signing_key {
    uint8_t bytes[64];
};
struct ayni_signature {
    uint8_t bytes[64];
};
AYNI_CHECKED enum ayni_status ayni_signing_key_of_seed(const uint8_t seed[32],
                                                       struct ayni_signing_key *secret,
                                                       struct ayni_node *node);
void ayni_sign(const struct ayni_signing_key *secret, struct ayni_bytes message,
               struct ayni_signature *signature);
/* AYNI_E_SIGNATURE where it does not verify. */
AYNI_CHECKED enum ayni_status ayni_verify(const struct ayni_node *node, struct ayni_bytes message,
                                          const struct ayni_signature *signature);

/* Curve25519 pairs, raw 32 bytes, for CurveZMQ transport keys. */
void ayni_transport_key_make(uint8_t public_key[32], uint8_t secret_key[32]);
/* The public half of a secret one. */
void ayni_transport_key_public(const uint8_t secret_key[32], uint8_t public_key[32]);

/*
 * A sealed box (X25519, XSalsa20-Poly1305) to the X25519 form of a node's identity key.
 *
 *   AYNI_E_INVALID    `to` is no Ed25519 key
 *   AYNI_E_SIGNATURE  the box is not for this key, or was changed
 *   AYNI_E_MEMORY
 */
enum { AYNI_SEALED_BOX_EXTRA = 48 };
AYNI_CHECKED enum ayni_status
ayni_sealed_box_make(const struct ayni_node *to, struct ayni_bytes plain, struct ayni_buffer *box);
AYNI_CHECKED enum ayni_status ayni_sealed_box_open(const struct ayni_node *node,
                                                   const struct ayni_signing_key *secret,
                                                   struct ayni_bytes box,
                                                   struct ayni_buffer *plain);

/* XChaCha20-Poly1305: `out` gets plain + 16 bytes, or AYNI_E_SIGNATURE on the way back. */
AYNI_CHECKED enum ayni_status ayni_aead_seal(const uint8_t key[32], const uint8_t nonce[24],
                                             struct ayni_bytes data, struct ayni_bytes plain,
                                             struct ayni_buffer *out);
AYNI_CHECKED enum ayni_status ayni_aead_open(const uint8_t key[32], const uint8_t nonce[24],
                                             struct ayni_bytes data, struct ayni_bytes cipher,
                                             struct ayni_buffer *out);

/* Randomness of the system. Not for the sync engine, which has a seed. */
void ayni_random(void *to, size_t size);

/* Memory for secrets: locked, guarded, wiped when freed. NULL where there is none. */
void *ayni_secret_new(size_t size);
void ayni_secret_free(void *secret);
void ayni_wipe(void *memory, size_t size);

#endif
