#ifndef AYNI_DAEMON_CONTROL_ERROR_H
#define AYNI_DAEMON_CONTROL_ERROR_H

#include "daemon/records/complaint.h"
#include "proto/control.h"

/*
 * The error object of an end: docs/protocol.md, section 8.1. Where the complaint
 * has no words, general ones for the status are put.
 */
void control_error_put(struct ayni_control_writer *to, enum ayni_status status,
                       const struct complaint *complaint);

/* Its words alone, "text" "args" "hint" "hint_args", for an object that says more: the command
 * shows them as "message" and "hint". */
void control_words_put(struct ayni_control_writer *to, const struct complaint *complaint);
/* What was written all the same is worth saying: the array "warnings" of such objects; nothing
 * where there is none. */
void control_warnings_put(struct ayni_control_writer *to, const struct complaints *warnings);

#endif
