#ifndef AYNI_DAEMON_RECORDS_AUTHOR_FEED_H
#define AYNI_DAEMON_RECORDS_AUTHOR_FEED_H

#include "daemon/store/log.h"

/*
 * The feeds that this node writes: one for each space and lane, in its current
 * incarnation, which the log's settings remember.
 */
struct author_feed {
    struct ayni_feed_descriptor descriptor;
    struct ayni_feed id;
    struct ayni_head head;      /* with what is on its way to the log */
    struct ayni_head committed; /* what of this node's own the log is known to hold */
    struct ayni_instant last_time;
};

struct author_feeds {
    struct ayni_node root;
    struct ayni_node node;
    struct author_feed **feeds;
    size_t count;
};

/*
 * The feed for a space and lane, as it was left, or with a new incarnation
 * where there is none of this era. It lives until author_feeds_forget().
 */
AYNI_CHECKED enum ayni_status author_feed_get(struct author_feeds *feeds, struct log_snapshot *log,
                                              const struct ayni_space *space, uint8_t lane,
                                              struct author_feed **feed);
/* Somebody else's hand wrote in it: take another incarnation. */
void author_feed_renew(const struct author_feeds *feeds, struct author_feed *feed);
/* Read them again from the log when they are next asked for. */
void author_feeds_forget(struct author_feeds *feeds);

/* Whether a feed is the one that this node goes on in, in its space and lane. */
AYNI_CHECKED enum ayni_status author_feed_in_use(struct log_snapshot *log,
                                                 const struct ayni_feed_descriptor *descriptor,
                                                 bool *in_use);

/* Note its incarnation, in the transaction that writes its first entry. */
AYNI_CHECKED enum ayni_status author_feed_keep(const struct author_feed *feed,
                                               struct log_snapshot *log, struct log_txn *txn);
/* A new era: no incarnation that was kept before is gone on with. */
AYNI_CHECKED enum ayni_status author_era_begin(struct log_snapshot *log, struct log_txn *txn);

#endif
