#include "proto/sync_parts.h"

void sync_put_head(struct ayni_buffer *to, const struct sync_feed *feed, bool with_descriptor)
{
    struct ayni_noted_head head = { .feed = ayni_feed_prefix_of(&feed->id),
                                    .seq = feed->seq,
                                    .has_mark = true,
                                    .mark = ayni_chain_mark_of(&feed->chain),
                                    .has_descriptor = with_descriptor && !feed->branch,
                                    .descriptor = feed->descriptor };

    ayni_noted_head_encode(&head, to);
}

/* Whether the peer is to hear of a head that moved. */
static bool is_news(const struct sync_peer *peer, const struct sync_feed *feed)
{
    const struct sync_claim *claim = sync_find_claim(peer, feed);

    return sync_feed_is_held(feed) && feed->source != peer->serial &&
           sync_shares(feed->space, peer) && (claim == NULL || claim->seq < feed->seq);
}

static bool may_ride(const struct sync_peer *peer, const struct sync_feed *feed)
{
    return feed->rides && !peer->metered && !feed->ended && !feed->branch;
}

/* A note of the heads in sync->scratch, into sync->out. */
static void make_note(struct ayni_sync *sync, struct sync_peer *peer, size_t head_count)
{
    uint64_t upto = sync_max(peer->looked, peer->noted);

    ayni_buffer_clear(&sync->out);
    ayni_note_encode(peer->noted, upto, head_count, ayni_buffer_bytes(&sync->scratch), &sync->out);
    peer->noted = upto;
    peer->notes[peer->note_count++] = upto;
    peer->note_retry_at = sync_after(sync, peer->note_delay);
}

static bool read_rider(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed,
                       struct ayni_sync_action *action)
{
    sync->reading = SYNC_READING_NOTE;
    sync->reading_for = peer->serial;
    sync->reading_feed = feed;
    sync->reading_from = feed->before;
    action->type = AYNI_SYNC_READ;
    action->peer = peer->node;
    action->read = (struct ayni_sync_read){ .feed = feed->id,
                                            .from = feed->before,
                                            .size_max = AYNI_NOTE_RUN_SIZE_MAX,
                                            .seq_max = feed->seq };
    return true;
}

/* Notes that were not acknowledged are said again. */
static void retry_notes(struct ayni_sync *sync, struct sync_peer *peer)
{
    if (peer->note_count == 0 || sync->now < peer->note_retry_at)
        return;
    peer->looked = peer->noted = sync_min(peer->peer_heard, peer->noted);
    peer->note_count = 0;
    peer->note_retry_at = SYNC_NEVER;
    peer->note_delay = sync_min(2 * peer->note_delay, SYNC_RETRY_MAX);
}

bool sync_notes_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action)
{
    size_t heads = 0;

    retry_notes(sync, peer);
    if (!peer->greeted || peer->note_count == SYNC_NOTES_MAX || peer->looked >= sync->arrival)
        return false;
    size_t i = sync_moves_after(sync, peer->looked);
    ayni_buffer_clear(&sync->scratch);
    for (; i < sync->move_count && heads < AYNI_NOTE_HEADS_MAX; i++) {
        const struct sync_move *move = &sync->moves[i];
        if (!sync_move_is_stale(move) && is_news(peer, move->feed)) {
            bool rides = may_ride(peer, move->feed);
            if (rides && heads > 0)
                break; /* a note of its own */
            if (rides)
                return read_rider(sync, peer, move->feed, action);
            sync_put_head(&sync->scratch, move->feed, move->feed->before == 0);
            heads++;
        }
        peer->looked = move->arrival;
    }
    if (i == sync->move_count)
        peer->looked = sync->arrival;
    sync_prune_claims(sync, peer);
    if (heads == 0)
        return false;
    make_note(sync, peer, heads);
    return sync_send(sync, peer, action);
}

/* What was read for a note: it rides if it is small and reaches the head. */
void sync_note_runs(struct ayni_sync *sync, struct sync_peer *peer,
                    const struct ayni_sync_runs *runs)
{
    struct sync_feed *feed = sync->reading_feed;
    struct ayni_noted_head head = { .feed = ayni_feed_prefix_of(&feed->id),
                                    .seq = feed->seq,
                                    .has_descriptor = feed->before == 0,
                                    .descriptor = feed->descriptor,
                                    .from = feed->before,
                                    .runs = runs->runs };

    ayni_buffer_clear(&sync->scratch);
    if (runs->status == AYNI_OK && runs->to == feed->seq && runs->runs.size > 0 &&
        runs->runs.size <= AYNI_NOTE_RUN_SIZE_MAX)
        ayni_noted_head_encode(&head, &sync->scratch);
    else
        sync_put_head(&sync->scratch, feed, feed->before == 0);
    peer->looked = feed->arrival;
    make_note(sync, peer, 1);
    sync_pend(sync, peer);
}

/* --- acknowledgements --- */

static void settle(const struct ayni_sync *sync, struct sync_peer *peer)
{
    uint64_t stored = peer->heard;

    if (peer->gap)
        return;
    for (size_t i = 0; i < peer->claim_count; i++)
        if (sync_claim_is_open(sync, &peer->claims[i]))
            stored = sync_min(stored, peer->claims[i].since);
    peer->stored = sync_max(peer->stored, stored);
}

bool sync_ack_next(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action)
{
    if (!peer->greeted)
        return false;
    settle(sync, peer);
    if (peer->told_heard == peer->heard && peer->told_stored == peer->stored) {
        peer->ack_at = SYNC_NEVER;
        return false;
    }
    if (peer->stored < peer->heard && peer->ack_at == SYNC_NEVER)
        peer->ack_at = sync_after(sync, SYNC_ACK_DELAY);
    if (peer->stored < peer->heard && sync->now < peer->ack_at)
        return false;
    peer->told_heard = peer->heard;
    peer->told_stored = peer->stored;
    peer->ack_at = SYNC_NEVER;
    ayni_buffer_clear(&sync->out);
    ayni_ack_encode(&(struct ayni_ack){ peer->heard, peer->stored }, &sync->out);
    return sync_send(sync, peer, action);
}

void sync_receive_ack(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_ack *ack)
{
    size_t left = 0;

    if (ack->heard > sync->arrival || ack->stored > ack->heard) {
        sync->counters.ignored_messages++;
        return;
    }
    peer->peer_heard = sync_max(peer->peer_heard, ack->heard);
    peer->peer_stored = sync_max(peer->peer_stored, ack->stored);
    for (size_t i = 0; i < peer->note_count; i++)
        if (peer->notes[i] > ack->heard)
            peer->notes[left++] = peer->notes[i];
    if (left < peer->note_count) {
        peer->note_delay = SYNC_RETRY;
        peer->note_retry_at = sync_after(sync, SYNC_RETRY);
    }
    peer->note_count = left;
    if (left == 0)
        peer->note_retry_at = SYNC_NEVER;
    peer->dirty = true;
}
