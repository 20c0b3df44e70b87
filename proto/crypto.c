#include "proto/crypto.h"

#include <sodium.h>

_Static_assert(sizeof(struct ayni_node) == crypto_sign_PUBLICKEYBYTES, "Ed25519 public key");
_Static_assert(sizeof(struct ayni_signing_key) == crypto_sign_SECRETKEYBYTES, "Ed25519 secret key");
_Static_assert(sizeof(struct ayni_signature) == crypto_sign_BYTES, "Ed25519 signature");
_Static_assert(AYNI_SEALED_BOX_EXTRA == crypto_box_SEALBYTES, "sealed box");

enum { AEAD_EXTRA = crypto_aead_xchacha20poly1305_ietf_ABYTES };

enum ayni_status ayni_crypto_init(void)
{
    return sodium_init() < 0 ? AYNI_E_IO : AYNI_OK;
}

struct ayni_hash ayni_hash_of(struct ayni_bytes bytes)
{
    struct ayni_hash hash;

    crypto_generichash_blake2b(hash.bytes, sizeof(hash.bytes), bytes.data, bytes.size, NULL, 0);
    return hash;
}

_Static_assert(sizeof(struct ayni_hasher) == sizeof(crypto_generichash_blake2b_state), "BLAKE2b");
_Static_assert(_Alignof(struct ayni_hasher) == _Alignof(crypto_generichash_blake2b_state),
               "its place");

static crypto_generichash_blake2b_state *state_of(struct ayni_hasher *hasher)
{
    return (crypto_generichash_blake2b_state *)hasher;
}

void ayni_hasher_begin(struct ayni_hasher *hasher)
{
    crypto_generichash_blake2b_init(state_of(hasher), NULL, 0, sizeof(struct ayni_hash));
}

void ayni_hasher_add(struct ayni_hasher *hasher, struct ayni_bytes bytes)
{
    crypto_generichash_blake2b_update(state_of(hasher), bytes.data, bytes.size);
}

struct ayni_hash ayni_hasher_end(struct ayni_hasher *hasher)
{
    struct ayni_hash hash;

    crypto_generichash_blake2b_final(state_of(hasher), hash.bytes, sizeof(hash.bytes));
    return hash;
}

struct ayni_hash ayni_hash_of_two(struct ayni_bytes first, struct ayni_bytes second)
{
    struct ayni_hasher hasher;

    ayni_hasher_begin(&hasher);
    ayni_hasher_add(&hasher, first);
    ayni_hasher_add(&hasher, second);
    return ayni_hasher_end(&hasher);
}

void ayni_hash_keyed_16(const uint8_t key[32], struct ayni_bytes bytes, uint8_t out[16])
{
    crypto_generichash_blake2b(out, 16, bytes.data, bytes.size, key, 32);
}

void ayni_hash_keyed_32(const uint8_t key[32], struct ayni_bytes bytes, uint8_t out[32])
{
    crypto_generichash_blake2b(out, 32, bytes.data, bytes.size, key, 32);
}

enum ayni_status ayni_signing_key_of_seed(const uint8_t seed[32], struct ayni_signing_key *secret,
                                          struct ayni_node *node)
{
    if (crypto_sign_seed_keypair(node->bytes, secret->bytes, seed) != 0)
        return AYNI_E_INVALID;
    return AYNI_OK;
}

void ayni_sign(const struct ayni_signing_key *secret, struct ayni_bytes message,
               struct ayni_signature *signature)
{
    crypto_sign_detached(signature->bytes, NULL, message.data, message.size, secret->bytes);
}

enum ayni_status ayni_verify(const struct ayni_node *node, struct ayni_bytes message,
                             const struct ayni_signature *signature)
{
    if (crypto_sign_verify_detached(signature->bytes, message.data, message.size, node->bytes) != 0)
        return AYNI_E_SIGNATURE;
    return AYNI_OK;
}

void ayni_transport_key_make(uint8_t public_key[32], uint8_t secret_key[32])
{
    crypto_box_keypair(public_key, secret_key);
}

void ayni_transport_key_public(const uint8_t secret_key[32], uint8_t public_key[32])
{
    crypto_scalarmult_base(public_key, secret_key);
}

enum ayni_status ayni_sealed_box_make(const struct ayni_node *to, struct ayni_bytes plain,
                                      struct ayni_buffer *box)
{
    uint8_t key[crypto_box_PUBLICKEYBYTES];

    if (crypto_sign_ed25519_pk_to_curve25519(key, to->bytes) != 0)
        return AYNI_E_INVALID;
    uint8_t *room = ayni_buffer_extend(box, plain.size + AYNI_SEALED_BOX_EXTRA);
    if (room == NULL)
        return AYNI_E_MEMORY;
    crypto_box_seal(room, plain.data, plain.size, key);
    return AYNI_OK;
}

enum ayni_status ayni_sealed_box_open(const struct ayni_node *node,
                                      const struct ayni_signing_key *secret, struct ayni_bytes box,
                                      struct ayni_buffer *plain)
{
    uint8_t public_key[crypto_box_PUBLICKEYBYTES], secret_key[crypto_box_SECRETKEYBYTES];

    if (box.size < AYNI_SEALED_BOX_EXTRA ||
        crypto_sign_ed25519_pk_to_curve25519(public_key, node->bytes) != 0)
        return AYNI_E_SIGNATURE;
    size_t size = box.size - AYNI_SEALED_BOX_EXTRA;
    uint8_t *room = ayni_buffer_extend(plain, size);
    if (room == NULL)
        return AYNI_E_MEMORY;
    crypto_sign_ed25519_sk_to_curve25519(secret_key, secret->bytes);
    int rc = crypto_box_seal_open(room, box.data, box.size, public_key, secret_key);
    sodium_memzero(secret_key, sizeof(secret_key));
    if (rc != 0)
        plain->size -= size;
    return rc == 0 ? AYNI_OK : AYNI_E_SIGNATURE;
}

enum ayni_status ayni_aead_seal(const uint8_t key[32], const uint8_t nonce[24],
                                struct ayni_bytes data, struct ayni_bytes plain,
                                struct ayni_buffer *out)
{
    uint8_t *room = ayni_buffer_extend(out, plain.size + AEAD_EXTRA);

    if (room == NULL)
        return AYNI_E_MEMORY;
    crypto_aead_xchacha20poly1305_ietf_encrypt(room, NULL, plain.data, plain.size, data.data,
                                               data.size, NULL, nonce, key);
    return AYNI_OK;
}

enum ayni_status ayni_aead_open(const uint8_t key[32], const uint8_t nonce[24],
                                struct ayni_bytes data, struct ayni_bytes cipher,
                                struct ayni_buffer *out)
{
    if (cipher.size < AEAD_EXTRA)
        return AYNI_E_SIGNATURE;
    size_t size = cipher.size - AEAD_EXTRA;
    uint8_t *room = ayni_buffer_extend(out, size);
    if (room == NULL)
        return AYNI_E_MEMORY;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(room, NULL, NULL, cipher.data, cipher.size,
                                                   data.data, data.size, nonce, key) != 0) {
        out->size -= size;
        return AYNI_E_SIGNATURE;
    }
    return AYNI_OK;
}

void ayni_random(void *to, size_t size)
{
    randombytes_buf(to, size);
}

void *ayni_secret_new(size_t size)
{
    return sodium_malloc(size);
}

void ayni_secret_free(void *secret)
{
    sodium_free(secret);
}

void ayni_wipe(void *memory, size_t size)
{
    sodium_memzero(memory, size);
}
