#ifndef AYNI_DAEMON_CONTROL_QUALITY_PAIRS_H
#define AYNI_DAEMON_CONTROL_QUALITY_PAIRS_H

#include "daemon/control/call.h"
#include "daemon/view/quality.h"

struct daemon;

/* Look for pairs of children who may be one, and count them. `*more`: there are more than can be
 * counted. */
AYNI_CHECKED enum ayni_status quality_pairs_count(struct daemon *daemon, struct control_call *call,
                                                  struct quality *quality, bool *more);

#endif
