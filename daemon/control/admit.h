#ifndef AYNI_DAEMON_CONTROL_ADMIT_H
#define AYNI_DAEMON_CONTROL_ADMIT_H

#include "daemon/control/commands.h"

/*
 * Before a command, by what it needs. One about records is refused, in words, while this node came
 * out of a backup and hasn't heard what was erased since. One that is answered from views/ waits
 * until they have caught up after a start: readiness_wait().
 */
AYNI_CHECKED enum ayni_status admit_to_records(struct daemon *daemon, struct control_call *call,
                                               enum control_need need);

/* What it is told then. */
void explain_hearing(struct complaint *to);

#endif
