#ifndef AYNI_DAEMON_CONTROL_QUALITY_ITEM_H
#define AYNI_DAEMON_CONTROL_QUALITY_ITEM_H

#include "daemon/control/outbox.h"
#include "daemon/records/complaint.h"
#include "daemon/records/territories.h"
#include "daemon/view/quality.h"

/*
 * A figure as an item of `quality`: docs/protocol.md, section 8.3. `why` says why it isn't
 * known, NULL where it is.
 */
void quality_item_put(struct outbox *outbox, const struct charter *charter,
                      const struct territories *territories, const struct quality_request *request,
                      const struct quality_row *row, const char *why);

#endif
