#include "cli/arguments.h"
#include "cli/help.h"

/* `ayni help`, `ayni help member add`: the words of a command's name, or the first of several. */
enum ayni_status cmd_help(const struct settings *settings, const struct arguments *arguments,
                          struct failure *failure)
{
    char first[64], second[64];
    char *words[] = { first, second };
    const struct command *command;
    int used;

    (void)settings;
    if (arguments_value(arguments, "command") == NULL) {
        help_show(NULL);
        return AYNI_OK;
    }
    const char *more = arguments_value(arguments, "second");
    snprintf(first, sizeof(first), "%s", arguments_value(arguments, "command"));
    snprintf(second, sizeof(second), "%s", more != NULL ? more : "");
    enum ayni_status status = command_find(words, more != NULL ? 2 : 1, &command, &used, failure);
    if (status == AYNI_OK)
        help_show(command);
    else if (more == NULL && help_print_sisters(first, stdout))
        return AYNI_OK;
    return status;
}
