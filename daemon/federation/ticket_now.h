#ifndef AYNI_DAEMON_FEDERATION_TICKET_NOW_H
#define AYNI_DAEMON_FEDERATION_TICKET_NOW_H

#include "proto/registry.h"
#include "proto/ticket.h"

/*
 * The ticket to hand on now, appended: what this node was given (`kept`), with
 * the newest root statement and the steering node's card as the registry has
 * them: both may be newer than the founding. `own_card` is this node's, for
 * where it steers itself; its endpoints are newest of all.
 *
 * Failures are those of ayni_ticket_encode().
 */
AYNI_CHECKED enum ayni_status ticket_now(const struct ayni_ticket *kept,
                                         const struct ayni_registry *registry,
                                         const struct ayni_node *self, struct ayni_bytes own_card,
                                         struct ayni_buffer *bytes);

#endif
