#ifndef AYNI_CLI_HELP_H
#define AYNI_CLI_HELP_H

#include "cli/commands.h"

/* All commands in their groups, a line each. */
void help_print_all(FILE *to);
/* One command: how it is called, what it does, its parameters, examples, and its sisters. */
void help_print(const struct command *command, FILE *to);
/* Those whose names begin with this word, a line each; false, and nothing, where none does. */
bool help_print_sisters(const char *word, FILE *to);
/* One command, or all of them for NULL, on standard output: through a pager on a terminal. */
void help_show(const struct command *command);
/* The table for tests and completion: "command<TAB>--option ..." a line, those with a value with a
 * = at the end. */
void help_dump(FILE *to);

#endif
