#include "proto/reason.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void ayni_reason_set(struct ayni_reason *reason, const char *code, const char *message)
{
    reason->code = code;
    reason->message = message;
    reason->arg_count = 0;
}

/* The most of `value` that fits, never half of a character. */
static size_t fitting_size(struct ayni_bytes value)
{
    size_t size = value.size;

    if (size < AYNI_REASON_ARG_SIZE)
        return size;
    size = AYNI_REASON_ARG_SIZE - 1;
    while (size > 0 && (value.data[size] & 0xc0) == 0x80)
        size--;
    return size;
}

void ayni_reason_arg(struct ayni_reason *reason, struct ayni_bytes value)
{
    if (reason->arg_count == AYNI_REASON_ARGS_MAX)
        return;
    char *arg = reason->args[reason->arg_count++];
    size_t size = fitting_size(value);
    for (size_t i = 0; i < size; i++)
        arg[i] = value.data[i] < 0x20 || value.data[i] == 0x7f ? '?' : (char)value.data[i];
    arg[size] = '\0';
}

void ayni_reason_arg_text(struct ayni_reason *reason, const char *value)
{
    ayni_reason_arg(reason, ayni_bytes_of_text(value));
}

void ayni_reason_arg_int(struct ayni_reason *reason, int64_t value)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRId64, value);
    ayni_reason_arg_text(reason, text);
}

enum ayni_status ayni_reason_refuse(struct ayni_reason *reason, const char *code,
                                    const char *message, struct ayni_bytes value)
{
    ayni_reason_set(reason, code, message);
    ayni_reason_arg(reason, value);
    return AYNI_E_INVALID;
}

void ayni_reason_format(const struct ayni_reason *reason, const char *message,
                        struct ayni_buffer *to)
{
    size_t next = 0;

    for (const char *place; (place = strstr(message, "{}")) != NULL; message = place + 2) {
        ayni_buffer_append(to, message, (size_t)(place - message));
        if (next < reason->arg_count)
            ayni_buffer_append_text(to, reason->args[next++]);
    }
    ayni_buffer_append_text(to, message);
}
