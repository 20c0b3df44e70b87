#include "proto/reason.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/text.h"

void ayni_reason_set(struct ayni_reason *reason, const char *code, const char *message)
{
    reason->code = code;
    reason->message = message;
    reason->arg_count = 0;
}

void ayni_reason_arg(struct ayni_reason *reason, struct ayni_bytes value)
{
    if (reason->arg_count == AYNI_REASON_ARGS_MAX)
        return;
    char *arg = reason->args[reason->arg_count++];
    (void)ayni_text_copy(value, arg, AYNI_REASON_ARG_SIZE);
    for (; *arg != '\0'; arg++)
        if ((unsigned char)*arg < 0x20 || *arg == 0x7f)
            *arg = '?';
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
