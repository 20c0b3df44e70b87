#ifndef AYNI_CLI_HELP_H
#define AYNI_CLI_HELP_H

#include "cli/commands.h"

/* All commands, group by group, a line each. */
void help_print_all(FILE *to);
/* One command: how it is called, what it does, its parameters, an example. */
void help_print(const struct command *command, FILE *to);
/* The table for tests and completion: "command<TAB>--option ..." a line, those with a value with a
 * = at the end. */
void help_dump(FILE *to);

#endif
