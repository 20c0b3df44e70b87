#ifndef AYNI_TESTS_SUPPORT_CBOR_MODEL_H
#define AYNI_TESTS_SUPPORT_CBOR_MODEL_H

#include "proto/cbor_token.h"

/* What ayni_cbor_token_read() does, by libcbor's stream decoder: the two must always agree. */
size_t test_cbor_token_read(struct ayni_bytes bytes, struct ayni_cbor_token *token);

#endif
