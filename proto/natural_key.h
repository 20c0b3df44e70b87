#ifndef AYNI_PROTO_NATURAL_KEY_H
#define AYNI_PROTO_NATURAL_KEY_H

#include "proto/catalogue.h"
#include "proto/reason.h"

/*
 * Natural keys as people write them: the values of the key's fields with
 * colons between, `renaes:00001234` for a facility, `i02a:2026-01-01` for an
 * indicator, `dni:99000001` for a child or person. Where a part refers to a
 * record it is that record's UUID, or its natural key in turn. The last part
 * may have colons of its own.
 */

/* An id that a text names in some other way (a prefix, a unique name). AYNI_E_NOT_FOUND: it names
 * none. */
typedef enum ayni_status ayni_value_resolve(void *context, const struct ayni_catalogue_field *field,
                                            struct ayni_bytes text, struct ayni_record *record);

/* What it takes to know whom a text means. */
struct ayni_value_context {
    const struct ayni_catalogue *catalogue;
    const uint8_t *root_key;     /* 32 bytes; NULL: no keys of types 1 to 99 and 700 to 799 */
    const uint8_t *identity_key; /* 32 bytes; NULL: this node hasn't got it yet */
    ayni_value_resolve *resolve; /* may be NULL; asked first for what is no UUID */
    void *resolve_context;
};

/*
 * The id of the record of `type` that has this natural key.
 *
 *   AYNI_E_INVALID  not a key of the type, or the type has none; `*reason` says why
 *   AYNI_E_RIGHT    the key to derive its id with isn't here
 *   AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status ayni_natural_key_parse(const struct ayni_value_context *context,
                                                     const struct ayni_catalogue_type *type,
                                                     struct ayni_bytes text,
                                                     struct ayni_record *record,
                                                     struct ayni_reason *reason);

#endif
