#ifndef AYNI_DAEMON_NET_GATE_H
#define AYNI_DAEMON_NET_GATE_H

#include "daemon/net/transport.h"

/*
 * Stewards from afar. They come by the port of the peers, where ZAP has admitted
 * them by their keys; nothing that they say reaches the sync engine. Each link of
 * theirs is a session: a pair of connected sockets of which one end is handed
 * to a visit, so that they are served like local users. A message is a piece of the
 * stream of docs/protocol.md, section 8.1; one without bytes ends the session,
 * from either side. In the net thread.
 */
struct gate;

/* Serve this end, which is the callee's from here on, by what `key` may do. */
typedef void gate_visit(void *context, const uint8_t key[32], int fd);

/* `wait_fd` is an epoll descriptor, which gets ready whenever gate_pump() has something to do. */
AYNI_CHECKED enum ayni_status gate_new(struct transport *transport, int wait_fd,
                                       struct gate **gate);
void gate_free(struct gate *gate); /* NULL is fine */
/* Who serves them; NULL: nobody, and whoever comes is turned away. */
void gate_welcome(struct gate *gate, gate_visit *visit, void *context);

/* What the transport tells of their links. */
void gate_up(struct gate *gate, struct link *link);
void gate_down(struct gate *gate, const struct link *link);
void gate_take(struct gate *gate, struct link *link, struct ayni_bytes piece);

/* Move what goes without waiting. True where a steward takes no more now: to be tried again soon.
 */
bool gate_pump(struct gate *gate);
/* End the sessions of those who may come no more. */
void gate_review(struct gate *gate, bool (*may_come)(void *context, const uint8_t key[32]),
                 void *context);

#endif
