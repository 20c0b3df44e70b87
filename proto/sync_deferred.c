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
}

void sync_try_deferred(struct ayni_sync *sync, struct sync_space *space)
{
    space->told++;
    if (space->unknown_count == 0)
        return;
    space->unknown_count = 0;
    for (size_t i = 0; i < sync->peer_count; i++)
        if (sync_shares(space, sync->peers[i]))
            sync_check_soon(sync, sync->peers[i]);
}
