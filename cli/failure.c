#include "cli/failure.h"

#include <stdarg.h>
#include <string.h>

#include "cli/language.h"
#include "cli/output_json.h"
#include "cli/visible.h"

enum exit_code exit_code_of(enum ayni_status status)
{
    switch (status) {
    case AYNI_OK:
        return EXIT_DONE;
    case AYNI_E_NOT_FOUND:
    case AYNI_E_CHANGED:
    case AYNI_E_SIGNATURE:
    case AYNI_E_CHAIN:
    case AYNI_E_FORK:
        return EXIT_NO;
    case AYNI_E_USAGE:
        return EXIT_USAGE;
    case AYNI_E_TRUNCATED:
    case AYNI_E_MALFORMED:
    case AYNI_E_LIMIT:
    case AYNI_E_EXISTS:
    case AYNI_E_RIGHT:
    case AYNI_E_INVALID:
    case AYNI_E_VERSION:
        return EXIT_REFUSED;
    case AYNI_E_STOPPED:
        return EXIT_NO_DAEMON;
    default:
        return EXIT_FAILED;
    }
}

/* Text that grows in a fixed room and is cut at its end, between characters. */
struct room {
    char *to;
    size_t size, used;
};

static void put(struct room *room, struct ayni_bytes text)
{
    size_t fits = room->size - room->used - 1;
    size_t size = text.size < fits ? text.size : fits;

    while (size > 0 && size < text.size && (text.data[size] & 0xC0) == 0x80)
        size--;
    if (size > 0)
        memcpy(room->to + room->used, text.data, size);
    room->used += size;
    room->to[room->used] = '\0';
}

/* The text up to the next place; `*text` moves behind it. False where there is no place any more.
 */
static bool put_up_to_place(struct room *room, const char **text)
{
    const char *place = strstr(*text, "{}");

    if (place == NULL) {
        put(room, ayni_bytes_of_text(*text));
        *text += strlen(*text);
        return false;
    }
    put(room, (struct ayni_bytes){ (const uint8_t *)*text, (size_t)(place - *text) });
    *text = place + 2;
    return true;
}

void fill_places(char *to, size_t size, const char *text, const struct ayni_control_value *args)
{
    struct room room = { to, size, 0 };
    struct ayni_control_cursor cursor = ayni_control_cursor(args);
    struct ayni_control_value value;

    to[0] = '\0';
    while (put_up_to_place(&room, &text))
        if (ayni_control_next(&cursor, NULL, &value) && value.kind == AYNI_CONTROL_TEXT)
            put(&room, value.bytes);
}

static void fill_list(char *to, size_t size, const char *text, va_list args)
{
    struct room room = { to, size, 0 };
    const char *arg = NULL;

    to[0] = '\0';
    for (bool more = true; put_up_to_place(&room, &text);) {
        arg = more ? va_arg(args, const char *) : NULL;
        more = arg != NULL;
        if (more)
            put(&room, ayni_bytes_of_text(arg));
    }
}

enum ayni_status fail(struct failure *failure, enum ayni_status status, const char *text, ...)
{
    va_list args;

    failure->status = status;
    snprintf(failure->code, sizeof(failure->code), "%s", ayni_status_name(status));
    va_start(args, text);
    fill_list(failure->text, sizeof(failure->text), text, args);
    va_end(args);
    return status;
}

void fail_hint(struct failure *failure, const char *text, ...)
{
    va_list args;

    va_start(args, text);
    fill_list(failure->hint, sizeof(failure->hint), text, args);
    va_end(args);
}

enum ayni_status fail_memory(struct failure *failure)
{
    return fail(failure, AYNI_E_MEMORY, _("there is not enough memory"), NULL);
}

/* The text of one key, translated, with its places filled by those of another. */
static void take(const struct ayni_control_value *error, const char *key, const char *args_key,
                 char *to, size_t size)
{
    struct ayni_control_value text, args = { .kind = AYNI_CONTROL_ARRAY };
    char english[1024];

    if (!ayni_control_find(error, key, &text) || text.kind != AYNI_CONTROL_TEXT ||
        text.bytes.size == 0)
        return;
    snprintf(english, sizeof(english), "%.*s", (int)text.bytes.size, (const char *)text.bytes.data);
    ayni_control_find(error, args_key, &args);
    fill_places(to, size, _(english), &args);
}

enum ayni_status fail_by_daemon(struct failure *failure, enum ayni_status status,
                                const struct ayni_control_value *error)
{
    struct ayni_control_value code;

    *failure = (struct failure){ .status = status };
    take(error, "text", "args", failure->text, sizeof(failure->text));
    take(error, "hint", "hint_args", failure->hint, sizeof(failure->hint));
    if (ayni_control_find(error, "code", &code) && code.kind == AYNI_CONTROL_TEXT)
        snprintf(failure->code, sizeof(failure->code), "%.*s", (int)code.bytes.size,
                 (const char *)code.bytes.data);
    return status;
}

static void say_line(const char *before, const char *text)
{
    fputs(before, stderr);
    visible_print(ayni_bytes_of_text(text), stderr);
    fputc('\n', stderr);
}

void failure_say(const char *before, const struct failure *failure)
{
    say_line(before, failure->text);
    if (failure->hint[0] != '\0')
        say_line("      ", failure->hint);
}

void failure_print(const struct failure *failure, bool json)
{
    if (failure->text[0] == '\0')
        return;
    fflush(stdout);
    failure_say("ayni: ", failure);
    if (json && !failure->answered)
        output_json_failure(stdout, failure);
}
