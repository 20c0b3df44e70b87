/* What each node knows of the registry: grants that come late and in parts, and revocations. */
#include <stdlib.h>

#include "tests/support/sim_world.h"

enum { PRELOADED_RUNS = 40 };

/* A space as the node has it before all is known: only some of its members. */
static void grant_some(struct sim_world *world, uint32_t node, const struct sim_space *space)
{
    struct sim_node *n = &world->nodes[node];
    struct ayni_node *members = calloc(space->member_count + 1, sizeof(*members));
    size_t count = 0;

    for (size_t i = 0; i < space->member_count; i++)
        if (sim_below(world, 2) == 0 || ayni_id_equal(&space->members[i], &n->id))
            members[count++] = space->members[i];
    sim_node_tell_space(n, &space->id, members, count);
    free(members);
}

void sim_registry_grant(struct sim_world *world, uint32_t node, bool all)
{
    struct sim_node *n = &world->nodes[node];

    n->now = world->now;
    for (unsigned i = 0; i < world->plan.space_count; i++) {
        const struct sim_space *space = &world->spaces[i];
        if (all)
            sim_node_tell_space(n, &space->id, space->members, space->member_count);
        else if (sim_below(world, 2) == 0)
            grant_some(world, node, space);
    }
    sim_world_settle(world, node);
}

void sim_registry_preload(struct sim_world *world)
{
    struct ayni_space registry = ayni_registry_space(&world->press.root);
    struct sim_node *steering = &world->nodes[0];
    struct sim_feed *written = sim_node_feed(steering, &registry, AYNI_LANE_CURRENT, NULL);

    for (size_t i = 0; i < PRELOADED_RUNS; i++)
        sim_node_write(steering, written, &world->random, 1 + sim_below(world, 8), 120);
    for (uint32_t i = 1; i < world->plan.node_count; i++)
        sim_node_preload(&world->nodes[i], written);
    world->tally.of[SIM_COUNT_PRELOADED] += world->plan.node_count;
}

/* In the second half of the troubles if it is of all, else in the first. */
static void grant_later(struct sim_world *world, uint32_t node, bool all)
{
    uint64_t half = world->plan.trouble_ms / 2;

    sim_queue_put(&world->queue,
                  &(struct sim_event){ .type = SIM_GRANT,
                                       .at = (all ? half : 0) + sim_below(world, half),
                                       .node = node,
                                       .store = all });
}

void sim_registry_plan(struct sim_world *world)
{
    for (uint32_t i = 0; i < world->plan.node_count; i++) {
        if (world->plan.late_grants && sim_below(world, 2) == 0) {
            grant_later(world, i, false);
            grant_later(world, i, true);
            sim_count(world, SIM_COUNT_LATE_GRANTS);
        } else {
            sim_registry_grant(world, i, true);
        }
        if (world->plan.revoked_count > 0)
            sim_queue_put(&world->queue,
                          &(struct sim_event){ .type = SIM_REVOKE,
                                               .at = world->plan.trouble_ms / 2 +
                                                     sim_below(world, world->plan.trouble_ms / 2),
                                               .node = i });
    }
}

/* --- revocations --- */

/* The transport admits it no more: for good. */
static void close_lines(struct sim_world *world, uint32_t node, uint32_t member)
{
    for (uint32_t i = 0; i < world->link_count; i++) {
        struct sim_link *link = &world->links[i];
        if ((link->a != node || link->b != member) && (link->b != node || link->a != member))
            continue;
        link->closed = true;
        sim_line_close(world, i, 1);
    }
}

void sim_registry_revoke(struct sim_world *world, uint32_t node)
{
    for (uint32_t i = 0; i < world->plan.node_count; i++) {
        if (!world->revoked[i] || i == node)
            continue;
        close_lines(world, node, i);
        world->nodes[node].now = world->now;
        sim_node_revoke(&world->nodes[node], &world->nodes[i].id);
        sim_count(world, SIM_COUNT_REVOKED);
    }
    sim_world_settle(world, node);
}
