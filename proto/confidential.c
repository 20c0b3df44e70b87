#include "proto/confidential.h"

#include "proto/cbor.h"
#include "proto/limits.h"

enum {
    NONCE_SIZE = 24,
    PADDED_TO = 64,
    PADDING_MARK = 0x80, /* ISO/IEC 7816-4: the mark, then zeros */
    DATA_SIZE_MAX = 1 + 21 + 17 + 17 + 34 + 9,
    DERIVED_SIZE_MAX = 1 + 20 + 26,
};

/* The parts of a payload. */
struct parts {
    struct ayni_epoch epoch;
    uint8_t nonce[NONCE_SIZE];
    struct ayni_bytes cipher;
};

static enum ayni_status read_parts(struct ayni_bytes payload, struct parts *parts)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(payload);

    if (ayni_cbor_read_array(&r) != 3)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    ayni_cbor_read_id(&r, &parts->epoch);
    ayni_cbor_read_into(&r, parts->nonce, sizeof(parts->nonce));
    parts->cipher = ayni_cbor_read_bytes(&r);
    return ayni_cbor_done(&r);
}

/* The key of one payload: BLAKE2b-256 with the epoch's key over ["ayni-payload-key-1", nonce]. */
static void derive_key(const uint8_t epoch_key[32], const uint8_t nonce[NONCE_SIZE],
                       uint8_t key[32])
{
    uint8_t room[DERIVED_SIZE_MAX];
    struct ayni_buffer to = ayni_buffer_over(room, sizeof(room));

    ayni_cbor_put_array(&to, 2);
    ayni_cbor_put_string(&to, "ayni-payload-key-1");
    ayni_cbor_put_bytes(&to, (struct ayni_bytes){ nonce, NONCE_SIZE });
    ayni_hash_keyed_32(epoch_key, ayni_buffer_bytes(&to), key);
}

static void put_data(const struct ayni_confidential_place *place, const struct ayni_epoch *epoch,
                     struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 5);
    ayni_cbor_put_string(to, "ayni-payload-data-1");
    ayni_cbor_put_id(to, &place->space);
    ayni_cbor_put_id(to, epoch);
    ayni_cbor_put_id(to, &place->feed);
    ayni_cbor_put_uint(to, place->kind);
}

static void put_padded(struct ayni_bytes plain, struct ayni_buffer *to)
{
    ayni_buffer_append(to, plain.data, plain.size);
    ayni_buffer_append_byte(to, PADDING_MARK);
    while (to->size % PADDED_TO != 0 && !to->failed)
        ayni_buffer_append_byte(to, 0);
}

/* The size without its padding, of which there is one byte at least. */
static enum ayni_status unpadded_size(struct ayni_bytes padded, size_t *size)
{
    size_t end = padded.size;

    if (end == 0 || end % PADDED_TO != 0)
        return AYNI_E_MALFORMED;
    while (end > padded.size - PADDED_TO && padded.data[end - 1] == 0)
        end--;
    if (end == padded.size - PADDED_TO || padded.data[end - 1] != PADDING_MARK)
        return AYNI_E_MALFORMED;
    *size = end - 1;
    return AYNI_OK;
}

enum ayni_status ayni_confidential_seal(const uint8_t epoch_key[32], const struct ayni_epoch *epoch,
                                        const struct ayni_confidential_place *place,
                                        const uint8_t nonce[24], struct ayni_bytes plain,
                                        struct ayni_buffer *to)
{
    uint8_t room[DATA_SIZE_MAX], key[32];
    struct ayni_buffer data = ayni_buffer_over(room, sizeof(room));
    SCOPED_BUFFER padded = { 0 };
    SCOPED_BUFFER cipher = { 0 };
    size_t before = to->size;

    put_padded(plain, &padded);
    put_data(place, epoch, &data);
    if (padded.failed)
        return AYNI_E_MEMORY;
    derive_key(epoch_key, nonce, key);
    enum ayni_status status =
        ayni_aead_seal(key, nonce, ayni_buffer_bytes(&data), ayni_buffer_bytes(&padded), &cipher);
    ayni_wipe(key, sizeof(key));
    ayni_wipe(padded.data, padded.size);
    if (status != AYNI_OK)
        return status;
    ayni_cbor_put_array(to, 3);
    ayni_cbor_put_id(to, epoch);
    ayni_cbor_put_bytes(to, (struct ayni_bytes){ nonce, NONCE_SIZE });
    ayni_cbor_put_bytes(to, ayni_buffer_bytes(&cipher));
    if (to->size - before > AYNI_PAYLOAD_SIZE_MAX) {
        to->size = before;
        return AYNI_E_LIMIT;
    }
    return ayni_buffer_status(to);
}

enum ayni_status ayni_confidential_epoch(struct ayni_bytes payload, struct ayni_epoch *epoch)
{
    struct parts parts;
    enum ayni_status status = read_parts(payload, &parts);

    if (status == AYNI_OK)
        *epoch = parts.epoch;
    return status;
}

enum ayni_status ayni_confidential_open(const uint8_t epoch_key[32],
                                        const struct ayni_confidential_place *place,
                                        struct ayni_bytes payload, struct ayni_buffer *plain)
{
    uint8_t room[DATA_SIZE_MAX], key[32];
    struct ayni_buffer data = ayni_buffer_over(room, sizeof(room));
    struct parts parts;
    size_t before = plain->size, size;

    enum ayni_status status = read_parts(payload, &parts);
    if (status != AYNI_OK)
        return status;
    put_data(place, &parts.epoch, &data);
    derive_key(epoch_key, parts.nonce, key);
    status = ayni_aead_open(key, parts.nonce, ayni_buffer_bytes(&data), parts.cipher, plain);
    ayni_wipe(key, sizeof(key));
    if (status != AYNI_OK)
        return status;
    status =
        unpadded_size((struct ayni_bytes){ plain->data + before, plain->size - before }, &size);
    plain->size = status == AYNI_OK ? before + size : before;
    return status;
}
