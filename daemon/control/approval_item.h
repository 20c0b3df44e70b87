#ifndef AYNI_DAEMON_CONTROL_APPROVAL_ITEM_H
#define AYNI_DAEMON_CONTROL_APPROVAL_ITEM_H

#include "daemon/control/outbox.h"
#include "daemon/view/approval.h"

/* Approvals as items of an answer: docs/protocol.md, section 8.3. Of the object that is open: */

/* "id", "space", "period", "territory" */
void approval_item_scope(struct ayni_control_writer *item, const struct charter *charter,
                         const struct record_key *key, const struct approval_scope *scope);
/* Who said the state: "org", "node", "time", "counts", and the "reason" of what is returned. */
void approval_item_author(struct ayni_control_writer *item, const struct charter *charter,
                          const struct approval *approval);

#endif
