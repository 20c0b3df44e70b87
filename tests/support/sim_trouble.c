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
    sim_count(world, SIM_COUNT_EQUIVOCATED);
}

static void some_write(struct sim_world *world, uint32_t node, const struct ayni_space *space)
{
    struct sim_node *n = &world->nodes[node];
    uint8_t lane = (uint8_t)sim_below(world, AYNI_LANE_COUNT);
    size_t runs = lane == AYNI_LANE_BULK ? 1 + sim_below(world, 4) : 1;
    size_t count = lane == AYNI_LANE_BULK ? 1 + sim_below(world, 40) : 1 + sim_below(world, 6);

    uint64_t kind = AYNI_KIND_VERSION;

    if (n->newer && sim_below(world, 2) == 0) {
        kind = AYNI_KIND_CUT + 1 + sim_below(world, 1000);
        sim_count(world, SIM_COUNT_UNKNOWN_KINDS);
    }
    for (size_t i = 0; i < runs; i++)
        sim_node_write_kind(n, sim_node_feed(n, space, lane, NULL), &world->random, kind, count,
                            120);
}

/* Any node; a clone more often, where there are some. */
static uint32_t some_writer(struct sim_world *world)
{
    if (world->plan.clones && sim_below(world, 8) == 0)
        return world->plan.node_count - 1 - (uint32_t)sim_below(world, 2);
    return (uint32_t)sim_below(world, world->plan.node_count);
}

/* A space of which the node knows that it is a member; the registry is one for all, and of what
 * steering writes the half. */
static struct ayni_space some_space(struct sim_world *world, const struct sim_node *node)
{
    if (sim_is_steering(world, sim_index_of(world, node)) && sim_below(world, 2) == 0)
        return ayni_registry_space(&world->press.root);
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

    if (world->stopped[node] || world->nodes[node].hearing || world->nodes[node].full)
        return;
    struct ayni_space space = some_space(world, &world->nodes[node]);
    sim_count(world, SIM_COUNT_WRITES);
    world->tally.of[SIM_COUNT_STEERING_COPIES] += world->has_copy && sim_is_steering(world, node);
    world->nodes[node].now = world->now;
    if (world->malice[node] == SIM_CLONE)
        clone_write(world, node, &space);
    else
        some_write(world, node, &space);
    sim_world_settle(world, node);
}

/* --- faults --- */

/* It comes back as it was: out of a backup under a new instance and hearing first, or with a disk
 * that shows nothing of it. One of each, as who hears needs somebody who doesn't. */
static void put_back(struct sim_world *world, uint32_t index)
{
    struct sim_node *node = &world->nodes[index];
    bool restored = !world->restored;

    if (!world->plan.returns || world->rolled_back || !sim_is_honest(world, index) ||
        node->hearing || !sim_node_return(node, &world->marks[index]))
        return;
    world->rolled_back = !restored;
    world->restored = true;
    sim_count(world, restored ? SIM_COUNT_RESTORED : SIM_COUNT_ROLLED_BACK);
    world->tally.of[SIM_COUNT_STEERING_BACK] += sim_is_steering(world, index);
    if (restored)
        sim_node_restored(node);
}

static void restart_one(struct sim_world *world)
{
    uint32_t node = (uint32_t)sim_below(world, world->plan.node_count);

    if (world->stopped[node])
        return;
    sim_count(world, SIM_COUNT_RESTARTS);
    sim_world_stop(world, node);
    put_back(world, node);
    sim_queue_put(&world->queue, &(struct sim_event){ .type = SIM_START,
                                                      .at = world->now + sim_below(world, 8000),
                                                      .node = node });
}

/* For a while: it takes nothing in, and writes nothing. */
static void fill_disk(struct sim_world *world)
{
    uint32_t node = (uint32_t)sim_below(world, world->plan.node_count);

    if (world->nodes[node].full)
        return;
    world->nodes[node].full = true;
    sim_queue_put(&world->queue, &(struct sim_event){ .type = SIM_ROOM,
                                                      .at = world->now + sim_below(world, 15000),
                                                      .node = node });
}

/* Somebody sets it right, or wrong. */
static void set_clock(struct sim_world *world)
{
    struct sim_node *node = &world->nodes[sim_below(world, world->plan.node_count)];

    node->clock_off = sim_below(world, 2) == 0 ? 0 : -(int64_t)sim_below(world, 3650 * SIM_DAY);
    sim_count(world, SIM_COUNT_CLOCKS_SET_BACK);
}

/* As after an order to erase that turns out to be invalid; whoever wrote it has it still. */
static void lose(struct sim_world *world)
{
    uint32_t index = (uint32_t)sim_below(world, world->plan.node_count);
    struct sim_node *node = &world->nodes[index];

    if (node->log.feed_count == 0 || !sim_is_honest(world, index) || world->stopped[index])
        return;
    struct sim_feed *feed = node->log.feeds[sim_below(world, node->log.feed_count)];
    if (feed->run_count == 0 || ayni_id_equal(&feed->descriptor.node, &node->id))
        return;
    sim_count(world, SIM_COUNT_LOSSES);
    node->now = world->now;
    sim_node_lose(node, feed, (size_t)sim_below(world, feed->run_count),
                  test_random_next(&world->random));
    sim_world_settle(world, index);
}

/* Some of what a node wrote, by its own order. */
static void erase(struct sim_world *world)
{
    uint32_t index = (uint32_t)sim_below(world, world->plan.node_count);
    struct sim_node *node = &world->nodes[index];

    if (node->log.feed_count == 0 || !sim_is_honest(world, index) || world->stopped[index] ||
        node->hearing || node->full)
        return;
    const struct sim_feed *feed = node->log.feeds[sim_below(world, node->log.feed_count)];
    if (feed->head.seq == 0 || feed->tree != NULL || feed->descriptor.lane == AYNI_LANE_CONTROL ||
        !ayni_id_equal(&feed->descriptor.node, &node->id))
        return;
    uint64_t from = 1 + sim_below(world, feed->head.seq);
    uint64_t to = from + sim_below(world, feed->head.seq + 1 - from);
    sim_count(world, SIM_COUNT_ERASURES);
    node->now = world->now;
    sim_node_erase(node, feed, from, to);
    sim_world_settle(world, index);
}

void sim_trouble_fault(struct sim_world *world)
{
    const struct sim_plan *plan = &world->plan;
    uint32_t marked = (uint32_t)sim_below(world, plan->node_count);

    if (plan->losses)
        lose(world);
    if (plan->erasures)
        erase(world);
    if (plan->returns)
        sim_node_mark(&world->nodes[marked], &world->marks[marked]);
    uint32_t link = (uint32_t)sim_below(world, world->link_count);

    switch (sim_below(world, 6)) {
    case 0:
        if (plan->restarts || plan->returns)
            restart_one(world);
        break;
    case 1:
        if (plan->partitions)
            sim_apart_part(world);
        break;
    case 2:
        sim_apart_mend(world);
        break;
    case 3:
        if (plan->full_disks)
            fill_disk(world);
        if (plan->clocks)
            set_clock(world);
        break;
    default:
        if (world->link_count > 0 && (plan->partitions || plan->restarts))
            sim_world_cut(world, link);
        break;
    }
}
