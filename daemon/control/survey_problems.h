#ifndef AYNI_DAEMON_CONTROL_SURVEY_PROBLEMS_H
#define AYNI_DAEMON_CONTROL_SURVEY_PROBLEMS_H

#include "daemon/control/problem_filter.h"

struct daemon;

/*
 * What has to be looked for in the records as they stand today: rules of the catalogue that they
 * break (daemon/records/doubts.h), values that are hardly possible
 * (daemon/records/rules/outlier.h), and what spaces say differently of one record
 * (daemon/records/discrepancy.h). Progress as it goes.
 */
AYNI_CHECKED enum ayni_status survey_problems_list(struct daemon *daemon, struct control_call *call,
                                                   struct problem_filter *filter,
                                                   struct outbox *outbox);

#endif
