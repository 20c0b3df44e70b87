#ifndef AYNI_DAEMON_NET_MEETS_H
#define AYNI_DAEMON_NET_MEETS_H

#include "daemon/store/log_writer.h"
#include "proto/feed.h"

/*
 * What was last known of peers over a connection: up to which arrival of this
 * log a peer held all of a space, when the two were in sync. Kept in the log's
 * settings, for bundles: what a peer holds need not be brought to it again.
 * Losing it costs a larger bundle and nothing else.
 */
struct meet {
    struct ayni_space space;
    uint64_t arrival;
};

/* What is kept of `node`, for the log as it is now; nothing, if it is another one. */
AYNI_CHECKED enum ayni_status meets_read(struct log_snapshot *snapshot,
                                         const struct ayni_incarnation *instance,
                                         const struct ayni_node *node, struct ayni_buffer *meets);
/*
 * Hand `count` of them, each space once, to the writer; spaces that aren't among them
 * stay as they were.
 */
AYNI_CHECKED enum ayni_status meets_keep(struct log_writer *writer,
                                         const struct ayni_incarnation *instance,
                                         const struct ayni_node *node, const struct meet *meets,
                                         size_t count);
/* The peer has said better itself. */
AYNI_CHECKED enum ayni_status meets_forget(struct log_txn *txn, const struct ayni_node *node);

#endif
