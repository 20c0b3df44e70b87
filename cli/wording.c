#include "cli/wording.h"

#include <string.h>

#include "cli/language.h"
#include "proto/control_writer.h"

/* Objects in lists in objects: a peer in the list of a status has words. */
enum { DEPTH_MAX = 4 };

static bool has_array(const struct ayni_control_value *object, const char *key)
{
    struct ayni_control_value value;

    return ayni_control_find(object, key, &value) && value.kind == AYNI_CONTROL_ARRAY;
}

static bool has_words(const struct ayni_control_value *object)
{
    return has_array(object, "args");
}

/* Of what is inside of it, too. */
static bool has_words_within(const struct ayni_control_value *value, unsigned depth)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(value);
    struct ayni_control_value inner;

    if (value->kind == AYNI_CONTROL_OBJECT && has_words(value))
        return true;
    while (depth > 0 && ayni_control_next(&cursor, NULL, &inner))
        if ((inner.kind == AYNI_CONTROL_OBJECT || inner.kind == AYNI_CONTROL_ARRAY) &&
            has_words_within(&inner, depth - 1))
            return true;
    return false;
}

bool wording_is_needed(const struct ayni_control_value *object)
{
    return has_words_within(object, DEPTH_MAX) || has_array(object, "warnings");
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

static void put_object(struct ayni_control_writer *to, const char *key,
                       const struct ayni_control_value *object, unsigned depth);

static void put_inner(struct ayni_control_writer *to, const char *key,
                      const struct ayni_control_value *value, unsigned depth)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(value);
    struct ayni_control_value inner;

    if (depth > 0 && value->kind == AYNI_CONTROL_OBJECT) {
        put_object(to, key, value, depth - 1);
    } else if (depth > 0 && value->kind == AYNI_CONTROL_ARRAY) {
        ayni_control_open_array(to, key);
        while (ayni_control_next(&cursor, NULL, &inner))
            put_inner(to, NULL, &inner, depth - 1);
        ayni_control_close(to);
    } else {
        ayni_control_put_value(to, key, value);
    }
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

static void put_members(struct ayni_control_writer *to, const struct ayni_control_value *object,
                        bool json, unsigned depth)
{
    struct ayni_control_cursor cursor = ayni_control_cursor(object);
    struct ayni_control_value value;
    struct failure words = { 0 };
    char name[64];

    if (has_words(object))
        (void)fail_by_daemon(&words, AYNI_OK, object);
    for (struct ayni_bytes key; ayni_control_next(&cursor, &key, &value);) {
        snprintf(name, sizeof(name), "%.*s", (int)key.size, (const char *)key.data);
        if (depth == DEPTH_MAX && strcmp(name, "warnings") == 0 && value.kind == AYNI_CONTROL_ARRAY)
            take_warnings(&value, json ? to : NULL);
        else if (has_words(object))
            put_member(to, name, &value, &words);
        else
            put_inner(to, name, &value, depth);
    }
}

static void put_object(struct ayni_control_writer *to, const char *key,
                       const struct ayni_control_value *object, unsigned depth)
{
    ayni_control_open_object(to, key);
    put_members(to, object, false, depth);
    ayni_control_close(to);
}

enum ayni_status wording_put(const struct ayni_control_value *object, bool json,
                             struct ayni_buffer *to, struct failure *failure)
{
    struct ayni_control_writer writer = ayni_control_writer(to);

    ayni_control_open_object(&writer, NULL);
    put_members(&writer, object, json, DEPTH_MAX);
    ayni_control_close(&writer);
    return to->failed ? fail_memory(failure) : AYNI_OK;
}
