#include "tests/support/sim_crowd.h"

#include <assert.h>
#include <stdlib.h>

#include "daemon/net/peer_book.h"
#include "proto/entry.h"
#include "proto/message.h"

enum { COMMIT_MS = 5, DIALS = 4, LATENCY_MIN = 5, LATENCY_MAX = 100 };

static uint32_t index_of(const struct sim_crowd *crowd, const struct sim_crowd_node *node)
{
    return (uint32_t)(node - crowd->nodes);
}

/* Of a line, both ways, one way. */
static uint64_t latency_of(const struct sim_crowd *crowd, uint32_t a, uint32_t b)
{
    struct test_random random = { crowd->seed ^
                                  ((uint64_t)(a < b ? a : b) << 32 | (a < b ? b : a)) };

    return LATENCY_MIN + test_random_below(&random, LATENCY_MAX - LATENCY_MIN);
}

static struct ayni_sync_event event_of(const struct sim_crowd *crowd,
                                       enum ayni_sync_event_type type)
{
    return (struct ayni_sync_event){ .type = type, .now = { crowd->now } };
}

/* --- what engines ask for --- */

static void count_message(struct sim_crowd_node *node, struct ayni_bytes bytes)
{
    struct ayni_message message;
    struct ayni_noted_head head;
    size_t position = 0;

    node->messages_sent++;
    node->bytes_sent += bytes.size;
    if (ayni_message_decode(bytes, &message) != AYNI_OK)
        abort(); /* the engine never makes such a one */
    if (message.type == AYNI_MESSAGE_BATCH)
        node->entries_sent += message.batch.to - message.batch.from;
    while (message.type == AYNI_MESSAGE_NOTE && ayni_note_next(&message.note, &position, &head))
        node->entries_sent += head.runs.size > 0;
}

static void send_message(struct sim_crowd *crowd, struct sim_crowd_node *node,
                         const struct ayni_sync_action *action)
{
    const struct sim_crowd_node *to = sync_table_get(&crowd->by_node, action->peer.bytes);
    struct sim_event event = { .type = SIM_DELIVER,
                               .node = index_of(crowd, to),
                               .link = index_of(crowd, node) };

    count_message(node, action->bytes);
    event.at = crowd->now + latency_of(crowd, event.node, event.link);
    ayni_buffer_append(&event.bytes, action->bytes.data, action->bytes.size);
    sim_queue_put(&crowd->queue, &event);
}

static void answer_read(struct sim_crowd *crowd, struct sim_crowd_node *node,
                        const struct ayni_sync_read *read)
{
    struct ayni_sync_event event = event_of(crowd, AYNI_SYNC_RUNS);
    const struct sim_crowd_entry *entry = sync_table_get(&crowd->by_feed, read->feed.bytes);

    if (!node->held[entry - crowd->entries] || read->from != 0)
        abort(); /* one entry each: there is nothing else to ask for */
    event.runs.runs = ayni_buffer_bytes(&entry->run);
    event.runs.to = 1;
    ayni_sync_handle(node->sync, &event);
}

/* The bytes are those that were sealed, so the seal verifies. */
static void take_store(struct sim_crowd *crowd, struct sim_crowd_node *node,
                       const struct ayni_sync_store *store)
{
    const struct sim_crowd_entry *entry = sync_table_get(&crowd->by_feed, store->feed.bytes);

    if (store->from != 0 || !ayni_bytes_equal(store->runs, ayni_buffer_bytes(&entry->run)))
        abort();
    if (node->pending_count == node->pending_capacity) {
        node->pending_capacity = node->pending_capacity == 0 ? 16 : 2 * node->pending_capacity;
        node->pending = realloc(node->pending, node->pending_capacity * sizeof(*node->pending));
    }
    node->pending[node->pending_count++] =
        (struct sim_crowd_pending){ store->number, (uint32_t)(entry - crowd->entries) };
    if (node->pending_count == 1)
        sim_queue_put(&crowd->queue, &(struct sim_event){ .type = SIM_STORED,
                                                          .at = crowd->now + COMMIT_MS,
                                                          .node = index_of(crowd, node) });
}

static void run_engine(struct sim_crowd *crowd, struct sim_crowd_node *node)
{
    struct ayni_sync_action action;

    while (ayni_sync_next(node->sync, &action)) {
        if (action.type == AYNI_SYNC_SEND)
            send_message(crowd, node, &action);
        else if (action.type == AYNI_SYNC_READ)
            answer_read(crowd, node, &action.read);
        else if (action.type == AYNI_SYNC_STORE)
            take_store(crowd, node, &action.store);
        else if (action.type != AYNI_SYNC_ACKED)
            abort(); /* nothing is lost, forked or dropped */
    }
    uint64_t deadline = ayni_sync_deadline(node->sync).ms;
    if (deadline >= node->timer_at)
        return;
    node->timer_at = deadline;
    sim_queue_put(
        &crowd->queue,
        &(struct sim_event){ .type = SIM_TIMER, .at = deadline, .node = index_of(crowd, node) });
}

static void handle(struct sim_crowd *crowd, struct sim_crowd_node *node,
                   const struct ayni_sync_event *event)
{
    ayni_sync_handle(node->sync, event);
    run_engine(crowd, node);
}

/* --- what happens --- */

static void hold(struct sim_crowd *crowd, struct sim_crowd_node *node, uint32_t number)
{
    const struct sim_crowd_entry *entry = &crowd->entries[number];
    struct ayni_sync_event event = event_of(crowd, AYNI_SYNC_HEAD);

    if (node->held[number])
        return;
    node->held[number] = true;
    node->held_count++;
    event.head = (struct ayni_sync_head){ .feed = entry->feed,
                                          .descriptor = entry->descriptor,
                                          .seq = 1,
                                          .chain = entry->chain,
                                          .arrival = ++node->arrival };
    ayni_sync_handle(node->sync, &event);
}

static void commit(struct sim_crowd *crowd, struct sim_crowd_node *node)
{
    struct sim_crowd_pending *done = node->pending;
    size_t count = node->pending_count;

    node->pending = NULL;
    node->pending_count = node->pending_capacity = 0;
    for (size_t i = 0; i < count; i++)
        hold(crowd, node, done[i].entry);
    for (size_t i = 0; i < count; i++) {
        struct ayni_sync_event event = event_of(crowd, AYNI_SYNC_STORED);
        event.store = done[i].store;
        ayni_sync_handle(node->sync, &event);
    }
    free(done);
    run_engine(crowd, node);
}

static void write_entry(struct sim_crowd *crowd, uint32_t number)
{
    struct sim_crowd_entry *entry = &crowd->entries[number];
    struct ayni_head start = { 0, ayni_chain_start(&entry->feed) }, end;
    uint8_t payload[120];
    struct ayni_entry written = { .kind = AYNI_KIND_VERSION,
                                  .time = { crowd->now },
                                  .payload = { payload, sizeof(payload) } };
    struct ayni_run run = { .entries = &written, .count = 1 };

    test_random_fill(&crowd->random, payload, sizeof(payload));
    ayni_run_seal(&run, &entry->feed, &crowd->secrets[number], &start, &end, &entry->chain);
    ayni_run_encode(&run, &entry->run);
    crowd->written++;
    hold(crowd, &crowd->nodes[number], number);
    run_engine(crowd, &crowd->nodes[number]);
}

static void meet(struct sim_crowd *crowd, uint32_t node, uint32_t peer, bool dialled)
{
    struct ayni_sync_event event = event_of(crowd, AYNI_SYNC_PEER_UP);

    crowd->nodes[node].up[peer] = true;
    event.peer = crowd->nodes[peer].id;
    event.up.dialled = dialled;
    ayni_sync_handle(crowd->nodes[node].sync, &event);
    if (dialled)
        run_engine(crowd, &crowd->nodes[node]);
}

static void deliver(struct sim_crowd *crowd, struct sim_event *delivered)
{
    struct ayni_sync_event event = event_of(crowd, AYNI_SYNC_MESSAGE);

    if (!crowd->nodes[delivered->node].up[delivered->link])
        meet(crowd, delivered->node, delivered->link, false);
    event.peer = crowd->nodes[delivered->link].id;
    event.message = ayni_buffer_bytes(&delivered->bytes);
    handle(crowd, &crowd->nodes[delivered->node], &event);
    ayni_buffer_free(&delivered->bytes);
}

static void wake(struct sim_crowd *crowd, struct sim_crowd_node *node)
{
    struct ayni_sync_event event = event_of(crowd, AYNI_SYNC_TIME);

    node->timer_at = UINT64_MAX;
    handle(crowd, node, &event);
}

bool sim_crowd_step(struct sim_crowd *crowd, uint64_t end)
{
    struct sim_event event;

    if (sim_queue_next_at(&crowd->queue) > end) {
        crowd->now = end;
        return false;
    }
    (void)sim_queue_take(&crowd->queue, &event);
    crowd->now = event.at;
    switch (event.type) {
    case SIM_DELIVER:
        deliver(crowd, &event);
        break;
    case SIM_STORED:
        commit(crowd, &crowd->nodes[event.node]);
        break;
    case SIM_DIAL:
        meet(crowd, event.node, event.link, true);
        break;
    case SIM_WRITE:
        write_entry(crowd, event.node);
        break;
    default:
        wake(crowd, &crowd->nodes[event.node]);
        break;
    }
    return true;
}

/* --- the crowd --- */

static void make_node(struct sim_crowd *crowd, uint32_t number)
{
    struct sim_crowd_node *node = &crowd->nodes[number];
    struct sim_crowd_entry *entry = &crowd->entries[number];
    struct ayni_sync_options options = { .root = crowd->root };
    uint8_t seed[32];

    test_random_fill(&crowd->random, seed, sizeof(seed));
    if (ayni_signing_key_of_seed(seed, &crowd->secrets[number], &node->id) != AYNI_OK)
        abort();
    options.own = node->id;
    options.seed = test_random_next(&crowd->random);
    test_random_fill(&crowd->random, options.instance.bytes, sizeof(options.instance.bytes));
    node->sync = ayni_sync_new(&options);
    node->held = calloc(crowd->count, sizeof(*node->held));
    node->up = calloc(crowd->count, sizeof(*node->up));
    node->timer_at = UINT64_MAX;
    entry->descriptor = (struct ayni_feed_descriptor){ .node = node->id,
                                                       .space = crowd->space,
                                                       .lane = AYNI_LANE_CURRENT,
                                                       .incarnation = options.instance };
    entry->feed = ayni_feed_of(&crowd->root, &entry->descriptor);
    if (!sync_table_put(&crowd->by_node, node) || !sync_table_put(&crowd->by_feed, entry))
        abort();
}

void sim_crowd_init(struct sim_crowd *crowd, uint32_t count, uint64_t seed)
{
    *crowd = (struct sim_crowd){ .random = { seed }, .seed = seed, .count = count };
    test_random_fill(&crowd->random, crowd->root.bytes, sizeof(crowd->root.bytes));
    crowd->space = ayni_registry_space(&crowd->root);
    crowd->nodes = calloc(count, sizeof(*crowd->nodes));
    crowd->secrets = calloc(count, sizeof(*crowd->secrets));
    crowd->entries = calloc(count, sizeof(*crowd->entries));
    for (uint32_t i = 0; i < count; i++)
        make_node(crowd, i);
}

void sim_crowd_free(struct sim_crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->count; i++) {
        ayni_sync_free(crowd->nodes[i].sync);
        free(crowd->nodes[i].held);
        free(crowd->nodes[i].up);
        free(crowd->nodes[i].pending);
        ayni_buffer_free(&crowd->entries[i].run);
    }
    free(crowd->nodes);
    free(crowd->secrets);
    free(crowd->entries);
    sync_table_free(&crowd->by_node);
    sync_table_free(&crowd->by_feed);
    sim_queue_free(&crowd->queue);
}

/* The four of lowest rank, ascending. */
static void find_nearest(const struct sim_crowd *crowd, uint32_t node, uint32_t *nearest)
{
    struct ayni_hash ranks[DIALS];
    size_t count = 0;

    for (uint32_t i = 1; i < crowd->count; i++) {
        struct ayni_hash rank = peer_book_rank(&crowd->nodes[node].id, &crowd->nodes[i].id);
        if (i == node || (count == DIALS && ayni_id_compare(&rank, &ranks[DIALS - 1]) > 0))
            continue;
        size_t at = count < DIALS ? count++ : DIALS - 1;
        for (; at > 0 && ayni_id_compare(&rank, &ranks[at - 1]) < 0; at--) {
            ranks[at] = ranks[at - 1];
            nearest[at] = nearest[at - 1];
        }
        ranks[at] = rank;
        nearest[at] = i;
    }
}

/* Of two that dial each other one line stays. */
static void plan_dial(struct sim_crowd *crowd, bool *lined, uint32_t from, uint32_t to,
                      uint64_t dial_ms)
{
    size_t low = from < to ? from : to, high = from < to ? to : from;

    if (from == to || lined[low * crowd->count + high])
        return;
    lined[low * crowd->count + high] = true;
    crowd->lines++;
    sim_queue_put(&crowd->queue,
                  &(struct sim_event){ .type = SIM_DIAL,
                                       .at = test_random_below(&crowd->random, dial_ms),
                                       .node = from,
                                       .link = to });
}

void sim_crowd_plan(struct sim_crowd *crowd, uint64_t dial_ms, uint64_t write_ms)
{
    bool *lined = calloc((size_t)crowd->count * crowd->count, sizeof(*lined));

    for (uint32_t i = 0; i < crowd->count; i++) {
        uint32_t nearest[DIALS] = { 0 };
        find_nearest(crowd, i, nearest);
        plan_dial(crowd, lined, i, 0, dial_ms);
        for (size_t j = 0; j < DIALS; j++)
            plan_dial(crowd, lined, i, nearest[j], dial_ms);
        sim_queue_put(
            &crowd->queue,
            &(struct sim_event){ .type = SIM_WRITE,
                                 .at = dial_ms + test_random_below(&crowd->random, write_ms),
                                 .node = i });
    }
    free(lined);
}

bool sim_crowd_agrees(const struct sim_crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->count; i++)
        if (crowd->nodes[i].held_count < crowd->count)
            return false;
    return true;
}

bool sim_crowd_says_so(const struct sim_crowd *crowd)
{
    struct ayni_sync_peer_status status;

    for (uint32_t i = 0; i < crowd->count; i++)
        for (uint32_t j = 0; j < crowd->count; j++)
            if (crowd->nodes[i].up[j] &&
                (ayni_sync_get_peer(crowd->nodes[i].sync, &crowd->nodes[j].id, &status) !=
                     AYNI_OK ||
                 !status.lag.in_sync))
                return false;
    return true;
}
