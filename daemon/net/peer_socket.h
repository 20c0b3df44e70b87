#ifndef AYNI_DAEMON_NET_PEER_SOCKET_H
#define AYNI_DAEMON_NET_PEER_SOCKET_H

#include "proto/bytes.h"

/*
 * A ZeroMQ socket as peers need it: CURVE, limits, heartbeats; and a monitor
 * that tells what happens to its connections. For the transport alone.
 */
struct peer_socket {
    void *socket; /* NULL for none */
    void *monitor;
};

struct peer_socket_options {
    void *zmq; /* the context */
    const uint8_t *public_key, *secret_key;
    uint64_t peer_timeout_ms;
    const char *proxy; /* ADDR:PORT of a SOCKS5 proxy to dial by; NULL or empty for none */
};

/* A DEALER on its way to `endpoint`; a name is looked up as IPv6 if `ipv6`. AYNI_E_USAGE for an
 * endpoint that can't be, AYNI_E_IO. */
AYNI_CHECKED enum ayni_status peer_socket_dial(const struct peer_socket_options *options,
                                               const uint8_t server_key[32], const char *endpoint,
                                               bool ipv6, struct peer_socket *made);
/*
 * A ROUTER that listens there and asks ZAP for whoever comes; `bound` gets where,
 * the port filled in. On failure zmq_errno() says more.
 *
 *   AYNI_E_BUSY   the port is in use
 *   AYNI_E_USAGE  an address that can't be listened on
 *   AYNI_E_IO
 */
AYNI_CHECKED enum ayni_status peer_socket_listen(const struct peer_socket_options *options,
                                                 const char *endpoint, struct peer_socket *made,
                                                 char *bound, size_t bound_size);
/* At once, with what waits to be sent; fine where there is none. */
void peer_socket_close(struct peer_socket *socket);

/*
 * End one connection that came in, by the descriptor that the monitor told. For
 * who has heard all that the monitor had to tell: a number that is another
 * thing's by now is left alone.
 */
void peer_socket_shut(const struct peer_socket *socket, int fd);

/* What the monitor tells next: an event of ZeroMQ's and its value. False: nothing waits. */
bool peer_socket_event(const struct peer_socket *socket, uint16_t *event, int32_t *value);

#endif
