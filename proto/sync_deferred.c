/*
 * Authors of whom runs were refused because the registry here doesn't know their right yet. Their
 * feeds in that space aren't asked for again before something is told of the space: what a peer
 * says of them is heard anew with the next check.
 */
#include <stdlib.h>

#include "proto/sync_parts.h"

/* Where the node stands, or would. */
static size_t place_of(const struct sync_space *space, const struct ayni_node *node)
{
    size_t low = 0, high = space->unknown_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ayni_id_compare(&space->unknown[middle], node) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_unknown(const struct sync_space *space, const struct ayni_node *node)
{
    size_t at = place_of(space, node);

    return at < space->unknown_count && ayni_id_equal(&space->unknown[at], node);
}

bool sync_is_deferred(const struct sync_feed *feed)
{
    return is_unknown(feed->space, &feed->descriptor.node);
}

/* What the peer says of the author's feeds isn't asked for from now on. */
static void note_claims(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct sync_space *space, const struct ayni_node *author)
{
    for (size_t i = 0; i < peer->claim_count; i++) {
        const struct sync_claim *claim = &peer->claims[i];
        if (claim->feed->space == space && ayni_id_equal(&claim->feed->descriptor.node, author))
            sync_note_deferred(sync, peer, claim->feed, claim->seq);
    }
}

void sync_defer(struct ayni_sync *sync, const struct sync_feed *feed)
{
    const struct ayni_node *node = &feed->descriptor.node;
    struct sync_space *space = feed->space;
    size_t at = place_of(space, node);

    sync->counters.deferred_heads++;
    if (is_unknown(space, node) || space->unknown_count == AYNI_SYNC_UNKNOWN_MAX ||
        !sync_grow(sync, &space->unknown, space->unknown_count, &space->unknown_capacity,
                   sizeof(*space->unknown)))
        return;
    memmove(&space->unknown[at + 1], &space->unknown[at],
            (space->unknown_count - at) * sizeof(*space->unknown));
    space->unknown[at] = *node;
    space->unknown_count++;
    for (size_t i = 0; i < sync->peer_count; i++)
        note_claims(sync, sync->peers[i], space, node);
}

void sync_try_deferred(struct ayni_sync *sync, struct sync_space *space)
{
    space->told++;
    if (space->unknown_count == 0)
        return;
    space->unknown_count = 0;
    for (size_t i = 0; i < sync->peer_count; i++)
        if (sync_shares(space, sync->peers[i])) {
            sync_forget_untaken(sync->peers[i], space);
            sync_check_soon(sync, sync->peers[i]);
        }
}
