#ifndef AYNI_DAEMON_CONTROL_ADMIT_H
#define AYNI_DAEMON_CONTROL_ADMIT_H

#include "daemon/control/call.h"

struct daemon;

/* Before a command about records: refuses it, in words, while this node came out of a backup and
 * hasn't heard what was erased since. */
AYNI_CHECKED enum ayni_status admit_to_records(struct daemon *daemon, struct control_call *call);

#endif
