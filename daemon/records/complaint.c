#include "daemon/records/complaint.h"

#include <string.h>

#include "proto/text.h"

struct complaint_word complaint_word(struct ayni_bytes text)
{
    struct complaint_word word = { { 0 } };

    (void)ayni_text_copy(text, word.text, sizeof(word.text));
    return word;
}

static size_t take_args(char args[][COMPLAINT_ARG_SIZE], va_list list)
{
    size_t count = 0;
    const char *arg;

    while (count < COMPLAINT_ARGS_MAX && (arg = va_arg(list, const char *)) != NULL) {
        struct complaint_word word = complaint_word(ayni_bytes_of_text(arg));
        memcpy(args[count++], word.text, sizeof(word.text));
    }
    return count;
}

void complain_list(struct complaint *complaint, const char *text, va_list list)
{
    if (complaint->text != NULL)
        return;
    complaint->text = text;
    complaint->arg_count = take_args(complaint->args, list);
}

enum ayni_status complain(struct complaint *complaint, enum ayni_status status, const char *text,
                          ...)
{
    va_list list;

    va_start(list, text);
    complain_list(complaint, text, list);
    va_end(list);
    return status;
}

enum ayni_status complain_why(struct complaint *complaint, enum ayni_status status,
                              const struct ayni_reason *reason)
{
    const char *args[AYNI_REASON_ARGS_MAX + 1] = { NULL };

    for (size_t i = 0; i < reason->arg_count; i++)
        args[i] = reason->args[i];
    complain_code(complaint, reason->code);
    return complain(complaint, status, reason->message, args[0], args[1], args[2], NULL);
}

void complain_code(struct complaint *complaint, const char *code)
{
    struct complaint_word word = complaint_word(ayni_bytes_of_text(code));

    if (complaint->text != NULL)
        return;
    memcpy(complaint->code, word.text, sizeof(complaint->code) - 1);
    complaint->code[sizeof(complaint->code) - 1] = '\0';
}

struct complaint *complaints_add(struct complaints *complaints)
{
    if (complaints->count == COMPLAINTS_MAX)
        return NULL;
    struct complaint *added = &complaints->list[complaints->count++];
    *added = (struct complaint){ 0 };
    return added;
}

void complain_hint_list(struct complaint *complaint, const char *text, va_list list)
{
    if (complaint->hint != NULL)
        return;
    complaint->hint = text;
    complaint->hint_arg_count = take_args(complaint->hint_args, list);
}

void complain_hint(struct complaint *complaint, const char *text, ...)
{
    va_list list;

    va_start(list, text);
    complain_hint_list(complaint, text, list);
    va_end(list);
}
