/* A node that came out of a backup gives nothing away before it has heard what was erased since. */
#include "proto/sync_parts.h"

enum {
    /* Checks in a row that found a difference, and a time without news, after which a peer that we
     * have more than has told all that it has. */
    HEARD_CHECKS = 4,
    HEARD_QUIET = 10000,
};

/* Whether something of what orders erasures is still to come from the peer. */
static bool lacks_orders(const struct sync_peer *peer)
{
    for (size_t i = 0; i < peer->claim_count; i++)
        if (sync_claim_is_open(&peer->claims[i]) && sync_urgency(peer->claims[i].feed) < 2)
            return true;
    return false;
}

/* Both hold the same, or what differs is what the peer lacks: it was compared again and again. */
static bool has_told_all(const struct ayni_sync *sync, const struct sync_peer *peer)
{
    if (peer->agreed)
        return true;
    return peer->unequal >= HEARD_CHECKS && sync->now - peer->claimed_at >= HEARD_QUIET;
}

void sync_hearing_ends(struct ayni_sync *sync)
{
    sync->hearing = false;
    sync_turn_all(sync);
    for (size_t i = 0; i < sync->peer_count; i++)
        sync_check_changed(sync, sync->peers[i]); /* what they wanted can be given now */
}

void sync_hearing_check(struct ayni_sync *sync, const struct sync_peer *peer)
{
    if (!sync->hearing || peer->hears || lacks_orders(peer) || !has_told_all(sync, peer))
        return;
    sync->heard_from = peer->node;
    sync->heard = true;
    sync_hearing_ends(sync);
}

bool sync_hearing_next(struct ayni_sync *sync, struct ayni_sync_action *action)
{
    if (!sync->heard)
        return false;
    sync->heard = false;
    action->type = AYNI_SYNC_HEARD;
    action->peer = sync->heard_from;
    return true;
}
