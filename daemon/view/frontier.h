#ifndef AYNI_DAEMON_VIEW_FRONTIER_H
#define AYNI_DAEMON_VIEW_FRONTIER_H

#include "daemon/records/reader.h"
#include "proto/message.h"

/*
 * Up to where this node holds a space: the fingerprint of its heads, as nodes tell it each other
 * (docs/protocol.md, section 5.2). Where two nodes have the same one, they compute the same.
 */
AYNI_CHECKED enum ayni_status frontier_of(struct reader *reader, const struct ayni_space *space,
                                          struct ayni_fingerprint *frontier);

#endif
