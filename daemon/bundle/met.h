#ifndef AYNI_DAEMON_BUNDLE_MET_H
#define AYNI_DAEMON_BUNDLE_MET_H

#include "daemon/store/log.h"

/*
 * How much of each feed a node held when it was last in sync over a
 * connection: daemon/net/meets.h, followed by the journal from there on.
 */
struct met;

AYNI_CHECKED enum ayni_status met_load(struct log_snapshot *snapshot,
                                       const struct ayni_incarnation *instance,
                                       const struct ayni_node *node, struct met **met);
void met_free(struct met *met); /* NULL is fine */

/* Up to which entry it held the feed or segment, at least; 0, or before it begins, for nothing. */
uint64_t met_seq(const struct met *met, const struct log_segment *segment);

#endif
