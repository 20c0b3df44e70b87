#ifndef AYNI_DAEMON_BUNDLE_WAITING_H
#define AYNI_DAEMON_BUNDLE_WAITING_H

#include "daemon/bundle/inbox.h"
#include "daemon/federation/identity.h"

/*
 * What the volumes in the inbox may bring, by what their senders say of their
 * bundles: while one waits there, what was erased may be in it, encrypted to
 * this node. Spaces are struct ayni_space, ascending, each once.
 */

/* The spaces of which something may be in a volume. Begins `spaces` anew. AYNI_E_IO, AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status waiting_spaces(struct inbox *inbox, const struct identity *identity,
                                             struct ayni_buffer *spaces);
/* Remove the volumes in which something of these spaces may be. Likewise. */
AYNI_CHECKED enum ayni_status waiting_give_up(struct inbox *inbox, const struct identity *identity,
                                              struct ayni_bytes spaces);

#endif
