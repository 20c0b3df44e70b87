#ifndef AYNI_PROTO_VALUE_SCALAR_H
#define AYNI_PROTO_VALUE_SCALAR_H

#include "proto/catalogue.h"
#include "proto/reason.h"

/*
 * The part of ayni_value_parse() that needs nothing but the text: all kinds but
 * references, which are refused here. Appends to `cbor`; on failure it is as before.
 *
 *   AYNI_E_INVALID  not of the kind; `*reason` says why
 *   AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status ayni_value_scalar_parse(const struct ayni_catalogue_field *field,
                                                      struct ayni_bytes text,
                                                      struct ayni_buffer *cbor,
                                                      struct ayni_reason *reason);

#endif
