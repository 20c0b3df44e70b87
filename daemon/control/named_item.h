#ifndef AYNI_DAEMON_CONTROL_NAMED_ITEM_H
#define AYNI_DAEMON_CONTROL_NAMED_ITEM_H

#include "daemon/records/standing.h"
#include "proto/control_writer.h"

/* Members of an item that are names: docs/protocol.md, section 8.3. */

/* "space": its name, or the begin of its id. */
void named_item_space(struct ayni_control_writer *item, const struct charter *charter,
                      const struct ayni_space *space);
/* "node", and "org": the code of its organisation, or nothing. */
void named_item_node(struct ayni_control_writer *item, const struct charter *charter,
                     const struct ayni_node *node);

#endif
