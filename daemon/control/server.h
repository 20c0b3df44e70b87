#ifndef AYNI_DAEMON_CONTROL_SERVER_H
#define AYNI_DAEMON_CONTROL_SERVER_H

#include "daemon/control/commands.h"

/*
 * Who answers `ayni`: on a Unix stream socket in home, and whoever else is
 * welcomed. One thread accepts, one serves each connection, up to
 * CONTROL_CONNECTIONS_MAX; a connection may make one request after the other. Of those beyond, up
 * to CONTROL_TURNED_AWAY_MAX at once are told so by the answer to their first request.
 */
struct control_server;

enum { CONTROL_CONNECTIONS_MAX = 64, CONTROL_TURNED_AWAY_MAX = 16, CONTROL_ROLE_SIZE = 16 };

/*
 * The role of who asks, as a word, or "" where she is no steward; one with a key gets her name.
 * Asked for each request, by any thread.
 */
typedef void control_role_of(struct daemon *daemon, struct visitor *visitor,
                             char role[CONTROL_ROLE_SIZE]);

/* Before a command, which goes on with AYNI_OK alone: daemon/control/admit.h. */
typedef enum ayni_status control_admit(struct daemon *daemon, struct control_call *call,
                                       enum control_need need);

/* Puts a failure that the handler has no words for into words, where it can. */
typedef void control_explain(struct daemon *daemon, enum ayni_status status,
                             struct complaint *complaint);

/* Who answers. */
struct control_host {
    struct daemon *daemon; /* given to the handlers and to all of these */
    control_role_of *role_of;
    control_explain *explain; /* may be NULL, as the next */
    control_admit *admit;
};

/*
 * Listen at `path`. A socket that a dead daemon left is replaced.
 *
 *   AYNI_E_BUSY   a daemon answers there
 *   AYNI_E_LIMIT  the path is too long even for the way around it: its folder can't be opened
 *   AYNI_E_IO     the socket can't be made; what the system said has been reported
 */
AYNI_CHECKED enum ayni_status control_server_start(const struct control_host *host,
                                                   const char *path,
                                                   struct control_server **server);
/* Serve one more connection, which somebody else has accepted; `fd` is the server's from here on.
 */
void control_server_welcome(struct control_server *server, int fd, const struct visitor *visitor);
/* Takes no more requests, tells those that run that it ends, and gives them a few seconds to finish
 * their answers; removes the socket. NULL is fine. */
void control_server_quiesce(struct control_server *server);
/* The same; then cuts the connections that are left, waits for their threads, and frees it. */
void control_server_stop(struct control_server *server);

#endif
