#ifndef AYNI_DAEMON_NET_CONNECTIONS_H
#define AYNI_DAEMON_NET_CONNECTIONS_H

#include "proto/ids.h"

/*
 * The connections that came in, oldest first, by the file descriptors that
 * ZeroMQ has for them. It accepts whoever comes; so that nobody takes all
 * descriptors of the process, those who haven't said anything yet are at most
 * AYNI_NEWCOMERS_MAX, and those of one node or steward as many as
 * connections_spoke() is told: over that the oldest of them has to go. A node of ours has spoken
 * within a few round trips; so a crowd that waits is shown out before it. All zero is an empty one.
 * Does no I/O.
 */
struct connection {
    int fd;
    bool known;            /* has spoken, and is `node` */
    struct ayni_node node; /* or a steward's key */
};
struct connections {
    struct connection *list;
    size_t count, room;
};

void connections_free(struct connections *connections);
/* Each answers the descriptor that has to go and is no longer in the list, or -1. */
int connections_accepted(struct connections *connections, int fd);
int connections_spoke(struct connections *connections, int fd, const struct ayni_node *node,
                      size_t most);
void connections_ended(struct connections *connections, int fd);

#endif
