#ifndef AYNI_CLI_VISIBLE_H
#define AYNI_CLI_VISIBLE_H

#include <stdio.h>

#include "proto/bytes.h"

/*
 * Texts that somebody else wrote, on their way to a terminal: characters that command it (C0, DEL,
 * C1) or turn the order of what is read (marks and overrides of bidirectional text, line and
 * paragraph separators) are written out as JSON does, \n and \u001b. What isn't UTF-8 becomes
 * U+FFFD.
 */

/* Appended; those of `kept` are left as they are. */
void visible_put(struct ayni_bytes text, const char *kept, struct ayni_buffer *to);
/* Printed, with line ends and tabs as they are. */
void visible_print(struct ayni_bytes text, FILE *to);

#endif
