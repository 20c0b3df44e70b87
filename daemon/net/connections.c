#include "daemon/net/connections.h"

#include <stdlib.h>

#include "proto/limits.h"

void connections_free(struct connections *connections)
{
    free(connections->list);
    *connections = (struct connections){ 0 };
}

static void take_off(struct connections *connections, size_t index)
{
    struct connection *at = &connections->list[index];

    memmove(at, at + 1, (--connections->count - index) * sizeof(*at));
}

static bool is_of(const struct connection *connection, const struct ayni_node *node)
{
    return connection->known == (node != NULL) &&
           (node == NULL || ayni_id_equal(&connection->node, node));
}

/* Of those of one node, or of newcomers where `node` is NULL, the oldest if there are too many. */
static int show_out(struct connections *connections, const struct ayni_node *node, size_t most)
{
    size_t count = 0, oldest = connections->count;
    int fd;

    for (size_t i = 0; i < connections->count; i++) {
        if (!is_of(&connections->list[i], node))
            continue;
        if (count++ == 0)
            oldest = i;
    }
    if (count <= most)
        return -1;
    fd = connections->list[oldest].fd;
    take_off(connections, oldest);
    return fd;
}

int connections_accepted(struct connections *connections, int fd)
{
    if (connections->count == connections->room) {
        size_t room = connections->room * 2 + 16;
        struct connection *list = reallocarray(connections->list, room, sizeof(*list));
        if (list == NULL)
            return fd; /* what can't be kept in view isn't let in */
        connections->list = list;
        connections->room = room;
    }
    connections->list[connections->count++] = (struct connection){ .fd = fd };
    return show_out(connections, NULL, AYNI_NEWCOMERS_MAX);
}

int connections_spoke(struct connections *connections, int fd, const struct ayni_node *node,
                      size_t most)
{
    for (size_t i = 0; i < connections->count; i++) {
        struct connection *connection = &connections->list[i];
        if (connection->fd != fd)
            continue;
        connection->known = true;
        connection->node = *node;
        return show_out(connections, node, most);
    }
    return -1;
}

void connections_ended(struct connections *connections, int fd)
{
    for (size_t i = 0; i < connections->count; i++) {
        if (connections->list[i].fd == fd) {
            take_off(connections, i);
            return;
        }
    }
}
