/* Lines that can't be dialled: partitions, and leaves that come once a week. */
#include "tests/support/sim_world.h"

enum { VISIT_MS = 20 * 60 * 1000 };

static void part_line(struct sim_world *world, uint32_t index)
{
    struct sim_link *link = &world->links[index];

    if (!link->parted)
        link->since = world->now;
    link->parted = true;
    sim_world_cut(world, index);
}

static void mend_line(struct sim_world *world, uint32_t index)
{
    struct sim_link *link = &world->links[index];

    if (!link->parted)
        return;
    link->parted = false;
    if (world->now - link->since >= SIM_DAY)
        sim_count(world, SIM_COUNT_PARTED_A_DAY);
    sim_world_dial(world, index, 1 + sim_below(world, SIM_REDIAL_MS));
}

static bool is_leaf(const struct sim_world *world, const struct sim_link *link)
{
    return world->leaf[link->a] || world->leaf[link->b];
}

void sim_apart_part(struct sim_world *world)
{
    uint64_t halves = test_random_next(&world->random);

    sim_count(world, SIM_COUNT_PARTITIONS);
    for (uint32_t i = 0; i < world->link_count; i++) {
        const struct sim_link *link = &world->links[i];
        if (is_leaf(world, link))
            continue;
        if (((halves >> (link->a % 64)) ^ (halves >> (link->b % 64))) & 1)
            part_line(world, i);
        else
            mend_line(world, i);
    }
}

void sim_apart_mend(struct sim_world *world)
{
    for (uint32_t i = 0; i < world->link_count; i++)
        if (world->healed || !is_leaf(world, &world->links[i]))
            mend_line(world, i);
}

/* --- leaves --- */

static bool is_away(const struct sim_world *world, uint32_t node, uint32_t visitor)
{
    return world->leaf[node] && node != visitor;
}

void sim_apart_visit(struct sim_world *world, uint32_t node, bool comes)
{
    if (world->healed)
        return;
    for (uint32_t i = 0; i < world->link_count; i++) {
        const struct sim_link *link = &world->links[i];
        if (link->a != node && link->b != node)
            continue;
        if (comes && !is_away(world, link->a, node) && !is_away(world, link->b, node))
            mend_line(world, i);
        else
            part_line(world, i);
    }
    if (!comes)
        return;
    sim_count(world, SIM_COUNT_VISITS);
    sim_queue_put(
        &world->queue,
        &(struct sim_event){ .type = SIM_VISIT, .at = world->now + VISIT_MS, .node = node });
}

void sim_apart_plan(struct sim_world *world)
{
    for (uint32_t i = 0; i < world->plan.node_count; i++) {
        if (!world->leaf[i])
            continue;
        sim_apart_visit(world, i, false);
        for (uint64_t at = sim_below(world, 7 * SIM_DAY); at < world->plan.trouble_ms;
             at += 7 * SIM_DAY)
            sim_queue_put(&world->queue, &(struct sim_event){
                                             .type = SIM_VISIT, .at = at, .node = i, .store = 1 });
    }
}
