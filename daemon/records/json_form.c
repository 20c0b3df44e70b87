#include "daemon/records/json_form.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 16, PLACE_SIZE = 120 };

static json_t *value_of(const struct json_at *at)
{
    return at->form->status == AYNI_OK ? at->value : NULL;
}

void json_form_open(struct json_form *form, struct ayni_bytes text)
{
    json_error_t error;

    *form = (struct json_form){ 0 };
    form->root = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, &error);
    if (form->root == NULL) {
        form->status = AYNI_E_INVALID;
        snprintf(form->error, sizeof(form->error), "line %d, column %d: %s", error.line,
                 error.column, error.text);
    }
}

void json_form_close(struct json_form *form)
{
    json_decref(form->root);
    form->root = NULL;
}

struct json_at json_form_root(struct json_form *form)
{
    return (struct json_at){ .form = form, .value = form->root };
}

static struct json_at child(const struct json_at *parent, json_t *value, const char *key,
                            size_t index)
{
    return (struct json_at){
        .form = parent->form, .value = value, .parent = parent, .key = key, .index = index
    };
}

/* What a person would call the place: types[3].fields[2] (birth_date).min */
static void append_place(const struct json_at *at, char place[PLACE_SIZE])
{
    const struct json_at *path[DEPTH_MAX];
    size_t depth = 0, used = 0;

    for (; at->parent != NULL && depth < DEPTH_MAX; at = at->parent)
        path[depth++] = at;
    place[0] = '\0';
    while (depth > 0 && used < PLACE_SIZE) {
        const struct json_at *step = path[--depth];
        const json_t *name = step->key != NULL ? NULL : json_object_get(step->value, "name");
        int added;
        if (step->key != NULL)
            added =
                snprintf(place + used, PLACE_SIZE - used, "%s%s", used > 0 ? "." : "", step->key);
        else if (json_is_string(name))
            added = snprintf(place + used, PLACE_SIZE - used, "[%zu] (%s)", step->index,
                             json_string_value(name));
        else
            added = snprintf(place + used, PLACE_SIZE - used, "[%zu]", step->index);
        used += added > 0 ? (size_t)added : 0;
    }
}

void json_form_fail(const struct json_at *at, const char *format, ...)
{
    char place[PLACE_SIZE], what[JSON_ERROR_SIZE - PLACE_SIZE];
    va_list list;

    if (at->form->status != AYNI_OK)
        return;
    va_start(list, format);
    vsnprintf(what, sizeof(what), format, list);
    va_end(list);
    append_place(at, place);
    at->form->status = AYNI_E_INVALID;
    snprintf(at->form->error, sizeof(at->form->error), "%s%s%s", place, place[0] ? ": " : "", what);
}

bool json_form_given(const struct json_at *at)
{
    return value_of(at) != NULL;
}

bool json_form_is_null(const struct json_at *at)
{
    return json_is_null(value_of(at));
}

bool json_form_is_text(const struct json_at *at)
{
    return json_is_string(value_of(at));
}

bool json_form_is_object(const struct json_at *at)
{
    const json_t *value = value_of(at);

    return value != NULL && json_typeof(value) == JSON_OBJECT;
}

struct json_at json_form_member(const struct json_at *object, const char *key)
{
    json_t *value = value_of(object);

    if (value != NULL && json_typeof(value) != JSON_OBJECT)
        json_form_fail(object, "an object is expected");
    void *member = json_object_iter_at(value, key);
    if (member == NULL)
        return child(object, NULL, key, 0);
    return child(object, json_object_iter_value(member), json_object_iter_key(member), 0);
}

struct json_at json_form_required(const struct json_at *object, const char *key)
{
    struct json_at member = json_form_member(object, key);

    if (member.value == NULL)
        json_form_fail(object, "\"%s\" is missing", key);
    return member;
}

static bool is_among(const char *key, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        if (strcmp(key, *keys) == 0)
            return true;
    }
    return false;
}

void json_form_only(const struct json_at *object, const char *const *keys)
{
    struct json_at member;

    for (void *cursor = NULL; json_form_next(object, &cursor, &member);) {
        if (!is_among(member.key, keys))
            json_form_fail(object, "\"%s\" is not known here", member.key);
    }
}

size_t json_form_count(const struct json_at *at)
{
    const json_t *value = value_of(at);

    if (value == NULL)
        return 0;
    if (json_typeof(value) == JSON_OBJECT)
        return json_object_size(value);
    if (json_typeof(value) != JSON_ARRAY)
        json_form_fail(at, "a list is expected");
    return json_array_size(value);
}

struct json_at json_form_item(const struct json_at *array, size_t index)
{
    return child(array, json_array_get(value_of(array), index), NULL, index);
}

bool json_form_next(const struct json_at *object, void **cursor, struct json_at *member)
{
    json_t *value = value_of(object);

    if (value != NULL && json_typeof(value) != JSON_OBJECT)
        json_form_fail(object, "an object is expected");
    *cursor = *cursor == NULL ? json_object_iter(value) : json_object_iter_next(value, *cursor);
    if (*cursor == NULL)
        return false;
    *member = child(object, json_object_iter_value(*cursor), json_object_iter_key(*cursor), 0);
    return true;
}

struct ayni_bytes json_form_text(const struct json_at *at)
{
    const json_t *value = value_of(at);

    if (value == NULL)
        return (struct ayni_bytes){ (const uint8_t *)"", 0 };
    if (!json_is_string(value))
        json_form_fail(at, "a text is expected");
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    return (struct ayni_bytes){ (const uint8_t *)text, json_string_length(value) };
}

int64_t json_form_integer(const struct json_at *at, int64_t least, int64_t most)
{
    const json_t *value = value_of(at);

    if (value == NULL)
        return 0;
    int64_t integer = json_integer_value(value);
    if (!json_is_integer(value) || integer < least || integer > most) {
        json_form_fail(at, "a whole number from %" PRId64 " to %" PRId64 " is expected", least,
                       most);
        return 0;
    }
    return integer;
}

bool json_form_flag(const struct json_at *at)
{
    const json_t *value = value_of(at);

    if (value != NULL && !json_is_boolean(value))
        json_form_fail(at, "true or false is expected");
    return json_is_true(value);
}

void json_form_append(const struct json_at *at, struct ayni_buffer *to)
{
    json_t *value = value_of(at);
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    size_t size = value == NULL ? 0 : json_dumpb(value, NULL, 0, flags);
    uint8_t *room = size == 0 ? NULL : ayni_buffer_extend(to, size);

    if (room != NULL && json_dumpb(value, (char *)room, size, flags) != size)
        to->failed = true;
}
