#ifndef AYNI_DAEMON_CONTROL_NO_ROOM_H
#define AYNI_DAEMON_CONTROL_NO_ROOM_H

#include "daemon/records/complaint.h"
#include "daemon/store/room.h"

/* Says of a write that found no room, or a disk that fails, how much is needed and what to do; of
 * other statuses nothing. */
void no_room_explain(struct room *room, enum ayni_status status, struct complaint *complaint);

#endif
