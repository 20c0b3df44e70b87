#include "daemon/net/transport_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/clock.h"
#include "po/language.h"

enum {
    POLL_MS_MAX = 60000,
    LISTEN_AGAIN_MS = 10,
    /* What a connection that was hung up says is dropped for so long; who is silent for as long
     * is heard again, since nobody has told it. */
    MUTE_MS = 60000,
};

static void explain_listen(const char *endpoint, enum ayni_status status, char *why,
                           size_t why_size)
{
    if (status == AYNI_E_BUSY)
        snprintf(why, why_size,
                 _("%s: another program listens there; another address or port is set by --listen"),
                 endpoint);
    else
        snprintf(why, why_size, _("%s: %s; another address or port is set by --listen"), endpoint,
                 zmq_strerror(errno));
}

enum ayni_status transport_open(const struct transport_options *options,
                                struct transport **transport, char *why, size_t why_size)
{
    struct transport *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->options = *options;
    made->zmq = zmq_ctx_new();
    enum ayni_status status = made->zmq == NULL ? AYNI_E_MEMORY : AYNI_OK;
    if (status == AYNI_OK)
        status = zap_open(made->zmq, options->events.admits, options->events.context, &made->zap);
    if (status == AYNI_OK && options->listen != NULL && options->listen[0] != '\0') {
        status = transport_listen(made, options->listen);
        if (status != AYNI_OK)
            explain_listen(options->listen, status, why, why_size);
    } else if (status != AYNI_OK) {
        snprintf(why, why_size, _("ZeroMQ cannot start: %s"), zmq_strerror(errno));
    }
    if (status != AYNI_OK) {
        transport_close(made);
        return status;
    }
    *transport = made;
    return AYNI_OK;
}

static void free_link(struct link *link)
{
    peer_socket_close(&link->own);
    free(link);
}

void transport_close(struct transport *transport)
{
    if (transport == NULL)
        return;
    while (transport->links != NULL) {
        struct link *link = transport->links;
        transport->links = link->next;
        free_link(link);
    }
    peer_socket_close(&transport->server);
    connections_free(&transport->connections);
    zap_close(transport->zap);
    if (transport->zmq != NULL)
        zmq_ctx_term(transport->zmq);
    free(transport);
}

const char *transport_endpoint(const struct transport *transport)
{
    return transport->endpoint;
}

/* --- links --- */

static void add_link(struct transport *transport, struct link *link)
{
    link->next = transport->links;
    transport->links = link;
}

struct link *transport_new_link(struct transport *transport, const struct ayni_node *node)
{
    struct link *link = calloc(1, sizeof(*link));

    if (link == NULL)
        return NULL;
    link->node = *node;
    link->fd = -1;
    add_link(transport, link);
    return link;
}

static void unlink_link(struct transport *transport, struct link *link)
{
    for (struct link **at = &transport->links; *at != NULL; at = &(*at)->next) {
        if (*at == link) {
            *at = link->next;
            return;
        }
    }
}

void transport_mark_dead(struct link *link, const char *why)
{
    if (!link->is_dead)
        link->why = why;
    link->is_dead = true;
}

void transport_hang_up(struct link *link)
{
    transport_mark_dead(link, "hung_up");
    link->is_hung_up = true;
}

/* Whether nothing is left to be done for a dead link. */
static bool is_over(const struct link *link, uint64_t now_ms)
{
    return link->own.socket != NULL || link->is_gone ||
           (link->mute_until_ms != 0 && now_ms >= link->mute_until_ms);
}

/* Tell of a dead link; one whose connection goes on stays, mute. */
static void bury_one(struct transport *transport, struct link *link, uint64_t now_ms)
{
    bool told = link->is_hung_up || link->mute_until_ms != 0;

    unlink_link(transport, link);
    if (!told)
        transport->options.events.down(transport->options.events.context, link, link->why);
    if (is_over(link, now_ms)) {
        free_link(link);
        return;
    }
    link->mute_until_ms = now_ms + MUTE_MS;
    add_link(transport, link);
}

/* One at a time: the owner may dial or hang up meanwhile. */
static void bury(struct transport *transport)
{
    uint64_t now_ms = clock_ticks_ms();

    for (struct link *link = transport->links; link != NULL;) {
        if (link->is_dead && (link->mute_until_ms == 0 || is_over(link, now_ms))) {
            bury_one(transport, link, now_ms);
            link = transport->links;
        } else {
            link = link->next;
        }
    }
}

const struct ayni_node *link_node(const struct link *link)
{
    return &link->node;
}

bool link_is_steward(const struct link *link)
{
    return link->is_steward;
}

bool link_is_outgoing(const struct link *link)
{
    return link->own.socket != NULL;
}

/* --- dialling and sending --- */

enum ayni_status transport_dial(struct transport *transport, const struct ayni_node *node,
                                const uint8_t transport_key[32], const char *endpoint, bool ipv6,
                                struct link **link)
{
    struct peer_socket_options options = transport_socket_options(transport);
    struct peer_socket socket;

    enum ayni_status status = peer_socket_dial(&options, transport_key, endpoint, ipv6, &socket);
    if (status != AYNI_OK)
        return status;
    struct link *made = transport_new_link(transport, node);
    if (made == NULL) {
        peer_socket_close(&socket);
        return AYNI_E_MEMORY;
    }
    made->own = socket;
    *link = made;
    return AYNI_OK;
}

static enum ayni_status fail_send(struct link *link, const char *why)
{
    if (zmq_errno() == EAGAIN)
        return AYNI_E_BUSY;
    transport_mark_dead(link, why);
    return AYNI_E_IO;
}

enum ayni_status transport_send(struct transport *transport, struct link *link,
                                struct ayni_bytes message)
{
    void *socket = link->own.socket;

    if (link->is_dead)
        return AYNI_E_IO;
    if (socket == NULL) {
        socket = transport->server.socket;
        if (zmq_send(socket, link->routing_id, link->routing_id_size, ZMQ_SNDMORE | ZMQ_DONTWAIT) <
            0)
            return fail_send(link, "gone");
    }
    if (zmq_send(socket, message.data, message.size, ZMQ_DONTWAIT) < 0)
        return fail_send(link, "send_failed");
    return AYNI_OK;
}

/* --- what comes --- */

size_t transport_receive(void *socket, zmq_msg_t *first, zmq_msg_t *body)
{
    size_t count = 0;

    for (bool more = true; more;) {
        zmq_msg_t *into = count == 0 && first != NULL ? first : body;
        if (zmq_msg_recv(into, socket, ZMQ_DONTWAIT) < 0)
            return 0;
        more = zmq_msg_more(into);
        count++;
    }
    return count;
}

void transport_deliver(struct transport *transport, struct link *link, zmq_msg_t *body, bool single)
{
    if (link->is_dead)
        return;
    if (!single) {
        transport->refused_messages++;
        transport_mark_dead(link, "more_than_one_frame");
        return;
    }
    struct ayni_bytes message = { zmq_msg_data(body), zmq_msg_size(body) };
    transport->options.events.message(transport->options.events.context, link, message);
}

static void follow_dialled(struct transport *transport, struct link *link)
{
    uint16_t event;
    int32_t value;

    while (!link->is_dead && peer_socket_event(&link->own, &event, &value)) {
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED && !link->is_up) {
            link->is_up = true;
            transport->options.events.up(transport->options.events.context, link);
        } else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) {
            transport_mark_dead(link, "refused");
        } else if (event == ZMQ_EVENT_DISCONNECTED) {
            transport_mark_dead(link, link->is_up ? "disconnected" : "refused");
        } else if (event != ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
            transport_mark_dead(link, "unreachable");
        }
    }
}

static bool take_message(struct transport *transport, struct link *link)
{
    zmq_msg_t body;

    zmq_msg_init(&body);
    size_t frames = link->is_dead ? 0 : transport_receive(link->own.socket, NULL, &body);
    if (frames > 0)
        transport_deliver(transport, link, &body, frames == 1);
    zmq_msg_close(&body);
    return frames > 0;
}

static void handle_dialled(struct transport *transport)
{
    for (struct link *link = transport->links; link != NULL; link = link->next) {
        if (link->own.socket == NULL)
            continue;
        follow_dialled(transport, link);
        for (int i = 0; i < TRANSPORT_MESSAGES_PER_TURN && take_message(transport, link); i++)
            ;
    }
}

/* ZAP first and those that ended before those that speak: so a connection that has taken the number
 * of another one is never taken for it. */
void transport_handle(struct transport *transport)
{
    bury(transport);
    zap_answer(transport->zap);
    transport_serve(transport);
    handle_dialled(transport);
    bury(transport);
}

/* --- waiting --- */

static void add_item(zmq_pollitem_t *items, size_t *count, void *socket, int fd)
{
    items[(*count)++] = (zmq_pollitem_t){ socket, fd, ZMQ_POLLIN, 0 };
}

static void add_socket(zmq_pollitem_t *items, size_t *count, const struct peer_socket *socket)
{
    if (socket->socket == NULL)
        return;
    add_item(items, count, socket->socket, 0);
    add_item(items, count, socket->monitor, 0);
}

/* The wake-up, ZAP, the server and its monitor, and each dialled socket with its monitor. */
static zmq_pollitem_t *poll_items(struct transport *transport, int wake_fd, size_t *count)
{
    size_t room = 4;

    for (struct link *link = transport->links; link != NULL; link = link->next)
        room += 2;
    zmq_pollitem_t *items = calloc(room, sizeof(*items));
    if (items == NULL)
        return NULL;
    *count = 0;
    add_item(items, count, NULL, wake_fd);
    add_item(items, count, zap_socket(transport->zap), 0);
    add_socket(items, count, &transport->server);
    for (struct link *link = transport->links; link != NULL; link = link->next)
        if (!link->is_dead)
            add_socket(items, count, &link->own);
    return items;
}

void transport_poll(struct transport *transport, int wake_fd, uint64_t timeout_ms)
{
    size_t count = 0;
    uint64_t most_ms = transport->listens_again ? LISTEN_AGAIN_MS : POLL_MS_MAX;
    zmq_pollitem_t *items = poll_items(transport, wake_fd, &count);

    /* Without memory for the list there is nothing to wait for but the time. */
    (void)zmq_poll(items, (int)count, (long)(timeout_ms < most_ms ? timeout_ms : most_ms));
    free(items);
}

struct transport_refusals transport_refused(const struct transport *transport)
{
    return (struct transport_refusals){ zap_refused(transport->zap) + transport->shown_out,
                                        transport->refused_messages };
}
