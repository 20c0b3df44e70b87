#include "proto/sync_parts.h"

void sync_rate_begin(const struct ayni_sync *sync, struct sync_peer *peer)
{
    peer->window_start = sync->now;
    peer->window_bytes = 0;
    peer->filled = false;
}

/* The way there and back, and a quarter more. */
static uint64_t way(const struct sync_peer *peer)
{
    return peer->answer_min + peer->answer_min / 4;
}

/*
 * A window is what comes in the way there and back and SYNC_WINDOW_AHEAD more: so the line never
 * stands still, and what is urgent waits for about so long behind what is on its way. At most twice
 * as much as the one before, or half of it.
 */
static void follow(struct sync_peer *peer, uint64_t took)
{
    uint64_t aim = peer->window * (way(peer) + SYNC_WINDOW_AHEAD) / took;

    aim = sync_max(sync_min(aim, 2 * peer->window), peer->window / 2);
    peer->window = aim;
    sync_bound_window(peer);
}

void sync_rate_came(const struct ayni_sync *sync, struct sync_peer *peer, size_t size)
{
    uint64_t took = sync_max(sync->now - peer->window_start, 1);

    peer->window_bytes += size;
    if (peer->window_bytes < peer->window)
        return;
    if (peer->filled) { /* else it says how much there was, and nothing of the line */
        uint64_t rate = peer->window_bytes * 1000 / took;
        peer->rate = peer->rate == 0 ? rate : (3 * peer->rate + rate) / 4;
        follow(peer, took);
    }
    sync_rate_begin(sync, peer);
}

/* The first answer to a WANT that was said once. */
void sync_rate_answered(const struct ayni_sync *sync, struct sync_peer *peer,
                        struct sync_claim *claim)
{
    uint64_t took = sync->now - claim->progress;
    uint64_t off = took > peer->answer_ms ? took - peer->answer_ms : peer->answer_ms - took;

    if (!claim->active || claim->answered || claim->tries > 0)
        return;
    claim->answered = true;
    peer->answer_min = peer->answer_min == 0 ? took : sync_min(peer->answer_min, took);
    if (peer->answer_ms == 0) {
        peer->answer_ms = took + 1;
        peer->answer_spread = took / 2;
    } else {
        peer->answer_spread = (3 * peer->answer_spread + off) / 4;
        peer->answer_ms = (7 * peer->answer_ms + took) / 8 + 1;
    }
}

/*
 * As TCP has it (RFC 6298), the mean and four times the deviation, doubled with each stall; and
 * never less than twice what all that was asked for takes at the rate that was measured.
 */
uint64_t sync_patience(const struct sync_peer *peer, unsigned stalls)
{
    uint64_t ms =
        peer->answer_ms == 0 ? SYNC_STALL_FIRST : peer->answer_ms + 4 * peer->answer_spread;

    if (peer->rate > 0)
        ms = sync_max(ms, way(peer) + 2000 * peer->outstanding / peer->rate);
    return sync_min(sync_max(ms, SYNC_STALL_MIN) << stalls, SYNC_STALL_MAX);
}
