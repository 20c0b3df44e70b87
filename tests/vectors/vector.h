#ifndef AYNI_TESTS_VECTORS_VECTOR_H
#define AYNI_TESTS_VECTORS_VECTOR_H

#include <jansson.h>

#include "proto/bytes.h"

/*
 * Vectors: what a second implementation must read and write to the bit. Each
 * format is a JSON file, `{"format": name, "cases": [...]}`, made by a function
 * of ours and checked by one of tests/vectors/check.py, which shares nothing
 * with it. A case has "name", the bytes in hexadecimal, and what they say; one
 * that has "refused" (a status by name) must be refused.
 *
 * To add a format: a file vectors_NAME.c with `json_t *vectors_NAME(void)`
 * that answers the cases, a line in the table of make_vectors.c, a file
 * read_NAME.py with `check(case)` beside check.py, and the JSON itself, which
 * `make_vectors DIR` writes. Everything in it is fixed: keys of
 * tests/support/federation.h, salts and nonces as constants, no clock.
 */
json_t *vectors_bundle(void);
json_t *vectors_card(void);
json_t *vectors_cbor(void);
json_t *vectors_confidential(void);
json_t *vectors_cut(void);
json_t *vectors_derived_id(void);
json_t *vectors_erase(void);
json_t *vectors_feed(void);
json_t *vectors_fingerprint(void);
json_t *vectors_fold(void);
json_t *vectors_fork_proof(void);
json_t *vectors_ids(void);
json_t *vectors_list(void);
json_t *vectors_message(void);
json_t *vectors_payload(void);
json_t *vectors_proof(void);
json_t *vectors_receipt(void);
json_t *vectors_registry(void);
json_t *vectors_root(void);
json_t *vectors_run(void);
json_t *vectors_ticket(void);
json_t *vectors_value(void);

/* A new case with its name, appended to `cases`; borrowed. */
json_t *vector_case(json_t *cases, const char *name);
/* One that must be refused with `status`. */
json_t *vector_refused(json_t *cases, const char *name, enum ayni_status status);

void vector_put_hex(json_t *object, const char *key, struct ayni_bytes bytes);
#define vector_put_id(object, key, id)                                                             \
    vector_put_hex(object, key, (struct ayni_bytes){ (id)->bytes, sizeof((id)->bytes) })
void vector_put_text(json_t *object, const char *key, struct ayni_bytes text);
void vector_put_number(json_t *object, const char *key, uint64_t number);
/* A new array or object under `key`, borrowed. */
json_t *vector_put_array(json_t *object, const char *key);
json_t *vector_put_object(json_t *object, const char *key);

/* The program is at fault where this isn't AYNI_OK, and ends. */
void vector_expect(enum ayni_status got, enum ayni_status expected, const char *what);

#endif
