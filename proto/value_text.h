#ifndef AYNI_PROTO_VALUE_TEXT_H
#define AYNI_PROTO_VALUE_TEXT_H

#include "proto/catalogue.h"

/*
 * A stored value as text, appended: what ayni_value_parse() reads back to the
 * same value. null is the empty text. References are UUIDs, hashes and bytes
 * hexadecimal, nodes base32.
 *
 *   AYNI_E_INVALID  the value is not of the field's kind; nothing is appended
 */
AYNI_CHECKED enum ayni_status ayni_value_text(const struct ayni_catalogue_field *field,
                                              struct ayni_bytes cbor, struct ayni_buffer *text);

#endif
