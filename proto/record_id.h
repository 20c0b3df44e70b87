#ifndef AYNI_PROTO_RECORD_ID_H
#define AYNI_PROTO_RECORD_ID_H

#include "proto/catalogue.h"
#include "proto/payload.h"

/* The id that a record gets when it is made, by the catalogue: docs/protocol.md, section 4.6. */

/*
 * By the type's key, from the fields of a new record (proto/derived_id.h). For events from a source
 * that numbers its rows for itself (odk fhir dhis2 manual other) the key begins with the writer's
 * organisation code.
 *
 *   AYNI_E_NOT_FOUND  the type has no key of fields, or one of them is absent or null: draw a
 * random id
 */
AYNI_CHECKED enum ayni_status
ayni_record_id_of_fields(const uint8_t key[32], const struct ayni_catalogue_type *type,
                         const struct ayni_field *fields, size_t count,
                         struct ayni_bytes organisation_code, struct ayni_record *record);

#endif
