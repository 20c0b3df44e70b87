#ifndef AYNI_DAEMON_CONTROL_LAG_ITEM_H
#define AYNI_DAEMON_CONTROL_LAG_ITEM_H

#include "daemon/control/call.h"
#include "daemon/net/net.h"
#include "daemon/records/standing.h"

/* How far connected peers and this node are from holding the same of a space, as `status` shows it.
 */

/* "space": its name, or its id where it has none. */
void put_space_name(struct ayni_control_writer *item, const struct charter *charter,
                    const struct ayni_space *space);
/* "in_sync_with" and "behind", into the space's object. */
void put_lags(struct ayni_control_writer *item, const struct net_space *space);
/* "differences": an array of who isn't in sync of which space, and how much either side lacks. */
void put_differences(struct ayni_control_writer *item, const struct charter *charter,
                     const struct net_space *spaces, size_t count);

#endif
