#include <assert.h>
#include <stdlib.h>

#include "tests/support/sim_world.h"

/* The link of a node to whoever has that key; UINT32_MAX for none. */
static uint32_t link_to(const struct sim_world *world, uint32_t node, const struct ayni_node *peer)
{
    for (uint32_t i = 0; i < world->link_count; i++) {
        const struct sim_link *link = &world->links[i];
        if ((link->a == node && ayni_id_equal(&world->nodes[link->b].id, peer)) ||
            (link->b == node && ayni_id_equal(&world->nodes[link->a].id, peer)))
            return i;
    }
    return UINT32_MAX;
}

static bool *up_of(struct sim_link *link, uint32_t node)
{
    return link->a == node ? &link->up_a : &link->up_b;
}

/* It is late: the connection has ended by then, and perhaps the next one stands. */
static bool straggles(struct sim_world *world)
{
    return world->plan.stragglers > 0 && sim_below(world, 1000) < world->plan.stragglers;
}

void sim_world_say(struct sim_world *world, uint32_t index, uint32_t from,
                   struct ayni_bytes message)
{
    struct sim_link *link = &world->links[index];
    unsigned direction = link->a == from;
    struct sim_event event = { .type = SIM_DELIVER,
                               .link = index,
                               .epoch = link->epoch,
                               .node = link->a == from ? link->b : link->a };
    unsigned copies = 1;

    if (sim_below(world, 1000) < world->plan.loss) {
        sim_count(world, SIM_COUNT_LOST);
        return;
    }
    if (sim_below(world, 1000) < world->plan.duplicates) {
        sim_count(world, SIM_COUNT_DUPLICATED);
        copies = 2;
    }
    for (; copies > 0; copies--) {
        event.at = world->now + link->latency;
        if (sim_below(world, 1000) < world->plan.reordered) {
            sim_count(world, SIM_COUNT_REORDERED);
            event.at += sim_below(world, 2 * link->latency + 20);
        } else if (event.at < link->last_at[direction]) {
            event.at = link->last_at[direction];
        } else {
            link->last_at[direction] = event.at;
        }
        event.bytes = (struct ayni_buffer){ 0 };
        ayni_buffer_append(&event.bytes, message.data, message.size);
        sim_queue_put(&world->queue, &event);
    }
}

void sim_line_send(void *context, struct sim_node *from, const struct ayni_node *to,
                   struct ayni_bytes message)
{
    struct sim_world *world = context;
    uint32_t node = sim_index_of(world, from);
    uint32_t link = link_to(world, node, to);
    SCOPED_BUFFER said = { 0 };

    sim_count(world, SIM_COUNT_MESSAGES);
    world->tally.of[SIM_COUNT_BYTES] += message.size;
    assert(link != UINT32_MAX && !world->links[link].closed);
    if (sim_is_honest(world, node))
        sim_check_privacy(world, from, to, message);
    ayni_buffer_append(&said, message.data, message.size);
    if (!sim_is_honest(world, node) && !sim_attack_twists(world, node, &said))
        return;
    if (from->newer)
        sim_newer_says(world, &said);
    sim_world_say(world, link, node, ayni_buffer_bytes(&said));
    if (!from->newer || sim_below(world, 20) > 0)
        return;
    ayni_buffer_clear(&said);
    sim_newer_message(world, &said);
    sim_world_say(world, link, node, ayni_buffer_bytes(&said));
}

void sim_world_dial(struct sim_world *world, uint32_t link, uint64_t delay)
{
    sim_queue_put(&world->queue, &(struct sim_event){ .type = SIM_DIAL,
                                                      .at = world->now + delay,
                                                      .link = link,
                                                      .epoch = world->links[link].epoch });
}

void sim_line_close(struct sim_world *world, uint32_t index, uint64_t redial)
{
    struct sim_link *link = &world->links[index];

    link->epoch++; /* what is on its way is lost */
    for (unsigned side = 0; side < 2; side++) {
        uint32_t node = side == 0 ? link->a : link->b;
        uint32_t other = side == 0 ? link->b : link->a;
        bool was_up = *up_of(link, node);
        *up_of(link, node) = false;
        if (was_up && world->nodes[node].sync != NULL) {
            world->nodes[node].now = world->now;
            sim_node_down(&world->nodes[node], &world->nodes[other].id);
            sim_world_settle(world, node);
        }
    }
    if (!link->parted && !link->closed) /* else who mends it dials */
        sim_world_dial(world, index, redial);
}

void sim_world_cut(struct sim_world *world, uint32_t index)
{
    if (!world->links[index].up_a && !world->links[index].up_b)
        return;
    sim_count(world, SIM_COUNT_CUTS);
    sim_line_close(world, index, 1 + sim_below(world, SIM_REDIAL_MS));
}

void sim_line_drop(void *context, struct sim_node *from, const struct ayni_node *to,
                   enum ayni_sync_drop reason)
{
    struct sim_world *world = context;
    uint32_t link = link_to(world, sim_index_of(world, from), to);
    const struct sim_link *l = &world->links[link];
    uint32_t other = l->a == sim_index_of(world, from) ? l->b : l->a;

    (void)reason;
    assert(!sim_is_honest(world, sim_index_of(world, from)) || !sim_is_honest(world, other));
    sim_count(world, SIM_COUNT_DROPS);
    /* Not from inside the engine that says so. */
    sim_queue_put(
        &world->queue,
        &(struct sim_event){ .type = SIM_CUT, .at = world->now, .link = link, .epoch = l->epoch });
}

void sim_line_dialled(struct sim_world *world, const struct sim_event *event)
{
    struct sim_link *link = &world->links[event->link];

    if (link->epoch != event->epoch || link->up_a || link->parted || link->closed)
        return;
    if (world->stopped[link->a] || world->stopped[link->b]) {
        sim_world_dial(world, event->link, 1 + sim_below(world, SIM_REDIAL_MS));
        return;
    }
    link->up_a = true;
    link->last_at[0] = link->last_at[1] = 0;
    world->nodes[link->a].now = world->now;
    sim_node_up(&world->nodes[link->a], &world->nodes[link->b].id, true, link->metered);
    sim_world_settle(world, link->a);
}

void sim_line_deliver(struct sim_world *world, struct sim_event *event)
{
    struct sim_link *link = &world->links[event->link];
    uint32_t to = event->node;
    uint32_t from = link->a == to ? link->b : link->a;
    struct sim_node *node = &world->nodes[to];

    bool late = link->epoch != event->epoch && *up_of(link, to) && straggles(world);
    world->tally.of[SIM_COUNT_STRAGGLERS] += late;
    if ((late || link->epoch == event->epoch) && node->sync != NULL) {
        node->now = world->now;
        if (!*up_of(link, to))
            sim_node_up(node, &world->nodes[from].id, false, link->metered);
        *up_of(link, to) = true;
        sim_node_message(node, &world->nodes[from].id, ayni_buffer_bytes(&event->bytes));
        sim_check_memory(world, to, from);
        sim_world_settle(world, to);
    }
    ayni_buffer_free(&event->bytes);
}
