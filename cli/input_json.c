#include "cli/input_json.h"

#include <jansson.h>

bool input_json_text(struct ayni_bytes document, const char *key, struct ayni_buffer *text)
{
    json_t *object = json_loadb((const char *)document.data, document.size, 0, NULL);
    const json_t *value = json_object_get(object, key);
    bool is_text = json_is_string(value);

    if (is_text)
        ayni_buffer_append(text, json_string_value(value), json_string_length(value));
    json_decref(object);
    return is_text;
}
