#ifndef AYNI_DAEMON_CONTROL_IMPORT_ALIKE_H
#define AYNI_DAEMON_CONTROL_IMPORT_ALIKE_H

#include "daemon/control/call.h"
#include "daemon/records/import.h"

/*
 * What an import says of the children that it made: which of them may be here already.
 * After import_finish(): a warning for each, with its line; `*found` is how many. Of too many
 * children the first ones are looked at, and that is said.
 */
AYNI_CHECKED enum ayni_status import_alike_send(struct control_call *call,
                                                const struct records *records,
                                                const struct import *import, uint64_t *found);

#endif
