/* What the transport tells of peers, and what the driver wants of them; in the net thread, which
 * holds the lock. */
#include "daemon/clock.h"
#include "daemon/federation/stewards.h"
#include "daemon/net/meets.h"
#include "daemon/net/net_private.h"
#include "daemon/report.h"
#include "proto/limits.h"

enum { DROP_PAUSE_MS = 60 * 1000 }; /* after a breach of the protocol */

void net_log_peer(const char *event, const struct ayni_node *node, const char *why)
{
    char text[AYNI_NODE_TEXT_SIZE];

    ayni_node_text(node, text);
    report(REPORT_INFO, event, "peer=%.8s%s%s", text, why != NULL ? " reason=" : "",
           why != NULL ? why : "");
}

/* --- who may speak --- */

static bool is_shunned(const struct net *net, const struct ayni_node *node)
{
    const struct peer *peer = peers_find(&net->peers, node);

    return peer != NULL && peer_is_shunned(peer, clock_ticks_ms());
}

/* Before anything is known of the federation: the steering node of the ticket. */
static const struct ayni_card *first_contact(const struct net *net)
{
    const struct ayni_ticket *ticket = federation_ticket(net->options.federation);

    return ticket == NULL || ayni_registry_steering(net->charter->registry) != NULL
               ? NULL
               : &ticket->steering;
}

bool net_admits_steward(void *context, const uint8_t key[32])
{
    const struct net *net = context;
    char name[AYNI_NAME_SIZE_MAX + 1];

    return steward_role_of_key(net->options.records, key, name, sizeof(name)) >= 0;
}

/* A key that is a node's is no steward's. */
enum zap_who net_admits(void *context, const uint8_t transport_key[32], struct ayni_node *id)
{
    struct net *net = context;

    if (net->charter == NULL)
        return ZAP_NOBODY;
    const struct ayni_member *member =
        ayni_registry_member_by_transport(net->charter->registry, transport_key);
    const struct ayni_card *first = first_contact(net);
    if (member != NULL) {
        *id = member->node;
    } else if (first != NULL && memcmp(first->transport_key, transport_key, 32) == 0) {
        *id = first->node;
    } else {
        memcpy(id->bytes, transport_key, sizeof(id->bytes));
        return net_admits_steward(net, transport_key) ? ZAP_STEWARD : ZAP_NOBODY;
    }
    return is_shunned(net, id) ? ZAP_NOBODY : ZAP_NODE;
}

/* ZAP was asked when the connection was made; much may have happened since. */
static bool may_speak(const struct net *net, const struct ayni_node *node)
{
    const struct ayni_member *member = ayni_registry_member(net->charter->registry, node);
    const struct ayni_card *first = first_contact(net);
    bool known =
        member != NULL ? !member->revoked : first != NULL && ayni_id_equal(&first->node, node);

    return known && !is_shunned(net, node);
}

/* --- what the transport tells --- */

/* Keep what a peer is known to hold now. */
static void keep_meets_of(struct net *net, struct peer *peer)
{
    struct ayni_incarnation instance = log_instance(net->options.log);
    SCOPED_BUFFER gathered = { 0 };

    if (net->driver == NULL)
        return;
    sync_driver_meets(net->driver, &peer->node, &gathered);
    const struct meet *meets = (const struct meet *)gathered.data;
    size_t count = gathered.size / sizeof(*meets);
    if (count == 0 || gathered.failed || meets[0].arrival == peer->met_arrival)
        return;
    if (meets_keep(net->options.writer, &instance, &peer->node, meets, count) == AYNI_OK)
        peer->met_arrival = meets[0].arrival;
}

void net_tell_route(struct net *net, struct peer *peer)
{
    if (net->driver == NULL)
        return;
    peer->asked_at_ms = 0;
    if (peer->route != NULL) {
        sync_driver_peer_up(net->driver, &peer->node, peer->route == peer->outgoing,
                            net->options.config->metered);
        net_tell_budget(net, peer);
    } else {
        keep_meets_of(net, peer);
        sync_driver_peer_down(net->driver, &peer->node);
    }
}

void net_keep_meets(struct net *net)
{
    for (struct peer *peer = net->peers.list; peer != NULL; peer = peer->next)
        if (peer->route != NULL)
            keep_meets_of(net, peer);
}

static void steward_up(struct net *net, struct link *link)
{
    if (net_admits_steward(net, link_node(link)->bytes))
        gate_up(net->gate, link);
    else
        transport_hang_up(link);
}

void net_on_up(void *context, struct link *link)
{
    struct net *net = context;
    struct peer *peer = NULL;

    if (link_is_steward(link)) {
        steward_up(net, link);
        return;
    }
    if (link_is_outgoing(link) || may_speak(net, link_node(link)))
        peer = peers_find_or_add(&net->peers, link_node(link));
    if (peer == NULL) {
        transport_hang_up(link);
        return;
    }
    bool was_connected = peer->route != NULL;
    peer->last_seen = clock_now();
    if (peers_link_up(&net->peers, peer, link, clock_ticks_ms())) {
        if (!was_connected)
            net_log_peer("peer_connected", &peer->node, NULL);
        net_tell_route(net, peer);
    }
}

void net_on_down(void *context, struct link *link, const char *why)
{
    struct net *net = context;

    if (link_is_steward(link)) {
        gate_down(net->gate, link);
        return;
    }
    struct peer *peer = peers_find(&net->peers, link_node(link));
    if (peer == NULL)
        return;
    bool was_connected = peer->route != NULL;
    if (peers_link_down(&net->peers, peer, link, why, clock_ticks_ms())) {
        if (was_connected && peer->route == NULL)
            net_log_peer("peer_disconnected", &peer->node, why);
        net_tell_route(net, peer);
    }
}

static bool is_hello(struct ayni_bytes message)
{
    return message.size >= 2 && message.data[1] == AYNI_MESSAGE_HELLO;
}

void net_on_message(void *context, struct link *link, struct ayni_bytes message)
{
    struct net *net = context;

    if (link_is_steward(link)) {
        gate_take(net->gate, link, message);
        return;
    }
    struct peer *peer = peers_find(&net->peers, link_node(link));
    if (peer == NULL || net->driver == NULL || (link != peer->route && link != peer->incoming))
        return;
    peer->last_seen = clock_now();
    if (link == peer->incoming && peers_incoming_spoke(&net->peers, peer, clock_ticks_ms()))
        net_tell_route(net, peer);
    if (is_hello(message) && peer->asked_at_ms != 0) {
        peer->rtt_ms = clock_ticks_ms() - peer->asked_at_ms;
        peer->asked_at_ms = 0;
    }
    net_count(net, peer, false, message.size);
    sync_driver_message(net->driver, &peer->node, message);
}

/* --- what the driver asks for --- */

bool net_send(void *context, const struct ayni_node *node, struct ayni_bytes message)
{
    struct net *net = context;
    struct peer *peer = peers_find(&net->peers, node);

    if (peer == NULL || peer->route == NULL)
        return true; /* lost, as messages to who is gone are */
    if (ayni_message_asks(message))
        peer->asked_at_ms = clock_ticks_ms();
    if (peer->stuck.size > 0)
        return false;
    net_count(net, peer, true, message.size);
    if (transport_send(net->transport, peer->route, message) != AYNI_E_BUSY)
        return true;
    ayni_buffer_append(&peer->stuck, message.data, message.size);
    if (!peer->stuck.failed)
        return false;
    ayni_buffer_clear(&peer->stuck);
    return true; /* without memory it is lost too */
}

void net_drop(void *context, const struct ayni_node *node, enum ayni_sync_drop reason)
{
    struct net *net = context;
    struct peer *peer = peers_find(&net->peers, node);

    net_log_peer("peer_dropped", node, ayni_sync_drop_name(reason));
    if (peer != NULL)
        net_cut(net, peer, ayni_sync_drop_name(reason));
}

void net_cut(struct net *net, struct peer *peer, const char *why)
{
    peers_drop(&net->peers, peer, why, DROP_PAUSE_MS, clock_ticks_ms());
}

bool net_push_stuck(struct net *net)
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
