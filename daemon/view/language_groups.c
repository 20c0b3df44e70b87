#include "daemon/view/language_groups.h"
#include "proto/text.h"

#include <stdio.h>
#include <string.h>

static bool copy(struct ayni_bytes text, char *to, size_t size)
{
    return text.size > 0 && ayni_text_copy(text, to, size);
}

/* The place of a code, or the count where it is in no group. */
static size_t find_code(const struct language_groups *groups, const char *code)
{
    size_t at = 0;

    while (at < groups->code_count && strcmp(groups->codes[at].code, code) != 0)
        at++;
    return at;
}

static void read_code(const struct json_at *at, struct language_groups *groups)
{
    struct language_code read = { .group = (uint8_t)groups->count };

    if (groups->code_count == LANGUAGE_CODES_MAX)
        json_form_fail(at, "at most %d languages", LANGUAGE_CODES_MAX);
    else if (!copy(json_form_text(at), read.code, sizeof(read.code)))
        json_form_fail(at, "a language is a code of ISO 639-3");
    else if (find_code(groups, read.code) < groups->code_count)
        json_form_fail(at, "%s is in two groups", read.code);
    else
        groups->codes[groups->code_count++] = read;
}

void language_groups_read(const struct json_at *object, struct language_groups *groups)
{
    struct json_at group;
    void *cursor = NULL;

    if (!json_form_is_object(object))
        json_form_fail(object, "groups are an object, with a list of languages for each");
    while (json_form_next(object, &cursor, &group)) {
        if (groups->count == LANGUAGE_GROUPS_MAX ||
            !copy(ayni_bytes_of_text(group.key), groups->names[groups->count],
                  LANGUAGE_GROUP_SIZE)) {
            json_form_fail(&group, "at most %d groups, with names of up to %d letters",
                           LANGUAGE_GROUPS_MAX, LANGUAGE_GROUP_SIZE - 1);
            return;
        }
        for (size_t i = 0; i < json_form_count(&group); i++) {
            struct json_at code = json_form_item(&group, i);
            read_code(&code, groups);
        }
        groups->count++;
    }
}

const char *language_groups_find(const struct language_groups *groups, const char *code)
{
    if (code[0] == '\0')
        return "unknown";
    if (groups->count == 0)
        return code;
    size_t at = find_code(groups, code);
    return at < groups->code_count ? groups->names[groups->codes[at].group] : "other";
}
