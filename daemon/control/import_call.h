#ifndef AYNI_DAEMON_CONTROL_IMPORT_CALL_H
#define AYNI_DAEMON_CONTROL_IMPORT_CALL_H

#include "daemon/control/call.h"
#include "daemon/daemon.h"
#include "daemon/records/import/import.h"

/*
 * A call whose client sends the rows of a file: docs/protocol.md, section 8.
 */

/* What the call says of the file: `rows`, `header`, `dry_run`; and who it is that imports. */
AYNI_CHECKED enum ayni_status import_call_options(struct daemon *daemon, struct control_call *call,
                                                  struct import_options *options);
/* The rows of a chunk that came, in `memory`. */
AYNI_CHECKED enum ayni_status import_call_lines(struct control_call *call,
                                                const struct ayni_control_value *chunk,
                                                struct ayni_arena *memory,
                                                struct import_line **lines, size_t *count);
/* What there is to say of a row; of a `warning` it was written all the same. `text` is the reason's
 * message or a translation of it. */
AYNI_CHECKED enum ayni_status import_call_problem(struct control_call *call, uint64_t line,
                                                  const char *column,
                                                  const struct ayni_reason *reason,
                                                  const char *text, bool warning);
/* Import the rows that come, and answer what they did: of records, or of the reference table. */
AYNI_CHECKED enum ayni_status
import_call_run(struct control_call *call, const struct import_options *options, const char *table);
/* Members of the answer. */
void import_call_put_counts(struct ayni_control_writer *item, const struct import_counts *counts);

#endif
