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

/* The author's own go to all; of others' only one peer shall send them. */
static bool may_ride(const struct ayni_sync *sync, const struct sync_peer *peer,
                     const struct sync_feed *feed)
{
    return (feed->ours || peer->alone) && !peer->metered && !feed->ended && !feed->branch &&
           sync->noting.riders_size < SYNC_RIDERS_SIZE && !sync_is_served(peer, feed) &&
           !sync->hearing && sync_may_go(sync, peer, feed);
}

/* Whether the feed is a new one, for all that is known. */
static bool may_be_new(const struct sync_feed *feed)
{
    return feed->before == 0 || feed->before == feed->seq;
}

/* --- one note: heads are put into it, after the runs that may ride were read --- */

static void begin_note(struct ayni_sync *sync, const struct sync_peer *peer, bool answers)
{
    struct sync_noting *note = &sync->noting;

    note->peer = peer->serial;
    note->answers = answers;
    note->head_count = note->riders_size = 0;
    ayni_buffer_clear(&note->heads);
}

static void put_note_head(struct ayni_sync *sync, const struct sync_feed *feed, bool describe)
{
    sync_put_head(&sync->noting.heads, feed, describe);
    sync->noting.head_count++;
}

static bool read_rider(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed,
                       uint64_t from, struct ayni_sync_action *action)
{
    sync->reading = SYNC_READING_NOTE;
    sync->reading_for = peer->serial;
    sync->reading_feed = feed;
    sync->reading_from = from;
    action->type = AYNI_SYNC_READ;
    action->peer = peer->node;
    action->read = (struct ayni_sync_read){
        .feed = feed->id, .from = from, .size_max = AYNI_NOTE_RUN_SIZE_MAX, .seq_max = feed->seq
    };
    return true;
}

/* A rider is small and reaches the head. */
static void put_rider(struct ayni_sync *sync, const struct sync_feed *feed, bool describe,
                      const struct ayni_sync_runs *runs)
{
    struct sync_noting *note = &sync->noting;
    struct ayni_noted_head head = { .feed = ayni_feed_prefix_of(&feed->id),
                                    .seq = feed->seq,
                                    .has_descriptor = describe,
                                    .descriptor = feed->descriptor,
                                    .from = sync->reading_from,
                                    .runs = runs->runs };

    if (runs->status != AYNI_OK || runs->to != feed->seq || runs->runs.size == 0 ||
        runs->runs.size > AYNI_NOTE_RUN_SIZE_MAX) {
        put_note_head(sync, feed, describe);
        return;
    }
    ayni_noted_head_encode(&head, &note->heads);
    note->head_count++;
    note->riders_size += runs->runs.size;
}

static bool send_note(struct ayni_sync *sync, struct sync_peer *peer, uint64_t since, uint64_t upto,
                      struct ayni_sync_action *action)
{
    const struct sync_noting *note = &sync->noting;

    ayni_buffer_clear(&sync->out);
    ayni_note_encode(since, upto, note->head_count, ayni_buffer_bytes(&note->heads), &sync->out);
    return sync_send(sync, peer, action);
}

/* --- what moved --- */

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

/* Until the note is full; true: something is to be read for it first. */
static bool gather_moves(struct ayni_sync *sync, struct sync_peer *peer,
                         struct ayni_sync_action *action)
{
    const struct sync_noting *note = &sync->noting;
    size_t i = sync_moves_after(sync, peer->looked);

    for (; i < sync->move_count && note->head_count < AYNI_NOTE_HEADS_MAX &&
           note->riders_size < SYNC_RIDERS_SIZE;
         i++) {
        const struct sync_move *move = &sync->moves[i];
        struct sync_feed *feed = move->feed;
        if (!sync_move_is_stale(move) && is_news(peer, feed)) {
            if (feed->rides && peer->note_count < SYNC_RIDING_NOTES_MAX &&
                may_ride(sync, peer, feed))
                return read_rider(sync, peer, feed, feed->before, action);
            put_note_head(sync, feed, may_be_new(feed));
        }
        peer->looked = move->arrival;
    }
    if (i == sync->move_count)
        peer->looked = sync->arrival;
    return false;
}

static bool note_moves(struct ayni_sync *sync, struct sync_peer *peer,
                       struct ayni_sync_action *action)
{
    uint64_t since = peer->noted;

    if (gather_moves(sync, peer, action))
        return true;
    sync->noting.peer = 0;
    sync_prune_claims(sync, peer);
    if (sync->noting.head_count == 0)
        return false;
    peer->noted = sync_max(peer->looked, peer->noted);
    if (peer->looked >= sync->arrival) /* else there was too much for one note */
        peer->note_after = sync_after(sync, SYNC_GATHER);
    peer->notes[peer->note_count++] = peer->noted;
    peer->note_retry_at = sync_after(sync, peer->note_delay);
    return send_note(sync, peer, since, peer->noted, action);
}

/* --- what is owed --- */

static struct sync_owed *find_untold(const struct sync_peer *peer)
{
    for (size_t i = 0; i < peer->owed_count; i++)
        if (!peer->owed[i].told)
            return &peer->owed[i];
    return NULL;
}

static bool note_owed(struct ayni_sync *sync, struct sync_peer *peer,
                      struct ayni_sync_action *action)
{
    for (struct sync_owed *owed; (owed = find_untold(peer)) != NULL; owed->told = true) {
        if (owed->seq >= owed->feed->seq || !sync_shares(owed->feed->space, peer))
            continue;
        if (may_ride(sync, peer, owed->feed))
            return read_rider(sync, peer, owed->feed, owed->seq, action);
        put_note_head(sync, owed->feed, !owed->knows);
    }
    sync->noting.peer = 0;
    peer->owed_due = false;
    return sync->noting.head_count > 0 && send_note(sync, peer, 0, 0, action);
}

/* --- one after the other --- */

void sync_note_runs(struct ayni_sync *sync, struct sync_peer *peer,
                    const struct ayni_sync_runs *runs)
{
    struct sync_feed *feed = sync->reading_feed;
    struct sync_owed *owed = sync->noting.answers ? find_untold(peer) : NULL;

    if (sync->noting.answers && (owed == NULL || owed->feed != feed))
        return;
    put_rider(sync, feed, owed != NULL ? !owed->knows : may_be_new(feed), runs);
    if (owed != NULL)
        owed->told = true;
    else
        peer->looked = feed->arrival;
}

bool sync_noting_next(struct ayni_sync *sync, struct ayni_sync_action *action)
{
    struct sync_peer *peer =
        sync->noting.peer == 0 ? NULL : sync_peer_of_serial(sync, sync->noting.peer);

    sync->noting.peer = peer == NULL ? 0 : peer->serial;
    if (peer == NULL)
        return false;
    return sync->noting.answers ? note_owed(sync, peer, action) : note_moves(sync, peer, action);
}

bool sync_notes_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action)
{
    retry_notes(sync, peer);
    peer->gathers = false;
    if (!peer->greeted)
        return false;
    if (peer->owed_due) {
        begin_note(sync, peer, true);
        if (note_owed(sync, peer, action))
            return true;
    }
    if (peer->note_count == SYNC_NOTES_MAX || peer->looked >= sync->arrival)
        return false;
    peer->gathers = peer->looked >= sync->hurried && sync->now < peer->note_after;
    if (peer->gathers)
        return false;
    begin_note(sync, peer, false);
    return note_moves(sync, peer, action);
}
