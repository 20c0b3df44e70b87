#include "proto/cbor_token.h"

enum { COSE_SIGN1_HEAD = 0xd2 /* tag 18 */, FALSE_ITEM = 0xf4, TRUE_ITEM = 0xf5, NULL_ITEM = 0xf6 };

/*
 * The number in a head of 1, 2, 3, 5 or 9 bytes: how many bytes, or 0 where
 * they are cut off, or a shorter head holds the number too.
 */
static size_t read_head(struct ayni_bytes bytes, uint64_t *value)
{
    static const uint64_t least[] = { 24, UINT64_C(1) << 8, UINT64_C(1) << 16, UINT64_C(1) << 32 };
    unsigned low = bytes.data[0] & 0x1f;

    *value = low;
    if (low < 24)
        return 1;
    if (low > 27) /* reserved, or of indefinite length */
        return 0;
    size_t size = (size_t)1 << (low - 24);
    if (bytes.size <= size)
        return 0;
    *value = 0;
    for (size_t i = 1; i <= size; i++)
        *value = *value << 8 | bytes.data[i];
    return *value >= least[low - 24] ? 1 + size : 0;
}

/* Whole bytes that stand for one thing. */
static size_t read_simple(uint8_t item, struct ayni_cbor_token *token)
{
    if (item == COSE_SIGN1_HEAD)
        *token = (struct ayni_cbor_token){ AYNI_CBOR_TAG, item & 0x1f, NULL };
    else if (item == FALSE_ITEM || item == TRUE_ITEM)
        *token = (struct ayni_cbor_token){ AYNI_CBOR_BOOL, item == TRUE_ITEM, NULL };
    else if (item == NULL_ITEM)
        *token = (struct ayni_cbor_token){ AYNI_CBOR_NULL, 0, NULL };
    else
        return 0;
    return 1;
}

size_t ayni_cbor_token_read(struct ayni_bytes bytes, struct ayni_cbor_token *token)
{
    static const enum ayni_cbor_type majors[] = {
        AYNI_CBOR_UINT, AYNI_CBOR_NEGATIVE, AYNI_CBOR_BYTES,
        AYNI_CBOR_TEXT, AYNI_CBOR_ARRAY,    AYNI_CBOR_MAP,
    };
    unsigned major = bytes.data[0] >> 5;
    uint64_t value;

    if (major > 5)
        return read_simple(bytes.data[0], token);
    size_t used = read_head(bytes, &value);
    if (used == 0)
        return 0;
    bool is_string = majors[major] == AYNI_CBOR_BYTES || majors[major] == AYNI_CBOR_TEXT;
    if (is_string && value > bytes.size - used)
        return 0;
    *token = (struct ayni_cbor_token){ majors[major], value, is_string ? bytes.data + used : NULL };
    return is_string ? used + (size_t)value : used;
}
