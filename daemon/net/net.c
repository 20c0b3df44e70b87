#include "daemon/net/net_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/report.h"
#include "proto/limits.h"

enum {
    WAIT_MS_MAX = 1000,
    STUCK_RETRY_MS = 5,
    DROP_PAUSE_MS = 60 * 1000, /* after a breach of the protocol */
};
void net_wake(void *context)
{
    struct net *net = context;
    uint64_t one = 1;

    /* A full counter wakes as well. */
    if (write(net->wake_fd, &one, sizeof(one)) < 0)
        return;
}

static void wake_for_commit(void *context, uint64_t last_arrival)
{
    (void)last_arrival;
    net_wake(context);
}

static void wake_for_charter(void *context, const struct charter *charter)
{
    struct net *net = context;

    (void)charter;
    net->charter_changed = true;
    net_wake(net);
}

/* --- what the transport tells --- */

static bool admits(void *context, const uint8_t transport_key[32], struct ayni_node *node)
{
    struct net *net = context;
    const struct ayni_ticket *ticket = federation_ticket(net->options.federation);
    const struct ayni_member *member =
        net->charter == NULL
            ? NULL
            : ayni_registry_member_by_transport(net->charter->registry, transport_key);

    if (member != NULL) {
        *node = member->node;
        return true;
    }
    /* Before anything is known of the federation: the steering node of the ticket. */
    if (ticket == NULL || net->charter == NULL ||
        ayni_registry_steering(net->charter->registry) != NULL ||
        memcmp(ticket->steering.transport_key, transport_key, 32) != 0)
        return false;
    *node = ticket->steering.node;
    return true;
}

static void log_peer(const char *event, const struct ayni_node *node, const char *why)
{
    char text[AYNI_NODE_TEXT_SIZE];

    ayni_node_text(node, text);
    report(REPORT_INFO, event, "peer=%.8s%s%s", text, why != NULL ? " reason=" : "",
           why != NULL ? why : "");
}

static void tell_route(struct net *net, struct peer *peer)
{
    if (net->driver == NULL)
        return;
    peer->asked_at_ms = 0;
    if (peer->route != NULL)
        sync_driver_peer_up(net->driver, &peer->node, peer->route == peer->outgoing,
                            net->options.config->metered);
    else
        sync_driver_peer_down(net->driver, &peer->node);
}

static void on_up(void *context, struct link *link)
{
    struct net *net = context;
    struct peer *peer = peers_find_or_add(&net->peers, link_node(link));

    if (peer == NULL) {
        transport_hang_up(link);
        return;
    }
    bool was_connected = peer->route != NULL;
    peer->last_seen = clock_now();
    if (peers_link_up(&net->peers, peer, link)) {
        if (!was_connected)
            log_peer("peer_connected", &peer->node, NULL);
        tell_route(net, peer);
    }
}

static void on_down(void *context, struct link *link, const char *why)
{
    struct net *net = context;
    struct peer *peer = peers_find(&net->peers, link_node(link));

    if (peer == NULL)
        return;
    bool was_connected = peer->route != NULL;
    if (peers_link_down(&net->peers, peer, link, why, clock_ticks_ms())) {
        if (was_connected && peer->route == NULL)
            log_peer("peer_disconnected", &peer->node, why);
        tell_route(net, peer);
    }
}

static bool is_hello(struct ayni_bytes message)
{
    return message.size >= 2 && message.data[1] == AYNI_MESSAGE_HELLO;
}

static void on_message(void *context, struct link *link, struct ayni_bytes message)
{
    struct net *net = context;
    struct peer *peer = peers_find(&net->peers, link_node(link));

    if (peer == NULL || net->driver == NULL || (link != peer->route && link != peer->incoming))
        return;
    peer->last_seen = clock_now();
    if (is_hello(message) && peer->asked_at_ms != 0) {
        peer->rtt_ms = clock_ticks_ms() - peer->asked_at_ms;
        peer->asked_at_ms = 0;
    }
    sync_driver_message(net->driver, &peer->node, message);
}

/* --- what the driver asks for --- */

static bool send_to(void *context, const struct ayni_node *node, struct ayni_bytes message)
{
    struct net *net = context;
    struct peer *peer = peers_find(&net->peers, node);

    if (peer == NULL || peer->route == NULL)
        return true; /* lost, as messages to who is gone are */
    if (is_hello(message))
        peer->asked_at_ms = clock_ticks_ms();
    if (peer->stuck.size == 0 &&
        transport_send(net->transport, peer->route, message) != AYNI_E_BUSY)
        return true;
    if (peer->stuck.size == 0)
        ayni_buffer_append(&peer->stuck, message.data, message.size);
    return false;
}

static void drop(void *context, const struct ayni_node *node, enum ayni_sync_drop reason)
{
    struct net *net = context;
    struct peer *peer = peers_find(&net->peers, node);

    log_peer("peer_dropped", node, ayni_sync_drop_name(reason));
    if (peer != NULL)
        peers_drop(&net->peers, peer, ayni_sync_drop_name(reason), DROP_PAUSE_MS, clock_ticks_ms());
}

/* Try again what a peer took not yet; true while something is left. */
static bool push_stuck(struct net *net)
{
    bool left = false;

    for (struct peer *peer = net->peers.list; peer != NULL; peer = peer->next) {
        if (peer->stuck.size == 0 || peer->route == NULL)
            continue;
        if (transport_send(net->transport, peer->route, ayni_buffer_bytes(&peer->stuck)) ==
            AYNI_E_BUSY) {
            left = true;
            continue;
        }
        ayni_buffer_clear(&peer->stuck);
        sync_driver_room(net->driver, &peer->node, true);
    }
    return left;
}

/* --- who is who now --- */

void net_set_targets(struct net *net)
{
    const struct ayni_ticket *ticket = federation_ticket(net->options.federation);
    struct peer_address steering = { 0 }, *addresses;
    size_t count;

    if (net->charter == NULL)
        return;
    if (ticket != NULL) {
        steering.node = ticket->steering.node;
        memcpy(steering.transport_key, ticket->steering.transport_key, 32);
        if (ticket->steering.endpoint_count > 0)
            snprintf(steering.endpoint, sizeof(steering.endpoint), "%.*s",
                     (int)ticket->steering.endpoints[0].size,
                     (const char *)ticket->steering.endpoints[0].data);
    }
    struct peer_book_view view = {
        .registry = net->charter->registry,
        .self = &net->options.identity->node,
        .steering = ticket != NULL ? &steering : NULL,
        .wanted = net->options.config->peers_wanted,
    };
    if (peer_book_targets(&net->book, &view, &addresses, &count) == AYNI_OK) {
        peers_set_targets(&net->peers, addresses, count);
        free(addresses);
    }
}

/* Cut who is no member any more. */
static void cut_revoked(struct net *net)
{
    bool incoming = false;

    for (struct peer *peer = net->peers.list; peer != NULL; peer = peer->next) {
        const struct ayni_member *member =
            ayni_registry_member(net->charter->registry, &peer->node);
        if (member == NULL || !member->revoked || peer->route == NULL)
            continue;
        incoming = incoming || peer->incoming != NULL;
        log_peer("peer_cut", &peer->node, "revoked");
        peers_drop(&net->peers, peer, "revoked", DROP_PAUSE_MS, clock_ticks_ms());
        tell_route(net, peer);
    }
    if (incoming)
        transport_cut_incoming(net->transport);
}

static void start_driver(struct net *net)
{
    struct sync_driver_options options = {
        .identity = net->options.identity,
        .log = net->options.log,
        .writer = net->options.writer,
        .author = net->options.records->author,
        .root = net->charter->root,
        .wake = net_wake,
        .peers = { send_to, drop, net },
    };
    enum ayni_status status = sync_driver_new(&options, &net->driver);

    if (status != AYNI_OK)
        report(REPORT_ERROR, "sync_not_started", "reason=%s", ayni_status_name(status));
}

static void take_charter(struct net *net)
{
    const struct charter *before = net->charter;

    net->charter = standing_hold(net->options.records->standing);
    if (net->charter->founded && net->driver == NULL)
        start_driver(net);
    if (net->driver != NULL)
        sync_driver_set_charter(net->driver, standing_hold(net->options.records->standing));
    cut_revoked(net);
    net_set_targets(net);
    if (before != NULL)
        charter_release(before);
}

/* --- the thread --- */

static void clear_wake(struct net *net)
{
    uint64_t count;

    if (read(net->wake_fd, &count, sizeof(count)) < 0)
        return; /* nothing was there: it does not block */
}

static uint64_t work(struct net *net)
{
    uint64_t timeout = WAIT_MS_MAX;

    clear_wake(net);
    if (atomic_exchange(&net->charter_changed, false))
        take_charter(net);
    transport_handle(net->transport);
    if (net->driver != NULL) {
        sync_driver_turn(net->driver);
        if (push_stuck(net))
            timeout = STUCK_RETRY_MS;
        timeout = sync_driver_timeout(net->driver, timeout);
    }
    peers_dial(&net->peers, net->transport, clock_ticks_ms());
    return peers_timeout(&net->peers, clock_ticks_ms(), timeout);
}

static void *run(void *context)
{
    struct net *net = context;

    while (!net->stopping) {
        pthread_mutex_lock(&net->lock);
        uint64_t timeout = work(net);
        pthread_mutex_unlock(&net->lock);
        transport_poll(net->transport, net->wake_fd, timeout);
    }
    return NULL;
}

static enum ayni_status load_book(struct net *net)
{
    SCOPED_BUFFER value = { 0 };
    struct log_snapshot *snapshot;

    enum ayni_status status = log_snapshot_begin(net->options.log, &snapshot);
    if (status != AYNI_OK)
        return status;
    status = log_get_setting(snapshot, net_peers_setting, &value);
    log_snapshot_end(snapshot);
    if (status == AYNI_OK)
        status = peer_book_decode(ayni_buffer_bytes(&value), &net->book);
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

enum ayni_status net_new(const struct net_options *options, struct net **net)
{
    struct net *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->options = *options;
    made->peers.self = options->identity->node;
    made->peers.interval_min_ms = options->config->dial_interval_min_ms;
    made->peers.interval_max_ms = options->config->dial_interval_max_ms;
    made->charter_changed = true;
    pthread_mutex_init(&made->lock, NULL);
    made->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    enum ayni_status status = made->wake_fd < 0 ? AYNI_E_IO : load_book(made);
    if (status != AYNI_OK) {
        net_free(made);
        return status;
    }
    log_writer_listen(options->writer, wake_for_commit, made);
    standing_listen(options->records->standing, wake_for_charter, made);
    *net = made;
    return AYNI_OK;
}

enum ayni_status net_start(struct net *net, char *why, size_t why_size)
{
    struct transport_options options = {
        .public_key = net->options.identity->transport_public,
        .secret_key = net->options.identity->transport_secret,
        .listen = net->options.config->listen,
        .peer_timeout_ms = net->options.config->peer_timeout_ms,
        .events = { on_up, on_down, on_message, admits, net },
    };

    enum ayni_status status = transport_open(&options, &net->transport, why, why_size);
    if (status != AYNI_OK)
        return status;
    if (pthread_create(&net->thread, NULL, run, net) != 0)
        return AYNI_E_IO;
    net->running = true;
    if (transport_endpoint(net->transport)[0] != '\0')
        report(REPORT_INFO, "listening", "endpoint=%s", transport_endpoint(net->transport));
    return AYNI_OK;
}

void net_stop(struct net *net)
{
    if (net == NULL || !net->running)
        return;
    net->stopping = true;
    net_wake(net);
    pthread_join(net->thread, NULL);
    net->running = false;
    transport_close(net->transport);
    net->transport = NULL;
}

void net_free(struct net *net)
{
    if (net == NULL)
        return;
    net_stop(net);
    transport_close(net->transport);
    sync_driver_free(net->driver);
    if (net->charter != NULL)
        charter_release(net->charter);
    peers_free(&net->peers);
    peer_book_free(&net->book);
    if (net->wake_fd >= 0)
        close(net->wake_fd);
    pthread_mutex_destroy(&net->lock);
    free(net);
}
