#ifndef AYNI_DAEMON_CONTROL_PAST_H
#define AYNI_DAEMON_CONTROL_PAST_H

#include "daemon/control/outbox.h"
#include "daemon/records/reader.h"

/*
 * An answer "as of" a time lacks what was erased since. Where this limited
 * reader would have seen some of it, in the space (NULL: all) and type (0: all),
 * an item with a warning that says how much goes into the answer, as its last one.
 */
AYNI_CHECKED enum ayni_status past_warn(struct outbox *outbox, struct reader *reader,
                                        const struct ayni_space *space, uint32_t type);

#endif
