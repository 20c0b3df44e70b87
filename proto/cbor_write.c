/* The writing half of proto/cbor.h. */
#include <cbor.h>

#include "proto/cbor.h"

enum { HEAD_SIZE_MAX = 9, FALSE_ITEM = 0xf4, TRUE_ITEM = 0xf5, NULL_ITEM = 0xf6 };

typedef size_t encode_head(uint64_t value, unsigned char *to, size_t size);

/* libcbor's functions for lengths take a size_t; one shape for all of them. */
static size_t encode_bytes(uint64_t value, unsigned char *to, size_t size)
{
    return cbor_encode_bytestring_start((size_t)value, to, size);
}

static size_t encode_text(uint64_t value, unsigned char *to, size_t size)
{
    return cbor_encode_string_start((size_t)value, to, size);
}

static size_t encode_array(uint64_t value, unsigned char *to, size_t size)
{
    return cbor_encode_array_start((size_t)value, to, size);
}

static size_t encode_map(uint64_t value, unsigned char *to, size_t size)
{
    return cbor_encode_map_start((size_t)value, to, size);
}

/* `major` is the first of the bytes that have a number of their own in them: most have. */
static void put_head(struct ayni_buffer *to, encode_head *encode, uint8_t major, uint64_t value)
{
    unsigned char head[HEAD_SIZE_MAX];

    if (value < 24)
        ayni_buffer_append_byte(to, (uint8_t)(major | value));
    else
        ayni_buffer_append(to, head, encode(value, head, sizeof(head)));
}

void ayni_cbor_put_uint(struct ayni_buffer *to, uint64_t value)
{
    put_head(to, cbor_encode_uint, 0x00, value);
}

void ayni_cbor_put_int(struct ayni_buffer *to, int64_t value)
{
    if (value >= 0)
        put_head(to, cbor_encode_uint, 0x00, (uint64_t)value);
    else
        put_head(to, cbor_encode_negint, 0x20, (uint64_t)(-1 - value));
}

void ayni_cbor_put_bytes_head(struct ayni_buffer *to, size_t size)
{
    put_head(to, encode_bytes, 0x40, size);
}

void ayni_cbor_put_bytes(struct ayni_buffer *to, struct ayni_bytes value)
{
    ayni_cbor_put_bytes_head(to, value.size);
    ayni_buffer_append(to, value.data, value.size);
}

void ayni_cbor_put_text(struct ayni_buffer *to, struct ayni_bytes value)
{
    put_head(to, encode_text, 0x60, value.size);
    ayni_buffer_append(to, value.data, value.size);
}

void ayni_cbor_put_string(struct ayni_buffer *to, const char *value)
{
    ayni_cbor_put_text(to, ayni_bytes_of_text(value));
}

void ayni_cbor_put_array(struct ayni_buffer *to, size_t count)
{
    put_head(to, encode_array, 0x80, count);
}

void ayni_cbor_put_map(struct ayni_buffer *to, size_t count)
{
    put_head(to, encode_map, 0xa0, count);
}

void ayni_cbor_put_bool(struct ayni_buffer *to, bool value)
{
    ayni_buffer_append_byte(to, value ? TRUE_ITEM : FALSE_ITEM);
}

void ayni_cbor_put_null(struct ayni_buffer *to)
{
    ayni_buffer_append_byte(to, NULL_ITEM);
}

void ayni_cbor_put_tag(struct ayni_buffer *to, uint64_t tag)
{
    put_head(to, cbor_encode_tag, 0xc0, tag);
}
