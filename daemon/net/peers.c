#include "daemon/net/peers.h"

#include <stdlib.h>

#include "proto/crypto.h"
#include "proto/endpoint.h"

/* A joiner waits for steering to add it: dial evenly for so long before backing off. */
enum {
    PATIENCE_MS = 5 * 60 * 1000,
    /* Links that end sooner are dialled again less often, but as often as this. */
    SHORT_LIFE_MS = 15 * 1000,
    SHORT_LIFE_INTERVAL_MS = 10 * 1000,
    /* A link that lived longer has been cut: it is dialled again within this, not in step with
       others. */
    REDIAL_MS = 256,
    /* In so long the node at the other end has hung up the second of two links. */
    SECOND_LINK_MS = 10 * 1000,
};

void peers_free(struct peers *peers)
{
    while (peers->list != NULL) {
        struct peer *peer = peers->list;
        peers->list = peer->next;
        ayni_buffer_free(&peer->stuck);
        free(peer);
    }
}

struct peer *peers_find(const struct peers *peers, const struct ayni_node *node)
{
    for (struct peer *peer = peers->list; peer != NULL; peer = peer->next)
        if (ayni_id_equal(&peer->node, node))
            return peer;
    return NULL;
}

struct peer *peers_find_or_add(struct peers *peers, const struct ayni_node *node)
{
    struct peer *peer = peers_find(peers, node);

    if (peer != NULL)
        return peer;
    peer = calloc(1, sizeof(*peer));
    if (peer == NULL)
        return NULL;
    peer->node = *node;
    peer->interval_ms = peers->interval_min_ms;
    peer->next = peers->list;
    peers->list = peer;
    return peer;
}

/* Take the link in use anew: of two the one that the smaller key dialled. True if that changed. */
static bool choose_route(const struct peers *peers, struct peer *peer)
{
    struct link *before = peer->route;
    bool ours_stays = ayni_id_compare(&peers->self, &peer->node) < 0;

    if (peer->outgoing_up && (peer->incoming == NULL || ours_stays))
        peer->route = peer->outgoing;
    else
        peer->route = peer->incoming;
    if (peer->route != before)
        ayni_buffer_clear(&peer->stuck);
    return peer->route != before;
}

static void hang_up_outgoing(struct peer *peer)
{
    if (peer->outgoing != NULL)
        transport_hang_up(peer->outgoing);
    peer->outgoing = NULL;
    peer->outgoing_up = false;
}

bool peers_link_up(struct peers *peers, struct peer *peer, struct link *link, uint64_t now_ms)
{
    if (link_is_outgoing(link)) {
        peer->outgoing_up = true;
    } else {
        peer->incoming = link;
        peer->incoming_at_ms = now_ms;
    }
    peer->failing_since_ms = 0;
    if (peer->interval_ms > SHORT_LIFE_INTERVAL_MS)
        peer->interval_ms = peers->interval_min_ms;
    peer->why = NULL;
    bool changed = choose_route(peers, peer);
    if (peer->route != peer->outgoing && peer->outgoing_up)
        hang_up_outgoing(peer);
    return changed;
}

/* The next dial: evenly at first, then less and less often, never in step with others. */
static void back_off(const struct peers *peers, struct peer *peer, uint64_t now_ms)
{
    uint8_t jitter;

    if (peer->failing_since_ms == 0)
        peer->failing_since_ms = now_ms;
    else if (now_ms - peer->failing_since_ms > PATIENCE_MS)
        peer->interval_ms = peer->interval_ms * 2 < peers->interval_max_ms ? peer->interval_ms * 2
                                                                           : peers->interval_max_ms;
    ayni_random(&jitter, sizeof(jitter));
    peer->dial_at_ms = now_ms + peer->interval_ms - peer->interval_ms * jitter / 1024;
}

/* The link was good and has been cut: the way there is known. */
static void dial_soon(struct peer *peer, uint64_t now_ms)
{
    uint8_t jitter;

    ayni_random(&jitter, sizeof(jitter));
    peer->dial_at_ms = now_ms + REDIAL_MS * jitter / 256;
}

/* A name may have an address of the other kind. */
static bool may_be_ipv6(const struct peers *peers, const struct peer *peer)
{
    return peers->looks_up && !peer->by_ipv6 &&
           peer->endpoint_index < peer->address.endpoint_count &&
           ayni_endpoint_is_name(peer->address.endpoints[peer->endpoint_index]);
}

/* The next of its endpoints is dialled at once; after the last one there is a pause. */
static void dial_elsewhere(const struct peers *peers, struct peer *peer, uint64_t now_ms)
{
    peer->by_ipv6 = may_be_ipv6(peers, peer);
    if (peer->by_ipv6) {
        peer->dial_at_ms = now_ms;
        return;
    }
    if (++peer->endpoint_index < peer->address.endpoint_count) {
        peer->dial_at_ms = now_ms;
        return;
    }
    peer->endpoint_index = 0;
    back_off(peers, peer, now_ms);
}

/* How often a peer is dialled whose link was up and has ended. */
static void judge_life(const struct peers *peers, struct peer *peer, uint64_t now_ms)
{
    bool is_short = now_ms - peer->dialled_at_ms < SHORT_LIFE_MS;

    if (!is_short)
        peer->interval_ms = peers->interval_min_ms;
    else if (peer->was_short && peer->interval_ms * 2 <= SHORT_LIFE_INTERVAL_MS)
        peer->interval_ms *= 2;
    peer->was_short = is_short;
}

bool peers_link_down(struct peers *peers, struct peer *peer, struct link *link, const char *why,
                     uint64_t now_ms)
{
    if (link == peer->outgoing) {
        bool was_up = peer->outgoing_up;
        if (was_up)
            judge_life(peers, peer, now_ms);
        peer->outgoing = NULL;
        peer->outgoing_up = false;
        if (was_up && !peer->was_short)
            dial_soon(peer, now_ms);
        else if (was_up)
            back_off(peers, peer, now_ms); /* and then where it was */
        else
            dial_elsewhere(peers, peer, now_ms);
    } else if (link == peer->incoming) {
        peer->incoming = NULL;
    }
    peer->why = why;
    return choose_route(peers, peer);
}

bool peers_incoming_spoke(struct peers *peers, struct peer *peer, uint64_t now_ms)
{
    if (peer->route == peer->incoming || now_ms - peer->incoming_at_ms < SECOND_LINK_MS)
        return false;
    hang_up_outgoing(peer);
    return choose_route(peers, peer);
}

void peers_drop(struct peers *peers, struct peer *peer, const char *why, uint64_t pause_ms,
                uint64_t now_ms)
{
    hang_up_outgoing(peer);
    if (peer->incoming != NULL)
        transport_hang_up(peer->incoming);
    peer->incoming = NULL;
    peer->why = why;
    peer->shunned_until_ms = now_ms + pause_ms;
    peer->dial_at_ms = peer->shunned_until_ms;
    (void)choose_route(peers, peer);
}

static bool is_same_address(const struct peer_address *a, const struct peer_address *b)
{
    if (memcmp(a->transport_key, b->transport_key, sizeof(a->transport_key)) != 0 ||
        a->endpoint_count != b->endpoint_count)
        return false;
    for (size_t i = 0; i < a->endpoint_count; i++)
        if (strcmp(a->endpoints[i], b->endpoints[i]) != 0)
            return false;
    return true;
}

void peers_set_targets(struct peers *peers, const struct peer_address *addresses, size_t count)
{
    for (struct peer *peer = peers->list; peer != NULL; peer = peer->next)
        peer->wanted = false;
    for (size_t i = 0; i < count; i++) {
        struct peer *peer = peers_find_or_add(peers, &addresses[i].node);
        if (peer == NULL)
            continue;
        bool moved = !is_same_address(&peer->address, &addresses[i]);
        if (moved && peer->outgoing != NULL && !peer->outgoing_up)
            hang_up_outgoing(peer);
        if (moved) {
            peer->endpoint_index = 0;
            peer->by_ipv6 = false;
        }
        peer->address = addresses[i];
        peer->wanted = true;
    }
    for (struct peer *peer = peers->list; peer != NULL; peer = peer->next)
        if (!peer->wanted && peer->outgoing != NULL && !peer->outgoing_up)
            hang_up_outgoing(peer);
}

static bool is_to_dial(const struct peer *peer)
{
    return peer->wanted && peer->outgoing == NULL && peer->incoming == NULL;
}

void peers_dial(struct peers *peers, struct transport *transport, uint64_t now_ms)
{
    for (struct peer *peer = peers->list; peer != NULL; peer = peer->next) {
        if (!is_to_dial(peer) || peer->dial_at_ms > now_ms)
            continue;
        peer->dialled_at_ms = now_ms;
        if (transport_dial(transport, &peer->node, peer->address.transport_key,
                           peer->address.endpoints[peer->endpoint_index], peer->by_ipv6,
                           &peer->outgoing) != AYNI_OK) {
            peer->outgoing = NULL;
            peer->why = "unreachable";
            dial_elsewhere(peers, peer, now_ms);
        }
    }
}

void peers_retry_now(struct peers *peers)
{
    for (struct peer *peer = peers->list; peer != NULL; peer = peer->next)
        peer->dial_at_ms = peer->shunned_until_ms;
}

bool peer_is_shunned(const struct peer *peer, uint64_t now_ms)
{
    return now_ms < peer->shunned_until_ms;
}

uint64_t peers_timeout(const struct peers *peers, uint64_t now_ms, uint64_t max_ms)
{
    for (const struct peer *peer = peers->list; peer != NULL; peer = peer->next) {
        if (!is_to_dial(peer))
            continue;
        uint64_t due = peer->dial_at_ms > now_ms ? peer->dial_at_ms - now_ms : 0;
        max_ms = due < max_ms ? due : max_ms;
    }
    return max_ms;
}

const char *peer_state(const struct peer *peer)
{
    if (peer->route != NULL)
        return "connected";
    if (!peer->wanted)
        return "heard";
    if (peer->why != NULL && strcmp(peer->why, "refused") == 0)
        return "refused";
    return peer->why != NULL ? "waiting" : "dialling";
}
