#ifndef AYNI_DAEMON_NET_NET_PRIVATE_H
#define AYNI_DAEMON_NET_NET_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "daemon/net/budget.h"
#include "daemon/net/gate.h"
#include "daemon/net/hearing.h"
#include "daemon/net/meters.h"
#include "daemon/net/net.h"
#include "daemon/net/peers.h"
#include "daemon/net/sync_driver.h"

/* What net.c (the thread), net_charter.c and net_events.c (what happens in it) and net_answers.c
 * (what others ask of it) share. */
struct net {
    struct net_options options;
    void (*fork_found)(void *context);
    void *fork_context;
    int wake_fd;
    int wait_fd; /* epoll: wake_fd, and what the gate waits for */
    pthread_t thread;
    bool running;
    _Atomic bool stopping;
    _Atomic bool charter_changed;
    pthread_mutex_t
        lock; /* of all below; the net thread holds it while it works, not while it waits */
    struct transport *transport;
    struct gate *gate;
    struct hearing *hearing;
    struct sync_driver *driver;    /* NULL before there is a federation */
    const struct charter *charter; /* held; NULL before the first */
    struct peers peers;
    struct peer_book book;
    bool book_changed;     /* and the net thread is to dial by it */
    uint64_t meets_due_ms; /* what peers hold is to be kept then */
    struct peer_settings meters;
    uint64_t budgets_due_ms; /* drivers are to be told again what links may carry */
};

/* The setting that holds the book. */
#define net_peers_setting "net/peers"

/* Something is to be done; any thread. */
void net_wake(void *net);

/* --- net_charter.c --- */

/* The registry says something else. */
void net_take_charter(struct net *net);
/* Whom to dial, by the registry and the book. */
void net_set_targets(struct net *net);

/* --- net_budget.c --- */

/* So many bytes have gone to the peer, or come from it. */
void net_count(struct net *net, struct peer *peer, bool sent, size_t size);
/* Tell the driver what the link may carry now; of all that are connected, when it is time to. */
void net_tell_budget(struct net *net, struct peer *peer);
void net_tell_budgets(struct net *net);
/* What it has carried; and, where something is held back, for what and until when. */
void net_describe_meter(struct net *net, struct peer *peer, struct net_peer *described);
void net_describe_hold(struct net *net, struct peer *peer, struct net_peer *described);

/* --- net_events.c: callbacks of the transport and of the driver --- */

enum zap_who net_admits(void *net, const uint8_t transport_key[32], struct ayni_node *id);
/* Whether stewards with that key may come, by what the registry says now. */
bool net_admits_steward(void *net, const uint8_t key[32]);
void net_on_up(void *net, struct link *link);
void net_on_down(void *net, struct link *link, const char *why);
void net_on_message(void *net, struct link *link, struct ayni_bytes message);
bool net_send(void *net, const struct ayni_node *node, struct ayni_bytes message);
void net_drop(void *net, const struct ayni_node *node, enum ayni_sync_drop reason);

/* Hang up a peer and shun it for a minute; the driver isn't told. */
void net_cut(struct net *net, struct peer *peer, const char *why);
/* Tell the driver whether, and how, the peer is connected now. */
void net_tell_route(struct net *net, struct peer *peer);
/* Try again what a peer took not yet; true while something is left. */
bool net_push_stuck(struct net *net);
/* Keep what the peers that are connected are known to hold now, for bundles. */
void net_keep_meets(struct net *net);
void net_log_peer(const char *event, const struct ayni_node *node, const char *why);

#endif
