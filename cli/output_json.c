#include "cli/output_json.h"

#include "cli/value.h"
#include "cli/visible.h"

/* 2^53-1: what every reader of JSON can hold exactly. */
static const int64_t safe_integer_max = 9007199254740991;

/* How many bytes at the front need no backslash. */
static size_t plain_size(struct ayni_bytes text)
{
    size_t size = 0;

    while (size < text.size && text.data[size] != '"' && text.data[size] != '\\')
        size++;
    return size;
}

/* What a terminal would take for more than text is escaped in it, too. */
static void put_string(struct ayni_buffer *to, struct ayni_bytes text)
{
    ayni_buffer_append_byte(to, '"');
    while (text.size > 0) {
        size_t plain = plain_size(text);
        visible_put((struct ayni_bytes){ text.data, plain }, "", to);
        text = (struct ayni_bytes){ text.data + plain, text.size - plain };
        if (text.size == 0)
            break;
        const uint8_t escaped[] = { '\\', text.data[0] };
        ayni_buffer_append(to, escaped, sizeof(escaped));
        text = (struct ayni_bytes){ text.data + 1, text.size - 1 };
    }
    ayni_buffer_append_byte(to, '"');
}

static void put_container(struct ayni_buffer *to, const struct ayni_control_value *value)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(value);
    struct ayni_control_value element;
    struct ayni_bytes key;

    ayni_buffer_append_byte(to, cursor.is_object ? '{' : '[');
    for (bool first = true; ayni_control_next(&cursor, &key, &element); first = false) {
        if (!first)
            ayni_buffer_append_byte(to, ',');
        if (cursor.is_object) {
            put_string(to, key);
            ayni_buffer_append_byte(to, ':');
        }
        output_json_value(to, &element);
    }
    ayni_buffer_append_byte(to, cursor.is_object ? '}' : ']');
}

static void put_quoted(struct ayni_buffer *to, const struct ayni_control_value *value)
{
    ayni_buffer_append_byte(to, '"');
    value_text(value, to);
    ayni_buffer_append_byte(to, '"');
}

void output_json_value(struct ayni_buffer *to, const struct ayni_control_value *value)
{
    switch (value->kind) {
    case AYNI_CONTROL_NULL:
        ayni_buffer_append_text(to, "null");
        break;
    case AYNI_CONTROL_BOOL:
    case AYNI_CONTROL_DECIMAL:
        value_text(value, to);
        break;
    case AYNI_CONTROL_INT:
        if (value->integer > safe_integer_max || value->integer < -safe_integer_max)
            put_quoted(to, value);
        else
            value_text(value, to);
        break;
    case AYNI_CONTROL_TEXT:
        put_string(to, value->bytes);
        break;
    case AYNI_CONTROL_ARRAY:
    case AYNI_CONTROL_OBJECT:
        put_container(to, value);
        break;
    default:
        put_quoted(to, value);
    }
}

void output_json_row(struct ayni_buffer *to, const struct ayni_control_value *columns,
                     const struct ayni_control_value *row)
{
    struct ayni_control_cursor names = ayni_control_cursor(columns);
    struct ayni_control_cursor cells = ayni_control_cursor(row);
    struct ayni_control_value name, cell;
    bool first = true;

    ayni_buffer_append_byte(to, '{');
    while (ayni_control_next(&names, NULL, &name) && ayni_control_next(&cells, NULL, &cell)) {
        if (cell.kind == AYNI_CONTROL_NULL || name.kind != AYNI_CONTROL_TEXT)
            continue;
        if (!first)
            ayni_buffer_append_byte(to, ',');
        first = false;
        put_string(to, name.bytes);
        ayni_buffer_append_byte(to, ':');
        output_json_value(to, &cell);
    }
    ayni_buffer_append_byte(to, '}');
}

static void put_member(struct ayni_buffer *to, const char *key, const char *text)
{
    put_string(to, ayni_bytes_of_text(key));
    ayni_buffer_append_byte(to, ':');
    put_string(to, ayni_bytes_of_text(text));
}

void output_json_failure(FILE *to, const struct failure *failure)
{
    SCOPED_BUFFER text = { 0 };

    ayni_buffer_append_text(&text, "{\"error\":{");
    put_member(&text, "code", failure->code);
    ayni_buffer_append_byte(&text, ',');
    put_member(&text, "message", failure->text);
    ayni_buffer_append_byte(&text, ',');
    put_member(&text, "hint", failure->hint);
    ayni_buffer_append_text(&text, "}}\n");
    fwrite(text.data, 1, text.size, to);
}
