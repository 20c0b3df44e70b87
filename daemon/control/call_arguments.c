/* The arguments of a request. What they hold is the client's. */
#include "daemon/control/call_private.h"

#include <string.h>

static enum ayni_status wrong_type(struct control_call *call, const char *name, const char *wanted)
{
    return call_fail(call, AYNI_E_USAGE, N_("the argument {} must be {}"), name, wanted, NULL);
}

static enum ayni_status missing(struct control_call *call, const char *name)
{
    return call_fail(call, AYNI_E_USAGE, N_("the argument {} is missing"), name, NULL);
}

/* A text value as a C string that the call keeps; NULL where it is none or has a NUL in it. */
static const char *keep_text(struct control_call *call, const struct ayni_control_value *value)
{
    if (value->kind != AYNI_CONTROL_TEXT)
        return NULL;
    if (value->bytes.size > 0 && memchr(value->bytes.data, '\0', value->bytes.size) != NULL)
        return NULL;
    char *text = call_keep(call, value->bytes.size + 1);
    if (text == NULL)
        return NULL;
    if (value->bytes.size > 0)
        memcpy(text, value->bytes.data, value->bytes.size);
    text[value->bytes.size] = '\0';
    return text;
}

bool call_has(const struct control_call *call, const char *name)
{
    struct ayni_control_value value;
    return ayni_control_find(&call->arguments, name, &value);
}

enum ayni_status call_text(struct control_call *call, const char *name, const char **value)
{
    return call_has(call, name) ? call_text_or(call, name, "", value) : missing(call, name);
}

enum ayni_status call_text_or(struct control_call *call, const char *name, const char *fallback,
                              const char **value)
{
    struct ayni_control_value found;

    if (!ayni_control_find(&call->arguments, name, &found)) {
        *value = fallback;
        return AYNI_OK;
    }
    const char *text = keep_text(call, &found);
    if (text == NULL)
        return wrong_type(call, name, "text");
    *value = text;
    return AYNI_OK;
}

enum ayni_status call_int_or(struct control_call *call, const char *name, int64_t fallback,
                             int64_t *value)
{
    struct ayni_control_value found = { .kind = AYNI_CONTROL_INT, .integer = fallback };

    if (ayni_control_find(&call->arguments, name, &found) && found.kind != AYNI_CONTROL_INT)
        return wrong_type(call, name, "a number");
    *value = found.integer;
    return AYNI_OK;
}

enum ayni_status call_flag(struct control_call *call, const char *name, bool *value)
{
    struct ayni_control_value found = { .kind = AYNI_CONTROL_BOOL, .boolean = false };

    if (ayni_control_find(&call->arguments, name, &found) && found.kind != AYNI_CONTROL_BOOL)
        return wrong_type(call, name, "yes or no");
    *value = found.boolean;
    return AYNI_OK;
}

/* A list argument, empty where it is missing. */
static enum ayni_status find_list(struct control_call *call, const char *name,
                                  struct ayni_control_value *list)
{
    *list = (struct ayni_control_value){ .kind = AYNI_CONTROL_ARRAY };
    if (ayni_control_find(&call->arguments, name, list) && list->kind != AYNI_CONTROL_ARRAY)
        return wrong_type(call, name, "a list");
    return AYNI_OK;
}

enum ayni_status call_texts(struct control_call *call, const char *name, const char *const **texts,
                            size_t *count)
{
    struct ayni_control_value list, value;
    enum ayni_status status = find_list(call, name, &list);

    if (status != AYNI_OK)
        return status;
    size_t size = ayni_control_count(&list), used = 0;
    const char **found = call_keep(call, (size + 1) * sizeof(*found));
    if (found == NULL)
        return AYNI_E_MEMORY;
    struct ayni_control_cursor cursor = ayni_control_cursor(&list);
    while (ayni_control_next(&cursor, NULL, &value)) {
        found[used] = keep_text(call, &value);
        if (found[used++] == NULL)
            return wrong_type(call, name, "a list of texts");
    }
    *texts = found;
    *count = used;
    return AYNI_OK;
}

/* One [name, text]. */
static bool read_pair(struct control_call *call, const struct ayni_control_value *from,
                      struct call_pair *pair)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(from);
    struct ayni_control_value name, value;

    if (from->kind != AYNI_CONTROL_ARRAY || ayni_control_count(from) != 2 ||
        !ayni_control_next(&cursor, NULL, &name) || !ayni_control_next(&cursor, NULL, &value))
        return false;
    pair->name = keep_text(call, &name);
    pair->value = keep_text(call, &value);
    return pair->name != NULL && pair->value != NULL;
}

enum ayni_status call_pairs(struct control_call *call, const char *name,
                            const struct call_pair **pairs, size_t *count)
{
    struct ayni_control_value list, value;
    enum ayni_status status = find_list(call, name, &list);

    if (status != AYNI_OK)
        return status;
    size_t size = ayni_control_count(&list), used = 0;
    struct call_pair *found = call_keep(call, (size + 1) * sizeof(*found));
    if (found == NULL)
        return AYNI_E_MEMORY;
    struct ayni_control_cursor cursor = ayni_control_cursor(&list);
    while (ayni_control_next(&cursor, NULL, &value))
        if (!read_pair(call, &value, &found[used++]))
            return wrong_type(call, name, "a list of names and values");
    *pairs = found;
    *count = used;
    return AYNI_OK;
}
