#include "proto/cbor.h"
#include "proto/sync_parts.h"

/* What is gathered while a line of ranges is answered. */
struct answer {
    struct ayni_sync *sync;
    struct sync_peer *peer;
    struct sync_space *space;
    struct ayni_buffer *line; /* ranges */
    size_t range_count;       /* in the line */
    bool skips;               /* nothing is to be said of what is below `skipped` */
    struct ayni_bound skipped;
    struct ayni_feed_prefix asked[AYNI_NOTE_HEADS_MAX]; /* feeds that aren't known here */
    size_t asked_count;
};

/* Ranges with nothing to say are one together, and none at the end of the line. */
static void skip(struct answer *a, struct ayni_bound upper)
{
    a->skips = true;
    a->skipped = upper;
}

static void put_range(struct answer *a, const struct ayni_range *range)
{
    struct ayni_range skipped = { .upper = a->skipped, .form = AYNI_RANGE_SKIP };

    if (a->skips) {
        ayni_range_encode(&skipped, a->line);
        a->range_count++;
    }
    a->skips = false;
    ayni_range_encode(range, a->line);
    a->range_count++;
}

static void put_list(struct answer *a, size_t from, size_t to, struct ayni_bound upper)
{
    struct ayni_buffer *list = &a->sync->scratch2;

    ayni_buffer_clear(list);
    for (size_t i = from; i < to; i++) {
        const struct sync_feed *feed = a->space->feeds[i];
        struct ayni_listed_head listed = { ayni_feed_prefix_of(&feed->id), feed->seq,
                                           ayni_chain_mark_of(&feed->chain) };
        ayni_listed_head_encode(&listed, list);
    }
    put_range(a, &(struct ayni_range){ .upper = upper,
                                       .form = AYNI_RANGE_LIST,
                                       .list = ayni_buffer_bytes(list),
                                       .list_count = to - from });
}

static void put_print(struct answer *a, size_t from, size_t to, struct ayni_bound upper)
{
    put_range(a,
              &(struct ayni_range){ .upper = upper,
                                    .form = AYNI_RANGE_FINGERPRINT,
                                    .fingerprint = sync_print_range(a->sync, a->space, from, to) });
}

/* A listed head takes 36 bytes and a range 21: where heads that differ are scattered, small ranges
 * say least. A small space is listed at once. */
static bool is_to_be_listed(const struct answer *a, size_t count)
{
    bool all = count == a->space->feed_count;

    return count <= (all ? AYNI_RANGE_LIST_ALL_MAX : AYNI_RANGE_LIST_MAX);
}

static size_t parts_of(size_t count)
{
    return count <= AYNI_RANGE_SPLIT * AYNI_RANGE_LIST_ALL_MAX
               ? (count + AYNI_RANGE_LIST_MAX - 1) / AYNI_RANGE_LIST_MAX
               : AYNI_RANGE_SPLIT;
}

/* The peer's differs: split it, or list it if it is small. */
static void narrow(struct answer *a, size_t from, size_t to, struct ayni_bound upper)
{
    size_t count = to - from;
    size_t parts = parts_of(count);

    if (is_to_be_listed(a, count)) {
        put_list(a, from, to, upper);
        return;
    }
    for (size_t part = 0; part < parts; part++) {
        size_t start = from + count * part / parts;
        size_t end = from + count * (part + 1) / parts;
        struct ayni_bound bound =
            end == to ? upper : sync_bound_between(a->space->feeds[end - 1], a->space->feeds[end]);
        put_print(a, start, end, bound);
    }
}

/* --- a list of the peer's against ours --- */

static void compare_head(struct answer *a, struct sync_feed *feed,
                         const struct ayni_listed_head *theirs)
{
    sync_claim_head(a->sync, a->peer, feed, theirs->seq, &theirs->mark, 0);
    if (theirs->seq < feed->seq)
        sync_owe(a->sync, a->peer, feed, theirs->seq, true);
}

/* One that isn't among the heads here: a branch of which the proof is held and nothing else, or
 * one that nobody knows here. */
static void meet_head(struct answer *a, const struct ayni_listed_head *theirs)
{
    struct sync_feed *feed = sync_find_feed(a->sync, &theirs->feed);

    if (theirs->seq == 0)
        return;
    if (feed != NULL && feed->space == a->space)
        sync_claim_head(a->sync, a->peer, feed, theirs->seq, &theirs->mark, 0);
    else if (a->asked_count < AYNI_NOTE_HEADS_MAX)
        a->asked[a->asked_count++] = theirs->feed;
}

static void compare_list(struct answer *a, const struct ayni_range *range, size_t from, size_t to)
{
    struct ayni_listed_head theirs;
    size_t position = 0;
    size_t i = from;

    while (ayni_range_next(range, &position, &theirs)) {
        int order = 1;
        for (; i < to; i++) {
            order =
                memcmp(a->space->feeds[i]->id.bytes, theirs.feed.bytes, sizeof(theirs.feed.bytes));
            if (order >= 0)
                break;
            sync_owe(a->sync, a->peer, a->space->feeds[i], 0, false);
        }
        if (i < to && order == 0)
            compare_head(a, a->space->feeds[i++], &theirs);
        else
            meet_head(a, &theirs);
    }
    for (; i < to; i++)
        sync_owe(a->sync, a->peer, a->space->feeds[i], 0, false);
}

/* --- a line of ranges --- */

static void answer_range(struct answer *a, const struct ayni_range *range, size_t from, size_t to)
{
    if (range->form == AYNI_RANGE_FINGERPRINT) {
        struct ayni_fingerprint ours = from == 0 && to == a->space->feed_count
                                           ? sync_print_space(a->sync, a->space)
                                           : sync_print_range(a->sync, a->space, from, to);
        if (!ayni_id_equal(&ours, &range->fingerprint)) {
            narrow(a, from, to, range->upper);
            return;
        }
    } else if (range->form == AYNI_RANGE_LIST) {
        compare_list(a, range, from, to);
    }
    skip(a, range->upper);
}

static void send_answer(struct answer *a, const struct ayni_bound *lower)
{
    struct ayni_buffer *message = &a->sync->out;

    if (a->range_count > 0) {
        struct ayni_ranges line = { .space = a->space->id,
                                    .lower = *lower,
                                    .ranges = ayni_buffer_bytes(a->line),
                                    .range_count = a->range_count };
        ayni_buffer_clear(message);
        ayni_ranges_encode(&line, message);
        sync_answer(a->sync, a->peer, message);
    }
    if (a->asked_count > 0) {
        ayni_buffer_clear(message);
        ayni_ask_encode(a->asked, a->asked_count, message);
        sync_answer(a->sync, a->peer, message);
    }
}

void sync_receive_ranges(struct ayni_sync *sync, struct sync_peer *peer,
                         const struct ayni_ranges *ranges)
{
    struct sync_space *space = sync_find_space(sync, &ranges->space);
    struct ayni_range range;
    size_t position = 0;

    sync->counters.range_messages++;
    if (space == NULL || !sync_shares(space, peer)) {
        sync->counters.deferred_heads++;
        return;
    }
    if (!sync_peer_affords(sync, peer, 20 + space->feed_count / 4))
        return;
    sync_sort_space(space);
    struct answer a = { .sync = sync, .peer = peer, .space = space, .line = &sync->scratch };
    ayni_buffer_clear(a.line);
    size_t from = sync_find_bound(space, &ranges->lower);
    while (a.line->size < AYNI_RANGES_SIZE_MAX && ayni_ranges_next(ranges, &position, &range)) {
        size_t to =
            range.upper.size == 0 ? space->feed_count : sync_find_bound(space, &range.upper);
        answer_range(&a, &range, from, to);
        from = to;
    }
    send_answer(&a, &ranges->lower);
}

/* `differs`: that is known, so that its parts are said at once. */
static void start_space(struct ayni_sync *sync, struct sync_peer *peer, struct sync_space *space,
                        bool differs)
{
    struct answer a = { .sync = sync, .peer = peer, .space = space, .line = &sync->scratch };
    struct ayni_bound all = { 0 };

    sync_sort_space(space);
    ayni_buffer_clear(a.line);
    if (differs || space->feed_count == 0)
        narrow(&a, 0, space->feed_count, all);
    else
        put_range(&a, &(struct ayni_range){ .form = AYNI_RANGE_FINGERPRINT,
                                            .fingerprint = sync_print_space(sync, space) });
    send_answer(&a, &all);
}

void sync_start_registry_ranges(struct ayni_sync *sync, struct sync_peer *peer)
{
    start_space(sync, peer, sync->registry, true);
}

void sync_start_space_ranges(struct ayni_sync *sync, struct sync_peer *peer,
                             struct sync_space *space)
{
    start_space(sync, peer, space, true);
}

void sync_start_shared_ranges(struct ayni_sync *sync, struct sync_peer *peer, bool same_registry)
{
    size_t count = 0;

    for (size_t i = 0; i < sync->space_count; i++)
        count += sync_shares(sync->space_list[i], peer);
    /* Where not all of them fit the outbox, the next time begins with others. */
    for (size_t i = 0; i < sync->space_count; i++) {
        size_t at = (i + peer->unequal * (AYNI_SYNC_OUTBOX_MAX / 64)) % sync->space_count;
        if (sync_shares(sync->space_list[at], peer))
            start_space(sync, peer, sync->space_list[at], same_registry && count == 1);
    }
}

void sync_receive_ask(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_ask *ask)
{
    struct ayni_feed_prefix name;
    size_t position = 0;
    size_t count = 0;

    if (!sync_peer_affords(sync, peer, 10 + ask->feed_count))
        return;
    ayni_buffer_clear(&sync->scratch);
    while (count < AYNI_NOTE_HEADS_MAX && ayni_ask_next(ask, &position, &name)) {
        const struct sync_feed *feed = sync_find_feed(sync, &name);
        /* A branch is known by its proof, which comes by itself. */
        if (feed == NULL || !sync_feed_is_held(feed) || feed->branch ||
            !sync_shares(feed->space, peer))
            continue;
        sync_put_head(&sync->scratch, feed, true);
        count++;
    }
    if (count == 0)
        return;
    ayni_buffer_clear(&sync->out);
    ayni_note_encode(0, 0, count, ayni_buffer_bytes(&sync->scratch), &sync->out);
    sync_answer(sync, peer, &sync->out);
}
