#ifndef AYNI_CLI_ARGUMENTS_H
#define AYNI_CLI_ARGUMENTS_H

#include "cli/commands.h"

enum { ARGUMENTS_MAX = 16 };

/* What was given to a command, checked against its parameters. All is borrowed from argv. */
struct arguments {
    const struct command *command;
    const char
        *values[ARGUMENTS_MAX]; /* by the index of the parameter; NULL: not given; a flag is "" */
    char *const *rest;          /* FIELD=VALUE and the like */
    size_t rest_count;
};

/*
 * The words behind the command's name. Global options may stand among them
 * and go into `settings`; `*help` says that --help was among them.
 * AYNI_E_USAGE for what the table doesn't know, with the nearest name.
 */
AYNI_CHECKED enum ayni_status arguments_parse(const struct command *command, int argc, char **argv,
                                              struct settings *settings, bool *help,
                                              struct arguments *arguments, struct failure *failure);
/* The global options before the command; `*used` is how many words they took. */
AYNI_CHECKED enum ayni_status arguments_parse_global(int argc, char **argv,
                                                     struct settings *settings, bool *help,
                                                     bool *version, int *used,
                                                     struct failure *failure);

/* The value of a parameter by name, or NULL. */
const char *arguments_value(const struct arguments *arguments, const char *name);

#endif
