#ifndef AYNI_DAEMON_CONTROL_FORK_ITEM_H
#define AYNI_DAEMON_CONTROL_FORK_ITEM_H

#include "daemon/records/standing.h"
#include "daemon/store/log.h"
#include "proto/control.h"

/* A fork as an item of the answer to `problems`: docs/protocol.md, section 8.3. */
void fork_item_put(struct ayni_control_writer *item, const struct charter *charter,
                   const struct log_fork *fork);

#endif
