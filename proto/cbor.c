#include "proto/cbor.h"

#include <string.h>

#include "proto/cbor_token.h"
#include "proto/limits.h"
#include "proto/text.h"

enum { NULL_ITEM = 0xf6, FALSE_ITEM = 0xf4, TRUE_ITEM = 0xf5 };

struct ayni_bytes ayni_cbor_null(void)
{
    static const uint8_t item = NULL_ITEM;

    return (struct ayni_bytes){ &item, sizeof(item) };
}

struct ayni_bytes ayni_cbor_true(void)
{
    static const uint8_t item = TRUE_ITEM;

    return (struct ayni_bytes){ &item, sizeof(item) };
}

bool ayni_cbor_is_null(struct ayni_bytes item)
{
    return item.size == 1 && item.data[0] == NULL_ITEM;
}

bool ayni_cbor_is_true(struct ayni_bytes item)
{
    return item.size == 1 && item.data[0] == TRUE_ITEM;
}

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
    return head == FALSE_ITEM || head == TRUE_ITEM ? AYNI_CBOR_BOOL
           : head == NULL_ITEM                     ? AYNI_CBOR_NULL
                                                   : AYNI_CBOR_NONE;
}

/* Counts are bounded, and by the bytes that are left too: an item takes one at least. */
static bool is_possible_count(struct ayni_cbor_reader *reader, const struct ayni_cbor_token *token)
{
    size_t left = reader->input.size - reader->position;
    uint64_t per_item = token->type == AYNI_CBOR_MAP ? 2 : 1;

    if (token->value > left / per_item)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    else if (token->value > AYNI_CBOR_COUNT_MAX)
        ayni_cbor_fail(reader, AYNI_E_LIMIT);
    return reader->status == AYNI_OK;
}

/* Of what has no more than a number nothing is left to ask. */
static bool is_in_profile(struct ayni_cbor_reader *reader, const struct ayni_cbor_token *token)
{
    if (token->type == AYNI_CBOR_ARRAY || token->type == AYNI_CBOR_MAP)
        return is_possible_count(reader, token);
    if (token->type != AYNI_CBOR_TEXT ||
        ayni_text_valid((struct ayni_bytes){ token->data, (size_t)token->value }))
        return true;
    ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    return false;
}

/*
 * The next token, whatever it is. The input is all there is, so "not enough data" is malformed
 * like any other failure.
 */
static bool step(struct ayni_cbor_reader *reader, struct ayni_cbor_token *token)
{
    size_t left = reader->input.size - reader->position, used = 0;

    if (left > 0) /* what is empty may be nowhere */
        used = ayni_cbor_token_read(
            (struct ayni_bytes){ reader->input.data + reader->position, left }, token);
    if (used == 0)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    reader->position += used;
    return used > 0;
}

/* The next token, of the profile. */
static bool take(struct ayni_cbor_reader *reader, struct ayni_cbor_token *token)
{
    return reader->status == AYNI_OK && step(reader, token) && is_in_profile(reader, token);
}

/* The next token, which must be of `type`; zeros where it isn't. */
static struct ayni_cbor_token expect(struct ayni_cbor_reader *reader, enum ayni_cbor_type type)
{
    struct ayni_cbor_token token;

    if (take(reader, &token) && token.type == type)
        return token;
    ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    return (struct ayni_cbor_token){ AYNI_CBOR_NONE, 0, NULL };
}

/* A number that stands in its first byte, as nearly all field numbers do. */
static bool take_small(struct ayni_cbor_reader *reader, uint64_t *value)
{
    if (reader->status != AYNI_OK || reader->position == reader->input.size ||
        reader->input.data[reader->position] >= 24)
        return false;
    *value = reader->input.data[reader->position++];
    return true;
}

uint64_t ayni_cbor_read_uint(struct ayni_cbor_reader *reader)
{
    uint64_t value;

    if (take_small(reader, &value))
        return value;
    return expect(reader, AYNI_CBOR_UINT).value;
}

int64_t ayni_cbor_read_int(struct ayni_cbor_reader *reader)
{
    uint64_t value;

    if (take_small(reader, &value))
        return (int64_t)value;
    enum ayni_cbor_type type = ayni_cbor_peek(reader);
    value = expect(reader, type == AYNI_CBOR_NEGATIVE ? type : AYNI_CBOR_UINT).value;

    if (value > INT64_MAX) {
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
        return 0;
    }
    return type == AYNI_CBOR_NEGATIVE && reader->status == AYNI_OK ? -1 - (int64_t)value
                                                                   : (int64_t)value;
}

static struct ayni_bytes read_string(struct ayni_cbor_reader *reader, enum ayni_cbor_type type)
{
    struct ayni_cbor_token token = expect(reader, type);

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

struct ayni_bytes ayni_cbor_read_some_text(struct ayni_cbor_reader *reader)
{
    struct ayni_bytes text = ayni_cbor_read_text(reader);

    if (text.size == 0)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    return text;
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
    struct ayni_cbor_token token;

    if (!take(reader, &token))
        return;
    if (token.type != AYNI_CBOR_UINT && token.type != AYNI_CBOR_NEGATIVE &&
        token.type != AYNI_CBOR_BYTES && token.type != AYNI_CBOR_TEXT)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    struct ayni_bytes key = { reader->input.data + start, reader->position - start };
    ayni_cbor_check_order(reader, before, key);
}

static void skip_content(struct ayni_cbor_reader *reader, const struct ayni_cbor_token *token)
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
    struct ayni_cbor_token token;

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

/* Recursion as above. */
static void pass_item(struct ayni_cbor_reader *reader)
{
    struct ayni_cbor_token token;

    if (!step(reader, &token))
        return;
    if (token.type != AYNI_CBOR_ARRAY && token.type != AYNI_CBOR_MAP && token.type != AYNI_CBOR_TAG)
        return;
    uint64_t count = token.type == AYNI_CBOR_TAG ? 1 : token.value;
    if (token.type != AYNI_CBOR_TAG && !is_possible_count(reader, &token))
        return;
    if (token.type == AYNI_CBOR_MAP)
        count *= 2;
    if (++reader->depth > AYNI_CBOR_DEPTH_MAX)
        ayni_cbor_fail(reader, AYNI_E_LIMIT);
    for (; count > 0 && reader->status == AYNI_OK; count--)
        pass_item(reader);
    reader->depth--;
}

struct ayni_bytes ayni_cbor_read_known(struct ayni_cbor_reader *reader)
{
    size_t start = reader->position;

    if (reader->status == AYNI_OK)
        pass_item(reader);
    if (reader->status != AYNI_OK)
        return (struct ayni_bytes){ NULL, 0 };
    return (struct ayni_bytes){ reader->input.data + start, reader->position - start };
}
