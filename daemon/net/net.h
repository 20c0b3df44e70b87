#ifndef AYNI_DAEMON_NET_NET_H
#define AYNI_DAEMON_NET_NET_H

#include "daemon/config.h"
#include "daemon/federation/federation.h"
#include "daemon/records/records.h"
#include "proto/sync.h"

/*
 * The node among its peers: one thread with the sockets, the sync engine and
 * its driver. Any thread may ask it and tell it things.
 */
struct net;

struct net_options {
    const struct config *config;
    const struct identity *identity;
    struct federation *federation;
    struct log_store *log;
    struct log_writer *writer; /* not yet given a job: net listens to its commits */
    struct records *records;   /* not yet started: net listens to its charters */
};

/* Makes it and adds its listeners; net_start() follows when the parts run. */
AYNI_CHECKED enum ayni_status net_new(const struct net_options *options, struct net **net);
/* `found` is called in the net thread when a peer has shown that a feed forked: its proof is in the
 * log. Before net_start(). */
void net_listen_forks(struct net *net, void (*found)(void *context), void *context);
/*
 * Stewards who come from afar, once it has started: `visit` is called in the net thread with the
 * key of each and a connection to serve her on. NULL, and at first: nobody serves them; after it
 * returns no visit is under way.
 */
void net_welcome_stewards(struct net *net,
                          void (*visit)(void *context, const uint8_t key[32], int fd),
                          void *context);
/* What a steward gives as `--node`, as far as this node knows where it can be reached; empty where
 * it doesn't listen. */
void net_steward_endpoint(struct net *net, char *endpoint, size_t size);
/* Listen and dial. `why` gets a sentence: AYNI_E_BUSY is a port in use. */
AYNI_CHECKED enum ayni_status net_start(struct net *net, char *why, size_t why_size);
void net_stop(struct net *net);
void net_free(struct net *net); /* NULL is fine */

/* Where this node can be dialled: `advertise`, else what it listens on unless that is a wildcard;
 * texts, commas between. */
void net_endpoints(struct net *net, char *endpoints, size_t size);

/* Whom to dial by `peer add`, kept in the log's settings. */
AYNI_CHECKED enum ayni_status net_add_peer(struct net *net, const struct ayni_node *node,
                                           const char *endpoint);
/* AYNI_E_NOT_FOUND if it was never added. */
AYNI_CHECKED enum ayni_status net_remove_peer(struct net *net, const struct ayni_node *node);

/* Peers as `ayni peer list` shows them. */
struct net_peer {
    struct ayni_node node;
    const char *state;   /* connected, dialling, waiting, refused: a word that lives for ever */
    uint64_t rtt_ms;     /* of the last exchange; 0 if there was none */
    uint64_t sent_bytes; /* of messages, in all; the network adds to it */
    uint64_t received_bytes;
    uint64_t sent_today; /* by the local clock */
    uint64_t received_today;
    uint64_t rate;    /* bytes a second, both ways, over the last seconds */
    const char *held; /* "hours", "day", "rate": what a budget holds something back for; or NULL */
    struct ayni_instant held_until; /* of "hours" and "day" */
    bool in_sync;                   /* fingerprints agree and nothing is wanted */
    uint64_t missing_here;  /* entries that the peer is known to hold and this node lacks, */
    uint64_t missing_there; /* that this node holds and the peer isn't known to hold */
    const char *why;        /* it isn't connected; a word that lives for ever, or NULL */
    struct ayni_sync_refusals refused;
    struct ayni_instant last_seen; /* 0 for never */
};
/* Entries that either side is known to lack. */
static inline uint64_t net_peer_behind(const struct net_peer *peer)
{
    return peer->missing_here + peer->missing_there;
}
/* `*peers` is the caller's to free(). */
AYNI_CHECKED enum ayni_status net_peers(struct net *net, struct net_peer **peers, size_t *count);

/* How far a connected peer and this node are from holding the same of a space. */
struct net_lag {
    struct ayni_node node;
    struct ayni_sync_lag lag;
};
/* One space as `ayni status` shows it. */
struct net_space {
    struct ayni_space space;
    struct net_lag *lags; /* of those who share it */
    size_t lag_count;
};
/* `*spaces` is given back with net_spaces_free(). */
AYNI_CHECKED enum ayni_status net_spaces(struct net *net, struct net_space **spaces, size_t *count);
void net_spaces_free(struct net_space *spaces, size_t count);

/* That a feed has forked has come into the log by another way: peers are to hear of it. */
void net_tell_fork(struct net *net, const struct ayni_feed *feed);

/* Whether this node came out of a backup and hasn't heard yet what was erased since. */
bool net_is_hearing(const struct net *net);
/* It is to go on without having heard. AYNI_E_NOT_FOUND: it isn't hearing. */
AYNI_CHECKED enum ayni_status net_stop_hearing(struct net *net);

/* Keep what peers that are in sync hold (daemon/net/meets.h). When this answers it is kept, or
 * can't be. */
void net_note_meets(struct net *net);

/* Dial those who wait, and compare with those who don't agree, now. */
void net_sync_now(struct net *net);

/* What was refused since the start. */
struct net_breaches {
    uint64_t strangers; /* connections that ZAP refused */
    uint64_t messages;  /* that broke the protocol */
    uint64_t runs;      /* that didn't verify */
    uint64_t forks;     /* feeds with two histories */
};
void net_count_breaches(struct net *net, struct net_breaches *breaches);

#endif
