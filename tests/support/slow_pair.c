#include "tests/support/slow_pair.h"

#include <assert.h>
#include <stdlib.h>

#include "proto/limits.h"
#include "tests/support/sim_pair.h"

/* --- the line --- */

static void put_message(struct slow_pair *pair, struct slow_way *way, struct ayni_bytes bytes)
{
    uint64_t leaves = way->free_at > pair->now ? way->free_at : pair->now;

    if (leaves - pair->now > pair->queued_max_ms)
        pair->queued_max_ms = leaves - pair->now;
    way->free_at = leaves + bytes.size * 1000 / pair->rate;
    if (way->first + way->count == way->capacity) {
        way->capacity = way->capacity == 0 ? 256 : 2 * way->capacity;
        way->messages = realloc(way->messages, way->capacity * sizeof(*way->messages));
    }
    struct slow_message *message = &way->messages[way->first + way->count++];
    *message = (struct slow_message){ .at = way->free_at + pair->latency };
    ayni_buffer_append(&message->bytes, bytes.data, bytes.size);
}

static void clear_way(struct slow_way *way)
{
    for (size_t i = 0; i < way->count; i++)
        ayni_buffer_free(&way->messages[way->first + i].bytes);
    way->first = way->count = 0;
    way->free_at = 0;
}

/* Batches of the bulk feed go out one after the other, on one connection. */
static void watch_batch(struct slow_pair *pair, struct ayni_bytes bytes)
{
    struct ayni_message message;
    struct sim_feed *bulk = sim_node_feed(&pair->nodes[0], &pair->space, AYNI_LANE_BULK, NULL);
    struct ayni_feed_prefix name = ayni_feed_prefix_of(&bulk->id);

    if (ayni_message_decode(bytes, &message) != AYNI_OK || message.type != AYNI_MESSAGE_BATCH)
        return;
    pair->packed_bytes += message.batch.packed.size;
    if (message.batch.packed.size == 0 || !ayni_id_equal(&name, &message.batch.feed))
        return;
    assert(message.batch.from >= pair->sent_to);
    pair->sent_to = message.batch.to;
}

static void send_message(void *context, struct sim_node *from, const struct ayni_node *to,
                         struct ayni_bytes message)
{
    struct slow_pair *pair = context;
    unsigned who = from == &pair->nodes[1];

    (void)to;
    if (who == 0)
        watch_batch(pair, message);
    put_message(pair, &pair->ways[who], message);
}

/* --- the pair --- */

void slow_pair_init(struct slow_pair *pair, uint64_t seed, uint64_t rate, uint64_t latency)
{
    *pair = (struct slow_pair){ .random = { seed }, .rate = rate, .latency = latency };
    pair->host = sim_pair_host(pair, send_message);
    sim_pair_start(pair->nodes, &pair->host, &pair->press, &pair->space, &pair->random);
}

void slow_pair_free(struct slow_pair *pair)
{
    for (unsigned i = 0; i < 2; i++) {
        clear_way(&pair->ways[i]);
        free(pair->ways[i].messages);
        sim_node_free(&pair->nodes[i]);
    }
    sim_press_free(&pair->press);
}

static struct sim_feed *feed_of(struct slow_pair *pair, uint8_t lane)
{
    return sim_node_feed(&pair->nodes[0], &pair->space, lane, NULL);
}

void slow_pair_write(struct slow_pair *pair, uint8_t lane, size_t count)
{
    enum { RUN = 64, SIZE_MAX_OF_ONE = 120 };

    pair->nodes[0].now = pair->now;
    for (size_t left = count; left > 0;) {
        size_t now = left < RUN ? left : RUN;
        sim_node_write(&pair->nodes[0], feed_of(pair, lane), &pair->random, now, SIZE_MAX_OF_ONE);
        left -= now;
    }
}

uint64_t slow_pair_held(struct slow_pair *pair, uint8_t lane)
{
    const struct sim_feed *held = sim_log_find(&pair->nodes[1].log, &feed_of(pair, lane)->id);

    return held == NULL ? 0 : held->head.seq;
}

void slow_pair_connect(struct slow_pair *pair)
{
    pair->up[1] = true;
    pair->sent_to = 0;
    pair->nodes[1].now = pair->now;
    sim_node_up(&pair->nodes[1], &pair->nodes[0].id, true, false);
}

void slow_pair_cut(struct slow_pair *pair)
{
    for (unsigned i = 0; i < 2; i++) {
        clear_way(&pair->ways[i]);
        pair->nodes[i].now = pair->now;
        if (pair->up[i])
            sim_node_down(&pair->nodes[i], &pair->nodes[!i].id);
        pair->up[i] = false;
    }
}

static void deliver(struct slow_pair *pair, unsigned to)
{
    struct slow_way *way = &pair->ways[!to];
    struct ayni_buffer bytes = way->messages[way->first].bytes;

    way->count--;
    way->first = way->count == 0 ? 0 : way->first + 1;
    sim_pair_hear(&pair->nodes[to], &pair->nodes[!to], &pair->up[to], pair->now, &bytes);
}

/* When something happens at a node next, and whether that is a message. */
static uint64_t next_at(const struct slow_pair *pair, unsigned node, bool *message)
{
    const struct slow_way *way = &pair->ways[!node];
    uint64_t timer = ayni_sync_deadline(pair->nodes[node].sync).ms;

    *message = way->count > 0 && way->messages[way->first].at <= timer;
    return *message ? way->messages[way->first].at : timer;
}

void slow_pair_run(struct slow_pair *pair, uint64_t ms)
{
    uint64_t end = pair->now + ms;

    for (;;) {
        bool is_message[2];
        uint64_t at[2] = { next_at(pair, 0, &is_message[0]), next_at(pair, 1, &is_message[1]) };
        unsigned node = at[1] < at[0];
        if (at[node] > end)
            break;
        pair->now = at[node] > pair->now ? at[node] : pair->now;
        pair->nodes[node].now = pair->now;
        if (is_message[node])
            deliver(pair, node);
        else
            sim_node_time(&pair->nodes[node]);
    }
    pair->now = end;
    pair->nodes[0].now = pair->nodes[1].now = end;
}
