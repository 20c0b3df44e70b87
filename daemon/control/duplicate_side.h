#ifndef AYNI_DAEMON_CONTROL_DUPLICATE_SIDE_H
#define AYNI_DAEMON_CONTROL_DUPLICATE_SIDE_H

#include "daemon/control/outbox.h"
#include "daemon/records/reader.h"

/*
 * One of two children, to be laid beside the other: an item {"child","space","fields":{field:
 * alternatives, with who says so}} for each space that has it, then one {"child","numbers":[texts],
 * "mothers":[texts]}. AYNI_E_NOT_FOUND where it isn't here.
 */
AYNI_CHECKED enum ayni_status duplicate_side_put(struct outbox *outbox, struct reader *reader,
                                                 const struct ayni_record *child);

#endif
