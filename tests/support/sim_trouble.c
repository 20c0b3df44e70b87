#include <stdlib.h>

#include "tests/support/sim_world.h"

/* --- writing --- */

/* The clones write into one feed, in two places; in lane 1 alone, so that their proofs are their
 * own. */
static void clone_write(struct sim_world *world, uint32_t node, const struct ayni_space *space)
{
    static const struct ayni_incarnation one = { { 1 } };
    struct sim_node *n = &world->nodes[node];
    struct sim_feed *feed = sim_node_feed(n, space, AYNI_LANE_CURRENT, &one);

    /* Also when others know: each goes on in its own way. */
    sim_node_write(n, feed, &world->random, 1 + sim_below(world, 4), 60);
}

static void some_write(struct sim_world *world, uint32_t node, const struct ayni_space *space)
{
    struct sim_node *n = &world->nodes[node];
    uint8_t lane = (uint8_t)sim_below(world, AYNI_LANE_COUNT);
    size_t runs = lane == AYNI_LANE_BULK ? 1 + sim_below(world, 4) : 1;
    size_t count = lane == AYNI_LANE_BULK ? 1 + sim_below(world, 40) : 1 + sim_below(world, 6);

    for (size_t i = 0; i < runs; i++)
        sim_node_write(n, sim_node_feed(n, space, lane, NULL), &world->random, count, 120);
}

/* Any node; a clone more often, where there are some. */
static uint32_t some_writer(struct sim_world *world)
{
    if (world->plan.clones && sim_below(world, 8) == 0)
        return world->plan.node_count - 1 - (uint32_t)sim_below(world, 2);
    return (uint32_t)sim_below(world, world->plan.node_count);
}

/* A space of which the node knows that it is a member; the registry is one for all. */
static struct ayni_space some_space(struct sim_world *world, const struct sim_node *node)
{
    for (unsigned tries = 0; tries < 4; tries++) {
        const struct sim_space *space = &world->spaces[sim_below(world, world->plan.space_count)];
        if (sim_node_shares(node, &space->id, &node->id))
            return space->id;
    }
    return ayni_registry_space(&world->press.root);
}

void sim_trouble_write(struct sim_world *world)
{
    uint32_t node = some_writer(world);

    if (world->stopped[node])
        return;
    struct ayni_space space = some_space(world, &world->nodes[node]);
    world->tally.writes++;
    world->nodes[node].now = world->now;
    if (world->malice[node] == SIM_CLONE)
        clone_write(world, node, &space);
    else
        some_write(world, node, &space);
    sim_world_settle(world, node);
}

/* --- faults --- */

static void restart_one(struct sim_world *world)
{
    uint32_t node = (uint32_t)sim_below(world, world->plan.node_count);

    if (world->stopped[node])
        return;
    world->tally.restarts++;
    sim_world_stop(world, node);
    sim_queue_put(&world->queue, &(struct sim_event){ .type = SIM_START,
                                                      .at = world->now + sim_below(world, 8000),
                                                      .node = node });
}

/* Two halves don't reach each other for a while. */
static void part(struct sim_world *world)
{
    uint64_t halves = test_random_next(&world->random);

    world->tally.partitions++;
    for (uint32_t i = 0; i < world->link_count; i++) {
        struct sim_link *link = &world->links[i];
        link->parted = ((halves >> (link->a % 64)) ^ (halves >> (link->b % 64))) & 1;
        if (link->parted)
            sim_world_cut(world, i);
    }
}

static void mend(struct sim_world *world)
{
    for (uint32_t i = 0; i < world->link_count; i++)
        world->links[i].parted = false;
}

/* As after an order to erase that turns out to be invalid; whoever wrote it has it still. */
static void lose(struct sim_world *world)
{
    uint32_t index = (uint32_t)sim_below(world, world->plan.node_count);
    struct sim_node *node = &world->nodes[index];

    if (node->log.feed_count == 0 || !sim_is_honest(world, index))
        return;
    struct sim_feed *feed = node->log.feeds[sim_below(world, node->log.feed_count)];
    if (feed->run_count == 0 || ayni_id_equal(&feed->descriptor.node, &node->id))
        return;
    world->tally.losses++;
    node->now = world->now;
    sim_node_lose(node, feed, (size_t)sim_below(world, feed->run_count),
                  test_random_next(&world->random));
    sim_world_settle(world, index);
}

void sim_trouble_fault(struct sim_world *world)
{
    if (world->plan.losses)
        lose(world);
    uint32_t link = (uint32_t)sim_below(world, world->link_count);

    switch (sim_below(world, 5)) {
    case 0:
        if (world->plan.restarts)
            restart_one(world);
        break;
    case 1:
        if (world->plan.partitions)
            part(world);
        break;
    case 2:
        mend(world);
        break;
    default:
        if (world->plan.partitions || world->plan.restarts)
            sim_world_cut(world, link);
        break;
    }
}
