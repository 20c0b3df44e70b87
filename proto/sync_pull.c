#include <stdlib.h>

#include "proto/sync_parts.h"

enum {
    ENTRY_GUESS = 1024, /* bytes that a missing entry is taken for */
    PARKED_CREDIT = 1,  /* less than any run */
};

void sync_stop_pull(struct sync_peer *peer, struct sync_claim *claim)
{
    if (!claim->active)
        return;
    claim->active = claim->parked = false;
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
    if (!sync_claim_is_open(claim))
        sync_stop_pull(feed->puller, claim);
}

void sync_stop_bulk(struct sync_peer *peer)
{
    for (size_t i = 0; i < peer->claim_count; i++)
        if (!sync_is_urgent(peer->claims[i].feed))
            sync_stop_pull(peer, &peer->claims[i]);
}

/* --- asking --- */

static uint64_t missing(const struct sync_claim *claim)
{
    return sync_feed_target(claim->feed, claim->seq) - claim->feed->seq;
}

static uint32_t credit_for(const struct sync_peer *peer, const struct sync_claim *claim)
{
    uint64_t count = sync_min(missing(claim), AYNI_SYNC_WINDOW_MAX / ENTRY_GUESS);

    return (uint32_t)sync_min(count * ENTRY_GUESS, peer->window);
}

/*
 * What a feed that is being pulled may have from now on: with all others no more than the window,
 * or what it has. 0: it stays parked.
 */
static uint32_t credit_to_go_on(struct sync_peer *peer, const struct sync_claim *claim)
{
    uint64_t others = peer->outstanding - claim->credit;
    uint64_t room = peer->window > others ? peer->window - others : 0;
    uint64_t wanted = credit_for(peer, claim);

    peer->filled |= wanted >= room;
    if (claim->parked && room < AYNI_BATCH_SIZE_MIN)
        return 0;
    return (uint32_t)sync_min(wanted, sync_max(room, claim->credit));
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
    if (peer->active_count == 0)
        sync_rate_begin(sync, peer);
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

static bool is_free(const struct sync_claim *claim)
{
    const struct sync_feed *feed = claim->feed;

    return !claim->active && feed->puller == NULL && feed->refiller == NULL && feed->storing == 0 &&
           sync_claim_is_open(claim);
}

static size_t find_candidates(struct ayni_sync *sync, struct sync_peer *peer,
                              struct candidate *candidates)
{
    size_t count = 0;

    for (size_t i = 0; i < peer->claim_count; i++) {
        struct sync_claim *claim = &peer->claims[i];
        if (!is_free(claim))
            continue;
        if (sync_is_held(peer) && !sync_is_urgent(claim->feed))
            continue;
        uint64_t from = sync_max(claim->not_before, claim->feed->retry_at);
        if (!sync_is_urgent(claim->feed))
            from = sync_max(from, sync_paced_until(peer));
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

static uint64_t room_left(const struct sync_peer *peer)
{
    return peer->window > peer->outstanding ? peer->window - peer->outstanding : 0;
}

/* Of what is being pulled and is less urgent, the least urgent. NULL: none. */
static struct sync_claim *find_less_urgent(const struct sync_peer *peer, unsigned urgency)
{
    struct sync_claim *found = NULL;

    for (size_t i = 0; i < peer->claim_count; i++) {
        struct sync_claim *claim = &peer->claims[i];
        if (!claim->active || claim->parked || sync_urgency(claim->feed) <= urgency)
            continue;
        urgency = sync_urgency(claim->feed);
        found = claim;
    }
    return found;
}

/* What is on its way comes; nothing more is sent before it is asked for again, in the same round:
 * so nothing comes twice. */
static void park(struct ayni_sync *sync, struct sync_peer *peer, struct sync_claim *claim)
{
    claim->parked = true;
    put_want(sync, peer, claim, PARKED_CREDIT);
}

/* Bytes that a candidate may be asked for now; 0 for none. What is less urgent makes room. */
static uint32_t make_room(struct ayni_sync *sync, struct sync_peer *peer,
                          const struct candidate *candidate, size_t *asked)
{
    uint32_t wanted = credit_for(peer, candidate->claim);
    uint64_t least = sync_min(wanted, AYNI_BATCH_SIZE_MIN);

    while (peer->outstanding > 0 && room_left(peer) < least) {
        struct sync_claim *other = find_less_urgent(peer, candidate->urgency);
        if (other == NULL)
            return 0;
        park(sync, peer, other);
        ++*asked;
    }
    return (uint32_t)sync_min(wanted, sync_max(room_left(peer), least));
}

static size_t ask_new(struct ayni_sync *sync, struct sync_peer *peer)
{
    struct candidate candidates[AYNI_SYNC_CLAIMS_MAX];
    size_t count = find_candidates(sync, peer, candidates);
    size_t asked = 0;

    for (size_t i = 0;
         i < count && peer->active_count < AYNI_SYNC_SERVES_MAX && asked < AYNI_SYNC_SERVES_MAX;
         i++) {
        uint32_t credit = make_room(sync, peer, &candidates[i], &asked);
        peer->filled |= credit == 0 || credit == peer->window;
        if (credit == 0)
            break;
        begin_pull(sync, peer, candidates[i].claim);
        put_want(sync, peer, candidates[i].claim, credit);
        asked++;
    }
    return asked;
}

/* Whether more of it may be on its way than is: batches were stored, or it was parked. */
static bool is_to_go_on(const struct sync_claim *claim)
{
    return claim->active && (claim->parked || claim->feed->seq != claim->asked_from) &&
           claim->feed->received < sync_feed_target(claim->feed, claim->seq);
}

static size_t ask_more(struct ayni_sync *sync, struct sync_peer *peer)
{
    size_t asked = 0;

    for (size_t i = 0; i < peer->claim_count; i++) {
        struct sync_claim *claim = &peer->claims[i];
        if (!is_to_go_on(claim))
            continue;
        if (!sync_may_go(sync, peer, claim->feed)) {
            claim->progress = sync->now; /* it stalls for no fault of the peer's */
            peer->pull_at = sync_min(peer->pull_at, sync_paced_until(peer));
            continue;
        }
        uint32_t credit = credit_to_go_on(peer, claim);
        if (credit == 0)
            continue;
        claim->parked = false;
        put_want(sync, peer, claim, credit);
        asked++;
    }
    return asked;
}

bool sync_pull_next(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action)
{
    if (sync->now >= peer->pull_at)
        peer->pull_due = true;
    if (!peer->pull_due || !peer->greeted)
        return false;
    peer->pull_due = false;
    peer->pull_at = SYNC_NEVER;
    sync_find_stalls(sync, peer);
    ayni_buffer_clear(&sync->scratch);
    size_t asked = ask_new(sync, peer);
    asked += ask_more(sync, peer);
    if (peer->active_count > 0)
        peer->pull_at = sync_min(peer->pull_at, sync_after(sync, SYNC_STALL_MIN / 2));
    if (asked == 0)
        return false;
    ayni_buffer_clear(&sync->out);
    ayni_wants_encode(asked, ayni_buffer_bytes(&sync->scratch), &sync->out);
    return sync_send(sync, peer, action);
}

/* --- what comes --- */

static void take_batch(struct ayni_sync *sync, struct sync_peer *peer, struct sync_claim *claim,
                       const struct ayni_batch *batch)
{
    struct sync_store store = { .feed = claim->feed, .from = batch->from, .to = batch->to };

    if (!sync_put_batch(sync, peer, &store, batch))
        return;
    sync_rate_came(sync, peer, sync->plain.size);
    sync_rate_answered(sync, peer, claim);
    claim->progress = sync->now;
    claim->feed->received = batch->to;
}

/* It has nothing of what it said it has; who came out of a backup says so of all. */
static void deny(struct ayni_sync *sync, struct sync_peer *peer, struct sync_claim *claim)
{
    if (!peer->hears)
        sync_refusals(sync, &peer->node)->withheld++;
    sync_remove_claim(sync, peer, claim);
}

void sync_receive_batch(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_batch *batch)
{
    struct sync_feed *feed = sync_find_feed(sync, &batch->feed);
    struct sync_claim *claim = feed == NULL ? NULL : sync_find_claim(peer, feed);

    if (feed != NULL &&
        (sync_trace_takes(sync, peer, feed, batch) || sync_refill_takes(sync, peer, feed, batch)))
        return;
    if (!sync_peer_affords(sync, peer, 2))
        return;
    if (claim == NULL || claim->round == 0) {
        sync_ignore(sync, peer);
        return;
    }
    peer->pull_due = peer->dirty = true;
    if (batch->packed.size == 0) {
        if (claim->active && batch->from == claim->asked_from && batch->later_s > 0)
            sync_heed_later(sync, peer, claim, batch->later_s);
        else if (claim->active && batch->from == claim->asked_from)
            deny(sync, peer, claim);
    } else if (batch->from == feed->received && sync_claim_is_open(claim)) {
        take_batch(sync, peer, claim, batch);
    } else if (batch->from > feed->received && claim->active) {
        /* One was lost, or will be here in a moment. */
        sync_stop_pull(peer, claim);
        claim->not_before = sync_after(sync, SYNC_GAP);
    }
}
