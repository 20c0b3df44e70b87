#ifndef AYNI_DAEMON_CONTROL_NO_ROOM_H
#define AYNI_DAEMON_CONTROL_NO_ROOM_H

#include "daemon/records/complaint.h"
#include "daemon/store/room.h"

/* Says of a write that found no room, or a disk that fails, how much is needed and what to do; of
 * other statuses nothing. */
void no_room_explain(struct room *room, enum ayni_status status, struct complaint *complaint);
/* Says that what was erased is still in the files, for want of that many bytes. */
void no_room_to_scrub(struct room *room, uint64_t needed_bytes, struct complaint *complaint);

#endif
