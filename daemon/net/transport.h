#ifndef AYNI_DAEMON_NET_TRANSPORT_H
#define AYNI_DAEMON_NET_TRANSPORT_H

#include "daemon/net/zap.h"

/*
 * Connections to other nodes over ZeroMQ with CURVE: a ROUTER for those who
 * dial in, a DEALER for each that we dial. One thread uses it. ZeroMQ's
 * sockets for peers are known here and in zap.c and nowhere else.
 *
 * A link is one way to one node, in or out; or one that a steward has come by.
 * Whose it is is what CURVE and ZAP have authenticated, never what a message says. Nothing is taken
 * for reliable: a message handed over may be lost with its connection.
 */
struct transport;
struct link;

struct transport_events {
    /* `link` can carry messages now. For one that came in: with its first message, just before it.
     */
    void (*up)(void *context, struct link *link);
    /* It can't any more; `link` is gone after the call. `why` is for the log. */
    void (*down)(void *context, struct link *link, const char *why);
    /* One whole message; borrowed for the call. */
    void (*message)(void *context, struct link *link, struct ayni_bytes message);
    zap_admits *admits;
    void *context;
};

struct transport_options {
    const uint8_t *public_key; /* CurveZMQ, 32 bytes each */
    const uint8_t *secret_key;
    const char *listen;       /* tcp://ADDR:PORT; empty or NULL: only dials */
    const char *proxy;        /* ADDR:PORT of a SOCKS5 proxy to dial by; empty or NULL: none */
    uint64_t peer_timeout_ms; /* a connection that is silent for so long is dead */
    struct transport_events events;
};

/*
 * `why` gets a sentence on failure: a port in use is AYNI_E_BUSY, an address
 * that can't be listened on AYNI_E_USAGE.
 */
AYNI_CHECKED enum ayni_status transport_open(const struct transport_options *options,
                                             struct transport **transport, char *why,
                                             size_t why_size);
void transport_close(struct transport *transport);

/* Where it listens, the port filled in; empty where it doesn't. */
const char *transport_endpoint(const struct transport *transport);

/* Dial; `up` or `down` follows. A name is looked up as an IPv4 address, or as one of IPv6 if
 * `ipv6`. AYNI_E_USAGE for an endpoint that isn't tcp://HOST:PORT. */
AYNI_CHECKED enum ayni_status transport_dial(struct transport *transport,
                                             const struct ayni_node *node,
                                             const uint8_t transport_key[32], const char *endpoint,
                                             bool ipv6, struct link **link);
/*
 * Hand a message over. AYNI_E_BUSY: the peer takes none now, try later;
 * AYNI_E_IO: the link is dead and `down` follows at the next transport_handle().
 */
AYNI_CHECKED enum ayni_status transport_send(struct transport *transport, struct link *link,
                                             struct ayni_bytes message);
/*
 * End a link from this side, without `down`; it is gone with the next
 * transport_handle(). What one that came in still says is dropped for a minute;
 * then it comes up anew with its next message.
 */
void transport_hang_up(struct link *link);
/* Cut all that came in, by listening anew (within a moment): for a revocation. Those still admitted
 * come back by themselves. */
void transport_cut_incoming(struct transport *transport);

/*
 * Wait until something comes, `wake_fd` is readable or the time is up; then
 * handle what came. Apart, so that the owner can hold a lock for the second alone.
 */
void transport_poll(struct transport *transport, int wake_fd, uint64_t timeout_ms);
void transport_handle(struct transport *transport);

/* Of a steward's: her key. */
const struct ayni_node *link_node(const struct link *link);
bool link_is_steward(const struct link *link);
bool link_is_outgoing(const struct link *link);

/* Since the start. */
struct transport_refusals {
    uint64_t connections; /* by ZAP, or ended because there were too many */
    uint64_t messages;    /* of more than one frame */
};
struct transport_refusals transport_refused(const struct transport *transport);

#endif
