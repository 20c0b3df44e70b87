#include "cli/settings.h"

#include <stdlib.h>
#include <string.h>

#include "cli/language.h"

/* A variable that is set and not empty, or NULL. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

void settings_init(struct settings *settings)
{
    *settings = (struct settings){
        .home = variable("AYNI_HOME"),
        .node = variable("AYNI_NODE"),
        .language = language_choose(variable("AYNI_LANG")),
    };
}

/* Joins what is there; the rest of a failure is the caller's. */
static enum ayni_status join(char path[PATH_MAX], const char *folder, const char *name,
                             struct failure *failure)
{
    int size = snprintf(path, PATH_MAX, "%s%s", folder, name);
    if (size < 0 || size >= PATH_MAX)
        return fail(failure, AYNI_E_USAGE, _("the path {} is too long"), folder, NULL);
    return AYNI_OK;
}

enum ayni_status settings_home(const struct settings *settings, char home[PATH_MAX],
                               struct failure *failure)
{
    if (settings->home != NULL)
        return join(home, settings->home, "", failure);
    if (variable("XDG_DATA_HOME") != NULL)
        return join(home, variable("XDG_DATA_HOME"), "/ayni", failure);
    if (variable("HOME") != NULL)
        return join(home, variable("HOME"), "/.local/share/ayni", failure);
    fail(failure, AYNI_E_USAGE, _("nothing says where the home of the node is"), NULL);
    fail_hint(failure, _("give --home DIR or set AYNI_HOME"), NULL);
    return AYNI_E_USAGE;
}

enum ayni_status settings_socket(const struct settings *settings, char path[PATH_MAX],
                                 struct failure *failure)
{
    static const char ipc[] = "ipc://";
    char home[PATH_MAX];

    if (settings->node == NULL) {
        enum ayni_status status = settings_home(settings, home, failure);
        return status == AYNI_OK ? join(path, home, "/control.sock", failure) : status;
    }
    if (strncmp(settings->node, ipc, strlen(ipc)) == 0)
        return join(path, settings->node + strlen(ipc), "", failure);
    if (strstr(settings->node, "://") == NULL && strchr(settings->node, '/') != NULL)
        return join(path, settings->node, "", failure);
    fail(failure, AYNI_E_USAGE, _("{} is no endpoint that a command can connect to"),
         settings->node, NULL);
    fail_hint(failure, _("give the control socket of a daemon: ipc:///var/lib/ayni/control.sock"),
              NULL);
    return AYNI_E_USAGE;
}
