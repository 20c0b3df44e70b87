#include "proto/cbor.h"

#include <string.h>

#include <cbor.h>

#include "proto/limits.h"
#include "proto/text.h"

enum { HEAD_SIZE_MAX = 9, COSE_SIGN1_HEAD = 0xd2 /* tag 18 */ };

/* --- writing --- */

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

static size_t encode_bool(uint64_t value, unsigned char *to, size_t size)
{
    return cbor_encode_bool(value != 0, to, size);
}

static void put_head(struct ayni_buffer *to, encode_head *encode, uint64_t value)
{
    unsigned char head[HEAD_SIZE_MAX];

    ayni_buffer_append(to, head, encode(value, head, sizeof(head)));
}

void ayni_cbor_put_uint(struct ayni_buffer *to, uint64_t value)
{
    put_head(to, cbor_encode_uint, value);
}

void ayni_cbor_put_int(struct ayni_buffer *to, int64_t value)
{
    if (value >= 0)
        put_head(to, cbor_encode_uint, (uint64_t)value);
    else
        put_head(to, cbor_encode_negint, (uint64_t)(-1 - value));
}

void ayni_cbor_put_bytes_head(struct ayni_buffer *to, size_t size)
{
    put_head(to, encode_bytes, size);
}

void ayni_cbor_put_bytes(struct ayni_buffer *to, struct ayni_bytes value)
{
    ayni_cbor_put_bytes_head(to, value.size);
    ayni_buffer_append(to, value.data, value.size);
}

void ayni_cbor_put_text(struct ayni_buffer *to, struct ayni_bytes value)
{
    put_head(to, encode_text, value.size);
    ayni_buffer_append(to, value.data, value.size);
}

void ayni_cbor_put_string(struct ayni_buffer *to, const char *value)
{
    ayni_cbor_put_text(to, ayni_bytes_of_text(value));
}

void ayni_cbor_put_array(struct ayni_buffer *to, size_t count)
{
    put_head(to, encode_array, count);
}

void ayni_cbor_put_map(struct ayni_buffer *to, size_t count)
{
    put_head(to, encode_map, count);
}

void ayni_cbor_put_bool(struct ayni_buffer *to, bool value)
{
    put_head(to, encode_bool, value);
}

void ayni_cbor_put_null(struct ayni_buffer *to)
{
    unsigned char head[HEAD_SIZE_MAX];

    ayni_buffer_append(to, head, cbor_encode_null(head, sizeof(head)));
}

void ayni_cbor_put_tag(struct ayni_buffer *to, uint64_t tag)
{
    put_head(to, cbor_encode_tag, tag);
}

/* --- one token, as libcbor's decoder hands it to a callback --- */

struct token {
    enum ayni_cbor_type type; /* NONE for what the profile does not have */
    uint64_t value;           /* the number, length, count or tag of the head */
    const uint8_t *data;      /* of a string */
};

static void on_uint8(void *context, uint8_t value)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_UINT, value, NULL };
}

static void on_uint16(void *context, uint16_t value)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_UINT, value, NULL };
}

static void on_uint32(void *context, uint32_t value)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_UINT, value, NULL };
}

static void on_uint64(void *context, uint64_t value)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_UINT, value, NULL };
}

static void on_negative8(void *context, uint8_t value)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_NEGATIVE, value, NULL };
}

static void on_negative16(void *context, uint16_t value)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_NEGATIVE, value, NULL };
}

static void on_negative32(void *context, uint32_t value)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_NEGATIVE, value, NULL };
}

static void on_negative64(void *context, uint64_t value)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_NEGATIVE, value, NULL };
}

static void on_bytes(void *context, cbor_data data, size_t size)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_BYTES, size, data };
}

static void on_text(void *context, cbor_data data, size_t size)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_TEXT, size, data };
}

static void on_array(void *context, size_t count)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_ARRAY, count, NULL };
}

static void on_map(void *context, size_t count)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_MAP, count, NULL };
}

static void on_tag(void *context, uint64_t tag)
{
    (void)tag; /* the one of the profile is taken before libcbor sees it */
    *(struct token *)context = (struct token){ AYNI_CBOR_NONE, 0, NULL };
}

static void on_bool(void *context, bool value)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_BOOL, value, NULL };
}

static void on_null(void *context)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_NULL, 0, NULL };
}

static void on_foreign(void *context)
{
    *(struct token *)context = (struct token){ AYNI_CBOR_NONE, 0, NULL };
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

/* --- reading --- */

struct ayni_cbor_reader ayni_cbor_reader(struct ayni_bytes input)
{
    return (struct ayni_cbor_reader){ .input = input, .status = AYNI_OK };
}

void ayni_cbor_fail(struct ayni_cbor_reader *reader, enum ayni_status status)
{
    if (reader->status == AYNI_OK)
        reader->status = status;
}

enum ayni_status ayni_cbor_done(struct ayni_cbor_reader *reader)
{
    if (reader->position != reader->input.size)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    return reader->status;
}

enum ayni_cbor_type ayni_cbor_peek(const struct ayni_cbor_reader *reader)
{
    static const enum ayni_cbor_type majors[] = {
        AYNI_CBOR_UINT,  AYNI_CBOR_NEGATIVE, AYNI_CBOR_BYTES, AYNI_CBOR_TEXT,
        AYNI_CBOR_ARRAY, AYNI_CBOR_MAP,      AYNI_CBOR_TAG,
    };

    if (reader->status != AYNI_OK || reader->position == reader->input.size)
        return AYNI_CBOR_NONE;
    uint8_t head = reader->input.data[reader->position];
    if (head < 0xe0)
        return majors[head >> 5];
    return head == 0xf4 || head == 0xf5 ? AYNI_CBOR_BOOL
           : head == 0xf6               ? AYNI_CBOR_NULL
                                        : AYNI_CBOR_NONE;
}

/* The bytes of the shortest head with this number. */
static size_t head_size(uint64_t value)
{
    return value < 24            ? 1
           : value <= UINT8_MAX  ? 2
           : value <= UINT16_MAX ? 3
           : value <= UINT32_MAX ? 5
                                 : 9;
}

/* The counts of containers are bounded, and by the bytes that are left: an item takes one at least.
 */
static bool is_possible_count(struct ayni_cbor_reader *reader, const struct token *token)
{
    size_t left = reader->input.size - reader->position;
    uint64_t per_item = token->type == AYNI_CBOR_MAP ? 2 : 1;

    if (token->value > left / per_item)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    else if (token->value > AYNI_CBOR_COUNT_MAX)
        ayni_cbor_fail(reader, AYNI_E_LIMIT);
    return reader->status == AYNI_OK;
}

static bool is_in_profile(struct ayni_cbor_reader *reader, const struct token *token)
{
    if (token->type == AYNI_CBOR_ARRAY || token->type == AYNI_CBOR_MAP)
        return is_possible_count(reader, token);
    if (token->type == AYNI_CBOR_TEXT &&
        !ayni_text_valid((struct ayni_bytes){ token->data, (size_t)token->value }))
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    return reader->status == AYNI_OK;
}

/* The only tag that there is; libcbor 0.8 takes its short form for an error. */
static bool take_cose_tag(struct ayni_cbor_reader *reader, struct token *token)
{
    if (reader->input.data[reader->position] != COSE_SIGN1_HEAD)
        return false;
    reader->position++;
    *token = (struct token){ AYNI_CBOR_TAG, COSE_SIGN1_HEAD & 0x1f, NULL };
    return true;
}

/*
 * The next token in its shortest form. The input is all there is, so "not
 * enough data" is malformed like any other failure.
 */
static bool take(struct ayni_cbor_reader *reader, struct token *token)
{
    *token = (struct token){ AYNI_CBOR_NONE, 0, NULL };
    if (reader->position == reader->input.size)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    if (reader->status != AYNI_OK)
        return false;
    if (take_cose_tag(reader, token))
        return true;
    struct cbor_decoder_result result =
        cbor_stream_decode(reader->input.data + reader->position,
                           reader->input.size - reader->position, &callbacks, token);
    bool is_string = token->type == AYNI_CBOR_BYTES || token->type == AYNI_CBOR_TEXT;
    size_t content = is_string ? (size_t)token->value : 0;
    if (result.status != CBOR_DECODER_FINISHED || token->type == AYNI_CBOR_NONE ||
        result.read - content != head_size(token->value)) {
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
        return false;
    }
    reader->position += result.read;
    return is_in_profile(reader, token);
}

/* The next token, which must be of `type`; zeros where it isn't. */
static struct token expect(struct ayni_cbor_reader *reader, enum ayni_cbor_type type)
{
    struct token token;

    if (take(reader, &token) && token.type == type)
        return token;
    ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    return (struct token){ AYNI_CBOR_NONE, 0, NULL };
}

uint64_t ayni_cbor_read_uint(struct ayni_cbor_reader *reader)
{
    return expect(reader, AYNI_CBOR_UINT).value;
}

int64_t ayni_cbor_read_int(struct ayni_cbor_reader *reader)
{
    enum ayni_cbor_type type = ayni_cbor_peek(reader);
    uint64_t value = expect(reader, type == AYNI_CBOR_NEGATIVE ? type : AYNI_CBOR_UINT).value;

    if (value > INT64_MAX) {
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
        return 0;
    }
    return type == AYNI_CBOR_NEGATIVE && reader->status == AYNI_OK ? -1 - (int64_t)value
                                                                   : (int64_t)value;
}

static struct ayni_bytes read_string(struct ayni_cbor_reader *reader, enum ayni_cbor_type type)
{
    struct token token = expect(reader, type);

    return (struct ayni_bytes){ token.data, (size_t)token.value };
}

struct ayni_bytes ayni_cbor_read_bytes(struct ayni_cbor_reader *reader)
{
    return read_string(reader, AYNI_CBOR_BYTES);
}

struct ayni_bytes ayni_cbor_read_text(struct ayni_cbor_reader *reader)
{
    return read_string(reader, AYNI_CBOR_TEXT);
}

void ayni_cbor_read_into(struct ayni_cbor_reader *reader, uint8_t *to, size_t size)
{
    struct ayni_bytes bytes = ayni_cbor_read_bytes(reader);

    if (bytes.size != size)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    if (reader->status == AYNI_OK)
        memcpy(to, bytes.data, size);
    else
        memset(to, 0, size);
}

void ayni_cbor_read_domain(struct ayni_cbor_reader *reader, const char *domain)
{
    if (!ayni_bytes_equal(ayni_cbor_read_text(reader), ayni_bytes_of_text(domain)))
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
}

bool ayni_cbor_read_bool(struct ayni_cbor_reader *reader)
{
    return expect(reader, AYNI_CBOR_BOOL).value != 0;
}

void ayni_cbor_read_null(struct ayni_cbor_reader *reader)
{
    (void)expect(reader, AYNI_CBOR_NULL);
}

size_t ayni_cbor_read_array(struct ayni_cbor_reader *reader)
{
    return (size_t)expect(reader, AYNI_CBOR_ARRAY).value;
}

size_t ayni_cbor_read_map(struct ayni_cbor_reader *reader)
{
    return (size_t)expect(reader, AYNI_CBOR_MAP).value;
}

uint64_t ayni_cbor_read_tag(struct ayni_cbor_reader *reader)
{
    return expect(reader, AYNI_CBOR_TAG).value;
}

void ayni_cbor_check_order(struct ayni_cbor_reader *reader, struct ayni_bytes *before,
                           struct ayni_bytes key)
{
    if (before->size > 0 && ayni_bytes_compare(*before, key) >= 0)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    *before = key;
}

static void skip_item(struct ayni_cbor_reader *reader);

/* A map's key: a number, a byte string or a text. */
static void skip_key(struct ayni_cbor_reader *reader, struct ayni_bytes *before)
{
    size_t start = reader->position;
    struct token token;

    if (!take(reader, &token))
        return;
    if (token.type != AYNI_CBOR_UINT && token.type != AYNI_CBOR_NEGATIVE &&
        token.type != AYNI_CBOR_BYTES && token.type != AYNI_CBOR_TEXT)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    struct ayni_bytes key = { reader->input.data + start, reader->position - start };
    ayni_cbor_check_order(reader, before, key);
}

static void skip_content(struct ayni_cbor_reader *reader, const struct token *token)
{
    uint64_t count = token->type == AYNI_CBOR_TAG ? 1 : token->value;
    struct ayni_bytes before = { NULL, 0 };

    if (++reader->depth > AYNI_CBOR_DEPTH_MAX)
        ayni_cbor_fail(reader, AYNI_E_LIMIT);
    for (uint64_t i = 0; i < count && reader->status == AYNI_OK; i++) {
        if (token->type == AYNI_CBOR_MAP)
            skip_key(reader, &before);
        skip_item(reader);
    }
    reader->depth--;
}

/* Recursion that AYNI_CBOR_DEPTH_MAX bounds. */
static void skip_item(struct ayni_cbor_reader *reader)
{
    struct token token;

    if (!take(reader, &token))
        return;
    if (token.type == AYNI_CBOR_ARRAY || token.type == AYNI_CBOR_MAP || token.type == AYNI_CBOR_TAG)
        skip_content(reader, &token);
}

struct ayni_bytes ayni_cbor_read_raw(struct ayni_cbor_reader *reader)
{
    size_t start = reader->position;

    skip_item(reader);
    if (reader->status != AYNI_OK)
        return (struct ayni_bytes){ NULL, 0 };
    return (struct ayni_bytes){ reader->input.data + start, reader->position - start };
}
