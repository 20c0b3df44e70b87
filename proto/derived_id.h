#ifndef AYNI_PROTO_DERIVED_ID_H
#define AYNI_PROTO_DERIVED_ID_H

#include "proto/catalogue.h"

/*
 * Record ids that two nodes compute alike: docs/protocol.md, section 4.6.
 * BLAKE2b-128, keyed, of CBOR ["ayni-id-1", type, [values]], with the bits of
 * a version 8 UUID.
 */

/* Types 1 to 99 and 700 to 799 use the federation's root public key, all others its identity key.
 */
bool ayni_derived_id_uses_root_key(uint32_t type);

/*
 * `values` are CBOR items as stored, in the catalogue's order of the key;
 * texts among them are brought to the form of ayni_text_key() here.
 */
AYNI_CHECKED enum ayni_status ayni_derived_id(const uint8_t key[32], uint32_t type,
                                              const struct ayni_bytes *values, size_t count,
                                              struct ayni_record *record);
/* Of a child, person or identifier: [scheme, value]. */
AYNI_CHECKED enum ayni_status ayni_derived_id_of_identifier(const uint8_t key[32], uint32_t type,
                                                            struct ayni_bytes scheme,
                                                            struct ayni_bytes value,
                                                            struct ayni_record *record);
/*
 * From the fields of a new record. For events from a source that numbers its
 * rows for itself (odk fhir dhis2 manual other) the key begins with the
 * writer's organisation code.
 *
 *   AYNI_E_NOT_FOUND  the type has no key of fields, or one of them is absent or null: draw a
 * random id
 */
AYNI_CHECKED enum ayni_status
ayni_derived_id_of_fields(const uint8_t key[32], const struct ayni_catalogue_type *type,
                          const struct ayni_field *fields, size_t count,
                          struct ayni_bytes organisation_code, struct ayni_record *record);

#endif
