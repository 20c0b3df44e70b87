#ifndef AYNI_DAEMON_RECORDS_AUTHOR_SECRET_H
#define AYNI_DAEMON_RECORDS_AUTHOR_SECRET_H

#include "daemon/records/standing.h"
#include "daemon/records/writing/author_feed.h"

/*
 * A payload as its space has it: in a confidential one a version is encrypted,
 * and of an erase the order, so that relays read its ranges. All else is in
 * clear. docs/protocol.md, section 4.8.
 *
 * `*payload` is `plain` or borrows from `room`.
 *
 *   AYNI_E_RIGHT  this node has no key of the space
 *   AYNI_E_LIMIT, AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status author_secret(const struct charter *charter,
                                            const struct author_feed *feed, uint64_t kind,
                                            struct ayni_bytes plain, struct ayni_buffer *room,
                                            struct ayni_bytes *payload);

#endif
