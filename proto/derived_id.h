#ifndef AYNI_PROTO_DERIVED_ID_H
#define AYNI_PROTO_DERIVED_ID_H

#include "proto/ids.h"

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
#endif
