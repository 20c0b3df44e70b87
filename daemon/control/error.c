#include "daemon/control/error.h"

#include "proto/text.h"

/* What is said of a failure that nobody put into words. */
static const char *words_of(enum ayni_status status)
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

/* A text that comes from outside (a user name, a path) may be no UTF-8. */
static const char *printable(const char *text)
{
    return ayni_text_valid(ayni_bytes_of_text(text)) ? text : "?";
}

static void put_words(struct ayni_control_writer *to, const char *text_key, const char *text,
                      const char *args_key, const char args[][COMPLAINT_ARG_SIZE], size_t arg_count)
{
    ayni_control_put_text(to, text_key, printable(text));
    ayni_control_open_array(to, args_key);
    for (size_t i = 0; i < arg_count; i++)
        ayni_control_put_text(to, NULL, printable(args[i]));
    ayni_control_close(to);
}

void control_words_put(struct ayni_control_writer *to, const struct complaint *complaint)
{
    put_words(to, "text", complaint->text, "args", complaint->args, complaint->arg_count);
    if (complaint->hint != NULL)
        put_words(to, "hint", complaint->hint, "hint_args", complaint->hint_args,
                  complaint->hint_arg_count);
}

void control_error_put(struct ayni_control_writer *to, enum ayni_status status,
                       const struct complaint *complaint)
{
    const char *code = complaint->code[0] != 0 ? complaint->code : ayni_status_name(status);
    struct complaint said = *complaint;

    if (said.text == NULL)
        said.text = words_of(status);
    ayni_control_open_object(to, NULL);
    ayni_control_put_text(to, "code", code);
    control_words_put(to, &said);
    ayni_control_close(to);
}

void control_warnings_put(struct ayni_control_writer *to, const struct complaints *warnings)
{
    if (warnings->count == 0)
        return;
    ayni_control_open_array(to, "warnings");
    for (size_t i = 0; i < warnings->count; i++)
        control_error_put(to, AYNI_OK, &warnings->list[i]);
    ayni_control_close(to);
}
