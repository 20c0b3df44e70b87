#ifndef AYNI_CLI_ASK_H
#define AYNI_CLI_ASK_H

#include "cli/arguments.h"
#include "cli/output.h"

/* Most commands: the request that the table names, with the arguments given, answered to `sink`. */
AYNI_CHECKED enum ayni_status ask_to(const struct settings *settings,
                                     const struct arguments *arguments,
                                     const struct client_sink *sink, struct failure *failure);
/* The same with an output as the sink; for people, the names of members are asked for first. */
AYNI_CHECKED enum ayni_status ask_for(struct output *output, const struct arguments *arguments,
                                      struct failure *failure);
/* The same, to another sink that prints into the output. */
AYNI_CHECKED enum ayni_status ask_for_sink(struct output *output, const struct arguments *arguments,
                                           const struct client_sink *sink, struct failure *failure);
/* The same, printed as the table says. */
command_run ask_and_print;
/* The same of an answer that is one object, which people see by `show`. */
AYNI_CHECKED enum ayni_status
ask_and_show(const struct settings *settings, const struct arguments *arguments,
             void (*show)(const struct people *people, const struct ayni_control_value *object),
             struct failure *failure);

#endif
