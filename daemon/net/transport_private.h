#ifndef AYNI_DAEMON_NET_TRANSPORT_PRIVATE_H
#define AYNI_DAEMON_NET_TRANSPORT_PRIVATE_H

#include <zmq.h>

#include "daemon/net/connections.h"
#include "daemon/net/peer_socket.h"
#include "daemon/net/transport.h"
#include "proto/limits.h"

/* What transport.c (links, those dialled) and transport_server.c (those that came in) share. */

enum { TRANSPORT_ROUTING_ID_MAX = 255, TRANSPORT_MESSAGES_PER_TURN = 16 };

struct link {
    struct ayni_node node;
    struct peer_socket own; /* a DEALER of its own; its socket is NULL for one that came in */
    uint8_t routing_id[TRANSPORT_ROUTING_ID_MAX];
    size_t routing_id_size;
    char user[ZAP_USER_SIZE]; /* of one that came in: what ZAP called it */
    int fd;                   /* likewise, as ZeroMQ names it; -1 if it doesn't */
    bool is_steward;
    bool is_up;
    bool is_dead;    /* `down` is due */
    bool is_hung_up; /* by the owner, who is not told */
    bool is_gone;    /* ZeroMQ has ended the connection */
    /* The owner knows of it no more, but ZeroMQ can't end one connection of a ROUTER: what still
     * comes by it is dropped, until it ends or this is up. 0 for a link that is none of these. */
    uint64_t mute_until_ms;
    const char *why;
    struct link *next;
};

struct transport {
    void *zmq;
    struct zap *zap;
    struct peer_socket server; /* its socket is NULL where it doesn't listen, or not now */
    bool listens_again;        /* cut, and not listening again yet */
    struct connections connections;
    char endpoint[AYNI_ENDPOINT_SIZE_MAX + 8];
    struct transport_options options;
    struct link *links;
    uint64_t refused_messages, shown_out;
};

struct link *transport_new_link(struct transport *transport, const struct ayni_node *node);
/* The first reason stays. */
void transport_mark_dead(struct link *link, const char *why);
/* Take all frames of one message: how many there were, the last of them in `body`, the first of
 * them in `first` if that isn't NULL. 0: none waits. */
size_t transport_receive(void *socket, zmq_msg_t *first, zmq_msg_t *body);
/* Hand it to the owner, unless the link is dead; more than one frame is a breach. */
void transport_deliver(struct transport *transport, struct link *link, zmq_msg_t *body,
                       bool single);

/* --- transport_server.c --- */

struct peer_socket_options transport_socket_options(const struct transport *transport);
AYNI_CHECKED enum ayni_status transport_listen(struct transport *transport, const char *endpoint);
/* What happened to those that came in, and what they say; listens again if it was cut. */
void transport_serve(struct transport *transport);

#endif
