#ifndef AYNI_PROTO_CONTROL_H
#define AYNI_PROTO_CONTROL_H

#include "proto/cbor.h"
#include "proto/ids.h"
#include "proto/instant.h"

/*
 * What ayni and aynid say to each other on the control socket: frames, typed
 * values, requests and answers. docs/protocol.md, section 8, which also lists
 * every request. Nothing here does I/O.
 *
 * A frame is a size of 4 bytes, big-endian, and one CBOR item of that size, up
 * to AYNI_CONTROL_FRAME_MAX:
 *
 *   request   ["ayni-control-1", command, object of arguments]
 *   data      [3, value], or [0] for no more; the client, each time it is asked
 *   item      [1, value]
 *   progress  [2, done, total]; total 0 where it isn't known
 *   want      [4]: the daemon asks for the next data
 *   end       [0, status, object of "code" "text" "args" "hint" "hint_args"], exactly one, the last
 */

/* Typed values. A map with one negative integer key, the mark, gives a type to what CBOR has none
 * for. */
enum ayni_control_kind {
    AYNI_CONTROL_NULL,
    AYNI_CONTROL_BOOL,
    AYNI_CONTROL_INT,
    AYNI_CONTROL_TEXT,
    AYNI_CONTROL_BYTES, /* printed as hexadecimal, as -8 is */
    AYNI_CONTROL_ARRAY,
    AYNI_CONTROL_RECORD,  /* -1: 16 bytes, a UUID */
    AYNI_CONTROL_NODE,    /* -2: 32 bytes, base32 */
    AYNI_CONTROL_INSTANT, /* -3: milliseconds since 1970 */
    AYNI_CONTROL_DAY,     /* -4: days since 1970-01-01 */
    AYNI_CONTROL_MONTH,   /* -5: the day of its first */
    AYNI_CONTROL_DECIMAL, /* -6: [mantissa, scale]: 105, 1 is 10.5 */
    AYNI_CONTROL_TIME,    /* -7: seconds since 1970 */
    AYNI_CONTROL_HASH,    /* -8: bytes, hexadecimal */
    AYNI_CONTROL_SPACE,   /* -9: 16 bytes, hexadecimal */
    AYNI_CONTROL_OBJECT,  /* -10: [key, value, key, value ...] in the order in which people see them
                           */
};

enum { AYNI_CONTROL_SCALE_MAX = 18, AYNI_CONTROL_DEPTH_MAX = 5 };

/*
 * Writing. A writer appends one value to a buffer, opened containers closed by
 * the same count of ayni_control_close(). `key` names the value in an object and
 * is NULL everywhere else, so that an answer is one line for each value:
 *
 *   ayni_control_open_object(w, NULL);
 *   ayni_control_put_record(w, "id", &id);
 *   ayni_control_open_array(w, "changed");
 *   ayni_control_put_text(w, NULL, "ubigeo");
 *   ayni_control_close(w);
 *   ayni_control_close(w);
 *
 * Containers nest to AYNI_CONTROL_DEPTH_MAX. Failures are the buffer's.
 */
struct ayni_control_writer {
    struct ayni_buffer *to;
    unsigned depth;
    struct {
        size_t start; /* where its content begins in the buffer */
        size_t count; /* values, keys not counted */
        bool is_object;
    } open[AYNI_CONTROL_DEPTH_MAX];
};

struct ayni_control_writer ayni_control_writer(struct ayni_buffer *to);
void ayni_control_open_object(struct ayni_control_writer *writer, const char *key);
void ayni_control_open_array(struct ayni_control_writer *writer, const char *key);
void ayni_control_close(struct ayni_control_writer *writer);
void ayni_control_put_null(struct ayni_control_writer *writer, const char *key);
void ayni_control_put_bool(struct ayni_control_writer *writer, const char *key, bool value);
void ayni_control_put_int(struct ayni_control_writer *writer, const char *key, int64_t value);
void ayni_control_put_text(struct ayni_control_writer *writer, const char *key, const char *value);
/* Text that is no C string; it must be UTF-8. */
void ayni_control_put_string(struct ayni_control_writer *writer, const char *key,
                             struct ayni_bytes value);
void ayni_control_put_record(struct ayni_control_writer *writer, const char *key,
                             const struct ayni_record *value);
void ayni_control_put_node(struct ayni_control_writer *writer, const char *key,
                           const struct ayni_node *value);
void ayni_control_put_space(struct ayni_control_writer *writer, const char *key,
                            const struct ayni_space *value);
void ayni_control_put_instant(struct ayni_control_writer *writer, const char *key,
                              struct ayni_instant value);
void ayni_control_put_time(struct ayni_control_writer *writer, const char *key, int64_t seconds);
void ayni_control_put_day(struct ayni_control_writer *writer, const char *key, int64_t day);
void ayni_control_put_month(struct ayni_control_writer *writer, const char *key, int64_t day);
/* mantissa * 10^-scale, printed with exactly `scale` decimals; `scale` up to
 * AYNI_CONTROL_SCALE_MAX. */
void ayni_control_put_decimal(struct ayni_control_writer *writer, const char *key, int64_t mantissa,
                              unsigned scale);
void ayni_control_put_hash(struct ayni_control_writer *writer, const char *key,
                           struct ayni_bytes value);
/* A value that was written elsewhere, as its encoded bytes. */
void ayni_control_put_encoded(struct ayni_control_writer *writer, const char *key,
                              struct ayni_bytes encoded);

/* Reading. A value borrows from the bytes that it was decoded from. */
struct ayni_control_value {
    enum ayni_control_kind kind;
    union {
        bool boolean;
        int64_t integer;         /* INT, INSTANT, TIME, DAY, MONTH; the mantissa of a DECIMAL */
        struct ayni_bytes bytes; /* TEXT, BYTES, HASH; the encoded array of ARRAY and OBJECT */
        struct ayni_record record;
        struct ayni_node node;
        struct ayni_space space;
    };
    unsigned scale; /* of a DECIMAL */
};

/* One value, all that is in it checked: reading its parts can't fail. AYNI_E_MALFORMED, and what
 * CBOR says. */
AYNI_CHECKED enum ayni_status ayni_control_value_decode(struct ayni_bytes encoded,
                                                        struct ayni_control_value *value);

/* A walk through an ARRAY or OBJECT; any other kind is empty. */
struct ayni_control_cursor {
    struct ayni_cbor_reader reader;
    size_t left;
    bool is_object;
};
struct ayni_control_cursor ayni_control_cursor(const struct ayni_control_value *container);
/* The next value, with its key in an object (`key` is empty in an array, and may be NULL). False at
 * the end. */
bool ayni_control_next(struct ayni_control_cursor *cursor, struct ayni_bytes *key,
                       struct ayni_control_value *value);
/* How many values an ARRAY or OBJECT has; 0 for others. */
size_t ayni_control_count(const struct ayni_control_value *container);
/* The value of that key. False where there is none or `object` is none. */
bool ayni_control_find(const struct ayni_control_value *object, const char *key,
                       struct ayni_control_value *value);

/* Frames. Begin clears the buffer and leaves room for the size; finish fills it in. */
enum { AYNI_CONTROL_HEADER_SIZE = 4 };
void ayni_control_frame_begin(struct ayni_buffer *frame);
/* AYNI_E_LIMIT where it grew over AYNI_CONTROL_FRAME_MAX, AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status ayni_control_frame_finish(struct ayni_buffer *frame);
/* The size of what follows a header. AYNI_E_LIMIT for 0 and what is over the maximum. */
AYNI_CHECKED enum ayni_status
ayni_control_frame_size(const uint8_t header[AYNI_CONTROL_HEADER_SIZE], size_t *size);

/* A request: begin, put one object of arguments by the writer, finish the frame. */
struct ayni_control_writer ayni_control_request_begin(struct ayni_buffer *frame,
                                                      const char *command);
struct ayni_control_request {
    struct ayni_bytes command;
    struct ayni_control_value arguments; /* an OBJECT */
};
/* AYNI_E_VERSION where it is of another protocol than ayni-control-1. */
AYNI_CHECKED enum ayni_status ayni_control_request_decode(struct ayni_bytes body,
                                                          struct ayni_control_request *request);

/* Data for a request that asked for it: begin, put one value, finish; or the end of it. */
struct ayni_control_writer ayni_control_data_begin(struct ayni_buffer *frame);
AYNI_CHECKED enum ayni_status ayni_control_data_end(struct ayni_buffer *frame);
/* AYNI_E_NOT_FOUND for the end of the data. */
AYNI_CHECKED enum ayni_status ayni_control_data_decode(struct ayni_bytes body,
                                                       struct ayni_control_value *value);

/* Answers. An item: begin, put one value, finish. The others are whole frames. */
struct ayni_control_writer ayni_control_item_begin(struct ayni_buffer *frame);
AYNI_CHECKED enum ayni_status ayni_control_progress_frame(struct ayni_buffer *frame, uint64_t done,
                                                          uint64_t total);
AYNI_CHECKED enum ayni_status ayni_control_want_frame(struct ayni_buffer *frame);
/* The end: `error` is an encoded object of the keys above, or empty. */
AYNI_CHECKED enum ayni_status
ayni_control_end_frame(struct ayni_buffer *frame, enum ayni_status status, struct ayni_bytes error);

enum ayni_control_answer_type {
    AYNI_CONTROL_END = 0,
    AYNI_CONTROL_ITEM = 1,
    AYNI_CONTROL_PROGRESS = 2,
    AYNI_CONTROL_WANT = 4,
};
struct ayni_control_answer {
    enum ayni_control_answer_type type;
    struct ayni_control_value value; /* of an item; the error object of an end */
    uint64_t done, total;            /* of a progress */
    enum ayni_status status;         /* of an end */
};
AYNI_CHECKED enum ayni_status ayni_control_answer_decode(struct ayni_bytes body,
                                                         struct ayni_control_answer *answer);

#endif
