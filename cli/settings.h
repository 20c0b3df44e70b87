#ifndef AYNI_CLI_SETTINGS_H
#define AYNI_CLI_SETTINGS_H

#include <limits.h>

#include "cli/failure.h"

/* What is said of the command as a whole: by options, else by AYNI_HOME, AYNI_NODE and AYNI_LANG,
 * else by default. */
struct settings {
    const char *home;     /* NULL: by XDG */
    const char *node;     /* NULL: the daemon of home */
    const char *language; /* "es" or "en" */
    bool json;
};

/* What the environment says, for options to go over. */
void settings_init(struct settings *settings);
/* The folder of keys and store. AYNI_E_USAGE where nothing says where that is. */
AYNI_CHECKED enum ayni_status settings_home(const struct settings *settings, char home[PATH_MAX],
                                            struct failure *failure);
/* The control socket to connect to. AYNI_E_USAGE for endpoints of other kinds than a Unix socket.
 */
AYNI_CHECKED enum ayni_status settings_socket(const struct settings *settings, char path[PATH_MAX],
                                              struct failure *failure);

#endif
