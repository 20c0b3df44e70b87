#ifndef AYNI_DAEMON_BUNDLE_BUNDLE_PLAN_H
#define AYNI_DAEMON_BUNDLE_BUNDLE_PLAN_H

#include "daemon/records/standing.h"
#include "daemon/store/log.h"
#include "proto/bundle_item.h"

/*
 * What a bundle for a node is to hold, as the log stands when it is asked: the
 * feeds of the registry and of the spaces that both may receive, and of those
 * that forked the segments, each from where the node is known to hold it.
 */
struct bundle_part {
    feed_no no;
    struct ayni_feed feed; /* or the segment */
    struct ayni_feed_descriptor descriptor;
    uint64_t from, to; /* entries `from` + 1 to `to` */
    unsigned urgency;  /* lower first */
};

struct bundle_plan {
    struct bundle_part *parts; /* in the order of sending */
    size_t part_count;
    struct ayni_bundle_space *spaces; /* by id, also those of which there is nothing to bring */
    size_t space_count;
    uint64_t entries;
    struct ayni_listed_head *heads; /* what this node holds of them */
    size_t head_count;
};

/* What a bundle leaves out: all that the receiver is known to hold, what it said itself that it
 * holds, or nothing. */
enum bundle_since { BUNDLE_SINCE_KNOWN, BUNDLE_SINCE_ACK, BUNDLE_SINCE_NOTHING };

struct bundle_plan_options {
    struct log_store *log;
    const struct charter *charter; /* lent */
    struct ayni_node self, receiver;
    enum bundle_since since;
};

/* AYNI_E_LIMIT: more spaces than a bundle can name; AYNI_E_MEMORY, AYNI_E_IO. */
AYNI_CHECKED enum ayni_status bundle_plan_make(const struct bundle_plan_options *options,
                                               struct bundle_plan *plan);
void bundle_plan_free(struct bundle_plan *plan); /* all zero is fine */

#endif
