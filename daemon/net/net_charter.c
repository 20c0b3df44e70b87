/* Who is who now: whom to dial, who is cut off, and what the driver is told; in the net thread,
 * which holds the lock. */
#include "daemon/net/net_private.h"

#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/report.h"

void net_set_targets(struct net *net)
{
    const struct ayni_ticket *ticket = federation_ticket(net->options.federation);
    struct peer_address steering = { 0 }, *addresses;
    size_t count;

    net->book_changed = false;
    if (net->charter == NULL)
        return;
    if (ticket != NULL) {
        steering.node = ticket->steering.node;
        memcpy(steering.transport_key, ticket->steering.transport_key, 32);
        for (size_t i = 0; i < ticket->steering.endpoint_count; i++)
            peer_address_add(&steering, ticket->steering.endpoints[i]);
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
static bool cut_revoked(struct net *net, struct peer *peer)
{
    const struct ayni_member *member = ayni_registry_member(net->charter->registry, &peer->node);

    if (member == NULL || !member->revoked || peer->route == NULL)
        return false;
    bool incoming = peer->incoming != NULL;
    net_log_peer("peer_cut", &peer->node, "revoked");
    net_cut(net, peer, "revoked");
    net_tell_route(net, peer);
    return incoming;
}

/* Cut who has another transport key now: whoever has the older one isn't it any more. */
static bool cut_changed(struct net *net, const struct charter *before, struct peer *peer)
{
    const struct ayni_member *was = ayni_registry_member(before->registry, &peer->node);
    const struct ayni_member *is = ayni_registry_member(net->charter->registry, &peer->node);

    if (was == NULL || is == NULL || !was->has_card || !is->has_card ||
        memcmp(was->transport_key, is->transport_key, sizeof(is->transport_key)) == 0)
        return false;
    net_log_peer("peer_cut", &peer->node, "new_key");
    peers_drop(&net->peers, peer, "new_key", 0, clock_ticks_ms());
    net_tell_route(net, peer);
    return true; /* also those that have said nothing yet */
}

static void cut_stale(struct net *net, const struct charter *before)
{
    bool incoming = false;

    for (struct peer *peer = net->peers.list; peer != NULL; peer = peer->next) {
        incoming |= cut_revoked(net, peer);
        incoming |= before != NULL && cut_changed(net, before, peer);
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
        .views = net->options.records->views,
        .author = net->options.records->author,
        .hearing = net->hearing,
        .root = net->charter->root,
        .wake = net_wake,
        .fork_found = net->fork_found,
        .fork_context = net->fork_context,
        .peers = { net_send, net_drop, net },
    };
    enum ayni_status status = sync_driver_new(&options, &net->driver);

    if (status != AYNI_OK)
        report(REPORT_ERROR, "sync_not_started", "reason=%s", ayni_status_name(status));
}

/* Nobody but this node could have erased anything. */
static bool is_only_member(const struct net *net)
{
    size_t count;
    const struct ayni_member *members = ayni_registry_members(net->charter->registry, &count);

    for (size_t i = 0; net->charter->founded && i < count; i++)
        if (!members[i].revoked && !ayni_id_equal(&members[i].node, &net->options.identity->node))
            return false;
    return true;
}

static void stop_hearing_alone(struct net *net)
{
    if (!hearing_is_on(net->hearing) || !is_only_member(net))
        return;
    hearing_end_soon(net->hearing, "nobody");
    if (net->driver != NULL)
        sync_driver_stop_hearing(net->driver);
}

void net_take_charter(struct net *net)
{
    const struct charter *before = net->charter;

    net->charter = standing_hold(net->options.records->standing);
    if (net->charter->founded && net->driver == NULL)
        start_driver(net);
    if (net->driver != NULL)
        sync_driver_set_charter(net->driver, standing_hold(net->options.records->standing));
    stop_hearing_alone(net);
    cut_stale(net, before);
    gate_review(net->gate, net_admits_steward, net);
    net_set_targets(net);
    if (before != NULL)
        charter_release(before);
}
