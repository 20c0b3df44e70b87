#ifndef AYNI_PROTO_CBOR_TOKEN_H
#define AYNI_PROTO_CBOR_TOKEN_H

#include "proto/cbor.h"

/*
 * One token of CBOR, for proto/cbor.c alone: libcbor's stream decoder behind
 * one function.
 */
struct ayni_cbor_token {
    enum ayni_cbor_type type;
    uint64_t value;      /* the number, length, count or tag of the head; 1 for true */
    const uint8_t *data; /* of a string, which stands within the bytes */
};

/* Null and the bools; 0 for all else. */
static inline size_t ayni_cbor_token_read_simple(uint8_t head, struct ayni_cbor_token *token)
{
    enum { FALSE_HEAD = 0xf4, TRUE_HEAD, NULL_HEAD };

    if (head < FALSE_HEAD || head > NULL_HEAD)
        return 0;
    *token = (struct ayni_cbor_token){ head == NULL_HEAD ? AYNI_CBOR_NULL : AYNI_CBOR_BOOL,
                                       head == TRUE_HEAD, NULL };
    return 1;
}

/*
 * Those whose number stands in the first byte or in one or two after it: nearly all. They are read
 * here, several times quicker; 0 for all others, which libcbor looks at.
 */
static inline size_t ayni_cbor_token_read_short(struct ayni_bytes bytes,
                                                struct ayni_cbor_token *token)
{
    static const enum ayni_cbor_type types[] = { AYNI_CBOR_UINT,  AYNI_CBOR_NEGATIVE,
                                                 AYNI_CBOR_BYTES, AYNI_CBOR_TEXT,
                                                 AYNI_CBOR_ARRAY, AYNI_CBOR_MAP };
    size_t major = bytes.data[0] >> 5, value = bytes.data[0] & 0x1f, head = 1;

    if (major >= sizeof(types) / sizeof(types[0]))
        return ayni_cbor_token_read_simple(bytes.data[0], token);
    if (value == 24 && bytes.size >= 2 && bytes.data[1] >= 24) {
        value = bytes.data[1];
        head = 2;
    } else if (value == 25 && bytes.size >= 3 && bytes.data[1] > 0) {
        value = ayni_get_u16(bytes.data + 1);
        head = 3;
    } else if (value >= 24) {
        return 0;
    }
    bool is_string = types[major] == AYNI_CBOR_BYTES || types[major] == AYNI_CBOR_TEXT;
    if (is_string && value > bytes.size - head)
        return 0;
    *token = (struct ayni_cbor_token){ types[major], value, is_string ? bytes.data + head : NULL };
    return is_string ? head + value : head;
}

/* Any token, by libcbor. */
size_t ayni_cbor_token_read_any(struct ayni_bytes bytes, struct ayni_cbor_token *token);

/*
 * The token at the front of `bytes`, which hold one byte at least: how many it
 * takes, or 0 (and no token that means anything) where it is cut off, not in its shortest form, or
 * of a type that the profile doesn't have. Texts and counts aren't checked.
 */
static inline size_t ayni_cbor_token_read(struct ayni_bytes bytes, struct ayni_cbor_token *token)
{
    size_t used = ayni_cbor_token_read_short(bytes, token);

    return used > 0 ? used : ayni_cbor_token_read_any(bytes, token);
}

#endif
