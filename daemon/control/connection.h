#ifndef AYNI_DAEMON_CONTROL_CONNECTION_H
#define AYNI_DAEMON_CONTROL_CONNECTION_H

#include "proto/bytes.h"

enum { CONNECTION_STEWARD_SIZE = 128 };

/* One client on the control socket: whole frames in and out, by one thread. */
struct connection {
    int fd;
    char steward[CONNECTION_STEWARD_SIZE]; /* the user name, by what the system says of the other
                                              end */
    struct ayni_buffer input;              /* the body of the frame that was received last */
};

/* `fd` stays the caller's. AYNI_E_IO where the system doesn't say who is there. */
AYNI_CHECKED enum ayni_status connection_init(struct connection *connection, int fd);
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
