#include "proto/registry_state.h"

#include <string.h>

#include "proto/cbor.h"

static bool one_item(struct ayni_cbor_reader *reader)
{
    return ayni_cbor_done(reader) == AYNI_OK;
}

bool value_bytes(struct ayni_bytes raw, uint8_t *to, size_t size)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(raw);

    if (ayni_cbor_peek(&reader) != AYNI_CBOR_BYTES)
        return false;
    struct ayni_bytes bytes = ayni_cbor_read_bytes(&reader);
    if (!one_item(&reader) || bytes.size != size)
        return false;
    memcpy(to, bytes.data, size);
    return true;
}

bool text_of_value(struct ayni_bytes raw, struct ayni_bytes *text)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(raw);

    if (ayni_cbor_peek(&reader) != AYNI_CBOR_TEXT)
        return false;
    struct ayni_bytes read = ayni_cbor_read_text(&reader);
    if (!one_item(&reader))
        return false;
    *text = read;
    return true;
}

bool value_bool(struct ayni_bytes raw, bool *value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(raw);

    if (ayni_cbor_peek(&reader) != AYNI_CBOR_BOOL)
        return false;
    bool read = ayni_cbor_read_bool(&reader);
    if (!one_item(&reader))
        return false;
    *value = read;
    return true;
}

const struct ayni_field *field_find(const struct ayni_version *version, uint32_t number)
{
    for (size_t i = 0; i < version->field_count; i++)
        if (version->fields[i].number == number)
            return &version->fields[i];
    return NULL;
}

bool field_bytes(const struct ayni_version *version, uint32_t number, uint8_t *to, size_t size)
{
    const struct ayni_field *field = field_find(version, number);
    return field != NULL && value_bytes(field->value, to, size);
}

bool field_view(const struct ayni_version *version, uint32_t number, struct ayni_bytes *bytes)
{
    const struct ayni_field *field = field_find(version, number);

    if (field == NULL)
        return false;
    struct ayni_cbor_reader reader = ayni_cbor_reader(field->value);
    if (ayni_cbor_peek(&reader) != AYNI_CBOR_BYTES)
        return false;
    struct ayni_bytes read = ayni_cbor_read_bytes(&reader);
    if (!one_item(&reader))
        return false;
    *bytes = read;
    return true;
}

bool field_text(const struct ayni_version *version, uint32_t number, struct ayni_bytes *text)
{
    const struct ayni_field *field = field_find(version, number);
    return field != NULL && text_of_value(field->value, text);
}

bool field_bool(const struct ayni_version *version, uint32_t number, bool *value)
{
    const struct ayni_field *field = field_find(version, number);
    return field != NULL && value_bool(field->value, value);
}
