#include "proto/value_text.h"

#include <string.h>

#include "proto/cbor.h"
#include "proto/decimal.h"
#include "proto/instant.h"
#include "proto/set.h"

static void append_id(struct ayni_cbor_reader *reader, struct ayni_bytes bytes,
                      struct ayni_buffer *to)
{
    char text[AYNI_RECORD_TEXT_SIZE];
    struct ayni_record record;

    if (bytes.size != sizeof(record.bytes)) {
        ayni_cbor_fail(reader, AYNI_E_INVALID);
        return;
    }
    memcpy(record.bytes, bytes.data, sizeof(record.bytes));
    ayni_record_text(&record, text);
    ayni_buffer_append_text(to, text);
}

static void append_hex(struct ayni_bytes bytes, struct ayni_buffer *to)
{
    char text[3];

    for (size_t i = 0; i < bytes.size; i++) {
        ayni_hex_text((struct ayni_bytes){ bytes.data + i, 1 }, text);
        ayni_buffer_append_text(to, text);
    }
}

static void append_decimal(int64_t value, uint32_t scale, struct ayni_buffer *to)
{
    char text[AYNI_DECIMAL_TEXT_SIZE];

    ayni_decimal_text(value, scale, text);
    ayni_buffer_append_text(to, text);
}

static void append_day(int64_t day, bool month, struct ayni_buffer *to)
{
    char text[AYNI_DAY_TEXT_SIZE];

    if (month)
        ayni_month_text(day, text);
    else
        ayni_day_text(day, text);
    ayni_buffer_append_text(to, text);
}

static void append_time(struct ayni_cbor_reader *reader, struct ayni_buffer *to)
{
    char text[AYNI_INSTANT_TEXT_SIZE];
    uint64_t seconds = ayni_cbor_read_uint(reader);

    if (seconds > AYNI_TIME_MAX)
        ayni_cbor_fail(reader, AYNI_E_INVALID);
    if (reader->status != AYNI_OK)
        return;
    ayni_instant_text((struct ayni_instant){ seconds * 1000 }, text);
    ayni_buffer_append_text(to, text);
}

/* "latitude longitude [altitude [accuracy]]"; an absent altitude before an accuracy is "-". */
static void append_point(struct ayni_cbor_reader *reader, struct ayni_buffer *to)
{
    size_t pending = 0;

    if (ayni_cbor_read_array(reader) != 4)
        ayni_cbor_fail(reader, AYNI_E_INVALID);
    for (int i = 0; i < 4 && reader->status == AYNI_OK; i++) {
        if (i >= 2 && ayni_cbor_peek(reader) == AYNI_CBOR_NULL) {
            ayni_cbor_read_null(reader);
            pending++;
            continue;
        }
        for (; pending > 0; pending--)
            ayni_buffer_append_text(to, " -");
        if (i > 0)
            ayni_buffer_append_byte(to, ' ');
        append_decimal(ayni_cbor_read_int(reader), i < 2 ? 6 : 0, to);
    }
}

static void append_set(const struct ayni_catalogue_field *field, struct ayni_cbor_reader *reader,
                       struct ayni_buffer *to)
{
    bool references = field->kind.type == AYNI_KIND_REFS;
    struct ayni_bytes items[AYNI_SET_COUNT_MAX];
    size_t count = 0;

    if (ayni_set_sorted(ayni_cbor_read_raw(reader), references ? AYNI_CBOR_BYTES : AYNI_CBOR_TEXT,
                        items, &count) != AYNI_OK)
        ayni_cbor_fail(reader, AYNI_E_INVALID);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            ayni_buffer_append_byte(to, ',');
        if (references)
            append_id(reader, items[i], to);
        else
            ayni_buffer_append(to, items[i].data, items[i].size);
    }
}

static void append_node(struct ayni_cbor_reader *reader, struct ayni_buffer *to)
{
    char text[AYNI_NODE_TEXT_SIZE];
    struct ayni_node node;

    ayni_cbor_read_id(reader, &node);
    if (reader->status != AYNI_OK)
        return;
    ayni_node_text(&node, text);
    ayni_buffer_append_text(to, text);
}

static void append_value(const struct ayni_catalogue_field *field, struct ayni_cbor_reader *reader,
                         struct ayni_buffer *to)
{
    struct ayni_bytes text;

    switch (field->kind.type) {
    case AYNI_KIND_TEXT:
    case AYNI_KIND_ID:
    case AYNI_KIND_CODE:
        text = ayni_cbor_read_text(reader);
        ayni_buffer_append(to, text.data, text.size);
        break;
    case AYNI_KIND_SET:
    case AYNI_KIND_IDS:
    case AYNI_KIND_REFS:
        append_set(field, reader, to);
        break;
    case AYNI_KIND_INT:
    case AYNI_KIND_DEC:
        append_decimal(ayni_cbor_read_int(reader), field->kind.scale, to);
        break;
    case AYNI_KIND_DATE:
    case AYNI_KIND_MONTH:
        append_day(ayni_cbor_read_int(reader), field->kind.type == AYNI_KIND_MONTH, to);
        break;
    case AYNI_KIND_TIME:
        append_time(reader, to);
        break;
    case AYNI_KIND_BOOL:
        ayni_buffer_append_text(to, ayni_cbor_read_bool(reader) ? "true" : "false");
        break;
    case AYNI_KIND_POINT:
        append_point(reader, to);
        break;
    case AYNI_KIND_REF:
        append_id(reader, ayni_cbor_read_bytes(reader), to);
        break;
    case AYNI_KIND_NODE:
        append_node(reader, to);
        break;
    case AYNI_KIND_HASH:
    case AYNI_KIND_BYTES:
        append_hex(ayni_cbor_read_bytes(reader), to);
        break;
    }
}

enum ayni_status ayni_value_text(const struct ayni_catalogue_field *field, struct ayni_bytes cbor,
                                 struct ayni_buffer *text)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(cbor);
    size_t start = text->size;

    if (ayni_cbor_peek(&reader) == AYNI_CBOR_NULL)
        ayni_cbor_read_null(&reader);
    else
        append_value(field, &reader, text);
    if (ayni_cbor_done(&reader) != AYNI_OK) {
        text->size = start;
        return AYNI_E_INVALID;
    }
    return ayni_buffer_status(text);
}
