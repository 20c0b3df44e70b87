#ifndef AYNI_PROTO_VALUE_PARSE_H
#define AYNI_PROTO_VALUE_PARSE_H

#include "proto/natural_key.h"

/*
 * From what a person or a file writes to the value that is stored
 * (docs/protocol.md, section 4.5). Dates are YYYY-MM-DD, months YYYY-MM, times
 * RFC 3339; sets have commas between; a decimal has a point; a place is
 * "latitude longitude [altitude [accuracy]]" in degrees and metres; bool is
 * true, false, yes, no, sí, 1 or 0. White space at the ends is left out.
 *
 * A reference is a UUID or the natural key of its target (proto/natural_key.h).
 * A field with several targets takes the first, unless the key begins with
 * another's name and a colon: `person:dni:99000002`.
 */

/*
 * Parse `text` for `field` and append its value to `cbor`. Empty text is null,
 * which clears. The value is of the right kind; ranges, codes and patterns are
 * ayni_value_check()'s. On failure `cbor` is as before and `*reason` says why.
 *
 *   AYNI_E_INVALID  not of the kind
 *   AYNI_E_RIGHT    a natural key, and the key to derive its id with isn't here
 *   AYNI_E_MEMORY   `*reason` is not set
 */
AYNI_CHECKED enum ayni_status ayni_value_parse(const struct ayni_value_context *context,
                                               const struct ayni_catalogue_field *field,
                                               struct ayni_bytes text, struct ayni_buffer *cbor,
                                               struct ayni_reason *reason);

#endif
