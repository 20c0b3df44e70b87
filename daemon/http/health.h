#ifndef AYNI_DAEMON_HTTP_HEALTH_H
#define AYNI_DAEMON_HTTP_HEALTH_H

#include "proto/bytes.h"

struct daemon;

/*
 * How this node is, for whoever watches machines: docs/protocol.md, section 8.6.
 * Appends the JSON; answers 200, or 503 where the node can't write or doesn't
 * serve records. It says nothing of what the records hold, or of who is who.
 */
unsigned health_page(struct daemon *daemon, struct ayni_buffer *body);

#endif
