#ifndef AYNI_DAEMON_CONTROL_COPY_ITEM_H
#define AYNI_DAEMON_CONTROL_COPY_ITEM_H

#include "daemon/records/copies.h"
#include "daemon/records/standing.h"
#include "proto/control.h"

/* Its reason: "began_anew", "runs_twice". */
const char *copy_item_reason(const struct copies_finding *finding);
/* A node that began anew or runs twice as an item of the answer to `problems`, for the operator of
 * node `self`: docs/protocol.md, section 8.3. */
void copy_item_put(struct ayni_control_writer *item, const struct charter *charter,
                   const struct ayni_node *self, const struct copies_finding *finding);

#endif
