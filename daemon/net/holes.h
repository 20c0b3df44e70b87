#ifndef AYNI_DAEMON_NET_HOLES_H
#define AYNI_DAEMON_NET_HOLES_H

#include "daemon/store/log.h"
#include "daemon/store/views.h"
#include "proto/sync.h"

struct batch;

/*
 * Payloads that the log lacks and wants: those of the entries in UNREAD
 * (daemon/records/tables.h), which says what isn't here and wasn't erased by an
 * order that counts. docs/protocol.md, section 5.6.
 */

/* How many; 0 where that can't be read now. */
uint64_t holes_count(struct views *views);
/* HOLES: the first after a place, with those that follow it closely; none where that can't be read
 * now. Places are of feed numbers. */
void holes_find(struct log_store *log, struct views *views, const struct ayni_sync_place *after,
                struct ayni_sync_hole *hole);
/*
 * What of a FILL action's runs after entry `from` is to go into the log: payloads that are
 * wanted. AYNI_E_NOT_FOUND: there is no such feed; else as batch_choose().
 */
AYNI_CHECKED enum ayni_status holes_choose(struct log_store *log, struct views *views,
                                           uint64_t from, struct batch *batch);

#endif
