#include "tests/support/sim_node.h"

#include <assert.h>
#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/limits.h"

void sim_node_init(struct sim_node *node, const struct sim_host *host, struct sim_press *press,
                   struct test_random *random)
{
    uint8_t seed[32];

    *node = (struct sim_node){ .host = host, .root = press->root };
    test_random_fill(random, seed, sizeof(seed));
    test_random_fill(random, node->instance.bytes, sizeof(node->instance.bytes));
    node->seed = test_random_next(random);
    if (ayni_signing_key_of_seed(seed, &node->secret, &node->id) != AYNI_OK)
        abort();
    sim_log_init(&node->log, press);
}

void sim_node_free(struct sim_node *node)
{
    ayni_sync_free(node->sync);
    sim_log_free(&node->log);
    for (size_t i = 0; i < node->space_count; i++)
        free(node->spaces[i].members);
    free(node->spaces);
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

bool sim_node_shares(const struct sim_node *node, const struct ayni_space *id,
                     const struct ayni_node *peer)
{
    struct ayni_space registry = ayni_registry_space(&node->root);
    const struct sim_space *space = find_space(node, id);

    return ayni_id_equal(id, &registry) ||
           (space != NULL && has_member(space, &node->id) && has_member(space, peer));
}

/* --- driving the engine --- */

static struct ayni_sync_event event_of(const struct sim_node *node, enum ayni_sync_event_type type)
{
    return (struct ayni_sync_event){ .type = type, .now = { node->now } };
}

static void perform(struct sim_node *node, const struct ayni_sync_action *action);

static void run_engine(struct sim_node *node)
{
    struct ayni_sync_action action;
    size_t count = 0;

    while (node->sync != NULL && ayni_sync_next(node->sync, &action)) {
        perform(node, &action);
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
    struct ayni_sync_event event = event_of(node, AYNI_SYNC_SPACE);

    event.space = (struct ayni_sync_space){ space->id, space->members, space->member_count };
    handle(node, &event);
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

static void tell_head(struct sim_node *node, const struct sim_feed *feed)
{
    struct ayni_sync_event event = event_of(node, AYNI_SYNC_HEAD);
    bool past = feed->forked && feed->head.seq > feed->fork.seq;

    event.head = (struct ayni_sync_head){
        .feed = feed->id,
        .descriptor = feed->descriptor,
        .seq = past ? feed->fork.seq : feed->head.seq,
        .chain = past ? feed->fork.chain : feed->head.chain,
        .arrival = feed->arrival,
        .forked = feed->forked,
        .fork_seq = feed->fork.seq,
        .fork_chain = feed->fork.chain,
    };
    ayni_sync_handle(node->sync, &event);
}

static int compare_arrivals(const void *a, const void *b)
{
    const struct sim_feed *x = *(struct sim_feed *const *)a;
    const struct sim_feed *y = *(struct sim_feed *const *)b;

    return x->arrival < y->arrival ? -1 : x->arrival > y->arrival;
}

/* After a commit: every head that moved, in the order of arrivals. */
static void tell_heads(struct sim_node *node)
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

void sim_node_start(struct sim_node *node, uint64_t now)
{
    struct ayni_sync_options options = { .own = node->id,
                                         .root = node->root,
                                         .instance = node->instance,
                                         .seed = node->seed,
                                         .now = { now } };

    node->now = now;
    node->told = 0;
    node->sync = ayni_sync_new(&options);
    for (size_t i = 0; i < node->space_count; i++)
        tell_space(node, &node->spaces[i]);
    tell_heads(node);
}

void sim_node_stop(struct sim_node *node)
{
    ayni_sync_free(node->sync);
    node->sync = NULL;
}

static struct sim_kept *find_kept(struct sim_node *node, const struct ayni_node *peer)
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
    struct ayni_sync_event event = event_of(node, AYNI_SYNC_PEER_UP);
    const struct sim_kept *kept = find_kept(node, peer);

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
    struct ayni_sync_event event = event_of(node, AYNI_SYNC_PEER_DOWN);

    event.peer = *peer;
    handle(node, &event);
}

void sim_node_message(struct sim_node *node, const struct ayni_node *peer,
                      struct ayni_bytes message)
{
    struct ayni_sync_event event = event_of(node, AYNI_SYNC_MESSAGE);

    event.peer = *peer;
    event.message = message;
    handle(node, &event);
}

void sim_node_time(struct sim_node *node)
{
    struct ayni_sync_event event = event_of(node, AYNI_SYNC_TIME);

    handle(node, &event);
}

void sim_node_stored(struct sim_node *node, uint64_t store, enum ayni_status status)
{
    struct ayni_sync_event event =
        event_of(node, status == AYNI_OK ? AYNI_SYNC_STORED : AYNI_SYNC_REFUSED);

    tell_heads(node);
    event.store = store;
    event.status = status;
    handle(node, &event);
}

/* --- actions --- */

static void answer_read(struct sim_node *node, const struct ayni_sync_read *read)
{
    struct ayni_sync_event event = event_of(node, AYNI_SYNC_RUNS);
    const struct sim_feed *feed = sim_log_find(&node->log, &read->feed);
    SCOPED_BUFFER runs = { 0 };
    struct ayni_hash chain;

    event.runs.to = read->from;
    if (feed == NULL || !sim_log_chain(feed, read->from, &chain)) {
        event.runs.status = AYNI_E_NOT_FOUND;
    } else if (read->has_mark &&
               memcmp(chain.bytes, read->mark.bytes, sizeof(read->mark.bytes)) != 0) {
        event.runs.status = AYNI_E_FORK;
    } else {
        sim_log_read(feed, read->from, read->size_max, read->seq_max, &runs, &event.runs.to);
        event.runs.runs = ayni_buffer_bytes(&runs);
    }
    ayni_sync_handle(node->sync, &event);
}

static void answer_chains(struct sim_node *node, const struct ayni_sync_trace *trace)
{
    struct ayni_sync_event event = event_of(node, AYNI_SYNC_CHAINS);
    const struct sim_feed *feed = sim_log_find(&node->log, &trace->feed);
    struct ayni_chain_point points[AYNI_CHAIN_POINTS_MAX];
    uint64_t between = trace->high - trace->low - 1;
    uint64_t wanted = between < AYNI_CHAIN_POINTS_MAX ? between : AYNI_CHAIN_POINTS_MAX;
    size_t count = 0;

    for (uint64_t i = 0; feed != NULL && i < wanted; i++) {
        uint64_t seq = trace->low + 1 + i * between / wanted;
        struct ayni_hash chain;
        if (!sim_log_chain(feed, seq, &chain))
            break;
        points[count++] = (struct ayni_chain_point){ seq, ayni_chain_mark_of(&chain) };
    }
    event.chains = (struct ayni_sync_chains){ points, count };
    ayni_sync_handle(node->sync, &event);
}

static void answer_compare(struct sim_node *node, const struct ayni_sync_compare *compare)
{
    struct ayni_sync_event event = event_of(node, AYNI_SYNC_COMPARED);
    const struct sim_feed *feed = sim_log_find(&node->log, &compare->feed);

    event.compared.low = compare->low;
    event.compared.high = compare->high;
    for (size_t i = 0; feed != NULL && i < compare->point_count; i++) {
        const struct ayni_chain_point *point = &compare->points[i];
        struct ayni_hash chain;
        if (!sim_log_chain(feed, point->seq, &chain))
            break;
        if (memcmp(chain.bytes, point->mark.bytes, sizeof(point->mark.bytes)) != 0) {
            event.compared.high = point->seq;
            break;
        }
        event.compared.low = point->seq;
    }
    ayni_sync_handle(node->sync, &event);
}

/* --- forks: the proof is an entry of kind 4 in lane 0 of the space, as of any other writer --- */

static void write_proof(struct sim_node *node, const struct sim_feed *feed,
                        const struct ayni_head *fork, struct ayni_bytes theirs)
{
    struct sim_feed *lane = sim_node_feed(node, &feed->descriptor.space, AYNI_LANE_CONTROL, NULL);
    SCOPED_BUFFER payload = { 0 };
    SCOPED_BUFFER runs = { 0 };
    uint64_t to;

    sim_log_read(feed, fork->seq, 1, UINT64_MAX, &runs, &to);
    ayni_buffer_append(&runs, theirs.data, theirs.size);
    ayni_cbor_put_array(&payload, 4);
    ayni_feed_descriptor_encode(&feed->descriptor, &payload);
    ayni_cbor_put_uint(&payload, fork->seq);
    ayni_cbor_put_id(&payload, &fork->chain);
    ayni_cbor_put_bytes(&payload, ayni_buffer_bytes(&runs));
    assert(payload.size <= AYNI_RUN_PAYLOAD_URGENT_MAX); /* forked feeds have short runs here */
    struct ayni_entry entry = { .kind = AYNI_KIND_FORK_PROOF,
                                .time = { node->now },
                                .payload = ayni_buffer_bytes(&payload) };
    sim_log_write(&node->log, lane, &node->secret, &entry, 1);
}

/* A proof that came: two runs that both verify after the same place, and differ. */
static void take_proof(struct sim_node *node, struct ayni_bytes payload)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(payload);
    struct ayni_feed_descriptor descriptor;
    struct ayni_head fork;

    (void)ayni_cbor_read_array(&r);
    struct ayni_bytes raw = ayni_cbor_read_raw(&r);
    fork.seq = ayni_cbor_read_uint(&r);
    ayni_cbor_read_id(&r, &fork.chain);
    struct ayni_bytes runs = ayni_cbor_read_bytes(&r);
    if (ayni_cbor_done(&r) != AYNI_OK || ayni_feed_descriptor_decode(raw, &descriptor) != AYNI_OK)
        return;
    struct ayni_feed id = ayni_feed_of(&node->root, &descriptor);
    struct sim_feed *feed = sim_log_add(&node->log, &id, &descriptor);
    if (sim_log_proves_fork(&node->log, feed, &fork, runs))
        node->forks += sim_log_mark_fork(&node->log, feed, &fork);
}

/* The proofs among the runs of a control feed from the index `first` on. */
static void read_proofs(struct sim_node *node, const struct sim_feed *feed, size_t first)
{
    for (size_t i = first; i < feed->run_count; i++) {
        struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
        struct ayni_run run = { .entries = room };
        size_t used = 0;
        if (ayni_run_read(ayni_buffer_bytes(&feed->runs[i]->bytes), &used, &run) != AYNI_OK)
            abort();
        if (run.entries[0].kind == AYNI_KIND_FORK_PROOF)
            take_proof(node, run.entries[0].payload);
    }
}

static enum ayni_status prove_fork(struct sim_node *node, struct sim_feed *feed,
                                   const struct ayni_sync_store *store)
{
    struct ayni_head fork = { .seq = store->from };
    SCOPED_BUFFER both = { 0 };
    uint64_t to;

    if (!sim_log_chain(feed, fork.seq, &fork.chain))
        return AYNI_E_CHAIN;
    sim_log_read(feed, fork.seq, 1, UINT64_MAX, &both, &to);
    ayni_buffer_append(&both, store->runs.data, store->runs.size);
    if (!sim_log_proves_fork(&node->log, feed, &fork, ayni_buffer_bytes(&both)))
        return AYNI_E_SIGNATURE;
    if (sim_log_mark_fork(&node->log, feed, &fork)) {
        node->forks++;
        write_proof(node, feed, &fork, store->runs);
    }
    return AYNI_OK;
}

static void store(struct sim_node *node, const struct ayni_sync_action *action)
{
    const struct ayni_sync_store *store = &action->store;
    enum ayni_status status;
    size_t entries = 0;

    assert(sim_node_shares(node, &store->descriptor.space, &action->peer));
    assert(store->runs.size > 0 && store->runs.size <= AYNI_BATCH_SIZE_MAX);
    struct sim_feed *feed = sim_log_add(&node->log, &store->feed, &store->descriptor);
    uint64_t before = feed->head.seq;
    size_t runs = feed->run_count;
    if (action->type == AYNI_SYNC_FORK)
        status = prove_fork(node, feed, store);
    else if (feed->forked && feed->head.seq > feed->fork.seq)
        status = AYNI_E_CHAIN; /* it was marked while these runs were on their way */
    else
        status = sim_log_store(&node->log, feed, store->from, store->runs, &entries);
    assert(feed->head.seq >= before);
    node->entries_stored += entries;
    node->refused += status != AYNI_OK;
    if (feed->descriptor.lane == AYNI_LANE_CONTROL)
        read_proofs(node, feed, runs);
    node->host->store_later(node->host->context, node, node->host->store_delay(node->host->context),
                            store->number, status);
}

/* How many entries a message carries. */
static uint64_t count_entries(struct ayni_bytes bytes)
{
    struct ayni_message message;
    struct ayni_noted_head head;
    uint64_t count = 0;
    size_t position = 0;

    if (ayni_message_decode(bytes, &message) != AYNI_OK)
        abort(); /* the engine never makes such a one */
    if (message.type == AYNI_MESSAGE_BATCH)
        return message.batch.to - message.batch.from;
    while (message.type == AYNI_MESSAGE_NOTE && ayni_note_next(&message.note, &position, &head))
        count += head.runs.size > 0 ? head.seq - head.from : 0;
    return count;
}

static void perform(struct sim_node *node, const struct ayni_sync_action *action)
{
    switch (action->type) {
    case AYNI_SYNC_SEND:
        node->bytes_sent += action->bytes.size;
        node->messages_sent++;
        node->entries_sent += count_entries(action->bytes);
        node->host->send(node->host->context, node, &action->peer, action->bytes);
        break;
    case AYNI_SYNC_READ:
        answer_read(node, &action->read);
        break;
    case AYNI_SYNC_CHAINS_OF:
        answer_chains(node, &action->trace);
        break;
    case AYNI_SYNC_COMPARE:
        answer_compare(node, &action->compare);
        break;
    case AYNI_SYNC_STORE:
    case AYNI_SYNC_FORK:
        store(node, action);
        break;
    case AYNI_SYNC_ACKED:
        if (find_kept(node, &action->peer) != NULL)
            find_kept(node, &action->peer)->acked = action->acked;
        break;
    case AYNI_SYNC_DROP:
        node->drops++;
        node->host->drop(node->host->context, node, &action->peer, action->reason);
        break;
    }
}

/* --- writing --- */

struct sim_feed *sim_node_feed(struct sim_node *node, const struct ayni_space *space, uint8_t lane,
                               const struct ayni_incarnation *incarnation)
{
    struct ayni_feed_descriptor descriptor = { .node = node->id, .space = *space, .lane = lane };

    descriptor.incarnation = incarnation != NULL ? *incarnation : node->instance;
    struct ayni_feed id = ayni_feed_of(&node->root, &descriptor);
    return sim_log_add(&node->log, &id, &descriptor);
}

void sim_node_write(struct sim_node *node, struct sim_feed *feed, struct test_random *random,
                    size_t count, size_t size_max)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    uint8_t payloads[AYNI_RUN_ENTRIES_MAX][256];

    assert(count <= AYNI_RUN_ENTRIES_MAX && size_max <= sizeof(payloads[0]));
    for (size_t i = 0; i < count; i++) {
        size_t size = 1 + test_random_below(random, size_max);
        test_random_fill(random, payloads[i], size);
        entries[i] = (struct ayni_entry){ .kind = AYNI_KIND_VERSION,
                                          .time = { node->now },
                                          .payload = { payloads[i], size } };
    }
    sim_log_write(&node->log, feed, &node->secret, entries, count);
    if (node->sync == NULL)
        return;
    tell_heads(node);
    run_engine(node);
}
