#include "daemon/records/plain_payload.h"

bool payload_is_sealed(struct ayni_bytes payload)
{
    struct ayni_epoch epoch;

    return ayni_confidential_epoch(payload, &epoch) == AYNI_OK;
}

enum ayni_status payload_open(const struct epoch_keys *keys, const struct log_feed *feed,
                              uint64_t kind, struct ayni_bytes payload, struct ayni_buffer *room,
                              struct ayni_bytes *plain)
{
    const struct ayni_confidential_place place = { feed->descriptor.space, feed->id, kind };
    struct ayni_epoch epoch;
    enum ayni_status status = AYNI_E_SIGNATURE;

    if (ayni_confidential_epoch(payload, &epoch) != AYNI_OK) {
        *plain = payload;
        return AYNI_OK;
    }
    for (const struct epoch_key *key = epoch_keys_find(keys, &place.space, &epoch);
         key != NULL && status == AYNI_E_SIGNATURE; key = epoch_keys_next(keys, key)) {
        ayni_buffer_clear(room);
        status = ayni_confidential_open(key->key, &place, payload, room);
    }
    if (status == AYNI_OK)
        *plain = ayni_buffer_bytes(room);
    return status;
}

enum ayni_status payload_seal(const struct epoch_key *key, const struct ayni_feed *feed,
                              uint64_t kind, struct ayni_bytes plain, struct ayni_buffer *sealed)
{
    const struct ayni_confidential_place place = { key->space, *feed, kind };
    uint8_t nonce[24];

    ayni_random(nonce, sizeof(nonce));
    return ayni_confidential_seal(key->key, &key->epoch, &place, nonce, plain, sealed);
}
