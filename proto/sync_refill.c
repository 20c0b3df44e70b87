#include "proto/sync_parts.h"

enum {
    ENTRY_GUESS = 1024,     /* bytes that an entry is taken for */
    CREDIT_MAX = 64 * 1024, /* for one hole: what is more of it is asked for after that */
};

void sync_refill_begin(const struct ayni_sync *sync, struct sync_peer *peer)
{
    peer->refill = (struct sync_refill){ .at = SYNC_NEVER,
                                         .delay = SYNC_REFILL_AGAIN,
                                         .again = sync->lost > 0 };
}

uint64_t sync_refill_wants(const struct ayni_sync *sync, const struct sync_peer *peer)
{
    return peer->refill.asked ? 0 : sync->lost;
}

void sync_handle_lost(struct ayni_sync *sync, uint64_t lost)
{
    bool more = lost > sync->lost;
    bool all_came = lost == 0 && sync->lost > 0;

    sync->lost = lost;
    for (size_t i = 0; (more || all_came) && i < sync->peer_count; i++) {
        struct sync_peer *peer = sync->peers[i];
        sync_check_changed(sync, peer); /* the peer is to know */
        if (all_came)
            continue;
        peer->refill.again = true;
        peer->refill.asked = false;
        peer->refill.delay = SYNC_REFILL_AGAIN;
    }
}

static void let_go(struct sync_refill *refill)
{
    if (refill->asks)
        refill->feed->refiller = NULL;
    refill->asks = false;
}

/* On from where this hole was asked for to. */
static void go_on(struct sync_refill *refill, uint64_t seq)
{
    let_go(refill);
    refill->place.seq = seq;
    refill->state = SYNC_REFILL_LOOK;
}

void sync_refill_end(struct sync_peer *peer)
{
    let_go(&peer->refill);
}

/* --- the walk --- */

static void begin_walk(const struct ayni_sync *sync, struct sync_refill *refill)
{
    refill->state = SYNC_REFILL_LOOK;
    refill->place = (struct ayni_sync_place){ 0 };
    refill->again = refill->failed = false;
    refill->lost = sync->lost;
    refill->tries = 0;
}

static void end_walk(const struct ayni_sync *sync, struct sync_refill *refill)
{
    refill->state = SYNC_REFILL_REST;
    refill->asked |= !refill->again && !refill->failed;
    if (sync->lost < refill->lost) /* somebody had some */
        refill->delay = SYNC_REFILL_AGAIN;
    refill->at = sync_after(sync, refill->delay);
    refill->delay = sync_min(2 * refill->delay, SYNC_REFILL_MAX);
}

static bool look(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action)
{
    peer->refill.state = SYNC_REFILL_LOOKS;
    sync->reading = SYNC_READING_HOLE;
    sync->reading_for = peer->serial;
    action->type = AYNI_SYNC_HOLES;
    action->peer = peer->node;
    action->place = peer->refill.place;
    return true;
}

void sync_refill_hole(struct ayni_sync *sync, struct sync_peer *peer,
                      const struct ayni_sync_hole *hole)
{
    struct ayni_feed_prefix name = ayni_feed_prefix_of(&hole->feed);
    struct sync_refill *refill = &peer->refill;
    struct sync_feed *feed = hole->found ? sync_find_feed(sync, &name) : NULL;

    if (!hole->found) {
        bool asked_before = refill->asked;
        end_walk(sync, refill);
        if (refill->asked && !asked_before)
            sync_check_changed(sync, peer); /* the peer is to know */
    } else if (feed == NULL || !sync_shares(feed->space, peer)) {
        refill->place.feed = hole->place.feed;
        go_on(refill, UINT64_MAX); /* nothing of this feed is for that peer */
    } else {
        if (refill->feed != feed || refill->from != hole->from)
            refill->tries = 0;
        refill->state = SYNC_REFILL_ASK;
        refill->place = hole->place;
        refill->feed = feed;
        refill->from = hole->from;
        refill->to = hole->to;
        refill->mark = hole->mark;
    }
}

/* --- asking --- */

static bool ask(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action)
{
    struct sync_refill *refill = &peer->refill;

    refill->left = sync_min((refill->to - refill->from) * ENTRY_GUESS, CREDIT_MAX);
    refill->state = SYNC_REFILL_WAIT;
    refill->asks = true;
    refill->feed->refiller = peer;
    refill->at = sync_after(sync, sync_patience(peer, refill->tries));
    sync->counters.refills++;
    ayni_buffer_clear(&sync->scratch);
    ayni_want_encode(&(struct ayni_want){ .feed = ayni_feed_prefix_of(&refill->feed->id),
                                          .from = refill->from,
                                          .mark = refill->mark,
                                          .credit = refill->left,
                                          .round = ++peer->round },
                     &sync->scratch);
    ayni_buffer_clear(&sync->out);
    ayni_wants_encode(1, ayni_buffer_bytes(&sync->scratch), &sync->out);
    return sync_send(sync, peer, action);
}

/* Look at the same place again later. */
static void hold(const struct ayni_sync *sync, struct sync_refill *refill, uint64_t ms)
{
    let_go(refill);
    refill->state = SYNC_REFILL_HOLD;
    refill->at = sync_after(sync, ms);
}

/* It doesn't come: once more, or not now. */
static void stall(const struct ayni_sync *sync, struct sync_refill *refill)
{
    if (refill->storing > 0) {
        refill->state = SYNC_REFILL_STORE;
    } else if (refill->from >= refill->place.seq) {
        go_on(refill, refill->from); /* a part of it came */
    } else if (++refill->tries < SYNC_TRIES_MAX) {
        hold(sync, refill, 2 * SYNC_QUIET); /* perhaps of another first */
    } else {
        let_go(refill);
        refill->failed = true;
        end_walk(sync, refill); /* others hold what it doesn't give */
    }
}

/* What time alone changes. */
static void move_on(const struct ayni_sync *sync, struct sync_refill *refill)
{
    if (refill->state == SYNC_REFILL_WAIT && sync->now >= refill->at)
        stall(sync, refill);
    if (refill->state == SYNC_REFILL_HOLD && sync->now >= refill->at)
        go_on(refill, refill->place.seq - 1); /* it may have been filled */
    if (refill->state == SYNC_REFILL_LOOKS)
        end_walk(sync, refill); /* the driver didn't answer */
    if (refill->state == SYNC_REFILL_REST && (refill->again || sync->now >= refill->at)) {
        refill->at = SYNC_NEVER;
        if (sync->lost > 0)
            begin_walk(sync, refill);
    }
}

bool sync_refill_next(struct ayni_sync *sync, struct sync_peer *peer,
                      struct ayni_sync_action *action)
{
    struct sync_refill *refill = &peer->refill;

    if (!peer->greeted || peer->hears)
        return false;
    move_on(sync, refill);
    if (refill->state == SYNC_REFILL_LOOK)
        return look(sync, peer, action);
    if (refill->state != SYNC_REFILL_ASK || peer->active_count > 0) /* what is new comes first */
        return false;
    if (refill->feed->refiller == NULL && sync_shares(refill->feed->space, peer) &&
        sync_may_go(sync, peer, refill->feed))
        return ask(sync, peer, action);
    hold(sync, refill, sync_is_held(peer) ? SYNC_CHECK_HELD : SYNC_QUIET);
    return false;
}

uint64_t sync_refill_deadline(const struct sync_peer *peer)
{
    const struct sync_refill *refill = &peer->refill;
    bool waits = refill->state == SYNC_REFILL_REST || refill->state == SYNC_REFILL_HOLD ||
                 refill->state == SYNC_REFILL_WAIT;

    return waits && peer->greeted && !peer->hears ? refill->at : SYNC_NEVER;
}

/* --- what comes --- */

bool sync_refill_takes(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed,
                       const struct ayni_batch *batch)
{
    struct sync_refill *refill = &peer->refill;
    struct sync_store store = { .feed = feed, .from = batch->from, .to = batch->to, .fills = true };

    if (refill->state != SYNC_REFILL_WAIT || refill->feed != feed || batch->from != refill->from)
        return false;
    peer->dirty = true;
    if (batch->packed.size == 0) {
        go_on(refill, refill->to);
        return true;
    }
    if (!sync_peer_affords(sync, peer, 2) || !sync_put_batch(sync, peer, &store, batch))
        return true; /* it is asked for again, if the peer is still there */
    refill->storing++;
    refill->from = batch->to;
    refill->left -= sync_min(refill->left, sync->plain.size);
    refill->at = sync_after(sync, sync_patience(peer, refill->tries));
    if (refill->from >= refill->to || refill->left == 0)
        refill->state = SYNC_REFILL_STORE;
    return true;
}

void sync_refill_stored(struct sync_peer *peer)
{
    struct sync_refill *refill = &peer->refill;

    refill->storing--;
    if (refill->storing == 0 && refill->state == SYNC_REFILL_STORE)
        go_on(refill, refill->from);
}
