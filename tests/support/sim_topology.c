#include <stdlib.h>

#include "tests/support/sim_world.h"

enum { TREE, HUB, RANDOM, CONTINENTS, RING, TOPOLOGIES };

static bool one_in(struct sim_world *world, unsigned n)
{
    return sim_below(world, n) == 0;
}

void sim_plan_make(struct sim_world *world, unsigned node_count)
{
    struct sim_plan *plan = &world->plan;

    *plan = (struct sim_plan){ .node_count = node_count, .trouble_ms = 45000 };
    plan->space_count = 3 + (unsigned)sim_below(world, SIM_SPACES_MAX - 3);
    plan->topology = (unsigned)sim_below(world, TOPOLOGIES);
    plan->write_count = 80 + (unsigned)sim_below(world, 100);
    if (one_in(world, 4))
        return; /* nothing goes wrong: each payload is sent once */
    if (one_in(world, 2))
        plan->loss = (unsigned)sim_below(world, one_in(world, 3) ? 300 : 50);
    if (one_in(world, 2))
        plan->duplicates = (unsigned)sim_below(world, 100);
    if (one_in(world, 2))
        plan->reordered = (unsigned)sim_below(world, 300);
    plan->partitions = one_in(world, 2);
    plan->restarts = one_in(world, 2);
    plan->late_grants = one_in(world, 2);
    plan->metered = one_in(world, 3);
    plan->hostile_count = one_in(world, 2) ? 0 : 1 + (unsigned)sim_below(world, 5);
    plan->clones = one_in(world, 3);
    plan->losses = one_in(world, 3);
    plan->returns = one_in(world, 3);
}

/* --- links --- */

static bool same_key(const struct sim_world *world, uint32_t a, uint32_t b)
{
    return ayni_id_equal(&world->nodes[a].id, &world->nodes[b].id);
}

/* Whether `a` has a line to `b`, or to another place of its key. */
static bool is_linked(const struct sim_world *world, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < world->link_count; i++) {
        const struct sim_link *link = &world->links[i];
        if ((link->a == a && same_key(world, link->b, b)) ||
            (link->b == a && same_key(world, link->a, b)) ||
            (link->a == b && same_key(world, link->b, a)) ||
            (link->b == b && same_key(world, link->a, a)))
            return true;
    }
    return a == b || same_key(world, a, b);
}

static void add_link(struct sim_world *world, uint32_t a, uint32_t b, uint64_t latency)
{
    if (is_linked(world, a, b) || world->link_count == SIM_LINKS_MAX)
        return;
    world->links[world->link_count++] = (struct sim_link){
        .a = one_in(world, 2) ? a : b,
        .latency = latency,
        .metered = world->plan.metered && one_in(world, 4),
    };
    struct sim_link *link = &world->links[world->link_count - 1];
    link->b = link->a == a ? b : a;
}

static uint64_t some_latency(struct sim_world *world)
{
    return one_in(world, 4) ? 200 + sim_below(world, 700) : 1 + sim_below(world, 60);
}

static void link_all(struct sim_world *world)
{
    uint32_t count = world->plan.node_count;
    uint32_t half = count / 2;

    for (uint32_t i = 1; i < count; i++) {
        switch (world->plan.topology) {
        case TREE:
            add_link(world, i, (i - 1) / 3, some_latency(world));
            break;
        case HUB:
            add_link(world, i, 0, some_latency(world));
            break;
        case RING:
            add_link(world, i, i - 1, some_latency(world));
            add_link(world, i, (i + 7) % count, some_latency(world));
            break;
        case CONTINENTS:
            if (i != half)
                add_link(world, i,
                         i < half ? (uint32_t)sim_below(world, i)
                                  : half + (uint32_t)sim_below(world, i - half),
                         some_latency(world));
            else
                add_link(world, i, 0, 900);
            break;
        default:
            for (unsigned j = 0; j < 3; j++)
                add_link(world, i, (uint32_t)sim_below(world, i), some_latency(world));
            break;
        }
    }
}

/* --- members of a space reach one another through members, as who dials whom sees to --- */

static uint32_t root_of(uint32_t *parents, uint32_t node)
{
    while (parents[node] != node)
        node = parents[node] = parents[parents[node]];
    return node;
}

static void connect_members(struct sim_world *world, const struct sim_space *space)
{
    uint32_t parents[SIM_NODES_MAX];
    uint32_t first = UINT32_MAX;

    for (uint32_t i = 0; i < world->plan.node_count; i++)
        parents[i] = i;
    for (size_t i = 0; i < world->link_count; i++) {
        const struct sim_link *link = &world->links[i];
        bool counts = sim_is_honest(world, link->a) && sim_is_honest(world, link->b);
        if (counts && (space == NULL || (sim_is_member(space, &world->nodes[link->a].id) &&
                                         sim_is_member(space, &world->nodes[link->b].id))))
            parents[root_of(parents, link->a)] = root_of(parents, link->b);
    }
    for (uint32_t i = 0; i < world->plan.node_count; i++) {
        if (!sim_is_honest(world, i) ||
            (space != NULL && !sim_is_member(space, &world->nodes[i].id)))
            continue;
        if (first == UINT32_MAX)
            first = i;
        if (root_of(parents, i) == root_of(parents, first))
            continue;
        add_link(world, i, first, some_latency(world));
        parents[root_of(parents, i)] = root_of(parents, first);
    }
}

static void make_space(struct sim_world *world, struct sim_space *space)
{
    uint64_t share = 20 + sim_below(world, 80);

    test_random_fill(&world->random, space->id.bytes, sizeof(space->id.bytes));
    space->members = calloc(SIM_NODES_MAX, sizeof(*space->members));
    for (uint32_t i = 0; i < world->plan.node_count; i++)
        if (sim_below(world, 100) < share && !sim_is_member(space, &world->nodes[i].id))
            space->members[space->member_count++] = world->nodes[i].id;
}

void sim_topology_make(struct sim_world *world)
{
    link_all(world);
    connect_members(world, NULL);
    for (unsigned i = 0; i < world->plan.space_count; i++) {
        make_space(world, &world->spaces[i]);
        connect_members(world, &world->spaces[i]);
    }
}
