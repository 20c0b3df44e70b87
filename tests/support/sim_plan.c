#include <stdio.h>
#include <stdlib.h>

#include "tests/support/sim_world.h"

static bool one_in(struct sim_world *world, unsigned n)
{
    return sim_below(world, n) == 0;
}

/* Mostly few: most of what can go wrong needs no more, and more seeds find more of it. */
static unsigned some_node_count(struct sim_world *world)
{
    if (one_in(world, 40))
        return 50;
    return one_in(world, 8) ? 16 + (unsigned)sim_below(world, 16)
                            : 4 + (unsigned)sim_below(world, 8);
}

static void plan_lines(struct sim_world *world, struct sim_plan *plan)
{
    if (one_in(world, 2))
        plan->loss = (unsigned)sim_below(world, one_in(world, 3) ? 301 : 50);
    if (one_in(world, 2))
        plan->duplicates = (unsigned)sim_below(world, 100);
    if (one_in(world, 2))
        plan->reordered = (unsigned)sim_below(world, 300);
    if (one_in(world, 2))
        plan->stragglers = (unsigned)sim_below(world, 500);
    plan->partitions = one_in(world, 2);
    plan->metered = one_in(world, 3);
}

static void plan_nodes(struct sim_world *world, struct sim_plan *plan)
{
    plan->restarts = one_in(world, 2);
    plan->late_grants = one_in(world, 2);
    plan->full_disks = one_in(world, 3);
    plan->clocks = one_in(world, 2);
    plan->newer = one_in(world, 3);
    plan->islands = one_in(world, 4);
    plan->losses = !plan->islands && one_in(world, 3); /* a bundle brings what is new */
    plan->returns = !plan->losses && one_in(world, 3); /* who wrote it has what others lose */
    plan->copies = one_in(world, 4);
    plan->erasures = one_in(world, 3);
    plan->preloaded = one_in(world, 4);
    plan->revoked_count = one_in(world, 3) ? 1 + (unsigned)sim_below(world, 2) : 0;
}

/* Weeks are for few nodes, all of them honest: what never comes to agree compares for ever. */
static void plan_weeks(struct sim_world *world, struct sim_plan *plan)
{
    plan->weeks = true;
    plan->partitions = true;
    plan->node_count = plan->node_count > 12 ? 12 : plan->node_count;
    plan->trouble_ms = (15 + sim_below(world, 14)) * SIM_DAY;
    plan->late_grants = false;
}

static void plan_malice(struct sim_world *world, struct sim_plan *plan)
{
    unsigned most = plan->node_count / 4;

    plan->hostile_count =
        most == 0 || one_in(world, 2) ? 0 : 1 + (unsigned)sim_below(world, most < 5 ? most : 5);
    plan->clones = one_in(world, 3) && plan->node_count >= 5;
}

static void plan_stores(struct sim_world *world, struct sim_plan *plan)
{
    plan->ground = SIM_IN_STORES;
    plan->node_count = 5 + (unsigned)sim_below(world, 11);
}

static void plan_troubles(struct sim_world *world, struct sim_plan *plan, bool may_take_weeks)
{
    if (one_in(world, 4))
        return; /* nothing goes wrong: each payload is sent once */
    plan_lines(world, plan);
    plan_nodes(world, plan);
    if (may_take_weeks && one_in(world, 8))
        plan_weeks(world, plan);
    else
        plan_malice(world, plan);
}

void sim_plan_make(struct sim_world *world, unsigned node_count, enum sim_ground ground)
{
    struct sim_plan *plan = &world->plan;

    *plan = (struct sim_plan){ .trouble_ms = 45000 };
    plan->node_count = node_count == 0 ? some_node_count(world) : node_count;
    plan->space_count = 3 + (unsigned)sim_below(world, SIM_SPACES_MAX - 3);
    plan->topology = (enum sim_topology)sim_below(world, SIM_TOPOLOGIES);
    plan->write_count = 80 + (unsigned)sim_below(world, 100);
    plan_troubles(world, plan, node_count == 0);
    if (ground == SIM_IN_STORES)
        plan_stores(world, plan);
}

void sim_plan_print(const struct sim_world *world)
{
    const struct sim_plan *plan = &world->plan;

    printf("seed %llu: %u nodes, %u spaces, topology %d, %zu lines, %llu s; per mille lost %u, "
           "twice %u, out of order %u, late %u; partitions %d, weeks %d, restarts %d, late grants "
           "%d, revoked %u, metered %d, hostile %u, clones %d, copies %d, losses %d, returns %d, "
           "full disks %d, clocks %d, newer %d, islands %d, erasures %d, preloaded %d; %u writes\n",
           (unsigned long long)world->seed, plan->node_count, plan->space_count,
           (int)plan->topology, world->link_count, (unsigned long long)plan->trouble_ms / 1000,
           plan->loss, plan->duplicates, plan->reordered, plan->stragglers, plan->partitions,
           plan->weeks, plan->restarts, plan->late_grants, plan->revoked_count, plan->metered,
           plan->hostile_count, plan->clones, plan->copies, plan->losses, plan->returns,
           plan->full_disks, plan->clocks, plan->newer, plan->islands, plan->erasures,
           plan->preloaded, plan->write_count);
}

/* --- who is who --- */

static void share_key(struct sim_world *world, uint32_t a, uint32_t b)
{
    world->nodes[a].id = world->nodes[b].id;
    world->nodes[a].secret = world->nodes[b].secret;
}

/* An honest node that nothing else is wrong with, but for the first; 0 where it isn't one. */
static uint32_t some_honest(struct sim_world *world)
{
    uint32_t node = 1 + (uint32_t)sim_below(world, world->plan.node_count - 1);

    return sim_counts(world, node) ? node : 0;
}

static void cast_hostile(struct sim_world *world)
{
    unsigned count = world->plan.node_count;

    for (unsigned i = 0; i < world->plan.hostile_count; i++) {
        enum sim_malice malice =
            (enum sim_malice)(SIM_GARBAGE + sim_below(world, SIM_CLONE - SIM_GARBAGE));
        if (malice != SIM_HOLLOW || (!world->plan.islands && !world->plan.returns))
            world->malice[1 + sim_below(world, count - 1)] = malice;
    }
    if (world->plan.clones) {
        world->malice[count - 1] = world->malice[count - 2] = SIM_CLONE;
        share_key(world, count - 1, count - 2);
    }
    for (uint32_t i = 0; i < count; i++)
        world->nodes[i].hostile = !sim_is_honest(world, i);
}

/*
 * Another honest node has the first one's home, and goes on in its feeds; the
 * registry knows one of them. They never meet: two others, of whom each may meet one, are members
 * of all spaces.
 */
static void cast_copy(struct sim_world *world)
{
    uint32_t copy = some_honest(world);
    unsigned found = 0;

    for (uint32_t i = 1; i < world->plan.node_count && copy != 0 && found < 2; i++)
        if (i != copy && sim_counts(world, i) && world->island[i] == world->island[0])
            world->witnesses[found++] = i;
    if (found < 2)
        return;
    share_key(world, copy, 0);
    world->nodes[copy].instance = world->nodes[0].instance;
    world->nodes[copy].incarnation = world->nodes[0].incarnation;
    world->island[copy] = world->island[0];
    world->has_copy = true;
    world->copy = copy;
    sim_count(world, SIM_COUNT_COPIES);
}

static void cast_clocks(struct sim_world *world)
{
    const int64_t years = (int64_t)(20 * 365 * SIM_DAY);

    for (uint32_t i = 0; i < world->plan.node_count; i++)
        if (one_in(world, 2)) {
            world->nodes[i].clock_off = (int64_t)sim_below(world, 2 * (uint64_t)years) - years;
            sim_count(world, SIM_COUNT_CLOCKS_OFF);
        }
}

void sim_plan_cast(struct sim_world *world)
{
    const struct sim_plan *plan = &world->plan;

    cast_hostile(world);
    for (unsigned i = 0; i < plan->revoked_count && plan->node_count > 4; i++)
        world->revoked[some_honest(world)] = true;
    world->revoked[0] = false;
    for (uint32_t i = 0; i < plan->node_count; i++) {
        world->island[i] = plan->islands && one_in(world, 2);
        world->nodes[i].newer = plan->newer && sim_is_honest(world, i) && one_in(world, 3);
        world->tally.of[SIM_COUNT_NEWER_NODES] += world->nodes[i].newer;
        world->leaf[i] = plan->weeks && i > 0 && one_in(world, 3);
    }
    if (plan->clones && plan->islands) /* each island has one history, which people carry over */
        world->island[plan->node_count - 1] = !world->island[plan->node_count - 2];
    if (plan->copies)
        cast_copy(world);
    if (plan->clocks)
        cast_clocks(world);
}
