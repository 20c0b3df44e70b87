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

/*
 * The token at the front of `bytes`, which hold one byte at least: how many it
 * takes, or 0 (and no token that means anything) where it is cut off, not in its shortest form, or
 * of a type that the profile doesn't have. Texts and counts aren't checked.
 */
size_t ayni_cbor_token_read(struct ayni_bytes bytes, struct ayni_cbor_token *token);

#endif
