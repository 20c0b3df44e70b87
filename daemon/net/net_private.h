#ifndef AYNI_DAEMON_NET_NET_PRIVATE_H
#define AYNI_DAEMON_NET_NET_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "daemon/net/net.h"
#include "daemon/net/peers.h"
#include "daemon/net/sync_driver.h"

/* What net.c (the thread) and net_answers.c (what others ask of it) share. */
struct net {
    struct net_options options;
    int wake_fd;
    pthread_t thread;
    bool running;
    _Atomic bool stopping;
    _Atomic bool charter_changed;
    pthread_mutex_t
        lock; /* of all below; the net thread holds it while it works, not while it waits */
    struct transport *transport;
    struct sync_driver *driver;    /* NULL before there is a federation */
    const struct charter *charter; /* held; NULL before the first */
    struct peers peers;
    struct peer_book book;
};

/* The setting that holds the book. */
#define net_peers_setting "net/peers"

/* Something is to be done; any thread. */
void net_wake(void *net);
/* Whom to dial, by the book and the charter as they are now; the lock is held. */
void net_set_targets(struct net *net);

#endif
