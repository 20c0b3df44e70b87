#ifndef AYNI_DAEMON_NET_PEERS_H
#define AYNI_DAEMON_NET_PEERS_H

#include "daemon/config.h"
#include "daemon/net/peer_book.h"
#include "daemon/net/transport.h"

/*
 * The nodes that this one is, was or wants to be connected to: their links,
 * when to dial again, and what is on its way to them. In the net thread.
 */
struct peer {
    struct ayni_node node;
    struct peer_address address; /* if wanted */
    size_t endpoint_index;       /* of those of the address: dialled next, or now, */
    bool by_ipv6;                /* and its name looked up so */
    bool wanted;                 /* this node dials it */
    struct link *outgoing;       /* dialled; not necessarily up */
    bool outgoing_up;
    struct link *incoming;   /* always up */
    uint64_t dialled_at_ms;  /* the outgoing one */
    uint64_t incoming_at_ms; /* when it came */
    struct link *route;      /* the one in use: of two the one that the smaller key dialled */
    const char *why;         /* the last link ended or failed; NULL for never */
    uint64_t dial_at_ms;     /* not before, by clock_ticks_ms() */
    uint64_t
        shunned_until_ms; /* it broke the protocol or is no member: don't listen to it before */
    uint64_t failing_since_ms; /* 0: the last dial was answered */
    uint64_t interval_ms;
    bool was_short;           /* the last outgoing link lived for a moment only */
    struct ayni_buffer stuck; /* a message that the route took not yet; empty for none */
    uint64_t asked_at_ms;     /* a HELLO was sent then and isn't answered; 0 for none */
    uint64_t rtt_ms;
    struct ayni_instant last_seen;
    struct meter *meter;  /* of the net's; NULL before there is one */
    uint64_t met_arrival; /* of the log, when what it holds was last kept */
    struct peer *next;
};

struct peers {
    struct peer *list;
    struct ayni_node self;
    uint64_t interval_min_ms, interval_max_ms; /* between dials */
    bool looks_up; /* names are looked up here, and not by a proxy: as IPv4, and then as IPv6 */
};

void peers_free(struct peers *peers);
struct peer *peers_find(const struct peers *peers, const struct ayni_node *node);
/* NULL where there is no memory. */
struct peer *peers_find_or_add(struct peers *peers, const struct ayni_node *node);

/* These and no others are to be dialled. A dial that nobody answered yet is given up; a connection
 * that is up goes on. */
void peers_set_targets(struct peers *peers, const struct peer_address *addresses, size_t count);
/* Dial who is due. */
void peers_dial(struct peers *peers, struct transport *transport, uint64_t now_ms);
/* All who wait may be dialled now, but those that are shunned. */
void peers_retry_now(struct peers *peers);
/* Milliseconds until peers_dial() has something to do, at most `max_ms`. */
uint64_t peers_timeout(const struct peers *peers, uint64_t now_ms, uint64_t max_ms);

/*
 * A link is up or has ended: sets peer->route, and says whether it is another
 * one than before. An outgoing link that isn't needed beside an incoming one is hung up.
 */
bool peers_link_up(struct peers *peers, struct peer *peer, struct link *link, uint64_t now_ms);
bool peers_link_down(struct peers *peers, struct peer *peer, struct link *link, const char *why,
                     uint64_t now_ms);
/*
 * The incoming link has said something though the outgoing one is in use: a node
 * would have hung it up long ago, so it is a copy of that node, and has its turn. True
 * where it is in use now.
 */
bool peers_incoming_spoke(struct peers *peers, struct peer *peer, uint64_t now_ms);
/* Hang up all links of a peer, and shun it for `pause_ms`: it is neither dialled nor listened to.
 */
void peers_drop(struct peers *peers, struct peer *peer, const char *why, uint64_t pause_ms,
                uint64_t now_ms);

bool peer_is_shunned(const struct peer *peer, uint64_t now_ms);
/* connected, dialling, waiting, refused, or heard (it dials us, and isn't here now). */
const char *peer_state(const struct peer *peer);

#endif
