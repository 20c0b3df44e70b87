#include "daemon/records/writing/author_secret.h"

#include "daemon/records/plain_payload.h"
#include "proto/erase.h"
#include "proto/registry.h"

static bool is_confidential(const struct charter *charter, const struct ayni_space *space)
{
    const struct ayni_space_info *info = ayni_registry_space_info(charter->registry, space);

    return info != NULL && info->confidential;
}

static enum ayni_status seal_order(const struct epoch_key *key, const struct ayni_feed *feed,
                                   struct ayni_bytes plain, struct ayni_buffer *sealed)
{
    SCOPED_BUFFER order = { 0 };
    struct ayni_erase erase;
    enum ayni_status status = ayni_erase_decode(plain, &erase);

    if (status != AYNI_OK)
        return status;
    status = payload_seal(key, feed, AYNI_KIND_ERASE, erase.order, &order);
    erase.order = ayni_buffer_bytes(&order);
    if (status == AYNI_OK)
        ayni_erase_encode(&erase, sealed);
    ayni_erase_free(&erase);
    return status == AYNI_OK ? ayni_buffer_status(sealed) : status;
}

enum ayni_status author_secret(const struct charter *charter, const struct author_feed *feed,
                               uint64_t kind, struct ayni_bytes plain, struct ayni_buffer *room,
                               struct ayni_bytes *payload)
{
    const struct ayni_space *space = &feed->descriptor.space;
    enum ayni_status status;

    if ((kind != AYNI_KIND_VERSION && kind != AYNI_KIND_ERASE) ||
        !is_confidential(charter, space)) {
        *payload = plain;
        return AYNI_OK;
    }
    const struct epoch_key *key = epoch_keys_newest(charter->epoch_keys, charter->registry, space);
    if (key == NULL)
        return AYNI_E_RIGHT;
    if (kind == AYNI_KIND_VERSION)
        status = payload_seal(key, &feed->id, kind, plain, room);
    else
        status = seal_order(key, &feed->id, plain, room);
    if (status == AYNI_OK)
        *payload = ayni_buffer_bytes(room);
    return status;
}
