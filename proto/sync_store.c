#include <stdlib.h>

#include "proto/compress.h"
#include "proto/sync_parts.h"

bool sync_put_store(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_store *store,
                    struct ayni_bytes runs)
{
    if (sync->inbox_bytes + runs.size > AYNI_SYNC_INBOX_MAX) {
        sync->counters.ignored_messages++;
        return false;
    }
    uint8_t *copy = malloc(runs.size);
    if (copy == NULL || !sync_grow(sync, &sync->stores, sync->store_count, &sync->store_capacity,
                                   sizeof(*sync->stores))) {
        sync->counters.out_of_memory++;
        free(copy);
        return false;
    }
    memcpy(copy, runs.data, runs.size);
    struct sync_store *kept = &sync->stores[sync->store_count++];
    *kept = *store;
    kept->number = ++sync->store_number;
    kept->peer = peer->serial;
    kept->node = peer->node;
    kept->runs = copy;
    kept->size = runs.size;
    kept->feed->storing++;
    sync->inbox_bytes += runs.size;
    return true;
}

bool sync_put_batch(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_store *store,
                    const struct ayni_batch *batch)
{
    ayni_buffer_clear(&sync->plain);
    enum ayni_status status = ayni_decompress(batch->packed, AYNI_BATCH_SIZE_MAX, &sync->plain);
    if (status == AYNI_OK && sync->plain.size > 0)
        return sync_put_store(sync, peer, store, ayni_buffer_bytes(&sync->plain));
    if (status == AYNI_E_MEMORY)
        sync->counters.out_of_memory++;
    else
        sync_drop_peer(sync, peer,
                       status == AYNI_E_LIMIT ? AYNI_SYNC_DROP_LIMIT : AYNI_SYNC_DROP_MALFORMED);
    return false;
}

bool sync_store_next(struct ayni_sync *sync, struct ayni_sync_action *action)
{
    free(sync->lent);
    sync->lent = NULL;
    for (size_t i = 0; i < sync->store_count && sync->inbox_bytes > 0; i++) {
        struct sync_store *store = &sync->stores[i];
        if (store->handed)
            continue;
        store->handed = true;
        store->told = store->feed->space->told;
        sync->lent = store->runs;
        sync->inbox_bytes -= store->size;
        action->type = store->evidence ? AYNI_SYNC_FORK
                       : store->fills  ? AYNI_SYNC_FILL
                                       : AYNI_SYNC_STORE;
        action->peer = store->node;
        action->store = (struct ayni_sync_store){ .number = store->number,
                                                  .feed = store->feed->id,
                                                  .descriptor = store->feed->descriptor,
                                                  .from = store->from,
                                                  .runs = { store->runs, store->size } };
        store->runs = NULL;
        return true;
    }
    return false;
}

uint64_t sync_store_source(const struct ayni_sync *sync, const struct sync_feed *feed, uint64_t seq)
{
    for (size_t i = 0; i < sync->store_count; i++) {
        const struct sync_store *store = &sync->stores[i];
        if (store->feed == feed && store->from < seq && seq <= store->to && !store->evidence &&
            !store->fills)
            return store->peer;
    }
    return 0;
}

/* Take the store of that number off the list. Its feed is held until let_go(). */
static bool take(struct ayni_sync *sync, uint64_t number, struct sync_store *taken)
{
    for (size_t i = 0; i < sync->store_count; i++) {
        if (sync->stores[i].number != number || !sync->stores[i].handed)
            continue;
        *taken = sync->stores[i];
        memmove(&sync->stores[i], &sync->stores[i + 1],
                (sync->store_count - i - 1) * sizeof(*sync->stores));
        sync->store_count--;
        taken->feed->claimants++;
        taken->feed->storing--;
        if (taken->feed->storing == 0)
            taken->feed->received = taken->feed->seq;
        return true;
    }
    return false;
}

static void let_go(struct ayni_sync *sync, const struct sync_store *taken)
{
    taken->feed->claimants--;
    sync_release_feed(sync, taken->feed);
}

static void wake_peers(struct ayni_sync *sync)
{
    for (size_t i = 0; i < sync->peer_count; i++) {
        sync->peers[i]->pull_due = true;
        sync->peers[i]->dirty = true;
    }
}

/* Don't ask this peer for it again at once. */
static void hold_back(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_feed *feed,
                      uint64_t ms)
{
    struct sync_claim *claim = sync_find_claim(peer, feed);

    if (claim == NULL)
        return;
    sync_stop_pull(peer, claim);
    claim->not_before = sync_after(sync, ms);
}

static void count_stored(struct ayni_sync *sync, struct sync_peer *peer,
                         const struct sync_store *store)
{
    if (store->evidence) {
        sync_trace_done(peer);
    } else if (store->fills) {
        sync_refill_stored(peer);
    } else if (store->feed->seq > store->from) {
        peer->entries_stored += store->to - store->from;
        peer->check_delay = SYNC_QUIET;
        sync_check_soon(sync, peer);
    } else {
        hold_back(sync, peer, store->feed, SYNC_RETRY); /* there was nothing new in it */
    }
}

void sync_handle_stored(struct ayni_sync *sync, uint64_t number)
{
    struct sync_store store;

    if (!take(sync, number, &store))
        return;
    struct sync_peer *peer = sync_peer_of_serial(sync, store.peer);
    if (peer != NULL)
        count_stored(sync, peer, &store);
    wake_peers(sync);
    let_go(sync, &store);
}

/* Whoever has it: this node can't store it now. */
static void wait_longer(const struct ayni_sync *sync, struct sync_feed *feed)
{
    uint64_t delay = sync_min((uint64_t)SYNC_BUSY << sync_min(feed->failures, 8), SYNC_BUSY_MAX);

    feed->failures++;
    feed->retry_at = sync_after(sync, delay);
}

static bool is_breach(enum ayni_status status)
{
    return status == AYNI_E_SIGNATURE || status == AYNI_E_MALFORMED || status == AYNI_E_INVALID ||
           status == AYNI_E_LIMIT;
}

static enum ayni_sync_drop drop_for(enum ayni_status status)
{
    switch (status) {
    case AYNI_E_MALFORMED:
        return AYNI_SYNC_DROP_MALFORMED;
    case AYNI_E_LIMIT:
        return AYNI_SYNC_DROP_LIMIT;
    default:
        return AYNI_SYNC_DROP_SEAL;
    }
}

static void blame(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_store *store,
                  enum ayni_status status)
{
    if (!is_breach(status) && store->fills) {
        sync_refill_stored(peer);
    } else if (!is_breach(status)) {
        peer->gap = true;
        hold_back(sync, peer, store->feed, SYNC_BUSY);
        if (status == AYNI_E_FULL || status == AYNI_E_IO)
            wait_longer(sync, store->feed);
    } else if (!store->noted) {
        sync_refusals(sync, &peer->node)->runs++;
        sync_drop_peer(sync, peer, drop_for(status));
        return;
    }
    if (store->evidence)
        sync_trace_done(peer);
}

/* Where something has been told of the space since, it was perhaps refused by what was so before.
 */
static bool is_for_want_of_a_right(const struct sync_store *store, enum ayni_status status)
{
    return !store->fills && !store->evidence && store->told == store->feed->space->told &&
           (status == AYNI_E_NOT_FOUND || status == AYNI_E_RIGHT);
}

void sync_handle_refused(struct ayni_sync *sync, uint64_t number, enum ayni_status status)
{
    struct sync_store store;

    if (!take(sync, number, &store))
        return;
    sync->counters.refused_runs += is_breach(status);
    store.feed->no_riders |= store.noted;
    if (is_for_want_of_a_right(&store, status))
        sync_defer(sync, store.feed);
    struct sync_peer *peer = sync_peer_of_serial(sync, store.peer);
    if (peer != NULL)
        blame(sync, peer, &store, status);
    wake_peers(sync);
    let_go(sync, &store);
}

void sync_free_stores(struct ayni_sync *sync)
{
    for (size_t i = 0; i < sync->store_count; i++)
        free(sync->stores[i].runs);
    free(sync->stores);
    free(sync->lent);
}
