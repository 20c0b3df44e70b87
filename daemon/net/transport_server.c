/* Those that dial in: one ROUTER for all of them, each known by what ZAP called it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/net/transport_private.h"
#include "daemon/report.h"

struct peer_socket_options transport_socket_options(const struct transport *transport)
{
    return (struct peer_socket_options){
        .zmq = transport->zmq,
        .public_key = transport->options.public_key,
        .secret_key = transport->options.secret_key,
        .peer_timeout_ms = transport->options.peer_timeout_ms,
        .proxy = transport->options.proxy,
    };
}

enum ayni_status transport_listen(struct transport *transport, const char *endpoint)
{
    struct peer_socket_options options = transport_socket_options(transport);

    return peer_socket_listen(&options, endpoint, &transport->server, transport->endpoint,
                              sizeof(transport->endpoint));
}

static bool came_in(const struct link *link)
{
    return link->own.socket == NULL;
}

void transport_cut_incoming(struct transport *transport)
{
    if (transport->server.socket == NULL)
        return;
    peer_socket_close(&transport->server);
    connections_free(&transport->connections);
    transport->listens_again = true;
    for (struct link *link = transport->links; link != NULL; link = link->next) {
        if (!came_in(link))
            continue;
        link->is_gone = true;
        transport_mark_dead(link, "cut");
    }
}

/* ZeroMQ gives the port back a moment after the close: until then it is tried again each turn. */
static void listen_again(struct transport *transport)
{
    char endpoint[sizeof(transport->endpoint)];

    memcpy(endpoint, transport->endpoint, sizeof(endpoint));
    enum ayni_status status = transport_listen(transport, endpoint);
    if (status == AYNI_OK)
        transport->listens_again = false;
    else if (status != AYNI_E_BUSY)
        report(REPORT_ERROR, "listen_failed", "endpoint=%s reason=%s", endpoint,
               ayni_status_name(status));
}

/* End a connection that there is no room for; ZeroMQ notices as if the other side had gone. */
static void show_out(struct transport *transport, int fd)
{
    if (fd < 0)
        return;
    if (transport->shown_out++ % AYNI_NEWCOMERS_MAX == 0)
        report(REPORT_WARNING, "connections_crowded", "ended=%" PRIu64, transport->shown_out);
    peer_socket_shut(&transport->server, fd);
}

static void forget_connection(struct transport *transport, int fd)
{
    connections_ended(&transport->connections, fd);
    for (struct link *link = transport->links; link != NULL; link = link->next) {
        if (!came_in(link) || link->fd != fd)
            continue;
        link->is_gone = true;
        transport_mark_dead(link, "disconnected");
    }
}

static void follow_connections(struct transport *transport)
{
    uint16_t event;
    int32_t fd;

    while (peer_socket_event(&transport->server, &event, &fd)) {
        if (event == ZMQ_EVENT_ACCEPTED)
            show_out(transport, connections_accepted(&transport->connections, fd));
        else
            forget_connection(transport, fd);
    }
}

/* The link of a connection, if it is still of the node that ZAP says speaks now. */
static struct link *find_link(struct transport *transport, zmq_msg_t *routing_id, const char *user)
{
    struct ayni_bytes id = { zmq_msg_data(routing_id), zmq_msg_size(routing_id) };

    for (struct link *link = transport->links; link != NULL; link = link->next) {
        struct ayni_bytes own = { link->routing_id, link->routing_id_size };
        if (!came_in(link) || link->is_gone || !ayni_bytes_equal(own, id))
            continue;
        if (strcmp(link->user, user) == 0)
            return link;
        link->is_gone = true;
        transport_mark_dead(link, "replaced");
    }
    return NULL;
}

/* A node has one connection; a steward one for each command. */
static void replace_links(struct transport *transport, const struct ayni_node *node)
{
    for (struct link *link = transport->links; link != NULL; link = link->next)
        if (came_in(link) && !link->is_steward && ayni_id_equal(&link->node, node))
            transport_mark_dead(link, "came_again");
}

/* A connection's first message. NULL where it can't be one of ours. */
static struct link *add_link(struct transport *transport, zmq_msg_t *routing_id, zmq_msg_t *body,
                             const char *user)
{
    const char *fd = zmq_msg_gets(body, "__fd");
    struct ayni_node node;
    enum zap_who who = zap_user_parse(user, &node);

    if (who == ZAP_NOBODY || zmq_msg_size(routing_id) > TRANSPORT_ROUTING_ID_MAX)
        return NULL;
    if (who == ZAP_NODE)
        replace_links(transport, &node);
    struct link *link = transport_new_link(transport, &node);
    if (link == NULL)
        return NULL;
    link->is_steward = who == ZAP_STEWARD;
    snprintf(link->user, sizeof(link->user), "%s", user);
    link->routing_id_size = zmq_msg_size(routing_id);
    memcpy(link->routing_id, zmq_msg_data(routing_id), link->routing_id_size);
    link->fd = fd != NULL ? atoi(fd) : -1;
    link->is_up = true;
    show_out(transport, connections_spoke(&transport->connections, link->fd, &node,
                                          link->is_steward ? AYNI_CONNECTIONS_PER_STEWARD_MAX
                                                           : AYNI_CONNECTIONS_PER_NODE_MAX));
    transport->options.events.up(transport->options.events.context, link);
    return link;
}

static bool take_message(struct transport *transport)
{
    zmq_msg_t routing_id, body;

    zmq_msg_init(&routing_id);
    zmq_msg_init(&body);
    size_t frames = transport_receive(transport->server.socket, &routing_id, &body);
    const char *user = frames >= 2 ? zmq_msg_gets(&body, "User-Id") : NULL;
    if (user != NULL) {
        struct link *link = find_link(transport, &routing_id, user);
        if (link == NULL)
            link = add_link(transport, &routing_id, &body, user);
        if (link != NULL)
            transport_deliver(transport, link, &body, frames == 2);
    }
    zmq_msg_close(&routing_id);
    zmq_msg_close(&body);
    return frames > 0;
}

void transport_serve(struct transport *transport)
{
    if (transport->listens_again)
        listen_again(transport);
    if (transport->server.socket == NULL)
        return;
    follow_connections(transport);
    for (int i = 0; i < TRANSPORT_MESSAGES_PER_TURN && take_message(transport); i++)
        ;
}
