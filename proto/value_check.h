#ifndef AYNI_PROTO_VALUE_CHECK_H
#define AYNI_PROTO_VALUE_CHECK_H

#include "proto/catalogue.h"
#include "proto/reason.h"

/*
 * Whether a stored value is one of its field's: kind, length, codes, range,
 * pattern. docs/protocol.md, section 4.5. null is always one.
 *
 *   AYNI_E_MALFORMED  not one item of deterministic CBOR
 *   AYNI_E_INVALID    `*reason` says why
 */
AYNI_CHECKED enum ayni_status ayni_value_check(const struct ayni_catalogue_field *field,
                                               struct ayni_bytes cbor, struct ayni_reason *reason);

#endif
