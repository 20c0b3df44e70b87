#ifndef AYNI_DAEMON_CONTROL_SEALED_PROBLEMS_H
#define AYNI_DAEMON_CONTROL_SEALED_PROBLEMS_H

#include "daemon/control/problem_filter.h"
#include "daemon/records/reader.h"

struct daemon;

/*
 * Feeds with entries under keys that this node hasn't got, among `problems`: in
 * confidential spaces that it may read; what it only relays is none. In other spaces such
 * entries are malformed. docs/protocol.md, section 8.3.
 */
AYNI_CHECKED enum ayni_status sealed_problems_list(struct daemon *daemon, struct control_call *call,
                                                   struct problem_filter *filter,
                                                   struct outbox *outbox);
/* How many there are. */
AYNI_CHECKED enum ayni_status sealed_problems_count(struct reader *reader, uint64_t *count);

#endif
