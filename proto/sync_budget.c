#include "proto/sync_parts.h"

/* What a link may carry of what can wait. Microseconds where a rate has to be kept exactly. */

/* A receiver that is told to wait asks again after this at the latest. */
enum { LATER_MAX_S = 600 };

bool sync_is_urgent(const struct sync_feed *feed)
{
    return sync_urgency(feed) < 2;
}

/* Bytes of runs that are asked for at once: two seconds of the rate that is allowed. */
static uint64_t window_max(const struct sync_peer *peer)
{
    if (peer->budget.rate == 0)
        return AYNI_SYNC_WINDOW_MAX;
    return sync_max(2 * sync_min(peer->budget.rate, AYNI_SYNC_WINDOW_MAX / 2),
                    AYNI_SYNC_WINDOW_MIN);
}

void sync_bound_window(struct sync_peer *peer)
{
    peer->window = sync_min(sync_max(peer->window, AYNI_SYNC_WINDOW_MIN), window_max(peer));
}

/* Others may have what this one may not bring. */
static void wake_pullers(struct ayni_sync *sync)
{
    sync_turn_all(sync);
    for (size_t i = 0; i < sync->peer_count; i++)
        sync->peers[i]->pull_due = sync->peers[i]->dirty = true;
}

void sync_handle_budget(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_sync_budget *budget)
{
    peer->budget = *budget;
    if (budget->rate == 0)
        peer->paced_us = 0;
    sync_bound_window(peer);
    if (budget->left == 0)
        sync_stop_bulk(peer);
    peer->serve_due = true;
    wake_pullers(sync);
}

void sync_count_bytes(const struct ayni_sync *sync, struct sync_peer *peer, size_t size)
{
    struct ayni_sync_budget *budget = &peer->budget;

    if (budget->left != UINT64_MAX && budget->left > 0) {
        budget->left -= sync_min(budget->left, size);
        if (budget->left == 0)
            sync_stop_bulk(peer);
    }
    if (budget->rate > 0)
        peer->paced_us = sync_max(peer->paced_us, sync->now * 1000) + size * 1000000 / budget->rate;
}

bool sync_is_held(const struct sync_peer *peer)
{
    return peer->budget.left == 0;
}

uint64_t sync_paced_until(const struct sync_peer *peer)
{
    return (peer->paced_us + 999) / 1000;
}

bool sync_may_go(const struct ayni_sync *sync, const struct sync_peer *peer,
                 const struct sync_feed *feed)
{
    if (sync_is_urgent(feed))
        return true;
    return !sync_is_held(peer) && sync->now >= sync_paced_until(peer);
}

uint64_t sync_later_s(const struct ayni_sync *sync, const struct sync_peer *peer)
{
    uint64_t until = peer->budget.until.ms;

    return sync_min(until > sync->now ? 1 + (until - sync->now) / 1000 : 1, LATER_MAX_S);
}

void sync_hear_later(const struct ayni_sync *sync, struct sync_peer *peer, uint64_t later_s)
{
    peer->later_until = sync_after(sync, sync_min(later_s, LATER_MAX_S) * 1000);
}

void sync_heed_later(struct ayni_sync *sync, struct sync_peer *peer, struct sync_claim *claim,
                     uint64_t later_s)
{
    sync_hear_later(sync, peer, later_s);
    sync_stop_pull(peer, claim);
    claim->tries = 0;
    claim->not_before = peer->later_until;
    wake_pullers(sync);
}

uint64_t sync_check_max(const struct ayni_sync *sync, const struct sync_peer *peer)
{
    return sync_is_held(peer) || sync->now < peer->later_until ? SYNC_CHECK_HELD : SYNC_CHECK_MAX;
}
