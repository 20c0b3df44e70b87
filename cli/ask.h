#ifndef AYNI_CLI_ASK_H
#define AYNI_CLI_ASK_H

#include "cli/arguments.h"
#include "cli/client.h"

/* Most commands: the request that the table names, with the arguments given, answered to `sink`. */
AYNI_CHECKED enum ayni_status ask_to(const struct settings *settings,
                                     const struct arguments *arguments,
                                     const struct client_sink *sink, struct failure *failure);
/* The same, printed as the table says. */
command_run ask_and_print;

#endif
