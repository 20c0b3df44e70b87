#include "cli/wording.h"

#include <string.h>

#include "cli/language.h"
#include "proto/control_writer.h"

static bool has_array(const struct ayni_control_value *object, const char *key)
{
    struct ayni_control_value value;

    return ayni_control_find(object, key, &value) && value.kind == AYNI_CONTROL_ARRAY;
}

static bool has_words(const struct ayni_control_value *object)
{
    return has_array(object, "args");
}

bool wording_is_needed(const struct ayni_control_value *object)
{
    return has_words(object) || has_array(object, "warnings");
}

static void put_warning(struct ayni_control_writer *to, const struct failure *words)
{
    ayni_control_open_object(to, NULL);
    ayni_control_put_text(to, "code", words->code);
    ayni_control_put_text(to, "message", words->text);
    ayni_control_put_text(to, "hint", words->hint);
    ayni_control_close(to);
}

static void say_warning(const struct failure *words)
{
    fprintf(stderr, "ayni: %s", _("warning"));
    failure_say(": ", words);
}

/* All of them; `to` is NULL where they are said alone. */
static void take_warnings(const struct ayni_control_value *warnings, struct ayni_control_writer *to)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(warnings);
    struct ayni_control_value warning;

    if (to != NULL)
        ayni_control_open_array(to, "warnings");
    while (ayni_control_next(&cursor, NULL, &warning)) {
        struct failure words;
        (void)fail_by_daemon(&words, AYNI_OK, &warning);
        say_warning(&words);
        if (to != NULL)
            put_warning(to, &words);
    }
    if (to != NULL)
        ayni_control_close(to);
}

bool wording_say_alone(const struct ayni_control_value *object)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(object);
    struct ayni_control_value warnings, other;
    struct ayni_bytes key;

    if (object->kind != AYNI_CONTROL_OBJECT || !ayni_control_next(&cursor, &key, &warnings) ||
        !ayni_bytes_equal(key, ayni_bytes_of_text("warnings")) ||
        warnings.kind != AYNI_CONTROL_ARRAY || ayni_control_next(&cursor, &key, &other))
        return false;
    take_warnings(&warnings, NULL);
    return true;
}

/* One member of an object that has words: they stand where the English ones stood. */
static void put_member(struct ayni_control_writer *to, const char *name,
                       const struct ayni_control_value *value, const struct failure *words)
{
    if (strcmp(name, "args") == 0 || strcmp(name, "hint_args") == 0)
        return;
    if (strcmp(name, "text") == 0)
        ayni_control_put_text(to, "message", words->text);
    else if (strcmp(name, "hint") == 0)
        ayni_control_put_text(to, "hint", words->hint);
    else
        ayni_control_put_value(to, name, value);
}

enum ayni_status wording_put(const struct ayni_control_value *object, bool json,
                             struct ayni_buffer *to, struct failure *failure)
{
    struct ayni_control_writer writer = ayni_control_writer(to);
    struct ayni_control_cursor cursor = ayni_control_cursor(object);
    struct ayni_control_value value;
    struct failure words = { 0 };
    char name[64];

    if (has_words(object))
        (void)fail_by_daemon(&words, AYNI_OK, object);
    ayni_control_open_object(&writer, NULL);
    for (struct ayni_bytes key; ayni_control_next(&cursor, &key, &value);) {
        snprintf(name, sizeof(name), "%.*s", (int)key.size, (const char *)key.data);
        if (strcmp(name, "warnings") == 0 && value.kind == AYNI_CONTROL_ARRAY)
            take_warnings(&value, json ? &writer : NULL);
        else if (has_words(object))
            put_member(&writer, name, &value, &words);
        else
            ayni_control_put_value(&writer, name, &value);
    }
    ayni_control_close(&writer);
    return to->failed ? fail_memory(failure) : AYNI_OK;
}
