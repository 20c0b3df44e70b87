#ifndef AYNI_DAEMON_NET_SYNC_DRIVER_H
#define AYNI_DAEMON_NET_SYNC_DRIVER_H

#include "daemon/federation/identity.h"
#include "daemon/records/standing.h"
#include "daemon/store/log_writer.h"
#include "proto/sync.h"

struct author;
struct hearing;
struct budget_now;

/*
 * Drives the sync engine (proto/sync.h) with the log: what the engine asks to
 * read is read, what it asks to store is verified and stored, what the log
 * has committed is told. Sending and dropping are the owner's, by callback. All
 * in the net thread.
 */
struct sync_driver;

struct sync_driver_peers {
    /* False: the peer takes none now; sync_driver_room() follows. */
    bool (*send)(void *context, const struct ayni_node *peer, struct ayni_bytes message);
    void (*drop)(void *context, const struct ayni_node *peer, enum ayni_sync_drop reason);
    void *context;
};

struct sync_driver_options {
    const struct identity *identity;
    struct log_store *log;
    struct log_writer *writer;
    struct views *views;     /* which payloads are wanted */
    struct author *author;   /* told to renew when a peer shows what this node wrote elsewhere */
    struct hearing *hearing; /* ended when a peer has told what was erased */
    struct ayni_node root;
    void (*wake)(void *context);       /* any thread: sync_driver_turn() has something to do */
    void (*fork_found)(void *context); /* a peer has shown one, and its proof is in the log */
    void *fork_context;
    struct sync_driver_peers peers;
};

/* Reads all heads of the log. */
AYNI_CHECKED enum ayni_status sync_driver_new(const struct sync_driver_options *options,
                                              struct sync_driver **driver);
/* Hand what is to be kept to the log writer, which still runs. */
void sync_driver_stop(struct sync_driver *driver);
/* The log writer has stopped. NULL is fine. */
void sync_driver_free(struct sync_driver *driver);

/* Who may receive what now; once after sync_driver_new(), then with each charter. */
void sync_driver_set_charter(struct sync_driver *driver, const struct charter *charter);
/* Nobody is to be heard any more before what is held is given. */
void sync_driver_stop_hearing(struct sync_driver *driver);
/* Somebody waits: with the next turn, who doesn't agree is compared with. */
void sync_driver_hurry(struct sync_driver *driver);
void sync_driver_peer_up(struct sync_driver *driver, const struct ayni_node *peer, bool dialled,
                         bool metered);
void sync_driver_peer_down(struct sync_driver *driver, const struct ayni_node *peer);
/* What the link may carry now of what can wait; without one, anything. */
void sync_driver_budget(struct sync_driver *driver, const struct ayni_node *peer,
                        const struct budget_now *budget);
void sync_driver_room(struct sync_driver *driver, const struct ayni_node *peer, bool room);
void sync_driver_message(struct sync_driver *driver, const struct ayni_node *peer,
                         struct ayni_bytes message);
/* What has been committed and what time it is. Call after each wait. */
void sync_driver_turn(struct sync_driver *driver);
/* Milliseconds until sync_driver_turn() is due; at most `max_ms`. */
uint64_t sync_driver_timeout(const struct sync_driver *driver, uint64_t max_ms);

/* Tell the engine of the heads that moved since the last time, in the order in which they came; for
 * who asks it before the next turn. */
void sync_driver_tell_moved(struct sync_driver *driver);
/* A feed has forked, and the log has come to know of it by another way than a peer's evidence. */
void sync_driver_tell_fork(struct sync_driver *driver, const struct ayni_feed *feed);

/* Appends a struct meet (daemon/net/meets.h) for each space in which the peer is in sync now. */
void sync_driver_meets(const struct sync_driver *driver, const struct ayni_node *peer,
                       struct ayni_buffer *meets);

/* The engine, for what it knows. */
const struct ayni_sync *sync_driver_engine(const struct sync_driver *driver);

#endif
