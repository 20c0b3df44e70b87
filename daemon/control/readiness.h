#ifndef AYNI_DAEMON_CONTROL_READINESS_H
#define AYNI_DAEMON_CONTROL_READINESS_H

#include "daemon/control/call.h"
#include "daemon/records/projection/projector.h"

/*
 * After a start views/ may be behind the log for a moment, or be made anew:
 * who asks for records waits, and sees how far it is. Where it can't go on (a
 * full disk), what there is is answered, unless views/ is being made anew and
 * so holds only a part.
 *
 *   AYNI_E_FULL, AYNI_E_IO  it is being made anew and can't go on
 *   AYNI_E_STOPPED          nobody waits any more, or the daemon stops
 */
AYNI_CHECKED enum ayni_status readiness_wait(struct projector *projector,
                                             struct control_call *call);

#endif
