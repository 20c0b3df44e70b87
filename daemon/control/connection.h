#ifndef AYNI_DAEMON_CONTROL_CONNECTION_H
#define AYNI_DAEMON_CONTROL_CONNECTION_H

#include "daemon/control/visitor.h"

/* One client of the control server: whole frames in and out, by one thread. Begins with its
 * descriptor, which stays the caller's, and who is there. */
struct connection {
    int fd;
    struct visitor visitor;
    struct ayni_buffer input; /* the body of the frame that was received last */
};
void connection_done(struct connection *connection);

/*
 * Waits for the next frame; `*body` borrows from the connection until the next
 * one. AYNI_E_STOPPED where the other side has gone, AYNI_E_LIMIT for a frame
 * that is too large.
 */
AYNI_CHECKED enum ayni_status connection_receive(struct connection *connection,
                                                 struct ayni_bytes *body);
/* Sends a finished frame. AYNI_E_STOPPED where nobody reads any more. */
AYNI_CHECKED enum ayni_status connection_send(struct connection *connection,
                                              struct ayni_bytes frame);
/* Whether the other side has gone, at once or within `timeout_ms`. */
bool connection_gone(const struct connection *connection, int timeout_ms);

#endif
