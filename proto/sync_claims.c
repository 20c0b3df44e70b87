#include <stdlib.h>

#include "proto/sync_parts.h"

/* --- the table --- */

static size_t place_of(const struct sync_peer *peer, const struct sync_feed *feed)
{
    size_t low = 0;
    size_t high = peer->claim_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (peer->claims[middle].feed->number < feed->number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct sync_claim *sync_find_claim(const struct sync_peer *peer, const struct sync_feed *feed)
{
    size_t at = place_of(peer, feed);

    return at < peer->claim_count && peer->claims[at].feed == feed ? &peer->claims[at] : NULL;
}

static bool is_stranger(const struct sync_feed *feed)
{
    return !feed->known;
}

static bool has_room(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_feed *feed)
{
    if (peer->claim_count >= AYNI_SYNC_CLAIMS_MAX)
        sync_prune_claims(sync, peer);
    return peer->claim_count < AYNI_SYNC_CLAIMS_MAX &&
           (!is_stranger(feed) || peer->stranger_count < AYNI_SYNC_STRANGERS_MAX);
}

static struct sync_claim *insert_claim(struct ayni_sync *sync, struct sync_peer *peer,
                                       struct sync_feed *feed)
{
    if (!has_room(sync, peer, feed) || !sync_grow(sync, &peer->claims, peer->claim_count,
                                                  &peer->claim_capacity, sizeof(*peer->claims)))
        return NULL;
    size_t at = place_of(peer, feed);
    struct sync_claim *claim = &peer->claims[at];
    memmove(claim + 1, claim, (peer->claim_count - at) * sizeof(*claim));
    *claim = (struct sync_claim){ .feed = feed };
    peer->claimed_at = sync->now;
    peer->claim_count++;
    peer->stranger_count += is_stranger(feed);
    feed->claimants++;
    return claim;
}

/* The peer says that it has `feed` up to `seq`. NULL where there is no room: then there is a gap.
 */
static struct sync_claim *put_claim(struct ayni_sync *sync, struct sync_peer *peer,
                                    struct sync_feed *feed, uint64_t seq, uint64_t since)
{
    struct sync_claim *claim = sync_find_claim(peer, feed);

    if (claim == NULL) {
        claim = insert_claim(sync, peer, feed);
        if (claim == NULL) {
            peer->gap = true; /* it is heard of again by a check */
            return NULL;
        }
        claim->since = since;
    }
    claim->seq = sync_max(claim->seq, seq);
    return claim;
}

void sync_remove_claim(struct ayni_sync *sync, struct sync_peer *peer, struct sync_claim *claim)
{
    struct sync_feed *feed = claim->feed;

    sync_stop_pull(peer, claim);
    feed->claimants--;
    peer->stranger_count -= is_stranger(feed);
    peer->claim_count--;
    memmove(claim, claim + 1, (size_t)(&peer->claims[peer->claim_count] - claim) * sizeof(*claim));
    sync_release_feed(sync, feed);
}

bool sync_claim_is_open(const struct sync_claim *claim)
{
    return claim->feed->seq < sync_feed_target(claim->feed, claim->seq) &&
           !sync_is_deferred(claim->feed);
}

void sync_prune_claims(struct ayni_sync *sync, struct sync_peer *peer)
{
    for (size_t i = peer->claim_count; i-- > 0;) {
        struct sync_claim *claim = &peer->claims[i];
        bool shared = sync_shares(claim->feed->space, peer);
        if (shared && (sync_claim_is_open(claim) || claim->feed->arrival > peer->looked))
            continue;
        if (sync_is_deferred(claim->feed) || !shared)
            peer->gap = true;
        if (sync_is_deferred(claim->feed) && shared)
            sync_note_deferred(sync, peer, claim->feed, claim->seq);
        sync_remove_claim(sync, peer, claim);
    }
}

/* --- what peers say --- */

/* The author's own note may be on its way with the run inside. */
static bool author_is_near(const struct ayni_sync *sync, const struct sync_peer *peer,
                           const struct sync_feed *feed)
{
    const struct sync_peer *author = sync_find_peer(sync, &feed->descriptor.node);

    return author != NULL && author != peer && author->greeted;
}

static bool is_other_history(const struct sync_feed *feed, uint64_t seq,
                             const struct ayni_chain_mark *mark)
{
    return mark != NULL && seq == feed->seq && sync_feed_is_held(feed) &&
           memcmp(mark->bytes, feed->chain.bytes, sizeof(mark->bytes)) != 0;
}

void sync_claim_head(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed,
                     uint64_t seq, const struct ayni_chain_mark *mark, uint64_t since)
{
    bool shared = sync_shares(feed->space, peer);

    if (!shared || sync_is_deferred(feed)) {
        sync->counters.deferred_heads++;
        peer->gap = true;
        if (shared)
            sync_note_deferred(sync, peer, feed, seq);
        return;
    }
    if (is_other_history(feed, seq, mark)) {
        sync_start_trace(sync, peer, feed, seq);
        return;
    }
    if (since == 0 && seq < feed->seq && mark != NULL)
        sync_doubt_history(peer, feed, seq, mark);
    bool known = sync_feed_target(feed, seq) <= feed->seq;
    peer->agreed &= known; /* it holds what it didn't when fingerprints were equal */
    if (known && (seq < feed->seq || feed->arrival <= peer->looked))
        return;
    struct ayni_feed_prefix name = ayni_feed_prefix_of(&feed->id);
    sync_note_taken(peer, &name);
    bool first = sync_find_claim(peer, feed) == NULL;
    struct sync_claim *claim = put_claim(sync, peer, feed, seq, since);
    if (claim == NULL || known)
        return; /* kept while we might tell the peer of what it has */
    if (first && since > 0 && author_is_near(sync, peer, feed))
        claim->not_before = sync_after(sync, SYNC_AUTHOR_FIRST);
    peer->pull_due = true;
    sync_check_soon(sync, peer);
}

/* The feed of a head that came with its descriptor, known or not. NULL: not taken. */
static struct sync_feed *meet_feed(struct ayni_sync *sync, struct sync_peer *peer,
                                   const struct ayni_noted_head *head)
{
    const struct ayni_feed_descriptor *descriptor = &head->descriptor;
    struct sync_space *space = sync_find_space(sync, &descriptor->space);

    if (space == NULL || !sync_shares(space, peer)) {
        sync->counters.deferred_heads++;
        peer->gap = true;
        return NULL;
    }
    struct ayni_feed id = ayni_feed_of(&sync->root, descriptor);
    if (memcmp(id.bytes, head->feed.bytes, sizeof(head->feed.bytes)) != 0) {
        sync->counters.refused_heads++;
        return NULL;
    }
    if (sync_over_quota(sync, space, descriptor)) {
        sync->counters.refused_heads++;
        sync_note_untaken(sync, peer, space, &head->feed, head->seq);
        sync_break_agreement(sync, peer);
        return NULL;
    }
    if (peer->stranger_count >= AYNI_SYNC_STRANGERS_MAX) {
        peer->gap = true;
        return NULL;
    }
    return sync_add_feed(sync, &id, descriptor);
}

/* Runs that came with the head, if they continue what is here. */
static void take_riders(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed,
                        const struct ayni_noted_head *head)
{
    struct sync_store store = { .feed = feed, .from = head->from, .to = head->seq, .noted = true };

    if (head->runs.size == 0 || feed->no_riders || head->from != feed->received ||
        sync_feed_target(feed, head->seq) < head->seq)
        return;
    if (sync_put_store(sync, peer, &store, head->runs))
        feed->received = head->seq;
}

static void take_head(struct ayni_sync *sync, struct sync_peer *peer,
                      const struct ayni_noted_head *head, uint64_t since)
{
    struct sync_feed *feed = sync_find_feed(sync, &head->feed);

    if (feed == NULL)
        feed = meet_feed(sync, peer, head);
    if (feed == NULL)
        return;
    sync_claim_head(sync, peer, feed, head->seq, head->has_mark ? &head->mark : NULL, since);
    if (sync_find_claim(peer, feed) == NULL)
        sync_release_feed(sync, feed);
    else
        take_riders(sync, peer, feed, head);
}

void sync_receive_note(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_note *note)
{
    struct ayni_noted_head head;
    struct ayni_feed_prefix unknown[AYNI_NOTE_HEADS_MAX];
    size_t unknown_count = 0;
    size_t position = 0;

    if (!sync_peer_affords(sync, peer, 10 + 4 * note->head_count))
        return;
    if (note->upto > 0) {
        peer->gap |= note->since > peer->heard;
        peer->heard = sync_max(peer->heard, note->upto);
        peer->untold_notes++;
        peer->ack_at = sync_min(peer->ack_at, sync_after(sync, SYNC_ACK_DELAY));
        if (!peer->agreed)
            sync_check_changed(sync, peer);
    }
    while (ayni_note_next(note, &position, &head)) {
        if (head.has_descriptor || sync_find_feed(sync, &head.feed) != NULL)
            take_head(sync, peer, &head, note->since);
        else if (unknown_count < AYNI_NOTE_HEADS_MAX)
            unknown[unknown_count++] = head.feed;
    }
    if (unknown_count > 0) {
        peer->gap = true; /* until a check says otherwise */
        sync_break_agreement(sync, peer);
        ayni_buffer_clear(&sync->out);
        ayni_ask_encode(unknown, unknown_count, &sync->out);
        sync_answer(sync, peer, &sync->out);
    }
    peer->dirty = true;
}
