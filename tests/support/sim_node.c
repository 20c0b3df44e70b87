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

/* --- the registry --- */

static struct sim_space *find_space(const struct sim_node *node, const struct ayni_space *id)
{
    for (size_t i = 0; i < node->space_count; i++)
        if (ayni_id_equal(&node->spaces[i].id, id))
            return &node->spaces[i];
    return NULL;
}

static bool has_member(const struct sim_space *space, const struct ayni_node *node)
{
    for (size_t i = 0; i < space->member_count; i++)
        if (ayni_id_equal(&space->members[i], node))
            return true;
    return false;
}

static bool is_revoked(const struct sim_node *node, const struct ayni_node *member)
{
    for (size_t i = 0; i < node->revoked_count; i++)
        if (ayni_id_equal(&node->revoked[i], member))
            return true;
    return false;
}

bool sim_node_shares(const struct sim_node *node, const struct ayni_space *id,
                     const struct ayni_node *peer)
{
    struct ayni_space registry = ayni_registry_space(&node->root);
    const struct sim_space *space = find_space(node, id);

    if (is_revoked(node, peer))
        return false;
    return ayni_id_equal(id, &registry) ||
           (space != NULL && has_member(space, &node->id) && has_member(space, peer));
}

bool sim_node_knows_writer(const struct sim_node *node,
                           const struct ayni_feed_descriptor *descriptor)
{
    struct ayni_space registry = ayni_registry_space(&node->root);
    const struct sim_space *space = find_space(node, &descriptor->space);

    return ayni_id_equal(&descriptor->space, &registry) ||
           (space != NULL && has_member(space, &descriptor->node));
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

static void handle(struct sim_node *node, const struct ayni_sync_event *event)
{
    ayni_sync_handle(node->sync, event);
    run_engine(node);
}

static void tell_space(struct sim_node *node, const struct sim_space *space)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_SPACE);
    struct ayni_node *members = calloc(space->member_count + 1, sizeof(*members));
    size_t count = 0;

    for (size_t i = 0; i < space->member_count; i++)
        if (!is_revoked(node, &space->members[i]))
            members[count++] = space->members[i];
    event.space = (struct ayni_sync_space){ space->id, members, count };
    handle(node, &event);
    free(members);
}

void sim_node_revoke(struct sim_node *node, const struct ayni_node *member)
{
    node->revoked = realloc(node->revoked, (node->revoked_count + 1) * sizeof(*member));
    node->revoked[node->revoked_count++] = *member;
    for (size_t i = 0; node->sync != NULL && i < node->space_count; i++)
        tell_space(node, &node->spaces[i]);
}

void sim_node_tell_space(struct sim_node *node, const struct ayni_space *id,
                         const struct ayni_node *members, size_t member_count)
{
    struct sim_space *space = find_space(node, id);

    if (space == NULL) {
        if (node->space_count == node->space_capacity) {
            node->space_capacity = node->space_capacity == 0 ? 8 : 2 * node->space_capacity;
            node->spaces = realloc(node->spaces, node->space_capacity * sizeof(*node->spaces));
        }
        space = &node->spaces[node->space_count++];
        *space = (struct sim_space){ .id = *id };
    }
    free(space->members);
    space->members = malloc((member_count + 1) * sizeof(*members));
    memcpy(space->members, members, member_count * sizeof(*members));
    space->member_count = member_count;
    if (node->sync != NULL)
        tell_space(node, space);
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
    for (size_t i = 0; i < node->space_count; i++)
        tell_space(node, &node->spaces[i]);
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
    handle(node, &event);
}

void sim_node_message(struct sim_node *node, const struct ayni_node *peer,
                      struct ayni_bytes message)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_MESSAGE);

    event.peer = *peer;
    event.message = message;
    handle(node, &event);
}

void sim_node_time(struct sim_node *node)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_TIME);

    handle(node, &event);
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
    handle(node, &event);
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
        handle(node, &event);
}

/* --- writing --- */

struct sim_feed *sim_node_feed(struct sim_node *node, const struct ayni_space *space, uint8_t lane,
                               const struct ayni_incarnation *incarnation)
{
    struct ayni_feed_descriptor descriptor = { .node = node->id, .space = *space, .lane = lane };

    descriptor.incarnation = incarnation != NULL ? *incarnation : node->incarnation;
    struct ayni_feed id = ayni_feed_of(&node->root, &descriptor);
    struct sim_feed *feed = sim_log_add(&node->log, &id, &descriptor);
    if (feed->tree == NULL || incarnation != NULL || node->hostile)
        return feed;
    sim_node_renew(node); /* it was written elsewhere, too */
    return sim_node_feed(node, space, lane, NULL);
}

void sim_node_put_changes(struct sim_node *node)
{
    for (size_t i = 0; node->store != NULL && i < node->log.change_count; i++)
        sim_store_change(node->store, &node->log.changes[i]);
    node->log.change_count = 0;
}

void sim_node_lose(struct sim_node *node, struct sim_feed *feed, size_t run, uint64_t which)
{
    sim_log_lose(&node->log, feed, run, which);
    sim_node_put_changes(node);
    sim_node_tell(node);
}

struct ayni_instant sim_node_clock(const struct sim_node *node)
{
    const uint64_t epoch = 1795000000000; /* November 2026 */

    return (struct ayni_instant){ (uint64_t)((int64_t)(epoch + node->now) + node->clock_off) };
}

void sim_node_seal(struct sim_node *node, const struct ayni_signing_key *secret,
                   struct sim_feed *feed, struct ayni_entry *entries, size_t count)
{
    sim_log_write(&node->log, feed, secret, entries, count);
    if (node->store == NULL)
        return;
    sim_store_write(node->store, feed);
    sim_store_check_feed(node->store, feed);
}

void sim_node_preload(struct sim_node *node, const struct sim_feed *of)
{
    struct sim_feed *feed = sim_log_add(&node->log, &of->id, &of->descriptor);

    for (size_t i = 0; i < of->run_count; i++) {
        sim_log_append(&node->log, feed, of->runs[i]);
        if (node->store != NULL)
            sim_store_write(node->store, feed);
    }
    sim_node_tell(node);
}

static void write_run(struct sim_node *node, const struct ayni_signing_key *secret,
                      struct sim_feed *feed, struct test_random *random, uint64_t kind,
                      size_t count, size_t size_max)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    uint8_t payloads[AYNI_RUN_ENTRIES_MAX][256];

    assert(count <= AYNI_RUN_ENTRIES_MAX && size_max <= sizeof(payloads[0]));
    for (size_t i = 0; i < count; i++) {
        size_t size = 1 + test_random_below(random, size_max);
        test_random_fill(random, payloads[i], size);
        entries[i] = (struct ayni_entry){ .kind = kind,
                                          .time = sim_node_clock(node),
                                          .payload = { payloads[i], size } };
    }
    sim_node_seal(node, secret, feed, entries, count);
    sim_node_tell(node);
}

void sim_node_write_as(struct sim_node *node, const struct ayni_signing_key *secret,
                       struct sim_feed *feed, struct test_random *random, size_t count,
                       size_t size_max)
{
    write_run(node, secret, feed, random, AYNI_KIND_VERSION, count, size_max);
}

void sim_node_write_kind(struct sim_node *node, struct sim_feed *feed, struct test_random *random,
                         uint64_t kind, size_t count, size_t size_max)
{
    write_run(node, &node->secret, feed, random, kind, count, size_max);
}

void sim_node_write(struct sim_node *node, struct sim_feed *feed, struct test_random *random,
                    size_t count, size_t size_max)
{
    sim_node_write_as(node, &node->secret, feed, random, count, size_max);
}
