#ifndef AYNI_PROTO_CONTROL_VALUE_H
#define AYNI_PROTO_CONTROL_VALUE_H

#include "proto/cbor.h"
#include "proto/ids.h"

/*
 * The values of control frames, read. A map with one negative integer key, the
 * mark, gives a type to what CBOR has none for. docs/protocol.md, section 8.2.
 */
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

enum ayni_control_mark {
    AYNI_CONTROL_MARK_RECORD = -1,
    AYNI_CONTROL_MARK_NODE = -2,
    AYNI_CONTROL_MARK_INSTANT = -3,
    AYNI_CONTROL_MARK_DAY = -4,
    AYNI_CONTROL_MARK_MONTH = -5,
    AYNI_CONTROL_MARK_DECIMAL = -6,
    AYNI_CONTROL_MARK_TIME = -7,
    AYNI_CONTROL_MARK_HASH = -8,
    AYNI_CONTROL_MARK_SPACE = -9,
    AYNI_CONTROL_MARK_OBJECT = -10,
};

enum { AYNI_CONTROL_SCALE_MAX = 18 };

/* A value borrows from the bytes that it was decoded from. */
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

/*
 * The value that comes next in a reader, all that is in it checked: reading its
 * parts can't fail. A failure is the reader's.
 */
struct ayni_control_value ayni_control_read(struct ayni_cbor_reader *reader);
/* Bytes that are one such value. AYNI_E_MALFORMED, and what
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

#endif
