#include <stdlib.h>

#include "proto/compress.h"
#include "proto/limits.h"
#include "tests/support/sim_world.h"

/* --- things that hostile nodes say --- */

static void garbage(struct sim_world *world, struct ayni_buffer *to)
{
    size_t size = 1 + sim_below(world, 200);
    uint8_t *room = ayni_buffer_extend(to, size);

    test_random_fill(&world->random, room, size);
    if (sim_below(world, 2) == 0)
        room[0] = 0x80 | (uint8_t)sim_below(world, 12); /* it begins like one */
}

static void some_mark(struct sim_world *world, struct ayni_chain_mark *mark)
{
    test_random_fill(&world->random, mark->bytes, sizeof(mark->bytes));
}

/* Any feed that is in the log of any node: a spy's best guess. */
static const struct sim_feed *some_feed(struct sim_world *world)
{
    const struct sim_log *log = &world->nodes[sim_below(world, world->plan.node_count)].log;

    return log->feed_count == 0 ? NULL : log->feeds[sim_below(world, log->feed_count)];
}

static void lie_of_heads(struct sim_world *world, struct ayni_buffer *to)
{
    SCOPED_BUFFER heads = { 0 };
    size_t count = 1 + sim_below(world, 40);

    for (size_t i = 0; i < count; i++) {
        const struct sim_feed *known = sim_below(world, 2) == 0 ? some_feed(world) : NULL;
        struct ayni_noted_head head = { .seq = 1 + sim_below(world, 1 << 20), .has_mark = true };
        some_mark(world, &head.mark);
        head.has_descriptor = true;
        if (known != NULL) {
            head.descriptor = known->descriptor;
        } else {
            test_random_fill(&world->random, head.descriptor.node.bytes,
                             sizeof(head.descriptor.node.bytes));
            head.descriptor.space = world->spaces[sim_below(world, world->plan.space_count)].id;
            head.descriptor.lane = (uint8_t)sim_below(world, 4);
        }
        struct ayni_feed id = ayni_feed_of(&world->press.root, &head.descriptor);
        head.feed = ayni_feed_prefix_of(&id);
        ayni_noted_head_encode(&head, &heads);
    }
    uint64_t since = sim_below(world, 50);
    ayni_note_encode(since, since + sim_below(world, 50), count, ayni_buffer_bytes(&heads), to);
}

static void spy_on_feed(struct sim_world *world, struct ayni_buffer *to)
{
    const struct sim_feed *feed = some_feed(world);
    SCOPED_BUFFER wants = { 0 };

    if (feed == NULL)
        return;
    struct ayni_hash start = ayni_chain_start(&feed->id);
    struct ayni_want want = { .feed = ayni_feed_prefix_of(&feed->id),
                              .mark = ayni_chain_mark_of(&start),
                              .credit = sim_below(world, UINT32_MAX),
                              .round = sim_below(world, 4) };
    if (sim_below(world, 2) == 0) {
        ayni_ask_encode(&want.feed, 1, to);
        return;
    }
    ayni_want_encode(&want, &wants);
    ayni_wants_encode(1, ayni_buffer_bytes(&wants), to);
}

static void spy_on_space(struct sim_world *world, struct ayni_buffer *to)
{
    SCOPED_BUFFER line = { 0 };
    struct ayni_range range = { .form = AYNI_RANGE_FINGERPRINT };

    test_random_fill(&world->random, range.fingerprint.bytes, sizeof(range.fingerprint.bytes));
    ayni_range_encode(&range, &line);
    ayni_ranges_encode(
        &(struct ayni_ranges){ .space = world->spaces[sim_below(world, world->plan.space_count)].id,
                               .ranges = ayni_buffer_bytes(&line),
                               .range_count = 1 },
        to);
}

static void lie_of_forks(struct sim_world *world, struct ayni_buffer *to)
{
    const struct sim_feed *feed = some_feed(world);
    struct ayni_forked forked = { .point_count = sim_below(world, AYNI_CHAIN_POINTS_MAX + 1) };

    if (feed == NULL)
        return;
    forked.feed = ayni_feed_prefix_of(&feed->id);
    for (size_t i = 0; i < forked.point_count; i++) {
        forked.points[i].seq = 1 + i;
        some_mark(world, &forked.points[i].mark);
    }
    if (sim_below(world, 2) == 0)
        ayni_forked_encode(&forked, to);
    else
        ayni_trace_encode(&(struct ayni_trace){ forked.feed, sim_below(world, 9), 9 }, to);
}

static void lie(struct sim_world *world, struct ayni_buffer *to)
{
    static void (*const lies[])(struct sim_world *,
                                struct ayni_buffer *) = { lie_of_heads, spy_on_feed, spy_on_space,
                                                          lie_of_forks };

    lies[sim_below(world, sizeof(lies) / sizeof(*lies))](world, to);
}

/* --- when --- */

static void count_malice(struct sim_world *world, uint32_t node)
{
    sim_count(world, (enum sim_count)(SIM_COUNT_GARBAGE + world->malice[node] - SIM_GARBAGE));
}

static void say_once(struct sim_world *world, uint32_t node, uint32_t link)
{
    SCOPED_BUFFER message = { 0 };

    if (world->malice[node] == SIM_GARBAGE)
        garbage(world, &message);
    else if (world->malice[node] == SIM_REPLAY)
        ayni_buffer_append(&message, world->said[node].data, world->said[node].size);
    else
        lie(world, &message);
    if (message.size == 0)
        return;
    count_malice(world, node);
    sim_world_say(world, link, node, ayni_buffer_bytes(&message));
}

void sim_attack(struct sim_world *world, uint32_t node)
{
    size_t times = world->malice[node] != SIM_FLOOD ? 1 : sim_below(world, 16) == 0 ? 300 : 20;

    if (world->malice[node] == SIM_WITHHOLD || world->malice[node] == SIM_CORRUPT ||
        world->malice[node] == SIM_HOLLOW || world->malice[node] == SIM_CLONE)
        return;
    for (uint32_t i = 0; i < world->link_count; i++) {
        const struct sim_link *link = &world->links[i];
        if ((link->a != node && link->b != node) || !(link->a == node ? link->up_a : link->up_b) ||
            sim_below(world, 4) == 0)
            continue;
        for (size_t j = 0; j < times; j++)
            say_once(world, node, i);
    }
}

/* The same runs, and of most entries what was left out. */
static void hollow_out(struct sim_world *world, const struct ayni_batch *batch,
                       struct ayni_buffer *message)
{
    SCOPED_BUFFER plain = { 0 }, runs = { 0 }, packed = { 0 }, made = { 0 };
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    struct ayni_batch twisted = *batch;
    size_t used = 0;

    if (batch->packed.size == 0 ||
        ayni_decompress(batch->packed, AYNI_BATCH_SIZE_MAX, &plain) != AYNI_OK)
        return;
    for (size_t at = 0; at < plain.size; at += used) {
        struct ayni_run run = { .entries = room };
        if (ayni_run_read((struct ayni_bytes){ plain.data + at, plain.size - at }, &used, &run) !=
            AYNI_OK)
            return;
        for (size_t i = 0; i < run.count; i++)
            if (sim_below(world, 4) > 0 && run.entries[i].hollow == AYNI_HOLLOW_NONE) {
                run.entries[i].hollow = (uint8_t)(1 + sim_below(world, 3));
                run.entries[i].payload = (struct ayni_bytes){ 0 };
            }
        ayni_run_encode(&run, &runs);
    }
    if (ayni_compress(ayni_buffer_bytes(&runs), &packed) != AYNI_OK)
        return;
    twisted.packed = ayni_buffer_bytes(&packed);
    ayni_batch_encode(&twisted, &made);
    ayni_buffer_clear(message);
    ayni_buffer_append(message, made.data, made.size);
    sim_count(world, SIM_COUNT_HOLLOWED);
}

bool sim_attack_twists(struct sim_world *world, uint32_t node, struct ayni_buffer *message)
{
    struct ayni_message m;
    bool batch = ayni_message_decode(ayni_buffer_bytes(message), &m) == AYNI_OK &&
                 m.type == AYNI_MESSAGE_BATCH;

    if (world->malice[node] == SIM_REPLAY && sim_below(world, 3) == 0) {
        ayni_buffer_clear(&world->said[node]);
        ayni_buffer_append(&world->said[node], message->data, message->size);
    }
    if (world->malice[node] == SIM_WITHHOLD && batch) {
        count_malice(world, node);
        return false;
    }
    if (world->malice[node] == SIM_HOLLOW && batch)
        hollow_out(world, &m.batch, message);
    if (world->malice[node] == SIM_CORRUPT && batch && sim_below(world, 2) == 0) {
        count_malice(world, node);
        message->data[sim_below(world, message->size)] ^= (uint8_t)(1u << sim_below(world, 8));
    }
    return true;
}
