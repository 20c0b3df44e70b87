#include "proto/control_writer.h"

#include <assert.h>
#include <string.h>

struct ayni_control_writer ayni_control_writer(struct ayni_buffer *to)
{
    return (struct ayni_control_writer){ .to = to };
}

/* A value begins: it is counted in its container, after its key in an object. */
static void begin_value(struct ayni_control_writer *writer, const char *key)
{
    if (writer->depth == 0) {
        assert(key == NULL);
        return;
    }
    assert((key != NULL) == writer->open[writer->depth - 1].is_object);
    writer->open[writer->depth - 1].count++;
    if (key != NULL)
        ayni_cbor_put_string(writer->to, key);
}

static void begin_marked(struct ayni_control_writer *writer, const char *key,
                         enum ayni_control_mark mark)
{
    begin_value(writer, key);
    ayni_cbor_put_map(writer->to, 1);
    ayni_cbor_put_int(writer->to, mark);
}

static void open_container(struct ayni_control_writer *writer, bool is_object)
{
    assert(writer->depth < AYNI_CONTROL_DEPTH_MAX);
    writer->open[writer->depth].start = writer->to->size;
    writer->open[writer->depth].count = 0;
    writer->open[writer->depth].is_object = is_object;
    writer->depth++;
}

void ayni_control_open_object(struct ayni_control_writer *writer, const char *key)
{
    begin_marked(writer, key, AYNI_CONTROL_MARK_OBJECT);
    open_container(writer, true);
}

void ayni_control_open_array(struct ayni_control_writer *writer, const char *key)
{
    begin_value(writer, key);
    open_container(writer, false);
}

/* The count is known only now, and stands before the content: the header is written at the end and
 * moved. */
void ayni_control_close(struct ayni_control_writer *writer)
{
    assert(writer->depth > 0);
    writer->depth--;
    size_t start = writer->open[writer->depth].start;
    size_t count = writer->open[writer->depth].count;
    size_t end = writer->to->size;
    uint8_t header[9];

    ayni_cbor_put_array(writer->to, writer->open[writer->depth].is_object ? 2 * count : count);
    if (writer->to->failed)
        return;
    size_t header_size = writer->to->size - end;
    assert(header_size <= sizeof(header));
    memcpy(header, writer->to->data + end, header_size);
    memmove(writer->to->data + start + header_size, writer->to->data + start, end - start);
    memcpy(writer->to->data + start, header, header_size);
}

void ayni_control_put_null(struct ayni_control_writer *writer, const char *key)
{
    begin_value(writer, key);
    ayni_cbor_put_null(writer->to);
}

void ayni_control_put_bool(struct ayni_control_writer *writer, const char *key, bool value)
{
    begin_value(writer, key);
    ayni_cbor_put_bool(writer->to, value);
}

void ayni_control_put_int(struct ayni_control_writer *writer, const char *key, int64_t value)
{
    begin_value(writer, key);
    ayni_cbor_put_int(writer->to, value);
}

void ayni_control_put_text(struct ayni_control_writer *writer, const char *key, const char *value)
{
    ayni_control_put_string(writer, key, ayni_bytes_of_text(value));
}

void ayni_control_put_string(struct ayni_control_writer *writer, const char *key,
                             struct ayni_bytes value)
{
    begin_value(writer, key);
    ayni_cbor_put_text(writer->to, value);
}

void ayni_control_put_record(struct ayni_control_writer *writer, const char *key,
                             const struct ayni_record *value)
{
    begin_marked(writer, key, AYNI_CONTROL_MARK_RECORD);
    ayni_cbor_put_id(writer->to, value);
}

void ayni_control_put_node(struct ayni_control_writer *writer, const char *key,
                           const struct ayni_node *value)
{
    begin_marked(writer, key, AYNI_CONTROL_MARK_NODE);
    ayni_cbor_put_id(writer->to, value);
}

void ayni_control_put_space(struct ayni_control_writer *writer, const char *key,
                            const struct ayni_space *value)
{
    begin_marked(writer, key, AYNI_CONTROL_MARK_SPACE);
    ayni_cbor_put_id(writer->to, value);
}

void ayni_control_put_instant(struct ayni_control_writer *writer, const char *key,
                              struct ayni_instant value)
{
    begin_marked(writer, key, AYNI_CONTROL_MARK_INSTANT);
    ayni_cbor_put_uint(writer->to, value.ms);
}

void ayni_control_put_time(struct ayni_control_writer *writer, const char *key, int64_t seconds)
{
    begin_marked(writer, key, AYNI_CONTROL_MARK_TIME);
    ayni_cbor_put_int(writer->to, seconds);
}

void ayni_control_put_day(struct ayni_control_writer *writer, const char *key, int64_t day)
{
    begin_marked(writer, key, AYNI_CONTROL_MARK_DAY);
    ayni_cbor_put_int(writer->to, day);
}

void ayni_control_put_month(struct ayni_control_writer *writer, const char *key, int64_t day)
{
    begin_marked(writer, key, AYNI_CONTROL_MARK_MONTH);
    ayni_cbor_put_int(writer->to, day);
}

void ayni_control_put_decimal(struct ayni_control_writer *writer, const char *key, int64_t mantissa,
                              unsigned scale)
{
    begin_marked(writer, key, AYNI_CONTROL_MARK_DECIMAL);
    ayni_cbor_put_array(writer->to, 2);
    ayni_cbor_put_int(writer->to, mantissa);
    ayni_cbor_put_uint(writer->to, scale);
}

void ayni_control_put_hash(struct ayni_control_writer *writer, const char *key,
                           struct ayni_bytes value)
{
    begin_marked(writer, key, AYNI_CONTROL_MARK_HASH);
    ayni_cbor_put_bytes(writer->to, value);
}

void ayni_control_put_encoded(struct ayni_control_writer *writer, const char *key,
                              struct ayni_bytes encoded)
{
    begin_value(writer, key);
    ayni_buffer_append(writer->to, encoded.data, encoded.size);
}

static void put_container(struct ayni_control_writer *writer, const char *key,
                          const struct ayni_control_value *value)
{
    if (value->kind == AYNI_CONTROL_OBJECT)
        begin_marked(writer, key, AYNI_CONTROL_MARK_OBJECT);
    else
        begin_value(writer, key);
    ayni_buffer_append(writer->to, value->bytes.data, value->bytes.size);
}

void ayni_control_put_value(struct ayni_control_writer *writer, const char *key,
                            const struct ayni_control_value *value)
{
    switch (value->kind) {
    case AYNI_CONTROL_NULL:
        ayni_control_put_null(writer, key);
        break;
    case AYNI_CONTROL_BOOL:
        ayni_control_put_bool(writer, key, value->boolean);
        break;
    case AYNI_CONTROL_INT:
        ayni_control_put_int(writer, key, value->integer);
        break;
    case AYNI_CONTROL_TEXT:
        ayni_control_put_string(writer, key, value->bytes);
        break;
    case AYNI_CONTROL_BYTES:
        begin_value(writer, key);
        ayni_cbor_put_bytes(writer->to, value->bytes);
        break;
    case AYNI_CONTROL_ARRAY:
    case AYNI_CONTROL_OBJECT:
        put_container(writer, key, value);
        break;
    case AYNI_CONTROL_RECORD:
        ayni_control_put_record(writer, key, &value->record);
        break;
    case AYNI_CONTROL_NODE:
        ayni_control_put_node(writer, key, &value->node);
        break;
    case AYNI_CONTROL_SPACE:
        ayni_control_put_space(writer, key, &value->space);
        break;
    case AYNI_CONTROL_INSTANT:
        ayni_control_put_instant(writer, key, (struct ayni_instant){ (uint64_t)value->integer });
        break;
    case AYNI_CONTROL_TIME:
        ayni_control_put_time(writer, key, value->integer);
        break;
    case AYNI_CONTROL_DAY:
        ayni_control_put_day(writer, key, value->integer);
        break;
    case AYNI_CONTROL_MONTH:
        ayni_control_put_month(writer, key, value->integer);
        break;
    case AYNI_CONTROL_DECIMAL:
        ayni_control_put_decimal(writer, key, value->integer, value->scale);
        break;
    case AYNI_CONTROL_HASH:
        ayni_control_put_hash(writer, key, value->bytes);
        break;
    }
}
