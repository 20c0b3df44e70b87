#include <stdlib.h>

#include "tests/support/sim_world.h"

static bool one_in(struct sim_world *world, unsigned n)
{
    return sim_below(world, n) == 0;
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

/* Each place of a home that was copied has a witness of its own. */
static bool keeps_apart(const struct sim_world *world, uint32_t a, uint32_t b)
{
    const uint32_t *witnesses = world->witnesses;

    return world->has_copy &&
           ((a == world->copy && b == witnesses[0]) || (b == world->copy && a == witnesses[0]) ||
            (a == 0 && b == witnesses[1]) || (b == 0 && a == witnesses[1]));
}

static void add_link(struct sim_world *world, uint32_t a, uint32_t b, uint64_t latency)
{
    if (is_linked(world, a, b) || world->link_count == SIM_LINKS_MAX ||
        world->island[a] != world->island[b] || keeps_apart(world, a, b))
        return;
    world->tally.of[SIM_COUNT_SLOW_LINES] += latency >= 200;
    world->links[world->link_count++] = (struct sim_link){
        .a = one_in(world, 2) ? a : b,
        .latency = latency,
        .metered = world->plan.metered && one_in(world, 4),
    };
    struct sim_link *link = &world->links[world->link_count - 1];
    link->b = link->a == a ? b : a;
    world->tally.of[SIM_COUNT_METERED] += link->metered;
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
        case SIM_TREE:
            add_link(world, i, (i - 1) / 3, some_latency(world));
            break;
        case SIM_HUB:
            add_link(world, i, 0, some_latency(world));
            break;
        case SIM_RING:
            add_link(world, i, i - 1, some_latency(world));
            add_link(world, i, (i + 7) % count, some_latency(world));
            break;
        case SIM_CONTINENTS:
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

static bool is_of(const struct sim_world *world, const struct sim_space *space, uint32_t node)
{
    return sim_counts(world, node) &&
           (space == NULL || sim_is_member(space, &world->nodes[node].id));
}

/* A line to one of those that `first` reaches, whichever may have one. */
static void connect_to(struct sim_world *world, const struct sim_space *space, uint32_t *parents,
                       uint32_t node, uint32_t first)
{
    size_t before = world->link_count;

    for (uint32_t i = first; i < world->plan.node_count; i++) {
        if (!is_of(world, space, i) || root_of(parents, i) != root_of(parents, first))
            continue;
        add_link(world, node, i, some_latency(world));
        if (world->link_count == before)
            continue;
        parents[root_of(parents, node)] = root_of(parents, first);
        break;
    }
}

static void connect_members(struct sim_world *world, const struct sim_space *space)
{
    uint32_t parents[SIM_NODES_MAX];
    uint32_t first[2] = { UINT32_MAX, UINT32_MAX }; /* of each island */

    for (uint32_t i = 0; i < world->plan.node_count; i++)
        parents[i] = i;
    for (size_t i = 0; i < world->link_count; i++) {
        const struct sim_link *link = &world->links[i];
        if (is_of(world, space, link->a) && is_of(world, space, link->b))
            parents[root_of(parents, link->a)] = root_of(parents, link->b);
    }
    for (uint32_t i = 0; i < world->plan.node_count; i++) {
        uint32_t *one = &first[world->island[i]];
        if (!is_of(world, space, i))
            continue;
        if (*one == UINT32_MAX)
            *one = i;
        if (root_of(parents, i) != root_of(parents, *one))
            connect_to(world, space, parents, i, *one);
    }
}

/* Twice: a copy of a home may find only those who are connected after it. */
static void connect_all(struct sim_world *world, const struct sim_space *space)
{
    connect_members(world, space);
    connect_members(world, space);
}

static bool is_witness(const struct sim_world *world, uint32_t node)
{
    return world->has_copy && (node == world->witnesses[0] || node == world->witnesses[1]);
}

static void make_space(struct sim_world *world, struct sim_space *space)
{
    uint64_t share = 20 + sim_below(world, 80);

    test_random_fill(&world->random, space->id.bytes, sizeof(space->id.bytes));
    space->members = calloc(SIM_NODES_MAX, sizeof(*space->members));
    for (uint32_t i = 0; i < world->plan.node_count; i++)
        if ((sim_below(world, 100) < share || is_witness(world, i)) &&
            !sim_is_member(space, &world->nodes[i].id))
            space->members[space->member_count++] = world->nodes[i].id;
}

void sim_topology_make(struct sim_world *world)
{
    sim_count(world, (enum sim_count)(SIM_COUNT_TREE + (unsigned)world->plan.topology));
    link_all(world);
    connect_all(world, NULL);
    for (unsigned i = 0; i < world->plan.space_count; i++) {
        make_space(world, &world->spaces[i]);
        connect_all(world, &world->spaces[i]);
    }
}
