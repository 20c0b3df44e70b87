#include "proto/sync_parts.h"

const char *ayni_sync_drop_name(enum ayni_sync_drop reason)
{
    switch (reason) {
    case AYNI_SYNC_DROP_VERSION:
        return "version";
    case AYNI_SYNC_DROP_FEDERATION:
        return "federation";
    case AYNI_SYNC_DROP_MALFORMED:
        return "malformed";
    case AYNI_SYNC_DROP_LIMIT:
        return "limit";
    case AYNI_SYNC_DROP_SEAL:
        return "seal";
    case AYNI_SYNC_DROP_FLOOD:
        return "flood";
    }
    return "unknown";
}

/* `space` NULL: all of them. */
static uint64_t count_behind(const struct sync_peer *peer, const struct sync_space *space)
{
    uint64_t behind = 0;

    for (size_t i = 0; i < peer->claim_count; i++) {
        const struct sync_claim *claim = &peer->claims[i];
        const struct sync_feed *feed = claim->feed;
        if ((space == NULL || feed->space == space) && sync_claim_is_open(claim))
            behind = sync_sum(behind, sync_feed_target(feed, claim->seq) - feed->seq);
    }
    return behind;
}

/* How much of the feed the peer isn't known to hold, which held it up to `seq`. */
static uint64_t lacks(const struct sync_peer *peer, const struct sync_feed *feed, uint64_t seq)
{
    const struct sync_claim *claim = sync_find_claim(peer, feed);
    uint64_t held = claim == NULL ? seq : sync_max(seq, claim->seq);

    for (size_t i = 0; i < peer->serve_count; i++)
        if (peer->serves[i].feed == feed)
            held = sync_max(held, peer->serves[i].from);
    return feed->source == peer->serial ? 0 : feed->seq - sync_min(held, feed->seq);
}

/* What moved after all that the peer acknowledged, or since it is here. */
static uint64_t count_moved(const struct ayni_sync *sync, const struct sync_peer *peer,
                            const struct sync_space *space, uint64_t after)
{
    uint64_t ahead = 0, seq;
    size_t first = sync->move_count;

    for (; first > 0 && (!sync->moves_sorted || sync->moves[first - 1].arrival > after); first--)
        sync->moves[first - 1].feed->scan = sync->moves[first - 1].from;
    for (size_t i = first; i < sync->move_count; i++) {
        const struct sync_move *move = &sync->moves[i];
        const struct sync_feed *feed = move->feed;
        if (!sync_move_is_stale(move) && move->arrival > after &&
            (space == NULL || feed->space == space) && sync_shares(feed->space, peer))
            ahead += lacks(peer, feed, sync_owes(peer, feed, &seq) ? seq : feed->scan);
    }
    return ahead;
}

static uint64_t count_owed(const struct sync_peer *peer, const struct sync_space *space,
                           uint64_t after)
{
    uint64_t ahead = 0;

    for (size_t i = 0; i < peer->owed_count; i++) {
        const struct sync_feed *feed = peer->owed[i].feed;
        if (feed->arrival <= after && (space == NULL || feed->space == space) &&
            sync_shares(feed->space, peer))
            ahead += lacks(peer, feed, peer->owed[i].seq);
    }
    return ahead;
}

static uint64_t count_ahead(const struct ayni_sync *sync, const struct sync_peer *peer,
                            const struct sync_space *space)
{
    uint64_t after = peer->peer_stored > 0 ? peer->peer_stored : peer->met_arrival;

    return count_moved(sync, peer, space, after) + count_owed(peer, space, after);
}

/* Whether something that can wait is still to go, and its budget says that it must. */
static bool is_held_back(const struct ayni_sync *sync, const struct sync_peer *peer)
{
    for (size_t i = 0; i < peer->claim_count; i++)
        if (sync_claim_is_open(&peer->claims[i]) && !sync_may_go(sync, peer, peer->claims[i].feed))
            return true;
    for (size_t i = 0; i < peer->serve_count; i++)
        if (peer->serves[i].position < peer->serves[i].end &&
            !sync_may_go(sync, peer, peer->serves[i].feed))
            return true;
    return sync_is_held(peer) && sync->now < peer->refused_until;
}

static bool has_agreed(const struct sync_peer *peer, const struct sync_space *space)
{
    return peer->agreed && space->changed <= peer->agreed_at;
}

static bool has_agreed_on_all(const struct ayni_sync *sync, const struct sync_peer *peer)
{
    if (!has_agreed(peer, sync->registry))
        return false;
    for (size_t i = 0; i < sync->space_count; i++)
        if (sync_shares(sync->space_list[i], peer) && !has_agreed(peer, sync->space_list[i]))
            return false;
    return true;
}

static struct ayni_sync_lag lag_of(const struct ayni_sync *sync, const struct sync_peer *peer,
                                   const struct sync_space *space)
{
    bool agreed = space == NULL ? has_agreed_on_all(sync, peer) : has_agreed(peer, space);
    struct ayni_sync_lag lag = { .behind = count_behind(peer, space) };

    lag.in_sync =
        agreed && lag.behind == 0 && sync_refill_wants(sync, peer) == 0 && peer->lacks == 0;
    lag.untaken = lag.in_sync ? 0 : sync_count_untaken(peer, space);
    lag.ahead = lag.in_sync ? 0 : count_ahead(sync, peer, space);
    if (space == NULL) /* of which spaces isn't known */
        lag.ahead = sync_sum(lag.ahead, peer->lacks);
    return lag;
}

enum ayni_status ayni_sync_get_peer(const struct ayni_sync *sync, const struct ayni_node *node,
                                    struct ayni_sync_peer_status *status)
{
    const struct sync_peer *peer = sync_find_peer(sync, node);

    if (peer == NULL)
        return AYNI_E_NOT_FOUND;
    *status = (struct ayni_sync_peer_status){
        .greeted = peer->greeted,
        .lag = lag_of(sync, peer, NULL),
        .bytes_sent = peer->bytes_sent,
        .bytes_received = peer->bytes_received,
        .messages_sent = peer->messages_sent,
        .messages_received = peer->messages_received,
        .entries_stored = peer->entries_stored,
        .memory = sync_peer_memory(peer),
        .held = is_held_back(sync, peer),
    };
    return AYNI_OK;
}

size_t ayni_sync_get_memory(const struct ayni_sync *sync, const struct ayni_node *node)
{
    const struct sync_peer *peer = sync_find_peer(sync, node);

    return peer == NULL ? 0 : sync_peer_memory(peer);
}

enum ayni_status ayni_sync_get_lag(const struct ayni_sync *sync, const struct ayni_node *node,
                                   const struct ayni_space *id, struct ayni_sync_lag *lag)
{
    const struct sync_peer *peer = sync_find_peer(sync, node);
    const struct sync_space *space = sync_find_space(sync, id);

    if (peer == NULL || space == NULL || !sync_shares(space, peer))
        return AYNI_E_NOT_FOUND;
    *lag = lag_of(sync, peer, space);
    return AYNI_OK;
}

const struct ayni_sync_counters *ayni_sync_counters(const struct ayni_sync *sync)
{
    return &sync->counters;
}
