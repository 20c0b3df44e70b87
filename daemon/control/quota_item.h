#ifndef AYNI_DAEMON_CONTROL_QUOTA_ITEM_H
#define AYNI_DAEMON_CONTROL_QUOTA_ITEM_H

#include "daemon/records/quotas.h"
#include "daemon/records/standing.h"
#include "proto/control.h"

/* Its reason: "many_feeds", "too_many_feeds". */
const char *quota_item_reason(const struct quota_use *use);
/* An author who has very many feeds in a space and lane, or as many as are taken, as an item of the
 * answer to `problems`: docs/protocol.md, section 8.3. */
void quota_item_put(struct ayni_control_writer *item, const struct charter *charter,
                    const struct quota_use *use);

#endif
