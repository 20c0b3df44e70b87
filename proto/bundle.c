#include "proto/bundle.h"

#include "proto/cbor.h"
#include "proto/compress.h"
#include "proto/limits.h"
#include "proto/seal.h"

static const char domain[] = "ayni-bundle-1";
static const char end_domain[] = "ayni-bundle-end-1";

enum { HEAD_ELEMENTS = 8, END_ELEMENTS = 3 };

/* --- the head --- */

void ayni_bundle_head_encode(const struct ayni_bundle_head *head, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, HEAD_ELEMENTS);
    ayni_cbor_put_string(to, domain);
    ayni_cbor_put_id(to, &head->root);
    ayni_cbor_put_id(to, &head->sender);
    ayni_cbor_put_id(to, &head->receiver);
    ayni_cbor_put_id(to, &head->bundle);
    ayni_cbor_put_uint(to, head->time.ms);
    ayni_cbor_put_uint(to, head->volume);
    ayni_cbor_put_bytes(to, head->box);
}

static uint32_t read_number_of_volume(struct ayni_cbor_reader *r)
{
    uint64_t number = ayni_cbor_read_uint(r);

    if (number == 0 || number > AYNI_BUNDLE_VOLUMES_MAX)
        ayni_cbor_fail(r, AYNI_E_MALFORMED);
    return r->status == AYNI_OK ? (uint32_t)number : 0;
}

enum ayni_status ayni_bundle_head_decode(struct ayni_bytes bytes, struct ayni_bundle_head *head)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);
    struct ayni_bundle_head read = { 0 };

    if (ayni_cbor_read_array(&r) != HEAD_ELEMENTS)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    ayni_cbor_read_domain(&r, domain);
    ayni_cbor_read_id(&r, &read.root);
    ayni_cbor_read_id(&r, &read.sender);
    ayni_cbor_read_id(&r, &read.receiver);
    ayni_cbor_read_id(&r, &read.bundle);
    read.time.ms = ayni_cbor_read_uint(&r);
    read.volume = read_number_of_volume(&r);
    read.box = ayni_cbor_read_bytes(&r);
    if (read.box.size != AYNI_SEALED_BOX_EXTRA + sizeof(struct ayni_bundle_key))
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    enum ayni_status status = ayni_cbor_done(&r);
    if (status == AYNI_OK)
        *head = read;
    return status;
}

/* --- the key --- */

enum ayni_status ayni_bundle_key_make(const struct ayni_node *receiver, struct ayni_bundle_key *key,
                                      struct ayni_buffer *box)
{
    ayni_random(key->bytes, sizeof(key->bytes));
    return ayni_sealed_box_make(receiver, (struct ayni_bytes){ key->bytes, sizeof(key->bytes) },
                                box);
}

enum ayni_status ayni_bundle_key_open(const struct ayni_bundle_head *head,
                                      const struct ayni_signing_key *secret,
                                      struct ayni_bundle_key *key)
{
    uint8_t room[sizeof(*key)];
    struct ayni_buffer plain = ayni_buffer_over(room, sizeof(room));
    enum ayni_status status = ayni_sealed_box_open(&head->receiver, secret, head->box, &plain);

    if (status == AYNI_OK)
        memcpy(key->bytes, room, sizeof(room));
    ayni_wipe(room, sizeof(room));
    return status;
}

/* --- frames, and the sum over them --- */

void ayni_bundle_frame_put(struct ayni_bytes frame, struct ayni_buffer *to)
{
    uint8_t size[AYNI_BUNDLE_FRAME_EXTRA];

    ayni_put_u32(size, (uint32_t)frame.size);
    ayni_buffer_append(to, size, sizeof(size));
    ayni_buffer_append(to, frame.data, frame.size);
}

struct ayni_hash ayni_bundle_sum_start(void)
{
    return ayni_hash_of(ayni_bytes_of_text(AYNI_BUNDLE_MAGIC));
}

struct ayni_hash ayni_bundle_sum_next(const struct ayni_hash *before, struct ayni_bytes frame)
{
    return ayni_hash_of_two((struct ayni_bytes){ before->bytes, sizeof(before->bytes) }, frame);
}

/* --- chunks --- */

/* A key is one volume's alone, so the place of the chunk is nonce enough. */
static void nonce_of(uint64_t index, uint8_t nonce[24])
{
    memset(nonce, 0, 24);
    ayni_put_u64(nonce + 16, index);
}

enum ayni_status ayni_bundle_chunk_seal(const struct ayni_bundle_key *key, struct ayni_bytes head,
                                        uint64_t index, struct ayni_bytes packed,
                                        struct ayni_buffer *chunk)
{
    uint8_t nonce[24];

    nonce_of(index, nonce);
    return ayni_aead_seal(key->bytes, nonce, head, packed, chunk);
}

enum ayni_status ayni_bundle_chunk_open(const struct ayni_bundle_key *key, struct ayni_bytes head,
                                        uint64_t index, struct ayni_bytes chunk,
                                        struct ayni_buffer *plain)
{
    SCOPED_BUFFER packed = { 0 };
    uint8_t nonce[24];

    nonce_of(index, nonce);
    enum ayni_status status = ayni_aead_open(key->bytes, nonce, head, chunk, &packed);
    if (status != AYNI_OK)
        return status;
    return ayni_decompress(ayni_buffer_bytes(&packed), AYNI_BUNDLE_CHUNK_MAX, plain);
}

/* --- the end --- */

void ayni_bundle_end_encode(const struct ayni_signing_key *sender, const struct ayni_hash *sum,
                            uint32_t volumes, struct ayni_buffer *to)
{
    uint8_t room[64];
    struct ayni_buffer payload = ayni_buffer_over(room, sizeof(room));

    ayni_cbor_put_array(&payload, END_ELEMENTS);
    ayni_cbor_put_string(&payload, end_domain);
    ayni_cbor_put_id(&payload, sum);
    ayni_cbor_put_uint(&payload, volumes);
    ayni_cose_sign(ayni_buffer_bytes(&payload), sender, to);
}

static enum ayni_status read_end(struct ayni_bytes payload, struct ayni_hash *sum,
                                 uint32_t *volumes)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(payload);

    if (ayni_cbor_read_array(&r) != END_ELEMENTS)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    ayni_cbor_read_domain(&r, end_domain);
    ayni_cbor_read_id(&r, sum);
    *volumes = read_number_of_volume(&r);
    return ayni_cbor_done(&r);
}

enum ayni_status ayni_bundle_end_decode(struct ayni_bytes bytes,
                                        const struct ayni_bundle_head *head,
                                        const struct ayni_hash *sum, uint32_t *volumes)
{
    struct ayni_signature signature;
    struct ayni_bytes payload;
    struct ayni_hash signed_sum;
    uint32_t read;

    enum ayni_status status = ayni_cose_decode(bytes, &payload, &signature);
    if (status == AYNI_OK)
        status = ayni_cose_verify(payload, &signature, &head->sender);
    if (status == AYNI_OK)
        status = read_end(payload, &signed_sum, &read);
    if (status != AYNI_OK)
        return status;
    if (read < head->volume)
        return AYNI_E_MALFORMED;
    if (!ayni_id_equal(&signed_sum, sum))
        return AYNI_E_CHAIN;
    *volumes = read;
    return AYNI_OK;
}
