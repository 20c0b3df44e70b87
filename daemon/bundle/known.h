#ifndef AYNI_DAEMON_BUNDLE_KNOWN_H
#define AYNI_DAEMON_BUNDLE_KNOWN_H

#include "daemon/store/log_writer.h"
#include "proto/bundle.h"
#include "proto/bundle_item.h"

/*
 * What another node is known to hold, so that a bundle for it need not bring
 * it again: what it said itself in the newest bundle that came from it, and
 * what it held when it was last in sync over a connection since. Kept in the
 * log's settings. Losing it costs a larger bundle and nothing else.
 */
struct known;

struct known_options {
    struct ayni_incarnation instance; /* of the log */
    struct ayni_node node;
    bool said_only; /* what it said itself, and nothing else */
};
/* One of whom nothing is known is empty. */
AYNI_CHECKED enum ayni_status known_load(struct log_snapshot *snapshot,
                                         const struct known_options *options, struct known **known);
void known_free(struct known *known); /* NULL is fine */

/* Up to which entry it holds the feed, or the segment, that is here; where it begins for nothing,
 * or another history. */
AYNI_CHECKED enum ayni_status known_seq(const struct known *known, struct log_snapshot *snapshot,
                                        const struct log_segment *segment, uint64_t *seq);

/* What a bundle said, gathered from its items. */
struct known_statement {
    struct ayni_node node;
    struct ayni_bundle_id bundle;
    struct ayni_instant time;
    struct ayni_buffer heads; /* struct ayni_listed_head */
};
/* Adds what one item says; no more than AYNI_BUNDLE_KNOWN_MAX in all. */
void known_add(struct known_statement *statement, const struct ayni_bundle_heads *heads);
/*
 * Keep it in the place of an older one; one of the same bundle is added to what
 * its other volumes said. One that is older than what is kept is left. What connections showed
 * before is forgotten: the node may have been restored since.
 */
AYNI_CHECKED enum ayni_status known_keep(struct log_writer *writer,
                                         const struct known_statement *statement);

#endif
