#ifndef AYNI_DAEMON_DAEMON_H
#define AYNI_DAEMON_DAEMON_H

#include <stdatomic.h>

#include "daemon/config.h"
#include "daemon/federation/identity.h"
#include "daemon/records/records.h"

/*
 * The parts of a running node, and the order in which they start and stop.
 * Control handlers and one-shot workers get this and ask the parts.
 *
 * Open: identity, stores, records, federation, view: enough to read and write
 * records here (`ayni init`, restore). Serve: besides it the network and the
 * control socket, and what the configuration has of HTTP.
 */
struct daemon {
    struct config config;
    struct identity identity;
    struct room *room;              /* daemon/store/room.h */
    struct log_store *log;          /* daemon/store/log.h */
    struct log_writer *writer;      /* daemon/store/log_writer.h */
    bool runs;                      /* as the log says: daemon/records/erasure/residue.h */
    struct views *views;            /* daemon/store/views.h */
    struct records records;         /* daemon/records/records.h: standing, projector, author */
    struct federation *federation;  /* daemon/federation/federation.h: name, card, ticket, root */
    struct view *view;              /* daemon/view/view.h: contributions and counters */
    struct space_keys *space_keys;  /* daemon/federation/space_keys.h */
    struct chores *chores;          /* daemon/chores.h; NULL in a worker */
    struct eraser *eraser;          /* daemon/eraser.h; NULL in a worker */
    struct net *net;                /* daemon/net/net.h; NULL in a worker */
    struct bundles *bundles;        /* daemon/bundle/bundles.h; NULL in a worker */
    struct control_server *control; /* daemon/control/server.h; NULL in a worker */
    struct http_server *http;       /* daemon/http/http_server.h; NULL where nobody asked for it */
    atomic_uint_fast64_t answers;   /* bytes of answers to queries that wait to be read, of all */
};

/*
 * `why` gets a sentence for the operator: what is wrong, where, and what to do.
 * A worker opens without the network, and can't serve; or the log alone, with
 * what the node knows of itself.
 */
AYNI_CHECKED enum ayni_status daemon_open_log(struct daemon *daemon, const struct config *config,
                                              char *why, size_t why_size);
AYNI_CHECKED enum ayni_status daemon_open(struct daemon *daemon, const struct config *config,
                                          bool with_net, char *why, size_t why_size);
AYNI_CHECKED enum ayni_status daemon_serve(struct daemon *daemon, char *why, size_t why_size);
/* Stops what was started, in reverse; nothing acknowledged is lost. Safe on all zero. */
void daemon_close(struct daemon *daemon);

#endif
