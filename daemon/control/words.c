#include "daemon/control/words.h"

#include <stdlib.h>
#include <string.h>

void words_done(struct words *words)
{
    free(words->text);
    for (size_t i = 0; i < words->arg_count; i++)
        free(words->args[i]);
    *words = (struct words){0};
}

void words_take(struct words *words, const char *text, va_list args)
{
    if (words->text != NULL)
        return;
    words->text = strdup(text);
    for (const char *arg; (arg = va_arg(args, const char *)) != NULL;)
        if (words->arg_count < WORDS_ARGS_MAX &&
            (words->args[words->arg_count] = strdup(arg)) != NULL)
            words->arg_count++;
}

const char *words_of_status(enum ayni_status status)
{
    switch (status) {
    case AYNI_E_NOT_FOUND:
        return N_("there is no such thing here");
    case AYNI_E_EXISTS:
        return N_("it is already there");
    case AYNI_E_CHANGED:
        return N_("it has changed meanwhile");
    case AYNI_E_RIGHT:
        return N_("there is no right to do this");
    case AYNI_E_INVALID:
    case AYNI_E_MALFORMED:
    case AYNI_E_TRUNCATED:
        return N_("a value is not valid");
    case AYNI_E_USAGE:
        return N_("the request is not understood");
    case AYNI_E_LIMIT:
        return N_("this is larger than what is accepted");
    case AYNI_E_SIGNATURE:
    case AYNI_E_CHAIN:
    case AYNI_E_FORK:
        return N_("it does not verify");
    case AYNI_E_VERSION:
        return N_("it is of another federation or version");
    case AYNI_E_FULL:
        return N_("the disk is full: nothing was written");
    case AYNI_E_BUSY:
        return N_("the daemon is busy; try again");
    case AYNI_E_STOPPED:
        return N_("the daemon is stopping");
    default:
        return N_("the store or the system failed; the daemon's log says more");
    }
}

void words_put(struct ayni_control_writer *to, const char *text_key, const char *args_key,
               const struct words *words)
{
    ayni_control_put_text(to, text_key, words->text);
    ayni_control_open_array(to, args_key);
    for (size_t i = 0; i < words->arg_count; i++)
        ayni_control_put_text(to, NULL, words->args[i]);
    ayni_control_close(to);
}
