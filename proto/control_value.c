#include "proto/control_value.h"

/* Seconds and days that have a form for people at all: years 1 to 9999 with room to spare. */
static int64_t read_bounded(struct ayni_cbor_reader *reader, int64_t limit)
{
    int64_t value = ayni_cbor_read_int(reader);
    if (value < -limit || value > limit)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    return value;
}

static void read_decimal(struct ayni_cbor_reader *reader, struct ayni_control_value *value)
{
    value->kind = AYNI_CONTROL_DECIMAL;
    if (ayni_cbor_read_array(reader) != 2)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    value->integer = ayni_cbor_read_int(reader);
    uint64_t scale = ayni_cbor_read_uint(reader);
    if (scale > AYNI_CONTROL_SCALE_MAX)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    value->scale = (unsigned)scale;
}

static void read_instant(struct ayni_cbor_reader *reader, struct ayni_control_value *value)
{
    value->kind = AYNI_CONTROL_INSTANT;
    value->integer = ayni_cbor_read_int(reader);
    if (value->integer < 0)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
}

enum { DAYS_MAX = 4000000 };
static const int64_t seconds_max = (int64_t)DAYS_MAX * 86400;

static void read_marked(struct ayni_cbor_reader *reader, struct ayni_control_value *value)
{
    if (ayni_cbor_read_map(reader) != 1)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    switch (ayni_cbor_read_int(reader)) {
    case AYNI_CONTROL_MARK_RECORD:
        value->kind = AYNI_CONTROL_RECORD;
        ayni_cbor_read_id(reader, &value->record);
        break;
    case AYNI_CONTROL_MARK_NODE:
        value->kind = AYNI_CONTROL_NODE;
        ayni_cbor_read_id(reader, &value->node);
        break;
    case AYNI_CONTROL_MARK_SPACE:
        value->kind = AYNI_CONTROL_SPACE;
        ayni_cbor_read_id(reader, &value->space);
        break;
    case AYNI_CONTROL_MARK_INSTANT:
        read_instant(reader, value);
        break;
    case AYNI_CONTROL_MARK_DAY:
        value->kind = AYNI_CONTROL_DAY;
        value->integer = read_bounded(reader, DAYS_MAX);
        break;
    case AYNI_CONTROL_MARK_MONTH:
        value->kind = AYNI_CONTROL_MONTH;
        value->integer = read_bounded(reader, DAYS_MAX);
        break;
    case AYNI_CONTROL_MARK_TIME:
        value->kind = AYNI_CONTROL_TIME;
        value->integer = read_bounded(reader, seconds_max);
        break;
    case AYNI_CONTROL_MARK_DECIMAL:
        read_decimal(reader, value);
        break;
    case AYNI_CONTROL_MARK_HASH:
        value->kind = AYNI_CONTROL_HASH;
        value->bytes = ayni_cbor_read_bytes(reader);
        break;
    case AYNI_CONTROL_MARK_OBJECT:
        value->kind = AYNI_CONTROL_OBJECT;
        if (ayni_cbor_peek(reader) != AYNI_CBOR_ARRAY)
            ayni_cbor_fail(reader, AYNI_E_MALFORMED);
        value->bytes = ayni_cbor_read_raw(reader);
        break;
    default:
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    }
}

/* One value; what containers hold stays encoded. */
static struct ayni_control_value read_value(struct ayni_cbor_reader *reader)
{
    struct ayni_control_value value = { .kind = AYNI_CONTROL_NULL };

    switch (ayni_cbor_peek(reader)) {
    case AYNI_CBOR_NULL:
        ayni_cbor_read_null(reader);
        break;
    case AYNI_CBOR_BOOL:
        value.kind = AYNI_CONTROL_BOOL;
        value.boolean = ayni_cbor_read_bool(reader);
        break;
    case AYNI_CBOR_UINT:
    case AYNI_CBOR_NEGATIVE:
        value.kind = AYNI_CONTROL_INT;
        value.integer = ayni_cbor_read_int(reader);
        break;
    case AYNI_CBOR_TEXT:
        value.kind = AYNI_CONTROL_TEXT;
        value.bytes = ayni_cbor_read_text(reader);
        break;
    case AYNI_CBOR_BYTES:
        value.kind = AYNI_CONTROL_BYTES;
        value.bytes = ayni_cbor_read_bytes(reader);
        break;
    case AYNI_CBOR_ARRAY:
        value.kind = AYNI_CONTROL_ARRAY;
        value.bytes = ayni_cbor_read_raw(reader);
        break;
    case AYNI_CBOR_MAP:
        read_marked(reader, &value);
        break;
    default:
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    }
    return value;
}

struct ayni_control_cursor ayni_control_cursor(const struct ayni_control_value *container)
{
    struct ayni_control_cursor cursor = { .is_object = container->kind == AYNI_CONTROL_OBJECT };

    if (container->kind != AYNI_CONTROL_ARRAY && container->kind != AYNI_CONTROL_OBJECT)
        return cursor;
    cursor.reader = ayni_cbor_reader(container->bytes);
    cursor.left = ayni_cbor_read_array(&cursor.reader);
    if (!cursor.is_object)
        return cursor;
    if (cursor.left % 2 != 0)
        ayni_cbor_fail(&cursor.reader, AYNI_E_MALFORMED);
    cursor.left /= 2;
    return cursor;
}

bool ayni_control_next(struct ayni_control_cursor *cursor, struct ayni_bytes *key,
                       struct ayni_control_value *value)
{
    struct ayni_bytes name = { 0 };

    if (cursor->left == 0 || cursor->reader.status != AYNI_OK)
        return false;
    cursor->left--;
    if (cursor->is_object)
        name = ayni_cbor_read_text(&cursor->reader);
    struct ayni_control_value next = read_value(&cursor->reader);
    if (cursor->reader.status != AYNI_OK)
        return false;
    if (key != NULL)
        *key = name;
    *value = next;
    return true;
}

size_t ayni_control_count(const struct ayni_control_value *container)
{
    return ayni_control_cursor(container).left;
}

bool ayni_control_find(const struct ayni_control_value *object, const char *key,
                       struct ayni_control_value *value)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(object);
    struct ayni_bytes wanted = ayni_bytes_of_text(key);
    struct ayni_bytes name;
    struct ayni_control_value found;

    if (object->kind != AYNI_CONTROL_OBJECT)
        return false;
    while (ayni_control_next(&cursor, &name, &found))
        if (ayni_bytes_equal(name, wanted)) {
            *value = found;
            return true;
        }
    return false;
}

/* All that is in a container is well-formed. The depth is bounded by that of CBOR. */
static enum ayni_status check_content(const struct ayni_control_value *container)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(container);
    struct ayni_control_value value;

    if (container->kind != AYNI_CONTROL_ARRAY && container->kind != AYNI_CONTROL_OBJECT)
        return AYNI_OK;
    while (ayni_control_next(&cursor, NULL, &value)) {
        enum ayni_status status = check_content(&value);
        if (status != AYNI_OK)
            return status;
    }
    return ayni_cbor_done(&cursor.reader);
}

struct ayni_control_value ayni_control_read(struct ayni_cbor_reader *reader)
{
    struct ayni_control_value value = read_value(reader);
    if (reader->status == AYNI_OK) {
        enum ayni_status status = check_content(&value);
        if (status != AYNI_OK)
            ayni_cbor_fail(reader, status);
    }
    return value;
}

enum ayni_status ayni_control_value_decode(struct ayni_bytes encoded,
                                           struct ayni_control_value *value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(encoded);
    struct ayni_control_value read = ayni_control_read(&reader);
    enum ayni_status status = ayni_cbor_done(&reader);

    if (status == AYNI_OK)
        *value = read;
    return status;
}
