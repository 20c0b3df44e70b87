#include <stdlib.h>

#include "proto/sync_parts.h"

enum {
    ENTRY_GUESS = 1024,       /* bytes that a missing entry is taken for */
    URGENT_EXTRA = 16 * 1024, /* beside the window, for what can't wait */
};

void sync_stop_pull(struct sync_peer *peer, struct sync_claim *claim)
{
    if (!claim->active)
        return;
    claim->active = false;
    claim->feed->puller = NULL;
    peer->active_count--;
    peer->outstanding -= claim->credit;
    claim->credit = 0;
}

void sync_pull_moved(struct ayni_sync *sync, struct sync_feed *feed)
{
    struct sync_claim *claim = feed->puller == NULL ? NULL : sync_find_claim(feed->puller, feed);

    feed->no_riders = false;
    feed->failures = 0;
    feed->retry_at = 0;
    if (claim == NULL)
        return;
    claim->progress = sync->now;
    claim->tries = 0;
    if (!sync_claim_is_open(sync, claim))
        sync_stop_pull(feed->puller, claim);
}

/* --- asking --- */

static uint64_t missing(const struct sync_claim *claim)
{
    return sync_feed_target(claim->feed, claim->seq) - claim->feed->seq;
}

static uint32_t credit_for(const struct sync_peer *peer, const struct sync_claim *claim)
{
    uint64_t count = sync_min(missing(claim), AYNI_SYNC_WINDOW_MAX / ENTRY_GUESS);

    return (uint32_t)sync_min(sync_max(count, 4) * ENTRY_GUESS, peer->window);
}

static void put_want(struct ayni_sync *sync, struct sync_peer *peer, struct sync_claim *claim,
                     uint32_t credit)
{
    const struct sync_feed *feed = claim->feed;

    peer->outstanding += credit;
    peer->outstanding -= claim->credit;
    claim->credit = credit;
    claim->asked_from = feed->seq;
    ayni_want_encode(&(struct ayni_want){ .feed = ayni_feed_prefix_of(&feed->id),
                                          .from = feed->seq,
                                          .mark = ayni_chain_mark_of(&feed->chain),
                                          .credit = credit,
                                          .round = claim->round },
                     &sync->scratch);
}

static void begin_pull(struct ayni_sync *sync, struct sync_peer *peer, struct sync_claim *claim)
{
    if (peer->active_count == 0) {
        peer->window_start = sync->now;
        peer->window_bytes = 0;
    }
    claim->active = true;
    claim->answered = false;
    claim->round = ++peer->round;
    claim->progress = sync->now;
    claim->feed->puller = peer;
    peer->active_count++;
}

/* --- who is next --- */

struct candidate {
    unsigned urgency;
    uint64_t missing;
    struct sync_claim *claim;
};

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a;
    const struct candidate *y = b;

    if (x->urgency != y->urgency)
        return x->urgency < y->urgency ? -1 : 1;
    if (x->missing != y->missing)
        return x->missing < y->missing ? -1 : 1;
    return x->claim->feed->number < y->claim->feed->number ? -1 : 1;
}

static bool is_free(const struct ayni_sync *sync, const struct sync_claim *claim)
{
    const struct sync_feed *feed = claim->feed;

    return !claim->active && feed->puller == NULL && feed->refiller == NULL && feed->storing == 0 &&
           sync_claim_is_open(sync, claim);
}

static size_t find_candidates(struct ayni_sync *sync, struct sync_peer *peer,
                              struct candidate *candidates)
{
    size_t count = 0;

    for (size_t i = 0; i < peer->claim_count; i++) {
        struct sync_claim *claim = &peer->claims[i];
        if (!is_free(sync, claim))
            continue;
        uint64_t from = sync_max(claim->not_before, claim->feed->retry_at);
        if (sync->now < from) {
            peer->pull_at = sync_min(peer->pull_at, from);
            continue;
        }
        candidates[count++] =
            (struct candidate){ sync_urgency(claim->feed), missing(claim), claim };
    }
    qsort(candidates, count, sizeof(*candidates), compare_candidates);
    return count;
}

static size_t ask_new(struct ayni_sync *sync, struct sync_peer *peer)
{
    struct candidate candidates[AYNI_SYNC_CLAIMS_MAX];
    size_t count = find_candidates(sync, peer, candidates);
    size_t asked = 0;

    for (size_t i = 0; i < count && peer->active_count < AYNI_SYNC_SERVES_MAX; i++) {
        struct sync_claim *claim = candidates[i].claim;
        uint32_t credit = credit_for(peer, claim);
        uint64_t room = peer->window + (candidates[i].urgency < 2 ? URGENT_EXTRA : 0);
        if (peer->outstanding > 0 && peer->outstanding + credit > room)
            break;
        begin_pull(sync, peer, claim);
        put_want(sync, peer, claim, credit);
        asked++;
    }
    return asked;
}

/* Batches were stored: more may be on their way. */
static size_t ask_more(struct ayni_sync *sync, struct sync_peer *peer)
{
    size_t asked = 0;

    for (size_t i = 0; i < peer->claim_count; i++) {
        struct sync_claim *claim = &peer->claims[i];
        if (!claim->active || claim->feed->seq == claim->asked_from ||
            claim->feed->received >= sync_feed_target(claim->feed, claim->seq))
            continue;
        put_want(sync, peer, claim, credit_for(peer, claim));
        asked++;
    }
    return asked;
}

/* --- stalls --- */

/* As TCP has it (RFC 6298): the mean and four times the deviation, doubled with each stall. */
uint64_t sync_patience(const struct sync_peer *peer, unsigned stalls)
{
    uint64_t ms =
        peer->answer_ms == 0 ? SYNC_STALL_FIRST : peer->answer_ms + 4 * peer->answer_spread;

    return sync_min(sync_max(ms, SYNC_STALL_MIN) << stalls, SYNC_STALL_MAX);
}

/* Free what doesn't come, for another peer if there is one. */
static void find_stalls(struct ayni_sync *sync, struct sync_peer *peer)
{
    bool any = false;

    for (size_t i = peer->claim_count; i-- > 0;) {
        struct sync_claim *claim = &peer->claims[i];
        if (claim->active && claim->feed->storing > 0)
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
        sync_remove_claim(sync, peer, claim);
    }
    for (size_t i = 0; any && i < sync->peer_count; i++) {
        sync->peers[i]->pull_due = true;
        sync->peers[i]->dirty = true;
    }
}

bool sync_pull_next(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action)
{
    if (sync->now >= peer->pull_at)
        peer->pull_due = true;
    if (!peer->pull_due || !peer->greeted)
        return false;
    peer->pull_due = false;
    peer->pull_at = SYNC_NEVER;
    find_stalls(sync, peer);
    ayni_buffer_clear(&sync->scratch);
    size_t asked = ask_more(sync, peer);
    asked += ask_new(sync, peer);
    if (peer->active_count > 0)
        peer->pull_at = sync_min(peer->pull_at, sync_after(sync, SYNC_STALL_MIN / 2));
    if (asked == 0)
        return false;
    ayni_buffer_clear(&sync->out);
    ayni_wants_encode(asked, ayni_buffer_bytes(&sync->scratch), &sync->out);
    return sync_send(sync, peer, action);
}

/* --- what comes --- */

/*
 * The window follows the rate at which it is filled: doubled while that takes
 * no longer than the way there and back, halved when it is seconds more.
 */
static void measure(struct ayni_sync *sync, struct sync_peer *peer, size_t size)
{
    peer->window_bytes += size;
    if (peer->window_bytes < peer->window)
        return;
    uint64_t took = sync->now - peer->window_start;
    uint64_t way = peer->answer_min + peer->answer_min / 4;
    if (took <= sync_max(SYNC_WINDOW_FAST, way))
        peer->window = sync_min(2 * peer->window, AYNI_SYNC_WINDOW_MAX);
    else if (took > SYNC_WINDOW_SLOW + way)
        peer->window = sync_max(peer->window / 2, AYNI_SYNC_WINDOW_MIN);
    peer->window_start = sync->now;
    peer->window_bytes = 0;
}

/* The first answer to a WANT that was said once. */
static void time_answer(const struct ayni_sync *sync, struct sync_peer *peer,
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

static void take_batch(struct ayni_sync *sync, struct sync_peer *peer, struct sync_claim *claim,
                       const struct ayni_batch *batch)
{
    struct sync_store store = { .feed = claim->feed, .from = batch->from, .to = batch->to };

    if (!sync_put_batch(sync, peer, &store, batch))
        return;
    measure(sync, peer, sync->plain.size);
    time_answer(sync, peer, claim);
    claim->progress = sync->now;
    claim->feed->received = batch->to;
}

void sync_receive_batch(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_batch *batch)
{
    struct sync_feed *feed = sync_find_feed(sync, &batch->feed);
    struct sync_claim *claim = feed == NULL ? NULL : sync_find_claim(peer, feed);

    if (feed != NULL &&
        (sync_trace_takes(sync, peer, feed, batch) || sync_refill_takes(sync, peer, feed, batch)))
        return;
    if (claim == NULL || claim->round == 0 || !sync_peer_affords(sync, peer, 2)) {
        sync->counters.ignored_messages++;
        return;
    }
    peer->pull_due = peer->dirty = true;
    if (batch->packed.size == 0) {
        if (claim->active && batch->from == claim->asked_from)
            sync_remove_claim(sync, peer, claim);
    } else if (batch->from == feed->received && sync_claim_is_open(sync, claim)) {
        take_batch(sync, peer, claim, batch);
    } else if (batch->from > feed->received && claim->active) {
        /* One was lost, or will be here in a moment. */
        sync_stop_pull(peer, claim);
        claim->not_before = sync_after(sync, SYNC_GAP);
    }
}
