#ifndef AYNI_DAEMON_NET_HEAD_TELLER_H
#define AYNI_DAEMON_NET_HEAD_TELLER_H

#include "daemon/store/log.h"
#include "proto/sync.h"

/*
 * Tells the sync engine where the feeds of a log stand, as HEAD events: all of
 * them at the start, then those that moved, in the order in which they came.
 */
struct head_teller {
    struct log_store *log;
    void (*tell)(void *context, struct ayni_sync_event *event); /* with the time */
    void *context;
    uint64_t arrival; /* what came up to here is told */
};

/* At the start: all feeds and segments. */
AYNI_CHECKED enum ayni_status head_teller_tell_all(struct head_teller *teller);
/* After commits: what moved since the last time. What can't be read is reported, and told later. */
void head_teller_tell_moved(struct head_teller *teller);
/* All segments of a feed that has forked: that is in no journal. */
void head_teller_tell_fork(struct head_teller *teller, const struct ayni_feed *feed);

#endif
