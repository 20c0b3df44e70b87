#include "tests/support/sim_node.h"

#include <assert.h>
#include <stdlib.h>

#include "proto/limits.h"

void sim_node_init(struct sim_node *node, const struct sim_host *host, struct sim_press *press,
                   struct test_random *random)
{
    uint8_t seed[32];

    *node = (struct sim_node){ .host = host, .root = press->root };
    test_random_fill(random, seed, sizeof(seed));
    test_random_fill(random, node->instance.bytes, sizeof(node->instance.bytes));
    node->incarnation = node->instance;
    node->seed = test_random_next(random);
    if (ayni_signing_key_of_seed(seed, &node->secret, &node->id) != AYNI_OK)
        abort();
    sim_log_init(&node->log, press);
}

void sim_node_free(struct sim_node *node)
{
    ayni_sync_free(node->sync);
    sim_log_free(&node->log);
    sim_store_free(node->store);
    ayni_buffer_free(&node->runs);
    for (size_t i = 0; i < node->space_count; i++)
        free(node->spaces[i].members);
    free(node->spaces);
    free(node->revoked);
    for (size_t i = 0; i < node->heard_count; i++)
        free(node->heard[i].heads);
    free(node->heard);
    for (size_t i = 0; i < node->pending_count; i++)
        ayni_buffer_free(&node->pending[i].runs);
    free(node->pending);
}

/* --- driving the engine --- */

struct ayni_sync_event sim_node_event(const struct sim_node *node, enum ayni_sync_event_type type)
{
    return (struct ayni_sync_event){ .type = type, .now = { node->now } };
}

static void run_engine(struct sim_node *node)
{
    struct ayni_sync_action action;
    size_t count = 0;

    while (node->sync != NULL && ayni_sync_next(node->sync, &action)) {
        sim_node_perform(node, &action);
        assert(++count < 100000); /* it must come to rest */
    }
}

void sim_node_handle(struct sim_node *node, const struct ayni_sync_event *event)
{
    ayni_sync_handle(node->sync, event);
    run_engine(node);
}

/* --- the heads of its log --- */

static void tell_of_store(void *context, struct ayni_sync_event *event)
{
    struct sim_node *node = context;

    event->now.ms = node->now;
    ayni_sync_handle(node->sync, event);
}

void sim_node_use_store(struct sim_node *node)
{
    node->store = sim_store_new(&node->root, &node->id, tell_of_store, node);
}

/* Where the newest entries of a feed that never forked began, for an engine that starts. */
static uint64_t seq_before(const struct sim_node *node, const struct sim_segment *segment)
{
    const struct sim_feed *history = segment->history;

    if (node->told > 0 || history->run_count == 0)
        return 0;
    return segment->branch ? segment->head.seq : history->runs[history->run_count - 1]->before.seq;
}

static void tell_segment(struct sim_node *node, const struct sim_segment *segment)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_HEAD);

    event.head = (struct ayni_sync_head){
        .feed = segment->id,
        .descriptor = segment->history->descriptor,
        .branch = segment->branch,
        .start = segment->start.seq,
        .seq = segment->head.seq,
        .chain = segment->head.chain,
        .arrival = segment->history->arrival,
        .before = seq_before(node, segment),
        .ended = segment->ended,
    };
    ayni_sync_handle(node->sync, &event);
}

static void tell_head(struct sim_node *node, const struct sim_feed *feed)
{
    static struct sim_segment segments[SIM_SEGMENTS_MAX];
    size_t count;

    count = sim_segments(sim_log_find(&node->log, &feed->id), segments);
    for (size_t i = 0; i < count; i++)
        tell_segment(node, &segments[i]);
}

static int compare_arrivals(const void *a, const void *b)
{
    const struct sim_feed *x = *(struct sim_feed *const *)a;
    const struct sim_feed *y = *(struct sim_feed *const *)b;

    return x->arrival < y->arrival ? -1 : x->arrival > y->arrival;
}

/* Every head that moved, in the order of arrivals. */
static void tell_moved(struct sim_node *node)
{
    struct sim_feed **moved = malloc((node->log.feed_count + 1) * sizeof(struct sim_feed *));
    size_t count = 0;

    for (size_t i = 0; i < node->log.feed_count; i++)
        if (node->log.feeds[i]->arrival > node->told)
            moved[count++] = node->log.feeds[i];
    qsort(moved, count, sizeof(*moved), compare_arrivals);
    for (size_t i = 0; i < count; i++)
        tell_head(node, moved[i]);
    node->told = node->log.arrival;
    free(moved);
}

/* After a commit. */
static void tell_heads(struct sim_node *node)
{
    if (node->store != NULL)
        sim_store_tell(node->store);
    else
        tell_moved(node);
    struct ayni_sync_event lost = sim_node_event(node, AYNI_SYNC_LOST);
    lost.lost = node->log.lost;
    ayni_sync_handle(node->sync, &lost);
}

/* What is in the store is what was there when it was closed. */
static void open_store(struct sim_node *node)
{
    sim_store_open(node->store);
    node->instance = log_instance(node->store->log);
    sim_store_check(node->store, &node->log);
}

void sim_node_start(struct sim_node *node, uint64_t now)
{
    if (node->store != NULL)
        open_store(node);
    struct ayni_sync_options options = { .own = node->id,
                                         .root = node->root,
                                         .instance = node->instance,
                                         .hearing = node->hearing,
                                         .seed = node->seed,
                                         .now = { now } };

    node->now = now;
    node->told = 0;
    node->sync = ayni_sync_new(&options);
    sim_node_tell_spaces(node);
    if (node->store != NULL)
        sim_store_tell_all(node->store);
    tell_heads(node);
}

static void lose_pending(struct sim_node *node, const struct sim_pending *pending)
{
    if (pending->committed)
        return;
    node->stores_lost++;
    if (node->store != NULL && pending->type == AYNI_SYNC_STORE)
        sim_store_tear(node->store, &pending->store);
}

void sim_node_stop(struct sim_node *node, size_t commits)
{
    ayni_sync_free(node->sync);
    node->sync = NULL;
    for (size_t i = 0; i < node->pending_count; i++) {
        struct sim_pending *pending = &node->pending[i];
        if (!pending->committed && i < commits)
            (void)!sim_node_commit(node, pending->type, &pending->store);
        else
            lose_pending(node, pending);
        ayni_buffer_free(&pending->runs);
    }
    node->pending_count = 0;
    if (node->store != NULL)
        sim_store_close(node->store);
}

struct sim_kept *sim_node_kept(struct sim_node *node, const struct ayni_node *peer)
{
    for (size_t i = 0; i < node->kept_count; i++)
        if (ayni_id_equal(&node->kept[i].peer, peer))
            return &node->kept[i];
    if (node->kept_count == sizeof(node->kept) / sizeof(*node->kept))
        return NULL;
    node->kept[node->kept_count] = (struct sim_kept){ .peer = *peer };
    return &node->kept[node->kept_count++];
}

void sim_node_up(struct sim_node *node, const struct ayni_node *peer, bool dialled, bool metered)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_PEER_UP);
    const struct sim_kept *kept = sim_node_kept(node, peer);

    event.peer = *peer;
    event.up.dialled = dialled;
    event.up.metered = metered;
    if (kept != NULL) {
        event.up.acked_instance = kept->acked.instance;
        event.up.acked_arrival = kept->acked.arrival;
    }
    /* What speaks first is up because its first message came: that follows at once. */
    ayni_sync_handle(node->sync, &event);
    if (dialled)
        run_engine(node);
}

void sim_node_down(struct sim_node *node, const struct ayni_node *peer)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_PEER_DOWN);

    event.peer = *peer;
    sim_node_handle(node, &event);
}

void sim_node_message(struct sim_node *node, const struct ayni_node *peer,
                      struct ayni_bytes message)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_MESSAGE);

    event.peer = *peer;
    event.message = message;
    sim_node_handle(node, &event);
}

void sim_node_time(struct sim_node *node)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_TIME);

    sim_node_handle(node, &event);
}

/* Commits have an order: those before it are done, too. */
static enum ayni_status commit_up_to(struct sim_node *node, uint64_t store)
{
    enum ayni_status status = AYNI_E_NOT_FOUND;
    size_t left = 0;

    for (size_t i = 0; i < node->pending_count; i++) {
        struct sim_pending *pending = &node->pending[i];
        if (!pending->committed && pending->store.number <= store) {
            pending->status = sim_node_commit(node, pending->type, &pending->store);
            pending->committed = true;
        }
        if (pending->store.number == store) {
            status = pending->status;
            ayni_buffer_free(&pending->runs);
        } else {
            node->pending[left++] = *pending;
        }
    }
    node->pending_count = left;
    return status;
}

void sim_node_stored(struct sim_node *node, uint64_t store)
{
    enum ayni_status status = commit_up_to(node, store);
    struct ayni_sync_event event =
        sim_node_event(node, status == AYNI_OK ? AYNI_SYNC_STORED : AYNI_SYNC_REFUSED);

    tell_heads(node);
    event.store = store;
    event.status = status;
    sim_node_handle(node, &event);
}

void sim_node_tell(struct sim_node *node)
{
    if (node->sync == NULL)
        return;
    tell_heads(node);
    run_engine(node);
}

void sim_node_leave_alone(struct sim_node *node)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_ALONE);

    node->hearing = false;
    if (node->sync != NULL)
        sim_node_handle(node, &event);
}
