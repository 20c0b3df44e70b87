#include "proto/control_value.h"

#include "proto/limits.h"

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

/* What an array or an object holds; well-formed in all its depth where it is `checked`. */
static struct ayni_bytes read_content(struct ayni_cbor_reader *reader, bool is_object,
                                      bool checked);

static void read_marked(struct ayni_cbor_reader *reader, struct ayni_control_value *value,
                        bool checked)
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
        value->bytes = read_content(reader, true, checked);
        break;
    default:
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    }
}

/* One value; what containers hold stays encoded. */
static struct ayni_control_value read_value(struct ayni_cbor_reader *reader, bool checked)
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
        value.bytes = read_content(reader, false, checked);
        break;
    case AYNI_CBOR_MAP:
        read_marked(reader, &value, checked);
        break;
    default:
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    }
    return value;
}

static void check_items(struct ayni_cbor_reader *reader, bool is_object)
{
    size_t count = ayni_cbor_read_array(reader);

    if (is_object && count % 2 != 0)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    for (size_t i = 0; i < count && reader->status == AYNI_OK; i++) {
        if (is_object && i % 2 == 0)
            (void)ayni_cbor_read_text(reader);
        else
            (void)read_value(reader, true);
    }
}

/* Recursion that AYNI_CBOR_DEPTH_MAX bounds; an object is an array in a map. */
static struct ayni_bytes read_content(struct ayni_cbor_reader *reader, bool is_object, bool checked)
{
    size_t start = reader->position;
    unsigned deeper = is_object && reader->depth > 0 ? 2 : 1;

    if (!checked)
        return ayni_cbor_read_raw(reader);
    reader->depth += deeper;
    if (reader->depth > AYNI_CBOR_DEPTH_MAX)
        ayni_cbor_fail(reader, AYNI_E_LIMIT);
    check_items(reader, is_object);
    reader->depth -= deeper;
    if (reader->status != AYNI_OK)
        return (struct ayni_bytes){ NULL, 0 };
    return (struct ayni_bytes){ reader->input.data + start, reader->position - start };
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
    struct ayni_control_value next = read_value(&cursor->reader, false);
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

struct ayni_control_value ayni_control_read(struct ayni_cbor_reader *reader)
{
    return read_value(reader, true);
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
