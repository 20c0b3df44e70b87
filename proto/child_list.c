#include "proto/child_list.h"

#include "proto/cbor.h"

static size_t count_values(const struct ayni_shown *shown)
{
    size_t count = 0;

    for (size_t i = 0; i < shown->count; i++)
        count += !ayni_cbor_is_null(shown->fields[i].value);
    return count;
}

static void put_shown(struct ayni_buffer *to, const struct ayni_shown *shown)
{
    ayni_cbor_put_map(to, count_values(shown));
    for (size_t i = 0; i < shown->count; i++) {
        const struct ayni_field *field = &shown->fields[i];
        if (ayni_cbor_is_null(field->value))
            continue;
        ayni_cbor_put_uint(to, field->number);
        ayni_buffer_append(to, field->value.data, field->value.size);
    }
}

enum ayni_status ayni_listed_digest(uint32_t type, const struct ayni_shown *records, size_t count,
                                    uint8_t digest[16])
{
    SCOPED_BUFFER hashed = { 0 };
    struct ayni_hash hash;

    ayni_cbor_put_array(&hashed, 2 + count);
    ayni_cbor_put_string(&hashed, "ayni-listed-1");
    ayni_cbor_put_uint(&hashed, type);
    for (size_t i = 0; i < count; i++)
        put_shown(&hashed, &records[i]);
    if (ayni_buffer_status(&hashed) != AYNI_OK)
        return ayni_buffer_status(&hashed);
    hash = ayni_hash_of(ayni_buffer_bytes(&hashed));
    memcpy(digest, hash.bytes, 16);
    return AYNI_OK;
}

int ayni_listed_compare(const void *a, const void *b)
{
    const struct ayni_listed *x = a, *y = b;
    int order = ayni_id_compare(&x->id, &y->id);

    return order != 0 ? order : memcmp(x->digest, y->digest, sizeof(x->digest));
}

enum ayni_status ayni_list_root(const char *name, const char *place, int64_t month,
                                const struct ayni_listed *list, size_t count,
                                struct ayni_hash *root)
{
    SCOPED_BUFFER hashed = { 0 };
    struct ayni_hash hash;

    ayni_cbor_put_array(&hashed, 4);
    ayni_cbor_put_string(&hashed, "ayni-list-1");
    ayni_cbor_put_string(&hashed, name);
    ayni_cbor_put_string(&hashed, place);
    ayni_cbor_put_int(&hashed, month);
    hash = ayni_hash_of(ayni_buffer_bytes(&hashed));
    for (size_t i = 0; i < count; i++) {
        ayni_buffer_clear(&hashed);
        ayni_cbor_put_array(&hashed, 4);
        ayni_cbor_put_string(&hashed, "ayni-list-1");
        ayni_cbor_put_id(&hashed, &hash);
        ayni_cbor_put_id(&hashed, &list[i].id);
        ayni_cbor_put_bytes(&hashed, (struct ayni_bytes){ list[i].digest, sizeof(list[i].digest) });
        hash = ayni_hash_of(ayni_buffer_bytes(&hashed));
    }
    if (ayni_buffer_status(&hashed) != AYNI_OK)
        return ayni_buffer_status(&hashed);
    *root = hash;
    return AYNI_OK;
}
