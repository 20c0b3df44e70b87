#ifndef AYNI_DAEMON_CONTROL_OUTLIER_SURVEY_H
#define AYNI_DAEMON_CONTROL_OUTLIER_SURVEY_H

#include "daemon/control/call.h"
#include "daemon/records/rules/outlier.h"

struct daemon;

/*
 * What sources measure, learnt from the records here for a request: of that space alone, or of
 * all (NULL). To be freed whatever it answers. AYNI_E_NOT_FOUND: no rule set says what
 * an outlier is.
 */
AYNI_CHECKED enum ayni_status outlier_survey_learn(struct daemon *daemon, struct control_call *call,
                                                   const struct ayni_space *space,
                                                   struct outliers *outliers);

#endif
