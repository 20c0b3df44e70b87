#include "proto/cbor_token.h"

#include <cbor.h>

enum { COSE_SIGN1_HEAD = 0xd2 /* tag 18 */ };

/* --- what libcbor's decoder calls: once for a token --- */

static void on_uint8(void *context, uint8_t value)
{
    *(struct ayni_cbor_token *)context = (struct ayni_cbor_token){ AYNI_CBOR_UINT, value, NULL };
}

static void on_uint16(void *context, uint16_t value)
{
    *(struct ayni_cbor_token *)context = (struct ayni_cbor_token){ AYNI_CBOR_UINT, value, NULL };
}

static void on_uint32(void *context, uint32_t value)
{
    *(struct ayni_cbor_token *)context = (struct ayni_cbor_token){ AYNI_CBOR_UINT, value, NULL };
}

static void on_uint64(void *context, uint64_t value)
{
    *(struct ayni_cbor_token *)context = (struct ayni_cbor_token){ AYNI_CBOR_UINT, value, NULL };
}

static void on_negative8(void *context, uint8_t value)
{
    *(struct ayni_cbor_token *)context =
        (struct ayni_cbor_token){ AYNI_CBOR_NEGATIVE, value, NULL };
}

static void on_negative16(void *context, uint16_t value)
{
    *(struct ayni_cbor_token *)context =
        (struct ayni_cbor_token){ AYNI_CBOR_NEGATIVE, value, NULL };
}

static void on_negative32(void *context, uint32_t value)
{
    *(struct ayni_cbor_token *)context =
        (struct ayni_cbor_token){ AYNI_CBOR_NEGATIVE, value, NULL };
}

static void on_negative64(void *context, uint64_t value)
{
    *(struct ayni_cbor_token *)context =
        (struct ayni_cbor_token){ AYNI_CBOR_NEGATIVE, value, NULL };
}

static void on_bytes(void *context, cbor_data data, size_t size)
{
    *(struct ayni_cbor_token *)context = (struct ayni_cbor_token){ AYNI_CBOR_BYTES, size, data };
}

static void on_text(void *context, cbor_data data, size_t size)
{
    *(struct ayni_cbor_token *)context = (struct ayni_cbor_token){ AYNI_CBOR_TEXT, size, data };
}

static void on_array(void *context, size_t count)
{
    *(struct ayni_cbor_token *)context = (struct ayni_cbor_token){ AYNI_CBOR_ARRAY, count, NULL };
}

static void on_map(void *context, size_t count)
{
    *(struct ayni_cbor_token *)context = (struct ayni_cbor_token){ AYNI_CBOR_MAP, count, NULL };
}

static void on_tag(void *context, uint64_t tag)
{
    (void)tag; /* the one of the profile is taken before libcbor sees it */
    *(struct ayni_cbor_token *)context = (struct ayni_cbor_token){ AYNI_CBOR_NONE, 0, NULL };
}

static void on_bool(void *context, bool value)
{
    *(struct ayni_cbor_token *)context = (struct ayni_cbor_token){ AYNI_CBOR_BOOL, value, NULL };
}

static void on_null(void *context)
{
    *(struct ayni_cbor_token *)context = (struct ayni_cbor_token){ AYNI_CBOR_NULL, 0, NULL };
}

static void on_foreign(void *context)
{
    *(struct ayni_cbor_token *)context = (struct ayni_cbor_token){ AYNI_CBOR_NONE, 0, NULL };
}

static void on_float(void *context, float value)
{
    (void)value;
    on_foreign(context);
}

static void on_double(void *context, double value)
{
    (void)value;
    on_foreign(context);
}

static const struct cbor_callbacks callbacks = {
    .uint8 = on_uint8,
    .uint16 = on_uint16,
    .uint32 = on_uint32,
    .uint64 = on_uint64,
    .negint8 = on_negative8,
    .negint16 = on_negative16,
    .negint32 = on_negative32,
    .negint64 = on_negative64,
    .byte_string_start = on_foreign,
    .byte_string = on_bytes,
    .string_start = on_foreign,
    .string = on_text,
    .indef_array_start = on_foreign,
    .array_start = on_array,
    .indef_map_start = on_foreign,
    .map_start = on_map,
    .tag = on_tag,
    .float2 = on_float,
    .float4 = on_float,
    .float8 = on_double,
    .undefined = on_foreign,
    .null = on_null,
    .boolean = on_bool,
    .indef_break = on_foreign,
};

/* The bytes of the shortest head with this number. */
static size_t head_size(uint64_t value)
{
    return value < 24            ? 1
           : value <= UINT8_MAX  ? 2
           : value <= UINT16_MAX ? 3
           : value <= UINT32_MAX ? 5
                                 : 9;
}

size_t ayni_cbor_token_read_any(struct ayni_bytes bytes, struct ayni_cbor_token *token)
{
    /* The only tag that there is; libcbor 0.8 takes its short form for an error. */
    if (bytes.data[0] == COSE_SIGN1_HEAD) {
        *token = (struct ayni_cbor_token){ AYNI_CBOR_TAG, COSE_SIGN1_HEAD & 0x1f, NULL };
        return 1;
    }
    token->type = AYNI_CBOR_NONE;
    struct cbor_decoder_result result =
        cbor_stream_decode(bytes.data, bytes.size, &callbacks, token);
    if (result.status != CBOR_DECODER_FINISHED || token->type == AYNI_CBOR_NONE)
        return 0;
    bool is_string = token->type == AYNI_CBOR_BYTES || token->type == AYNI_CBOR_TEXT;
    size_t content = is_string ? (size_t)token->value : 0;
    return result.read - content == head_size(token->value) ? result.read : 0;
}
