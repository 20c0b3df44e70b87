#include "daemon/records/key.h"

void record_key_encode(const struct record_key *key, uint8_t to[RECORD_KEY_SIZE])
{
    memcpy(to, key->space.bytes, 16);
    ayni_put_u32(to + 16, key->type);
    memcpy(to + 20, key->record.bytes, 16);
}

void record_key_decode(const uint8_t from[RECORD_KEY_SIZE], struct record_key *key)
{
    memcpy(key->space.bytes, from, 16);
    key->type = ayni_get_u32(from + 16);
    memcpy(key->record.bytes, from + 20, 16);
}

int record_key_compare(const void *a, const void *b)
{
    const struct record_key *left = a;
    const struct record_key *right = b;
    int order = ayni_id_compare(&left->space, &right->space);

    if (order == 0)
        order = (left->type > right->type) - (left->type < right->type);
    return order != 0 ? order : ayni_id_compare(&left->record, &right->record);
}
