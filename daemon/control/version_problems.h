#ifndef AYNI_DAEMON_CONTROL_VERSION_PROBLEMS_H
#define AYNI_DAEMON_CONTROL_VERSION_PROBLEMS_H

#include "daemon/control/problem_filter.h"

struct daemon;

/*
 * What views/ has of problems: versions that don't count, values that fields don't take, lacks
 * (daemon/records/problem.h).
 */
AYNI_CHECKED enum ayni_status version_problems_list(struct daemon *daemon,
                                                    struct control_call *call,
                                                    struct problem_filter *filter,
                                                    struct outbox *outbox);

#endif
