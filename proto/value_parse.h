#ifndef AYNI_PROTO_VALUE_PARSE_H
#define AYNI_PROTO_VALUE_PARSE_H

#include "proto/catalogue.h"
#include "proto/reason.h"

/*
 * From what a person or a file writes to the value that is stored
 * (docs/protocol.md, section 4.5). Dates are YYYY-MM-DD, months YYYY-MM, times
 * RFC 3339; sets have commas between; a decimal has a point; a place is
 * "latitude longitude [altitude [accuracy]]" in degrees and metres; bool is
 * true, false, yes, no, 1 or 0.
 *
 * A reference is a UUID or the natural key of its target, colons between its
 * parts: `dni:99000001`, `renaes:00001234`, `fed_2026:2026-01-01`. A field with
 * several targets takes the first, unless the key begins with another's name
 * and a colon: `person:dni:99000002`.
 */

/* An id that a text names in some other way (a prefix, a unique name). AYNI_E_NOT_FOUND: it names
 * none. */
typedef enum ayni_status ayni_value_resolve(void *context, const struct ayni_catalogue_field *field,
                                            struct ayni_bytes text, struct ayni_record *record);

struct ayni_value_context {
    const struct ayni_catalogue *catalogue;
    const uint8_t *root_key;     /* 32 bytes; NULL: no keys of types 1 to 99 and 700 to 799 */
    const uint8_t *identity_key; /* 32 bytes; NULL: this node hasn't got it yet */
    ayni_value_resolve *resolve; /* may be NULL; asked first */
    void *resolve_context;
};

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

/* The id of the record of `type` that has this natural key, colons between its parts. Same
 * failures. */
AYNI_CHECKED enum ayni_status ayni_value_parse_key(const struct ayni_value_context *context,
                                                   const struct ayni_catalogue_type *type,
                                                   struct ayni_bytes text,
                                                   struct ayni_record *record,
                                                   struct ayni_reason *reason);

#endif
