#include <stdlib.h>

#include "proto/compress.h"
#include "proto/sync_parts.h"

unsigned sync_urgency(const struct sync_feed *feed)
{
    uint8_t lane = feed->descriptor.lane;

    if (feed->space->is_registry && lane <= AYNI_LANE_CURRENT)
        return 0;
    return lane == AYNI_LANE_CONTROL ? 1 : lane == AYNI_LANE_CURRENT ? 2 : 3;
}

/* --- the list --- */

static struct sync_serve *find_serve(struct sync_peer *peer, const struct sync_feed *feed)
{
    for (size_t i = 0; i < peer->serve_count; i++)
        if (peer->serves[i].feed == feed)
            return &peer->serves[i];
    return NULL;
}

static void remove_serve(struct sync_peer *peer, struct sync_serve *serve)
{
    *serve = peer->serves[--peer->serve_count];
}

static bool is_finished(const struct sync_serve *serve)
{
    return serve->position >= sync_min(serve->end, serve->feed->seq);
}

bool sync_is_served(const struct sync_peer *peer, const struct sync_feed *feed)
{
    for (size_t i = 0; i < peer->serve_count; i++)
        if (peer->serves[i].feed == feed)
            return !is_finished(&peer->serves[i]);
    return false;
}

/* A place with nothing in it; that of the oldest finished one where the list is full. NULL: none.
 */
static struct sync_serve *add_serve(struct ayni_sync *sync, struct sync_peer *peer)
{
    struct sync_serve *place = NULL;

    if (peer->serve_count < AYNI_SYNC_SERVES_MAX) {
        if (!sync_grow(sync, &peer->serves, peer->serve_count, &peer->serve_capacity,
                       sizeof(*peer->serves)))
            return NULL;
        place = &peer->serves[peer->serve_count++];
    } else {
        for (size_t i = 0; i < peer->serve_count; i++) {
            struct sync_serve *serve = &peer->serves[i];
            if (is_finished(serve) && (place == NULL || serve->used < place->used))
                place = serve;
        }
    }
    if (place != NULL)
        *place = (struct sync_serve){ 0 };
    return place;
}

void sync_prune_serves(struct sync_peer *peer)
{
    for (size_t i = peer->serve_count; i-- > 0;)
        if (!sync_shares(peer->serves[i].feed->space, peer))
            remove_serve(peer, &peer->serves[i]);
    if (peer->question.feed != NULL && !sync_shares(peer->question.feed->space, peer))
        peer->question.feed = NULL;
}

static void land_flights(struct sync_serve *serve)
{
    uint8_t left = 0;

    for (uint8_t i = 0; i < serve->flight_count; i++)
        if (serve->flights[i].to > serve->from)
            serve->flights[left++] = serve->flights[i];
    serve->flight_count = left;
}

static uint64_t flying(const struct sync_serve *serve)
{
    uint64_t bytes = 0;

    for (uint8_t i = 0; i < serve->flight_count; i++)
        bytes += serve->flights[i].size;
    return bytes;
}

/* --- WANT --- */

/* `later_s` 0: never; else what there is may be asked for after so many seconds. */
static void say_nothing(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_want *want, uint64_t later_s)
{
    ayni_buffer_clear(&sync->out);
    ayni_batch_encode(
        &(struct ayni_batch){
            .feed = want->feed, .from = want->from, .to = want->from, .later_s = later_s },
        &sync->out);
    sync_answer(sync, peer, &sync->out);
}

/* Whether the peer's history is another, as far as can be told without the log. */
static bool is_other_history(const struct sync_feed *feed, const struct ayni_want *want)
{
    return want->from == feed->seq &&
           memcmp(want->mark.bytes, feed->chain.bytes, sizeof(want->mark.bytes)) != 0;
}

static void take_want(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_want *want)
{
    struct sync_feed *feed = sync_find_feed(sync, &want->feed);

    if (feed == NULL || !sync_feed_is_held(feed) || sync->hearing ||
        !sync_shares(feed->space, peer)) {
        say_nothing(sync, peer, want, 0); /* and not, which of these it is */
        return;
    }
    struct sync_serve *serve = find_serve(peer, feed);
    if (want->credit == 0) {
        if (serve != NULL)
            remove_serve(peer, serve);
        return;
    }
    if (is_other_history(feed, want)) {
        sync_show_history(peer, feed, want->from);
        return;
    }
    if (want->from >= feed->seq || want->from < feed->start) {
        say_nothing(sync, peer, want, 0);
        return;
    }
    if (sync_is_held(peer) && !sync_is_urgent(feed)) {
        peer->refused_until = sync_after(sync, 2000 * sync_later_s(sync, peer));
        say_nothing(sync, peer, want, sync_later_s(sync, peer));
        return;
    }
    if (serve == NULL)
        serve = add_serve(sync, peer);
    if (serve == NULL)
        return; /* it asks again */
    if (serve->feed != feed || serve->round != want->round)
        *serve = (struct sync_serve){ .feed = feed, .position = want->from, .round = want->round };
    serve->from = want->from;
    serve->end = feed->seq;
    serve->position = sync_max(serve->position, want->from);
    serve->mark = want->mark;
    serve->credit = want->credit;
    serve->used = sync->now;
    land_flights(serve);
}

void sync_receive_wants(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_wants *wants)
{
    struct ayni_want want;
    size_t position = 0;

    if (!sync_peer_affords(sync, peer, 4 + 2 * wants->want_count))
        return;
    for (size_t i = 0; i < AYNI_SYNC_SERVES_MAX && ayni_wants_next(wants, &position, &want); i++)
        take_want(sync, peer, &want);
    peer->dirty = peer->serve_due = true;
}

/* --- BATCH --- */

/* Bytes that one batch may have now; 0 for none. */
static uint64_t batch_size(const struct sync_serve *serve)
{
    uint64_t size = sync_min(sync_max(serve->credit / 4, AYNI_BATCH_SIZE_MIN), AYNI_BATCH_SIZE_MAX);

    if (is_finished(serve) || serve->flight_count == SYNC_FLIGHTS_MAX)
        return 0;
    uint64_t sent = flying(serve);
    if (sent >= serve->credit)
        return 0;
    return sync_min(size, serve->credit - sent);
}

static struct sync_serve *most_urgent(const struct ayni_sync *sync, struct sync_peer *peer)
{
    struct sync_serve *best = NULL;
    unsigned best_urgency = 0;

    for (size_t i = 0; i < peer->serve_count; i++) {
        struct sync_serve *serve = &peer->serves[i];
        if (batch_size(serve) == 0)
            continue;
        if (!sync_may_go(sync, peer, serve->feed)) {
            peer->serve_at = sync_is_held(peer) ? SYNC_NEVER : sync_paced_until(peer);
            continue;
        }
        unsigned urgency = sync_urgency(serve->feed);
        if (best == NULL || urgency < best_urgency ||
            (urgency == best_urgency && serve->feed->number < best->feed->number)) {
            best = serve;
            best_urgency = urgency;
        }
    }
    return best;
}

bool sync_serve_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action)
{
    if (sync->now >= peer->serve_at) {
        peer->serve_at = SYNC_NEVER;
        peer->serve_due = true;
    }
    struct sync_serve *serve = peer->serve_due ? most_urgent(sync, peer) : NULL;

    peer->serve_due = serve != NULL;
    if (serve == NULL)
        return false;
    sync->reading = SYNC_READING_SERVE;
    sync->reading_for = peer->serial;
    sync->reading_feed = serve->feed;
    sync->reading_from = serve->position;
    action->type = AYNI_SYNC_READ;
    action->peer = peer->node;
    action->read = (struct ayni_sync_read){ .feed = serve->feed->id,
                                            .from = serve->position,
                                            .has_mark = serve->position == serve->from,
                                            .mark = serve->mark,
                                            .size_max = (size_t)batch_size(serve),
                                            .seq_max = sync_min(serve->end, serve->feed->seq) };
    return true;
}

void sync_answer_batch(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_feed *feed,
                       uint64_t from, uint64_t to, struct ayni_bytes runs)
{
    ayni_buffer_clear(&sync->plain);
    ayni_buffer_clear(&sync->out);
    if (runs.size > 0 && ayni_compress(runs, &sync->plain) != AYNI_OK) {
        sync->counters.out_of_memory++;
        return;
    }
    ayni_batch_encode(&(struct ayni_batch){ .feed = ayni_feed_prefix_of(&feed->id),
                                            .from = from,
                                            .to = to,
                                            .packed = ayni_buffer_bytes(&sync->plain) },
                      &sync->out);
    sync_pend(sync, peer);
}

void sync_serve_runs(struct ayni_sync *sync, struct sync_peer *peer,
                     const struct ayni_sync_runs *runs)
{
    struct sync_serve *serve = find_serve(peer, sync->reading_feed);

    if (serve == NULL || serve->position != sync->reading_from)
        return;
    if (runs->status == AYNI_E_FORK) {
        sync_show_history(peer, serve->feed, serve->position);
        remove_serve(peer, serve);
    } else if (runs->status == AYNI_OK && runs->runs.size > 0 && runs->to > serve->position) {
        sync_answer_batch(sync, peer, serve->feed, serve->position, runs->to, runs->runs);
        serve->flights[serve->flight_count].to = runs->to;
        serve->flights[serve->flight_count++].size = (uint32_t)runs->runs.size;
        serve->position = runs->to;
    } else {
        const struct ayni_bytes none = { 0 };
        sync_answer_batch(sync, peer, serve->feed, serve->from, serve->from, none);
        remove_serve(peer, serve);
    }
}
