#ifndef AYNI_PROTO_CBOR_H
#define AYNI_PROTO_CBOR_H

#include "proto/bytes.h"

/*
 * Deterministic CBOR (RFC 8949, section 4.2.1), the strict profile of
 * docs/protocol.md, section 1: definite lengths, shortest forms, map keys in
 * bytewise order of their encoding and never twice, no floats, no tags but
 * COSE's 18, valid UTF-8, bounded depth and counts. What decodes re-encodes to
 * the same bytes. libcbor is known in cbor_write.c and cbor_token.c and nowhere else.
 *
 * Writers append to a buffer and fail with it. Maps: the caller writes keys in
 * order (small integers ascending, then byte strings, then texts: first by
 * length, then bytewise).
 */
void ayni_cbor_put_uint(struct ayni_buffer *to, uint64_t value);
void ayni_cbor_put_int(struct ayni_buffer *to, int64_t value);
void ayni_cbor_put_bytes(struct ayni_buffer *to, struct ayni_bytes value);
/* The head of a byte string alone: the caller appends (or hashes) its `size` bytes. */
void ayni_cbor_put_bytes_head(struct ayni_buffer *to, size_t size);
void ayni_cbor_put_text(struct ayni_buffer *to, struct ayni_bytes value);
void ayni_cbor_put_string(struct ayni_buffer *to, const char *value); /* text of a C string */
void ayni_cbor_put_array(struct ayni_buffer *to, size_t count);
void ayni_cbor_put_map(struct ayni_buffer *to, size_t count); /* `count` pairs */
void ayni_cbor_put_bool(struct ayni_buffer *to, bool value);
void ayni_cbor_put_null(struct ayni_buffer *to);
/* The items null and true, for who needs one as a value; and whether an item is one. */
struct ayni_bytes ayni_cbor_null(void);
struct ayni_bytes ayni_cbor_true(void);
bool ayni_cbor_is_null(struct ayni_bytes item);
bool ayni_cbor_is_true(struct ayni_bytes item);
void ayni_cbor_put_tag(struct ayni_buffer *to, uint64_t tag);
/* An id of proto/ids.h as a byte string. */
#define ayni_cbor_put_id(to, id)                                                                   \
    ayni_cbor_put_bytes(to, (struct ayni_bytes){ (id)->bytes, sizeof((id)->bytes) })

enum ayni_cbor_type {
    AYNI_CBOR_NONE, /* nothing left, or a failure before */
    AYNI_CBOR_UINT,
    AYNI_CBOR_NEGATIVE,
    AYNI_CBOR_BYTES,
    AYNI_CBOR_TEXT,
    AYNI_CBOR_ARRAY,
    AYNI_CBOR_MAP,
    AYNI_CBOR_TAG,
    AYNI_CBOR_BOOL,
    AYNI_CBOR_NULL,
};

/*
 * A cursor over one buffer that borrows from it. It remembers its first
 * failure and then reads zeros, so a decoder reads as the list of its fields
 * and asks ayni_cbor_done() once.
 */
struct ayni_cbor_reader {
    struct ayni_bytes input;
    size_t position;
    unsigned depth; /* of the containers open in what is read or checked whole */
    enum ayni_status status;
};

struct ayni_cbor_reader ayni_cbor_reader(struct ayni_bytes input);
/* What comes next, without taking it. */
enum ayni_cbor_type ayni_cbor_peek(const struct ayni_cbor_reader *reader);

uint64_t ayni_cbor_read_uint(struct ayni_cbor_reader *reader);
int64_t ayni_cbor_read_int(struct ayni_cbor_reader *reader); /* within int64 */
struct ayni_bytes ayni_cbor_read_bytes(struct ayni_cbor_reader *reader);
/* Exactly `size` bytes into `to`, else malformed. */
void ayni_cbor_read_into(struct ayni_cbor_reader *reader, uint8_t *to, size_t size);
#define ayni_cbor_read_id(reader, id) ayni_cbor_read_into(reader, (id)->bytes, sizeof((id)->bytes))
struct ayni_bytes ayni_cbor_read_text(struct ayni_cbor_reader *reader);
/* A text that isn't empty (empty, it would have been left out), else malformed. */
struct ayni_bytes ayni_cbor_read_some_text(struct ayni_cbor_reader *reader);
/* A text that is exactly this one (the domain string of a hash or statement), else malformed. */
void ayni_cbor_read_domain(struct ayni_cbor_reader *reader, const char *domain);
bool ayni_cbor_read_bool(struct ayni_cbor_reader *reader);
void ayni_cbor_read_null(struct ayni_cbor_reader *reader);
/* The count of a container's items (pairs for a map), which the caller then reads. */
size_t ayni_cbor_read_array(struct ayni_cbor_reader *reader);
size_t ayni_cbor_read_map(struct ayni_cbor_reader *reader);
uint64_t ayni_cbor_read_tag(struct ayni_cbor_reader *reader);
/* One whole item of any type, checked to the profile with its map keys' order, as the bytes it
 * takes. */
struct ayni_bytes ayni_cbor_read_raw(struct ayni_cbor_reader *reader);
/* The same of what was checked to the profile before: only where it ends is looked for, within the
 * bytes and the depth. */
struct ayni_bytes ayni_cbor_read_known(struct ayni_cbor_reader *reader);
/*
 * Map keys in order: call with the raw bytes of each key as it is read, and
 * the key before (size 0 at first). Marks the reader malformed where the order is wrong.
 */
void ayni_cbor_check_order(struct ayni_cbor_reader *reader, struct ayni_bytes *before,
                           struct ayni_bytes key);
/* Marks the reader failed, unless it is already: for values out of range. */
void ayni_cbor_fail(struct ayni_cbor_reader *reader, enum ayni_status status);
/* AYNI_OK if all went well and nothing is left; else the first failure, or AYNI_E_MALFORMED for
 * what is left. */
AYNI_CHECKED enum ayni_status ayni_cbor_done(struct ayni_cbor_reader *reader);

#endif
