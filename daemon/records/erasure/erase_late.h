#ifndef AYNI_DAEMON_RECORDS_ERASE_LATE_H
#define AYNI_DAEMON_RECORDS_ERASE_LATE_H

#include "daemon/records/records.h"

/*
 * Versions that were erased when they came, and that no range names: who has no
 * payload of them, relays above all, knows by ranges alone that they are erased.
 * So an order is given that adds them to the one that they hadn't seen: by
 * the node that wrote them, at once; by the owner of the space, or steering
 * where the owner is revoked, where `all`.
 *
 * `*waiting`: there are others that this node would name with `all`.
 */
AYNI_CHECKED enum ayni_status erase_name_late(struct records *records, bool all, bool *waiting);

#endif
