#include "proto/sync_parts.h"

/* When fingerprints are compared again. */

/* Whether they would only differ for what is on its way. */
static bool is_busy(const struct sync_peer *peer)
{
    if (peer->note_count > 0 || peer->gathers)
        return true;
    for (size_t i = 0; i < peer->claim_count; i++)
        if (sync_claim_is_open(&peer->claims[i]))
            return true;
    for (size_t i = 0; i < peer->serve_count; i++)
        if (peer->serves[i].position < peer->serves[i].end)
            return true;
    return false;
}

/* One check does for both: the one with the lower key makes it. */
static bool is_ours(const struct ayni_sync *sync, const struct sync_peer *peer)
{
    return ayni_id_compare(&sync->own, &peer->node) < 0;
}

void sync_check_soon(struct ayni_sync *sync, struct sync_peer *peer)
{
    if (peer->check_at == SYNC_NEVER && peer->greeted) {
        peer->check_at = sync_after(sync, is_ours(sync, peer) ? SYNC_QUIET : 3 * SYNC_QUIET);
        peer->postponed = 0;
    }
    peer->dirty = true;
}

void sync_check_changed(struct ayni_sync *sync, struct sync_peer *peer)
{
    uint64_t latest = sync_after(sync, sync_check_max(sync, peer));

    sync_check_soon(sync, peer);
    if (peer->check_at != SYNC_NEVER)
        peer->check_at = sync_min(peer->check_at, latest);
}

void sync_check_now(struct ayni_sync *sync, struct sync_peer *peer)
{
    sync_check_soon(sync, peer);
    if (peer->check_at == SYNC_NEVER)
        return;
    peer->hurried = true;
    peer->check_at = sync_min(peer->check_at, sync_after(sync, SYNC_QUIET));
}

void sync_check_hurry(struct ayni_sync *sync)
{
    for (size_t i = 0; i < sync->peer_count; i++)
        if (sync->peers[i]->check_at != SYNC_NEVER)
            sync_check_now(sync, sync->peers[i]);
}

void sync_break_agreement(struct ayni_sync *sync, struct sync_peer *peer)
{
    peer->agreed = false;
    sync_check_soon(sync, peer);
}

/* Nothing is on its way, and nothing is to be said first. */
static bool is_quiet(const struct ayni_sync *sync, const struct sync_peer *peer)
{
    return peer->looked >= sync->arrival && !is_busy(peer);
}

void sync_check_when_quiet(struct ayni_sync *sync, struct sync_peer *peer)
{
    if (sync->now < peer->check_at && !(peer->hurried && is_quiet(sync, peer)))
        return;
    if (is_busy(peer) && peer->postponed++ < SYNC_POSTPONED_MAX) {
        peer->check_at = sync_after(sync, SYNC_QUIET);
        return;
    }
    peer->check_at = SYNC_NEVER;
    peer->hurried = false;
    peer->hello_at = sync->now;
}

/* --- after one --- */

void sync_check_agreed(struct sync_peer *peer)
{
    peer->unequal = 0;
    peer->hurried = false;
    peer->check_at = SYNC_NEVER;
    peer->check_delay = SYNC_QUIET;
}

static bool same_prints(const struct sync_prints *a, const struct sync_prints *b)
{
    return ayni_id_equal(&a->registry, &b->registry) && ayni_id_equal(&a->shared, &b->shared);
}

/* Up to a quarter of the delay: peers that disagree for the same reason don't all ask at once. */
static uint64_t scattered(const struct ayni_sync *sync, const struct sync_peer *peer)
{
    uint64_t chance = sync_mix(sync->seed + sync_mix(peer->serial) + peer->unequal);

    return peer->check_delay + chance % (peer->check_delay / 4 + 1);
}

void sync_check_differed(struct ayni_sync *sync, struct sync_peer *peer,
                         const struct sync_prints *own, const struct sync_prints *theirs)
{
    bool first = peer->unequal++ == 0;
    bool moved = first || !same_prints(own, &peer->differed_own) ||
                 !same_prints(theirs, &peer->differed_theirs);
    uint64_t max = sync_check_max(sync, peer);

    peer->differed_own = *own;
    peer->differed_theirs = *theirs;
    peer->check_at = is_ours(sync, peer)
                         ? sync_after(sync, scattered(sync, peer))
                         : sync_after(sync, peer->check_delay + peer->check_delay / 4 + SYNC_QUIET);
    peer->check_delay =
        sync_min(2 * peer->check_delay, moved ? max : sync_max(max, SYNC_CHECK_REST));
    peer->postponed = 0;
}
