#include "cli/words.h"

#include <time.h>

#include "cli/labels.h"
#include "cli/language.h"
#include "cli/value.h"
#include "cli/visible.h"

/* How much of an unknown node's id stands in a table: enough to be unique, and to be typed. */
enum { NODE_SHORT_SIZE = 12, KEY_SIZE = 64 };

static void put_moment(int64_t seconds, struct ayni_buffer *to)
{
    time_t when = (time_t)seconds;
    struct tm parts;
    char text[64];

    if (localtime_r(&when, &parts) != NULL &&
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts) > 0)
        ayni_buffer_append_text(to, text);
}

static void put_node(const struct names *names, const struct ayni_node *node,
                     struct ayni_buffer *to)
{
    const char *name = names_find(names, node);
    char text[AYNI_NODE_TEXT_SIZE];

    if (name != NULL) {
        visible_put(ayni_bytes_of_text(name), "", to);
        return;
    }
    ayni_node_text(node, text);
    ayni_buffer_append(to, text, NODE_SHORT_SIZE);
}

static void put_size(int64_t size, struct ayni_buffer *to)
{
    static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
    double scaled = (double)size;
    size_t unit = 0;
    char text[32];

    while (scaled >= 1000 && unit + 1 < sizeof(units) / sizeof(units[0])) {
        scaled /= 1000;
        unit++;
    }
    snprintf(text, sizeof(text), unit > 0 && scaled < 100 ? "%.1f %s" : "%.0f %s", scaled,
             units[unit]);
    ayni_buffer_append_text(to, text);
}

static void put_list(const struct names *names, const char *list_key,
                     const struct ayni_control_value *list, struct ayni_buffer *to)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(list);
    struct ayni_control_value element;
    struct ayni_bytes key;
    char name[KEY_SIZE];

    for (bool first = true; ayni_control_next(&cursor, &key, &element); first = false) {
        if (!first)
            ayni_buffer_append_text(to, ", ");
        if (cursor.is_object) {
            snprintf(name, sizeof(name), "%.*s", (int)key.size, (const char *)key.data);
            visible_put(key, "", to);
            ayni_buffer_append_text(to, "=");
        }
        words_put(names, cursor.is_object ? name : list_key, &element, to);
    }
}

/* Words that mean something in a place of their own are said in the language of whoever reads. */
static void put_text(const char *key, const struct ayni_control_value *value,
                     struct ayni_buffer *to)
{
    const char *label = label_of_word(key, value->bytes);

    if (label != NULL)
        ayni_buffer_append_text(to, label);
    else
        visible_put(value->bytes, "", to);
}

void words_put(const struct names *names, const char *key, const struct ayni_control_value *value,
               struct ayni_buffer *to)
{
    switch (value->kind) {
    case AYNI_CONTROL_BOOL:
        ayni_buffer_append_text(to, value->boolean ? _("yes") : _("no"));
        break;
    case AYNI_CONTROL_INT:
        if (key != NULL && label_is_size(key))
            put_size(value->integer, to);
        else
            value_text(value, to);
        break;
    case AYNI_CONTROL_INSTANT:
        put_moment(value->integer / 1000, to);
        break;
    case AYNI_CONTROL_TIME:
        put_moment(value->integer, to);
        break;
    case AYNI_CONTROL_NODE:
        put_node(names, &value->node, to);
        break;
    case AYNI_CONTROL_ARRAY:
    case AYNI_CONTROL_OBJECT:
        put_list(names, key, value, to);
        break;
    case AYNI_CONTROL_TEXT:
        put_text(key, value, to);
        break;
    default:
        value_text(value, to);
    }
}
