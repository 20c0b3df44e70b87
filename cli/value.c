#include "cli/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "cli/language.h"
#include "proto/instant.h"

/* How much of a node's id stands in a table: enough to be unique, and to be typed. */
enum { NODE_SHORT_SIZE = 12 };

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

typedef void put_value(const struct ayni_control_value *value, struct ayni_buffer *to);

static void list_text(const struct ayni_control_value *value, const char *between, put_value *put,
                      struct ayni_buffer *to)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(value);
    struct ayni_control_value element;
    struct ayni_bytes key;

    for (bool first = true; ayni_control_next(&cursor, &key, &element); first = false) {
        if (!first)
            ayni_buffer_append_text(to, between);
        if (cursor.is_object) {
            ayni_buffer_append(to, key.data, key.size);
            ayni_buffer_append_text(to, "=");
        }
        put(&element, to);
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
        list_text(value, ",", value_text, to);
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

static void local_time(int64_t seconds, struct ayni_buffer *to)
{
    time_t when = (time_t)seconds;
    struct tm parts;
    char text[64];

    if (localtime_r(&when, &parts) != NULL &&
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts) > 0)
        ayni_buffer_append_text(to, text);
}

void value_words(const struct ayni_control_value *value, struct ayni_buffer *to)
{
    char node[AYNI_NODE_TEXT_SIZE];

    switch (value->kind) {
    case AYNI_CONTROL_BOOL:
        ayni_buffer_append_text(to, value->boolean ? _("yes") : _("no"));
        break;
    case AYNI_CONTROL_INSTANT:
        local_time(value->integer / 1000, to);
        break;
    case AYNI_CONTROL_TIME:
        local_time(value->integer, to);
        break;
    case AYNI_CONTROL_NODE:
        ayni_node_text(&value->node, node);
        ayni_buffer_append(to, node, NODE_SHORT_SIZE);
        break;
    case AYNI_CONTROL_ARRAY:
    case AYNI_CONTROL_OBJECT:
        list_text(value, ", ", value_words, to);
        break;
    default:
        value_text(value, to);
    }
}

bool value_is_number(const struct ayni_control_value *value)
{
    return value->kind == AYNI_CONTROL_INT || value->kind == AYNI_CONTROL_DECIMAL;
}
