#ifndef AYNI_DAEMON_CONTROL_NODE_PROBLEMS_H
#define AYNI_DAEMON_CONTROL_NODE_PROBLEMS_H

#include "daemon/control/problem_filter.h"
#include "daemon/records/quotas.h"

struct daemon;

/*
 * What feeds show of the nodes that wrote them, beside the records: forks
 * (daemon/store/log.h), homes that began anew or run twice
 * (daemon/records/copies.h), authors near or beyond a quota
 * (daemon/records/quotas.h). They are of no type. docs/protocol.md, section 8.3.
 */
AYNI_CHECKED enum ayni_status node_problems_list(struct daemon *daemon, struct control_call *call,
                                                 struct problem_filter *filter,
                                                 struct outbox *outbox);

/* How many there are in all; of quotas as they were read. */
AYNI_CHECKED enum ayni_status node_problems_count(struct log_snapshot *log,
                                                  const struct quotas *quotas, uint64_t *count);

#endif
