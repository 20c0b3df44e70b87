#ifndef AYNI_CLI_EXAMPLES_H
#define AYNI_CLI_EXAMPLES_H

#include "cli/commands.h"

/*
 * More of what a command is used for than the one example that stands in the
 * table: lines without `ayni`, up to a NULL. None for most.
 */
const char *const *examples_more(const struct command *command);

#endif
