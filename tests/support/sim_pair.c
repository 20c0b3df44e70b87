#include "tests/support/sim_pair.h"

#include <assert.h>
#include <stdlib.h>

/* Bytes of runs in a message. */
static size_t content_of(struct ayni_bytes bytes)
{
    struct ayni_message message;
    struct ayni_noted_head head;
    size_t position = 0, size = 0;

    if (ayni_message_decode(bytes, &message) != AYNI_OK)
        abort(); /* the engine never makes such a one */
    if (message.type == AYNI_MESSAGE_BATCH)
        return message.batch.packed.size;
    while (message.type == AYNI_MESSAGE_NOTE && ayni_note_next(&message.note, &position, &head))
        size += head.runs.size;
    return size;
}

static void send_message(void *context, struct sim_node *from, const struct ayni_node *to,
                         struct ayni_bytes message)
{
    struct sim_pair *pair = context;

    (void)to;
    assert(pair->count < SIM_PAIR_QUEUE);
    pair->content_bytes += content_of(message);
    struct sim_pair_message *m = &pair->queue[(pair->first + pair->count++) % SIM_PAIR_QUEUE];
    m->at = pair->now + SIM_PAIR_LATENCY;
    m->to = from == &pair->nodes[0];
    m->bytes = (struct ayni_buffer){ 0 };
    ayni_buffer_append(&m->bytes, message.data, message.size);
}

/* --- for any two nodes --- */

static void drop_peer(void *context, struct sim_node *from, const struct ayni_node *to,
                      enum ayni_sync_drop reason)
{
    (void)context, (void)from, (void)to, (void)reason;
    assert(!"honest nodes don't drop each other");
}

static void store_now(void *context, struct sim_node *node, uint64_t store)
{
    (void)context;
    sim_node_stored(node, store);
}

struct sim_host sim_pair_host(void *context,
                              void (*send)(void *context, struct sim_node *from,
                                           const struct ayni_node *to, struct ayni_bytes message))
{
    return (struct sim_host){ context, send, drop_peer, store_now, false };
}

void sim_pair_start(struct sim_node nodes[2], const struct sim_host *host, struct sim_press *press,
                    struct ayni_space *space, struct test_random *random)
{
    struct ayni_node members[2];

    test_random_fill(random, press->root.bytes, sizeof(press->root.bytes));
    test_random_fill(random, space->bytes, sizeof(space->bytes));
    for (unsigned i = 0; i < 2; i++) {
        sim_node_init(&nodes[i], host, press, random);
        members[i] = nodes[i].id;
    }
    for (unsigned i = 0; i < 2; i++) {
        sim_node_tell_space(&nodes[i], space, members, 2);
        sim_node_start(&nodes[i], 0);
    }
}

void sim_pair_hear(struct sim_node *node, const struct sim_node *from, bool *up, uint64_t now,
                   struct ayni_buffer *message)
{
    node->now = now;
    if (!*up)
        sim_node_up(node, &from->id, false, false);
    *up = true;
    sim_node_message(node, &from->id, ayni_buffer_bytes(message));
    ayni_buffer_free(message);
}

/* --- the pair --- */

void sim_pair_init(struct sim_pair *pair, uint64_t seed)
{
    *pair = (struct sim_pair){ .random = { seed } };
    pair->host = sim_pair_host(pair, send_message);
    sim_pair_start(pair->nodes, &pair->host, &pair->press, &pair->space, &pair->random);
}

static void empty_line(struct sim_pair *pair)
{
    for (; pair->count > 0; pair->count--, pair->first++)
        ayni_buffer_free(&pair->queue[pair->first % SIM_PAIR_QUEUE].bytes);
}

void sim_pair_free(struct sim_pair *pair)
{
    empty_line(pair);
    for (unsigned i = 0; i < 2; i++)
        sim_node_free(&pair->nodes[i]);
    sim_press_free(&pair->press);
}

void sim_pair_write(struct sim_pair *pair, unsigned node, uint8_t lane, size_t count)
{
    struct sim_node *n = &pair->nodes[node];

    sim_node_write(n, sim_node_feed(n, &pair->space, lane, NULL), &pair->random, count, 40);
}

void sim_pair_write_new_feed(struct sim_pair *pair, unsigned node)
{
    struct sim_node *n = &pair->nodes[node];
    struct ayni_incarnation incarnation;

    test_random_fill(&pair->random, incarnation.bytes, sizeof(incarnation.bytes));
    sim_node_write(n, sim_node_feed(n, &pair->space, AYNI_LANE_CURRENT, &incarnation),
                   &pair->random, 1, 40);
}

void sim_pair_write_of(struct sim_pair *pair, unsigned node, uint32_t author, size_t count)
{
    struct ayni_feed_descriptor descriptor = { .space = pair->space, .lane = AYNI_LANE_CURRENT };
    struct ayni_signing_key secret;
    uint8_t seed[32] = { 0 };

    ayni_put_u32(seed, author);
    if (ayni_signing_key_of_seed(seed, &secret, &descriptor.node) != AYNI_OK)
        abort();
    struct ayni_feed id = ayni_feed_of(&pair->press.root, &descriptor);
    struct sim_feed *feed = sim_log_add(&pair->nodes[node].log, &id, &descriptor);
    sim_node_write_as(&pair->nodes[node], &secret, feed, &pair->random, count, 40);
}

void sim_pair_connect(struct sim_pair *pair)
{
    pair->up[0] = true;
    sim_node_up(&pair->nodes[0], &pair->nodes[1].id, true, false);
}

void sim_pair_cut(struct sim_pair *pair)
{
    for (unsigned i = 0; i < 2; i++) {
        sim_node_down(&pair->nodes[i], &pair->nodes[!i].id);
        pair->up[i] = false;
    }
    empty_line(pair);
}

void sim_pair_renew_log(struct sim_pair *pair, unsigned node)
{
    struct sim_node *n = &pair->nodes[node];

    sim_node_stop(n, 0);
    test_random_fill(&pair->random, n->instance.bytes, sizeof(n->instance.bytes));
    sim_node_start(n, pair->now);
}

void sim_pair_restart(struct sim_pair *pair)
{
    empty_line(pair);
    for (unsigned i = 0; i < 2; i++) {
        sim_node_stop(&pair->nodes[i], 0);
        sim_node_start(&pair->nodes[i], pair->now);
        pair->up[i] = false;
    }
}

static void deliver(struct sim_pair *pair)
{
    struct sim_pair_message m = pair->queue[pair->first];

    pair->first = (pair->first + 1) % SIM_PAIR_QUEUE;
    pair->count--;
    pair->now = m.at;
    pair->quiet_since = m.at;
    sim_pair_hear(&pair->nodes[m.to], &pair->nodes[!m.to], &pair->up[m.to], pair->now, &m.bytes);
}

void sim_pair_run(struct sim_pair *pair, uint64_t ms)
{
    uint64_t end = pair->now + ms;

    for (;;) {
        uint64_t at = pair->count > 0 ? pair->queue[pair->first].at : UINT64_MAX;
        unsigned due = 2;
        for (unsigned i = 0; i < 2; i++) {
            uint64_t deadline = ayni_sync_deadline(pair->nodes[i].sync).ms;
            if (deadline < at) {
                at = deadline;
                due = i;
            }
        }
        if (at > end)
            break;
        if (due == 2) {
            deliver(pair);
            continue;
        }
        pair->now = at > pair->now ? at : pair->now;
        pair->nodes[due].now = pair->now;
        sim_node_time(&pair->nodes[due]);
    }
    pair->now = end;
    pair->nodes[0].now = pair->nodes[1].now = end;
}

bool sim_pair_holds_same(const struct sim_pair *pair)
{
    const struct sim_log *log = &pair->nodes[0].log;

    if (log->feed_count != pair->nodes[1].log.feed_count)
        return false;
    for (size_t i = 0; i < log->feed_count; i++) {
        const struct sim_feed *ours = log->feeds[i];
        const struct sim_feed *theirs = sim_log_find(&pair->nodes[1].log, &ours->id);
        if (theirs == NULL || !ayni_id_equal(&ours->head.chain, &theirs->head.chain))
            return false;
    }
    return true;
}

bool sim_pair_in_sync(const struct sim_pair *pair)
{
    for (unsigned i = 0; i < 2; i++) {
        struct ayni_sync_peer_status status;
        if (ayni_sync_get_peer(pair->nodes[i].sync, &pair->nodes[!i].id, &status) != AYNI_OK ||
            !status.lag.in_sync)
            return false;
    }
    return sim_pair_holds_same(pair);
}

uint64_t sim_pair_bytes(const struct sim_pair *pair)
{
    return pair->nodes[0].bytes_sent + pair->nodes[1].bytes_sent;
}

uint64_t sim_pair_messages(const struct sim_pair *pair)
{
    return pair->nodes[0].messages_sent + pair->nodes[1].messages_sent;
}
