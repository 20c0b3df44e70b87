#include "cli/value.h"

#include <inttypes.h>
#include <stdio.h>

#include "proto/instant.h"

/* The digits with a point before the last `scale`, and a 0 before the point if it would be first.
 */
static void decimal_text(int64_t mantissa, unsigned scale, struct ayni_buffer *to)
{
    char digits[32];
    uint64_t size = mantissa < 0 ? 0 - (uint64_t)mantissa : (uint64_t)mantissa;
    int count = snprintf(digits, sizeof(digits), "%0*" PRIu64, (int)scale + 1, size);
    size_t whole = (size_t)count - scale;

    if (mantissa < 0)
        ayni_buffer_append_text(to, "-");
    ayni_buffer_append(to, digits, whole);
    if (scale > 0) {
        ayni_buffer_append_text(to, ".");
        ayni_buffer_append(to, digits + whole, scale);
    }
}

static void hex_text(struct ayni_bytes bytes, struct ayni_buffer *to)
{
    char pair[3];

    for (size_t i = 0; i < bytes.size; i++) {
        ayni_hex_text((struct ayni_bytes){ bytes.data + i, 1 }, pair);
        ayni_buffer_append(to, pair, 2);
    }
}

static void moment_text(uint64_t ms, struct ayni_buffer *to)
{
    char text[AYNI_INSTANT_TEXT_SIZE];
    ayni_instant_text((struct ayni_instant){ ms }, text);
    ayni_buffer_append_text(to, text);
}

static void list_text(const struct ayni_control_value *list, struct ayni_buffer *to)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(list);
    struct ayni_control_value element;
    struct ayni_bytes key;

    for (bool first = true; ayni_control_next(&cursor, &key, &element); first = false) {
        if (!first)
            ayni_buffer_append_text(to, ",");
        if (cursor.is_object) {
            ayni_buffer_append(to, key.data, key.size);
            ayni_buffer_append_text(to, "=");
        }
        value_text(&element, to);
    }
}

void value_text(const struct ayni_control_value *value, struct ayni_buffer *to)
{
    char text[128] = "";

    switch (value->kind) {
    case AYNI_CONTROL_NULL:
        break;
    case AYNI_CONTROL_BOOL:
        ayni_buffer_append_text(to, value->boolean ? "true" : "false");
        break;
    case AYNI_CONTROL_INT:
        snprintf(text, sizeof(text), "%" PRId64, value->integer);
        break;
    case AYNI_CONTROL_TEXT:
        ayni_buffer_append(to, value->bytes.data, value->bytes.size);
        break;
    case AYNI_CONTROL_BYTES:
    case AYNI_CONTROL_HASH:
        hex_text(value->bytes, to);
        break;
    case AYNI_CONTROL_ARRAY:
    case AYNI_CONTROL_OBJECT:
        list_text(value, to);
        break;
    case AYNI_CONTROL_RECORD:
        ayni_record_text(&value->record, text);
        break;
    case AYNI_CONTROL_NODE:
        ayni_node_text(&value->node, text);
        break;
    case AYNI_CONTROL_SPACE:
        hex_text((struct ayni_bytes){ value->space.bytes, sizeof(value->space.bytes) }, to);
        break;
    case AYNI_CONTROL_INSTANT:
        moment_text((uint64_t)value->integer, to);
        break;
    case AYNI_CONTROL_TIME:
        moment_text(value->integer > 0 ? (uint64_t)value->integer * 1000 : 0, to);
        break;
    case AYNI_CONTROL_DAY:
        ayni_day_text(value->integer, text);
        break;
    case AYNI_CONTROL_MONTH:
        ayni_month_text(value->integer, text);
        break;
    case AYNI_CONTROL_DECIMAL:
        decimal_text(value->integer, value->scale, to);
        break;
    }
    ayni_buffer_append_text(to, text);
}

bool value_is_number(const struct ayni_control_value *value)
{
    return value->kind == AYNI_CONTROL_INT || value->kind == AYNI_CONTROL_DECIMAL;
}
