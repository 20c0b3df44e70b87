#ifndef AYNI_DAEMON_NET_GATE_SESSION_H
#define AYNI_DAEMON_NET_GATE_SESSION_H

#include "proto/bytes.h"

struct link;

/*
 * One steward at the gate: what has come and is still to be written to whoever
 * serves her, and a piece of the answers that is on its way. Does no ZeroMQ.
 */
enum { GATE_PIECE_MAX = 64 * 1024 };

struct gate_session {
    struct link *link; /* hers */
    int fd;            /* our end, non-blocking */
    unsigned watched;  /* the events that epoll looks for there; 0: it isn't in it */
    struct ayni_buffer requests;
    uint8_t piece[GATE_PIECE_MAX];
    size_t piece_size; /* 0: none waits to be sent */
    bool ended;        /* whoever serves her has; a piece may be left */
};

/* Our end of a new pair; the other one in `*served`. AYNI_E_IO where the system has none. */
AYNI_CHECKED enum ayni_status gate_session_open(struct gate_session *session, struct link *link,
                                                int *served);
void gate_session_close(struct gate_session *session);

/*
 * A piece of her requests. AYNI_E_LIMIT: more than a whole frame has come that
 * nobody reads; AYNI_E_MEMORY.
 */
AYNI_CHECKED enum ayni_status gate_session_take(struct gate_session *session,
                                                struct ayni_bytes piece);
/* Write and read what goes without waiting. */
void gate_session_pump(struct gate_session *session);
/* Poll events of `fd` with which there is something to pump; 0 for none. */
unsigned gate_session_events(const struct gate_session *session);

#endif
