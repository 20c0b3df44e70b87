/*
 * What a peer said it holds and isn't taken here: feeds over a quota, and of authors whose right
 * isn't known. A user who reads "not in sync" and finds nothing missing is told of it.
 */
#include <stdlib.h>

#include "proto/sync_parts.h"

static struct sync_untaken *find(const struct sync_peer *peer, const struct ayni_feed_prefix *feed)
{
    for (size_t i = 0; i < peer->untaken_count; i++)
        if (ayni_id_equal(&peer->untaken[i].feed, feed))
            return &peer->untaken[i];
    return NULL;
}

void sync_note_untaken(struct ayni_sync *sync, struct sync_peer *peer,
                       const struct sync_space *space, const struct ayni_feed_prefix *feed,
                       uint64_t entries)
{
    struct sync_untaken *untaken = find(peer, feed);

    if (untaken == NULL && peer->untaken_count < AYNI_SYNC_UNTAKEN_MAX &&
        sync_grow(sync, &peer->untaken, peer->untaken_count, &peer->untaken_capacity,
                  sizeof(*untaken))) {
        untaken = &peer->untaken[peer->untaken_count++];
        *untaken = (struct sync_untaken){ .feed = *feed, .space = space->id };
    }
    if (untaken != NULL)
        untaken->entries = sync_max(untaken->entries, entries);
}

void sync_note_deferred(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct sync_feed *feed, uint64_t seq)
{
    struct ayni_feed_prefix name = ayni_feed_prefix_of(&feed->id);

    if (seq > feed->seq)
        sync_note_untaken(sync, peer, feed->space, &name, seq - feed->seq);
}

void sync_note_taken(struct sync_peer *peer, const struct ayni_feed_prefix *feed)
{
    struct sync_untaken *untaken = find(peer, feed);

    if (untaken != NULL)
        *untaken = peer->untaken[--peer->untaken_count];
}

void sync_forget_untaken(struct sync_peer *peer, const struct sync_space *space)
{
    size_t left = 0;

    for (size_t i = 0; i < peer->untaken_count; i++)
        if (space != NULL && !ayni_id_equal(&peer->untaken[i].space, &space->id))
            peer->untaken[left++] = peer->untaken[i];
    peer->untaken_count = left;
}

uint64_t sync_count_untaken(const struct sync_peer *peer, const struct sync_space *space)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < peer->untaken_count; i++)
        if (space == NULL || ayni_id_equal(&peer->untaken[i].space, &space->id))
            sum = sync_sum(sum, peer->untaken[i].entries);
    return sum;
}
