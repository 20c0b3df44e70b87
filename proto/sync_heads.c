#include <stdlib.h>

#include "proto/sync_parts.h"

/* --- feeds --- */

struct sync_feed *sync_find_feed(const struct ayni_sync *sync, const struct ayni_feed_prefix *name)
{
    return sync_table_get(&sync->feeds, name->bytes);
}

struct sync_feed *sync_add_feed(struct ayni_sync *sync, const struct ayni_feed *id,
                                const struct ayni_feed_descriptor *descriptor)
{
    struct sync_space *space = sync_get_space(sync, &descriptor->space);
    struct sync_feed *feed = calloc(1, sizeof(*feed));

    if (feed != NULL)
        feed->id = *id;
    if (space == NULL || feed == NULL || !sync_table_put(&sync->feeds, feed)) {
        sync->counters.out_of_memory++;
        free(feed);
        return NULL;
    }
    feed->descriptor = *descriptor;
    feed->space = space;
    feed->number = ++sync->feed_number;
    feed->chain = ayni_chain_start(id);
    return feed;
}

void sync_release_feed(struct ayni_sync *sync, struct sync_feed *feed)
{
    if (feed->known || feed->claimants > 0 || feed->storing > 0)
        return;
    sync_table_remove(&sync->feeds, feed->id.bytes);
    free(feed);
}

/* Where feeds of an author, space and lane are counted, with those of some others. */
static uint32_t *counter_of(struct ayni_sync *sync, const struct ayni_feed_descriptor *descriptor)
{
    uint64_t at = ayni_get_u64(descriptor->node.bytes) ^ ayni_get_u64(descriptor->space.bytes);

    return &sync->feeds_of[(at ^ descriptor->lane ^ sync->seed) % SYNC_AUTHOR_COUNTERS];
}

bool sync_over_quota(struct ayni_sync *sync, const struct sync_space *space,
                     const struct ayni_feed_descriptor *descriptor)
{
    size_t count = 0;

    if (*counter_of(sync, descriptor) < AYNI_FEEDS_PER_AUTHOR_MAX)
        return false;

    for (size_t i = 0; i < space->feed_count && count < AYNI_FEEDS_PER_AUTHOR_MAX; i++) {
        const struct ayni_feed_descriptor *other = &space->feeds[i]->descriptor;
        count += other->lane == descriptor->lane && ayni_id_equal(&other->node, &descriptor->node);
    }
    return count >= AYNI_FEEDS_PER_AUTHOR_MAX;
}

/* --- the order in which heads moved --- */

static int compare_moves(const void *a, const void *b)
{
    const struct sync_move *x = a;
    const struct sync_move *y = b;

    if (x->arrival != y->arrival)
        return x->arrival < y->arrival ? -1 : 1;
    return x->feed->number < y->feed->number ? -1 : x->feed->number > y->feed->number;
}

/* Leave out those that are stale; what is left of a feed begins where the first of them did. */
static void compact_moves(struct ayni_sync *sync)
{
    size_t kept = 0;

    for (size_t i = sync->move_count; i-- > 0;)
        sync->moves[i].feed->scan = sync->moves[i].from;
    for (size_t i = 0; i < sync->move_count; i++) {
        if (sync_move_is_stale(&sync->moves[i]))
            continue;
        sync->moves[kept] = sync->moves[i];
        sync->moves[kept].from = sync->moves[i].feed->scan;
        kept++;
    }
    sync->move_count = kept;
}

static void put_move(struct ayni_sync *sync, struct sync_feed *feed)
{
    enum { STALE_MAX = 4096 }; /* so many are told apart, for who counts what a peer lacks */

    if (sync->move_count > 2 * sync->head_count + STALE_MAX)
        compact_moves(sync);
    if (!sync_grow(sync, &sync->moves, sync->move_count, &sync->move_capacity,
                   sizeof(*sync->moves)))
        return;
    if (sync->move_count > 0 && sync->moves[sync->move_count - 1].arrival > feed->arrival)
        sync->moves_sorted = false;
    sync->moves[sync->move_count++] = (struct sync_move){ feed->arrival, feed, feed->before };
}

size_t sync_moves_after(struct ayni_sync *sync, uint64_t arrival)
{
    size_t low = 0;
    size_t high = sync->move_count;

    if (!sync->moves_sorted) {
        compact_moves(sync);
        high = sync->move_count;
        if (high > 0)
            qsort(sync->moves, high, sizeof(*sync->moves), compare_moves);
        sync->moves_sorted = true;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sync->moves[middle].arrival <= arrival)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* --- heads --- */

/* Count it among the heads of its space; only what is held is one. */
static bool list_feed(struct ayni_sync *sync, struct sync_feed *feed)
{
    struct sync_space *space = feed->space;

    if (!sync_grow(sync, &space->feeds, space->feed_count, &space->feed_capacity,
                   sizeof(struct sync_feed *)))
        return false;
    space->feeds[space->feed_count++] = feed;
    space->sorted = false;
    sync->head_count++;
    ++*counter_of(sync, &feed->descriptor);
    feed->listed = true;
    return true;
}

/* A fork before its first entry left nothing of it. */
static void unlist_feed(struct ayni_sync *sync, struct sync_feed *feed)
{
    struct sync_space *space = feed->space;
    size_t at = 0;

    while (space->feeds[at] != feed)
        at++;
    space->feeds[at] = space->feeds[--space->feed_count];
    space->sorted = false;
    sync->head_count--;
    --*counter_of(sync, &feed->descriptor);
    feed->listed = false;
}

/* It no longer counts among what peers merely said. */
static void make_known(struct ayni_sync *sync, struct sync_feed *feed,
                       const struct ayni_sync_head *event)
{
    if (feed->known)
        return;
    for (size_t i = 0; i < sync->peer_count; i++)
        if (sync_find_claim(sync->peers[i], feed) != NULL)
            sync->peers[i]->stranger_count--;
    feed->known = true;
    feed->branch = event->branch;
    feed->start = feed->seq = feed->received = event->start;
}

static void tell_peers(struct ayni_sync *sync, const struct sync_feed *feed)
{
    for (size_t i = 0; i < sync->peer_count; i++) {
        struct sync_peer *peer = sync->peers[i];
        if (!sync_shares(feed->space, peer))
            continue;
        peer->dirty = true;
        peer->pull_due = true;
        if (sync_feed_is_held(feed))
            peer->looked = sync_min(peer->looked, feed->arrival - 1);
        sync_check_changed(sync, peer);
    }
}

static void take_head(struct ayni_sync *sync, struct sync_feed *feed,
                      const struct ayni_sync_head *event)
{
    bool first = feed->arrival == 0;
    uint64_t before = first && !feed->branch ? event->before : feed->seq;

    feed->source = sync_store_source(sync, feed, event->seq);
    feed->rides = before < event->seq && !feed->branch;
    feed->ours = feed->source == 0 && ayni_id_equal(&feed->descriptor.node, &sync->own);
    feed->before = before;
    feed->seq = event->seq;
    feed->chain = event->chain;
    feed->arrival = event->arrival == 0 ? 1 : event->arrival;
    feed->ended = event->ended;
    if (feed->received < feed->seq || feed->storing == 0)
        feed->received = feed->seq;
}

static bool is_news(const struct sync_feed *feed, const struct ayni_sync_head *event)
{
    return !feed->known || feed->seq != event->seq || feed->ended != event->ended ||
           !ayni_id_equal(&feed->chain, &event->chain);
}

void sync_handle_head(struct ayni_sync *sync, const struct ayni_sync_head *event)
{
    struct ayni_feed_prefix name = ayni_feed_prefix_of(&event->feed);
    struct sync_feed *feed = sync_find_feed(sync, &name);
    bool held = event->seq > event->start;

    if (!held && !event->branch && !event->ended)
        return;
    if (feed == NULL)
        feed = sync_add_feed(sync, &event->feed, &event->descriptor);
    if (feed == NULL || !is_news(feed, event) || (held && !feed->listed && !list_feed(sync, feed)))
        return;
    if (!held && feed->listed)
        unlist_feed(sync, feed);
    make_known(sync, feed, event);
    take_head(sync, feed, event);
    feed->space->printed = false;
    feed->space->changed = ++sync->generation;
    sync->arrival = sync_max(sync->arrival, feed->arrival);
    if ((feed->rides && feed->ours) || feed->descriptor.lane == AYNI_LANE_CONTROL)
        sync->hurried = sync->arrival;
    if (held)
        put_move(sync, feed);
    sync_pull_moved(sync, feed);
    tell_peers(sync, feed);
}

void sync_free_heads(struct ayni_sync *sync)
{
    for (size_t i = 0; i < sync->feeds.capacity; i++)
        free(sync->feeds.slots[i]);
    for (size_t i = 0; i < sync->spaces.capacity; i++) {
        struct sync_space *space = sync->spaces.slots[i];
        if (space == NULL)
            continue;
        free(space->members);
        free(space->unknown);
        free(space->feeds);
        free(space);
    }
    sync_table_free(&sync->feeds);
    sync_table_free(&sync->spaces);
    free(sync->space_list);
    free(sync->moves);
}
