#include "proto/sync_parts.h"

void sync_trace_done(struct sync_peer *peer)
{
    peer->trace.state = SYNC_TRACE_NONE;
    peer->trace.feed = NULL;
}

void sync_start_trace(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed,
                      uint64_t high)
{
    struct sync_claim *claim = sync_find_claim(peer, feed);

    sync_break_agreement(sync, peer);
    if (claim != NULL) {
        sync_stop_pull(peer, claim);
        claim->not_before = sync_after(sync, SYNC_RETRY_MAX);
    }
    if (high <= feed->start || high > feed->seq || peer->trace.state != SYNC_TRACE_NONE)
        return;
    if (sync_over_quota(sync, feed->space, &feed->descriptor)) {
        struct ayni_feed_prefix name = ayni_feed_prefix_of(&feed->id);
        sync->counters.refused_heads++;                       /* and the two never agree */
        sync_note_untaken(sync, peer, feed->space, &name, 1); /* or more: where it forks is open */
        return;
    }
    peer->trace = (struct sync_trace){
        .state = SYNC_TRACE_ASK, .feed = feed, .low = feed->start, .high = high
    };
    peer->dirty = true;
}

void sync_doubt_history(struct sync_peer *peer, struct sync_feed *feed, uint64_t seq,
                        const struct ayni_chain_mark *mark)
{
    if (seq <= feed->start || seq > feed->seq || peer->trace.state != SYNC_TRACE_NONE)
        return;
    peer->trace = (struct sync_trace){ .state = SYNC_TRACE_COMPARE,
                                       .feed = feed,
                                       .doubtful = true,
                                       .low = feed->start,
                                       .high = seq,
                                       .points = { { seq, *mark } },
                                       .point_count = 1 };
    peer->dirty = true;
}

/* --- looking for the place: this side asks --- */

static void give_up(struct sync_peer *peer)
{
    peer->gap = true;
    sync_trace_done(peer);
}

void sync_receive_forked(struct ayni_sync *sync, struct sync_peer *peer,
                         const struct ayni_forked *forked)
{
    struct sync_feed *feed = sync_find_feed(sync, &forked->feed);
    struct sync_claim *claim = feed == NULL ? NULL : sync_find_claim(peer, feed);
    struct sync_trace *trace = &peer->trace;

    if (!sync_peer_affords(sync, peer, 100))
        return;
    if (claim != NULL && claim->active)
        sync_start_trace(sync, peer, feed, claim->asked_from);
    if (feed == NULL || trace->feed != feed || trace->state == SYNC_TRACE_STORE) {
        sync_ignore(sync, peer);
        return;
    }
    memcpy(trace->points, forked->points, sizeof(trace->points));
    trace->point_count = forked->point_count;
    trace->state = SYNC_TRACE_COMPARE;
    peer->dirty = true;
}

static bool compare(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action)
{
    struct sync_trace *trace = &peer->trace;
    size_t count = 0;

    for (size_t i = 0; i < trace->point_count; i++)
        if (trace->points[i].seq > trace->low && trace->points[i].seq <= trace->high)
            trace->points[count++] = trace->points[i];
    trace->point_count = count;
    trace->state = SYNC_TRACE_WAIT;
    trace->retry_at = sync_after(sync, SYNC_RETRY);
    sync->reading = SYNC_READING_COMPARE;
    sync->reading_for = peer->serial;
    action->type = AYNI_SYNC_COMPARE;
    action->peer = peer->node;
    action->compare = (struct ayni_sync_compare){ .feed = trace->feed->id,
                                                  .low = trace->low,
                                                  .high = trace->high,
                                                  .points = trace->points,
                                                  .point_count = count };
    return true;
}

void sync_trace_compared(struct sync_peer *peer, const struct ayni_sync_compared *compared)
{
    struct sync_trace *trace = &peer->trace;
    uint64_t low = sync_max(compared->low, trace->low);
    uint64_t high = sync_min(compared->high, trace->high);

    if (trace->state == SYNC_TRACE_WAIT && trace->doubtful && low >= high) {
        sync_trace_done(peer);
        return;
    }
    if (trace->state != SYNC_TRACE_WAIT || low >= high)
        return;
    trace->doubtful = false;
    trace->tries += low == trace->low && high == trace->high;
    trace->low = low;
    trace->high = high;
    trace->state = SYNC_TRACE_ASK;
    peer->dirty = true;
}

static bool ask(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action)
{
    struct sync_trace *trace = &peer->trace;

    trace->state = SYNC_TRACE_WAIT;
    trace->retry_at = sync_after(sync, SYNC_RETRY);
    ayni_buffer_clear(&sync->out);
    ayni_trace_encode(
        &(struct ayni_trace){ ayni_feed_prefix_of(&trace->feed->id), trace->low, trace->high },
        &sync->out);
    return sync_send(sync, peer, action);
}

bool sync_trace_takes(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_feed *feed,
                      const struct ayni_batch *batch)
{
    struct sync_trace *trace = &peer->trace;

    if (trace->state != SYNC_TRACE_WAIT || trace->feed != feed || trace->high != trace->low + 1 ||
        batch->from != trace->low || batch->packed.size == 0)
        return false;
    struct sync_store store = {
        .feed = trace->feed, .from = batch->from, .to = batch->to, .evidence = true
    };
    if (sync_put_batch(sync, peer, &store, batch)) {
        trace->state = SYNC_TRACE_STORE;
        sync->counters.forks++;
    }
    return true;
}

/* --- showing ours: the peer asks --- */

void sync_show_history(struct sync_peer *peer, struct sync_feed *feed, uint64_t high)
{
    peer->question = (struct sync_question){ .feed = feed, .high = high };
    peer->dirty = true;
}

void sync_receive_trace(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_trace *trace)
{
    struct sync_feed *feed = sync_find_feed(sync, &trace->feed);

    if (!sync_peer_affords(sync, peer, 200))
        return;
    if (feed == NULL || !sync_feed_is_held(feed) || !sync_shares(feed->space, peer)) {
        sync_ignore(sync, peer);
        return;
    }
    peer->question = (struct sync_question){ .feed = feed,
                                             .low = trace->low,
                                             .high = trace->high,
                                             .evidence = trace->high == trace->low + 1 };
    if (peer->question.evidence && sync->hearing)
        peer->question.feed = NULL; /* it may be erased; asked again, it is given or not */
    peer->dirty = true;
}

static bool look_up(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action)
{
    struct sync_question *q = &peer->question;

    action->peer = peer->node;
    if (!q->evidence) {
        action->type = AYNI_SYNC_CHAINS_OF;
        action->trace = (struct ayni_sync_trace){ q->feed->id, q->low, q->high };
        sync->reading = SYNC_READING_CHAINS;
    } else {
        action->type = AYNI_SYNC_READ;
        action->read = (struct ayni_sync_read){
            .feed = q->feed->id, .from = q->low, .size_max = 1, .seq_max = UINT64_MAX
        };
        sync->reading = SYNC_READING_EVIDENCE;
        sync->reading_from = q->low;
    }
    sync->reading_for = peer->serial;
    sync->reading_feed = q->feed;
    q->feed = NULL;
    return true;
}

void sync_trace_chains(struct ayni_sync *sync, struct sync_peer *peer,
                       const struct ayni_sync_chains *chains)
{
    struct ayni_forked forked = { .feed = ayni_feed_prefix_of(&sync->reading_feed->id) };

    for (size_t i = 0; i < chains->point_count && i < AYNI_CHAIN_POINTS_MAX; i++)
        forked.points[forked.point_count++] = chains->points[i];
    ayni_buffer_clear(&sync->out);
    ayni_forked_encode(&forked, &sync->out);
    sync_answer(sync, peer, &sync->out);
}

/* The run that is the evidence; there is no answer where there is none. */
void sync_trace_runs(struct ayni_sync *sync, struct sync_peer *peer,
                     const struct ayni_sync_runs *runs)
{
    if (runs->status == AYNI_OK && runs->runs.size > 0 && runs->to > sync->reading_from)
        sync_answer_batch(sync, peer, sync->reading_feed, sync->reading_from, runs->to, runs->runs);
}

bool sync_trace_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action)
{
    struct sync_trace *trace = &peer->trace;

    if (peer->question.feed != NULL)
        return look_up(sync, peer, action);
    if (trace->state != SYNC_TRACE_NONE && trace->state != SYNC_TRACE_STORE &&
        (trace->high > trace->feed->seq || !sync_shares(trace->feed->space, peer)))
        sync_trace_done(peer);
    if (trace->state == SYNC_TRACE_WAIT && sync->now >= trace->retry_at) {
        trace->state = SYNC_TRACE_ASK;
        if (++trace->tries > SYNC_TRIES_MAX)
            give_up(peer);
    }
    if (trace->state == SYNC_TRACE_COMPARE)
        return compare(sync, peer, action);
    return trace->state == SYNC_TRACE_ASK && ask(sync, peer, action);
}
