#ifndef AYNI_CLI_REQUEST_H
#define AYNI_CLI_REQUEST_H

#include "cli/arguments.h"
#include "proto/control_writer.h"

/*
 * The arguments of a request, into the object that the writer has open: all
 * that the daemon is to get, and the language. docs/protocol.md, section 8.3.
 */
void request_put_arguments(const struct arguments *arguments, const struct settings *settings,
                           struct ayni_control_writer *to);

#endif
