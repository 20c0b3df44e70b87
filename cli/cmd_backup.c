#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/language.h"

/* The daemon has a working folder of its own. */
static enum ayni_status make_absolute(const char *given, char path[PATH_MAX],
                                      struct failure *failure)
{
    char here[PATH_MAX] = "";

    if (given[0] != '/' && getcwd(here, sizeof(here)) == NULL)
        return fail(failure, AYNI_E_IO, "{}", strerror(errno), NULL);
    if (snprintf(path, PATH_MAX, "%s%s%s", here, given[0] == '/' ? "" : "/", given) >= PATH_MAX)
        return fail(failure, AYNI_E_USAGE, _("the path is too long"), NULL);
    return AYNI_OK;
}

enum ayni_status cmd_backup(const struct settings *settings, const struct arguments *arguments,
                            struct failure *failure)
{
    char folder[PATH_MAX];
    struct arguments absolute = *arguments;
    enum ayni_status status = make_absolute(arguments->values[0], folder, failure);

    if (status != AYNI_OK)
        return status;
    absolute.values[0] = folder;
    return ask_and_print(settings, &absolute, failure);
}
