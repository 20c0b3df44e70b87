#include "cli/ask.h"

/* One record answers with one object; --prefer, which settles many, with a list. */
enum ayni_status cmd_resolve(const struct settings *settings, const struct arguments *arguments,
                             struct failure *failure)
{
    struct command many = *arguments->command;
    struct arguments asked = *arguments;

    if (arguments_value(arguments, "prefer") == NULL)
        return ask_and_print(settings, arguments, failure);
    many.form = OUTPUT_MANY;
    asked.command = &many;
    return ask_and_print(settings, &asked, failure);
}
