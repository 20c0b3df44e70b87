#include "proto/sync_parts.h"

/* A peer that gives nothing keeps nothing from others that it isn't being asked for either. */
static void free_parked(struct ayni_sync *sync, struct sync_peer *peer)
{
    for (size_t i = 0; i < peer->claim_count; i++) {
        struct sync_claim *claim = &peer->claims[i];
        if (!claim->active || !claim->parked || claim->feed->claimants == 1 ||
            claim->feed->storing > 0)
            continue;
        sync_stop_pull(peer, claim);
        claim->not_before = sync_after(sync, SYNC_BUSY);
    }
}

/* Something of the peer's has stalled: others may be asked for that, and for what is parked. */
static void let_others(struct ayni_sync *sync, struct sync_peer *peer)
{
    free_parked(sync, peer);
    sync_turn_all(sync);
    sync_rate_begin(sync, peer); /* a stall says nothing of the line's rate */
    for (size_t i = 0; i < sync->peer_count; i++) {
        sync->peers[i]->pull_due = true;
        sync->peers[i]->dirty = true;
    }
}

void sync_find_stalls(struct ayni_sync *sync, struct sync_peer *peer)
{
    bool any = false;

    for (size_t i = peer->claim_count; i-- > 0;) {
        struct sync_claim *claim = &peer->claims[i];
        if (claim->parked || claim->feed->storing > 0)
            claim->progress = sync->now;
        if (!claim->active || sync->now < claim->progress + sync_patience(peer, claim->tries))
            continue;
        any = true;
        sync->counters.stalls++;
        sync_stop_pull(peer, claim);
        claim->not_before = claim->feed->claimants > 1 ? sync_after(sync, SYNC_BUSY) : 0;
        if (++claim->tries < SYNC_TRIES_MAX)
            continue;
        peer->gap = true;
        sync_refusals(sync, &peer->node)->withheld++;
        sync_remove_claim(sync, peer, claim);
    }
    if (any)
        let_others(sync, peer);
}
