#ifndef AYNI_PROTO_SET_H
#define AYNI_PROTO_SET_H

#include "proto/cbor.h"

/*
 * Sets: in text as words with a separator between, in CBOR as an array
 * without duplicates, ascending by encoding: shorter ones first, then
 * bytewise. docs/protocol.md, section 4.5.
 */

/* Members of one set: codes, references. */
enum { AYNI_SET_COUNT_MAX = 1024 };

/* Without ASCII white space at its ends. */
struct ayni_bytes ayni_set_trimmed(struct ayni_bytes text);

/*
 * Take the next word off the front of `rest`: what stands before the next
 * `separator`, trimmed; empty words are passed over. False
 * at the end.
 */
bool ayni_set_next(struct ayni_bytes *rest, char separator, struct ayni_bytes *word);

/* Write `items` as a set; sorts the array it is given. `type` is AYNI_CBOR_TEXT or AYNI_CBOR_BYTES.
 */
void ayni_set_put(struct ayni_buffer *to, struct ayni_bytes *items, size_t count,
                  enum ayni_cbor_type type);

/*
 * Read one member: fails the reader where it isn't after `before` (which it
 * then becomes; data NULL at first).
 */
struct ayni_bytes ayni_set_read(struct ayni_cbor_reader *reader, enum ayni_cbor_type type,
                                struct ayni_bytes *before);

/*
 * The members of a set as people see them, ascending by their characters;
 * `items` holds AYNI_SET_COUNT_MAX and borrows from `set`.
 *
 *   AYNI_E_MALFORMED  not a set of that type, or of too many
 */
AYNI_CHECKED enum ayni_status ayni_set_sorted(struct ayni_bytes set, enum ayni_cbor_type type,
                                              struct ayni_bytes *items, size_t *count);

#endif
