#include "proto/derived_id.h"

#include <string.h>

#include "proto/cbor.h"
#include "proto/crypto.h"
#include "proto/text.h"

bool ayni_derived_id_uses_root_key(uint32_t type)
{
    return (type >= 1 && type <= 99) || (type >= 700 && type <= 799);
}

/* One text in the form of keys. */
static enum ayni_status put_key_text(struct ayni_buffer *to, struct ayni_bytes text)
{
    SCOPED_BUFFER key = { 0 };
    enum ayni_status status = ayni_text_key(text, &key);

    if (status == AYNI_OK)
        ayni_cbor_put_text(to, ayni_buffer_bytes(&key));
    return status;
}

/* One item of the list: a text in the form of keys, anything else as it is stored. */
static enum ayni_status put_key_value(struct ayni_buffer *to, struct ayni_bytes value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);
    enum ayni_status status = AYNI_OK;

    if (ayni_cbor_peek(&reader) == AYNI_CBOR_TEXT) {
        struct ayni_bytes text = ayni_cbor_read_text(&reader);
        if (reader.status == AYNI_OK)
            status = put_key_text(to, text);
    } else {
        struct ayni_bytes item = ayni_cbor_read_raw(&reader);
        ayni_buffer_append(to, item.data, item.size);
    }
    if (status != AYNI_OK)
        return status;
    return ayni_cbor_done(&reader) == AYNI_OK ? AYNI_OK : AYNI_E_MALFORMED;
}

static void put_head(struct ayni_buffer *to, uint32_t type, size_t count)
{
    ayni_cbor_put_array(to, 3);
    ayni_cbor_put_string(to, "ayni-id-1");
    ayni_cbor_put_uint(to, type);
    ayni_cbor_put_array(to, count);
}

static enum ayni_status hash_list(const uint8_t key[32], const struct ayni_buffer *list,
                                  struct ayni_record *record)
{
    uint8_t hash[16];

    if (ayni_buffer_status(list) != AYNI_OK)
        return AYNI_E_MEMORY;
    ayni_hash_keyed_16(key, ayni_buffer_bytes(list), hash);
    *record = ayni_record_v8(hash);
    return AYNI_OK;
}

enum ayni_status ayni_derived_id(const uint8_t key[32], uint32_t type,
                                 const struct ayni_bytes *values, size_t count,
                                 struct ayni_record *record)
{
    SCOPED_BUFFER list = { 0 };

    put_head(&list, type, count);
    for (size_t i = 0; i < count; i++) {
        enum ayni_status status = put_key_value(&list, values[i]);
        if (status != AYNI_OK)
            return status;
    }
    return hash_list(key, &list, record);
}

enum ayni_status ayni_derived_id_of_identifier(const uint8_t key[32], uint32_t type,
                                               struct ayni_bytes scheme, struct ayni_bytes value,
                                               struct ayni_record *record)
{
    SCOPED_BUFFER list = { 0 };

    put_head(&list, type, 2);
    enum ayni_status status = put_key_text(&list, scheme);
    if (status == AYNI_OK)
        status = put_key_text(&list, value);
    return status != AYNI_OK ? status : hash_list(key, &list, record);
}
