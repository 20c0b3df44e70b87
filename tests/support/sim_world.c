#include "tests/support/sim_world.h"

#include <assert.h>
#include <stdlib.h>

bool sim_is_honest(const struct sim_world *world, uint32_t node)
{
    return world->malice[node] == SIM_HONEST;
}

bool sim_counts(const struct sim_world *world, uint32_t node)
{
    return sim_is_honest(world, node) && !world->revoked[node];
}

bool sim_is_steering(const struct sim_world *world, uint32_t node)
{
    return node == 0 || (world->has_copy && node == world->copy);
}

bool sim_is_member(const struct sim_space *space, const struct ayni_node *node)
{
    for (size_t i = 0; i < space->member_count; i++)
        if (ayni_id_equal(&space->members[i], node))
            return true;
    return false;
}

enum { PENALTY_MS = 30000, ATTACKS = 110, FAULTS = 40, COMMIT_MS = 20 };

uint32_t sim_index_of(const struct sim_world *world, const struct sim_node *node)
{
    return (uint32_t)(node - world->nodes);
}

/* --- nodes --- */

static void store_later(void *context, struct sim_node *node, uint64_t store)
{
    struct sim_world *world = context;
    uint32_t index = sim_index_of(world, node);

    sim_queue_put(&world->queue,
                  &(struct sim_event){ .type = SIM_STORED,
                                       .at = world->now + sim_below(world, COMMIT_MS),
                                       .node = index,
                                       .epoch = world->life[index],
                                       .store = store });
}

void sim_world_settle(struct sim_world *world, uint32_t node)
{
    if (world->nodes[node].sync == NULL)
        return;
    uint64_t deadline = ayni_sync_deadline(world->nodes[node].sync).ms;
    if (deadline >= world->timer_at[node])
        return;
    world->timer_at[node] = deadline;
    sim_queue_put(&world->queue,
                  &(struct sim_event){ .type = SIM_TIMER, .at = deadline, .node = node });
}

void sim_world_start(struct sim_world *world, uint32_t node)
{
    world->stopped[node] = false;
    world->life[node]++;
    world->timer_at[node] = UINT64_MAX;
    sim_node_start(&world->nodes[node], world->now);
    sim_world_settle(world, node);
}

void sim_world_stop(struct sim_world *world, uint32_t node)
{
    struct sim_node *n = &world->nodes[node];

    sim_rules_count_engine(world, node);
    world->stopped[node] = true;
    world->life[node]++;
    sim_node_stop(n, (size_t)sim_below(world, n->pending_count + 1));
    for (uint32_t i = 0; i < world->link_count; i++)
        if (world->links[i].a == node || world->links[i].b == node)
            sim_line_close(world, i, 1 + sim_below(world, SIM_REDIAL_MS));
}

/* --- the world --- */

static uint64_t some_time(struct sim_world *world)
{
    return sim_below(world, world->plan.trouble_ms);
}

static void plan_attacks(struct sim_world *world)
{
    for (uint32_t i = 0; i < world->plan.node_count; i++)
        if (!sim_is_honest(world, i))
            sim_queue_put(&world->queue,
                          &(struct sim_event){ .type = SIM_ATTACK,
                                               .at = world->plan.trouble_ms / ATTACKS,
                                               .node = i });
}

static void plan_times(struct sim_world *world, enum sim_event_type type, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        sim_queue_put(&world->queue, &(struct sim_event){ .type = type, .at = some_time(world) });
}

/* Those of ill will need none: what they hold is of no interest. */
static void use_stores(struct sim_world *world)
{
    for (uint32_t i = 0; i < world->plan.node_count; i++)
        if (sim_is_honest(world, i))
            sim_node_use_store(&world->nodes[i]);
}

void sim_world_init(struct sim_world *world, uint64_t seed, unsigned node_count,
                    enum sim_ground ground)
{
    *world = (struct sim_world){ .seed = seed, .random = { seed } };
    world->host = (struct sim_host){ world, sim_line_send, sim_line_drop, store_later, true };
    test_random_fill(&world->random, world->press.root.bytes, sizeof(world->press.root.bytes));
    sim_plan_make(world, node_count, ground);
    for (uint32_t i = 0; i < world->plan.node_count; i++)
        sim_node_init(&world->nodes[i], &world->host, &world->press, &world->random);
    sim_plan_cast(world);
    if (ground == SIM_IN_STORES)
        use_stores(world);
    sim_topology_make(world);
    for (uint32_t i = 0; i < world->plan.node_count; i++)
        sim_world_start(world, i);
    if (world->plan.preloaded)
        sim_registry_preload(world);
    sim_registry_plan(world);
    for (uint32_t i = 0; i < world->link_count; i++)
        sim_world_dial(world, i, sim_below(world, SIM_REDIAL_MS));
    sim_apart_plan(world);
    plan_attacks(world);
    plan_times(world, SIM_WRITE, world->plan.write_count);
    plan_times(world, SIM_FAULT, FAULTS);
    sim_courier_plan(world);
}

void sim_world_free(struct sim_world *world)
{
    for (uint32_t i = 0; i < world->plan.node_count; i++) {
        sim_node_free(&world->nodes[i]);
        ayni_buffer_free(&world->said[i]);
        sim_mark_free(&world->marks[i]);
    }
    for (unsigned i = 0; i < world->plan.space_count; i++)
        free(world->spaces[i].members);
    ayni_buffer_free(&world->bundle);
    sim_queue_free(&world->queue);
    sim_press_free(&world->press);
}

static void handle_timer(struct sim_world *world, uint32_t node)
{
    world->timer_at[node] = UINT64_MAX;
    if (world->nodes[node].sync == NULL)
        return;
    world->nodes[node].now = world->now;
    if (ayni_sync_deadline(world->nodes[node].sync).ms <= world->now) {
        sim_node_time(&world->nodes[node]);
        assert(ayni_sync_deadline(world->nodes[node].sync).ms > world->now); /* no idle turning */
    }
    sim_world_settle(world, node);
}

static void handle_stored(struct sim_world *world, const struct sim_event *event)
{
    if (world->life[event->node] != event->epoch)
        return;
    world->nodes[event->node].now = world->now;
    sim_node_stored(&world->nodes[event->node], event->store);
    sim_world_settle(world, event->node);
}

static void handle_attack(struct sim_world *world, const struct sim_event *event)
{
    struct sim_event again = *event;

    sim_attack(world, event->node);
    again.at = world->now + 1 + sim_below(world, 2 * world->plan.trouble_ms / ATTACKS);
    sim_queue_put(&world->queue, &again);
}

static void handle(struct sim_world *world, struct sim_event *event)
{
    switch (event->type) {
    case SIM_DELIVER:
        sim_line_deliver(world, event);
        break;
    case SIM_STORED:
        handle_stored(world, event);
        break;
    case SIM_TIMER:
        handle_timer(world, event->node);
        break;
    case SIM_DIAL:
        sim_line_dialled(world, event);
        break;
    case SIM_CUT:
        if (world->links[event->link].epoch == event->epoch)
            sim_line_close(world, event->link, PENALTY_MS);
        break;
    case SIM_START:
        sim_world_start(world, event->node);
        break;
    case SIM_WRITE:
        sim_trouble_write(world);
        break;
    case SIM_FAULT:
        sim_trouble_fault(world);
        break;
    case SIM_GRANT:
        sim_registry_grant(world, event->node, event->store);
        break;
    case SIM_REVOKE:
        sim_registry_revoke(world, event->node);
        break;
    case SIM_VISIT:
        sim_apart_visit(world, event->node, event->store);
        break;
    case SIM_ROOM:
        world->nodes[event->node].full = false;
        break;
    case SIM_COURIER:
        sim_courier_go(world);
        break;
    case SIM_ATTACK:
        handle_attack(world, event);
        break;
    }
}

bool sim_world_step(struct sim_world *world, uint64_t end)
{
    struct sim_event event;

    if (sim_queue_next_at(&world->queue) > end) {
        world->now = end;
        return false;
    }
    (void)sim_queue_take(&world->queue, &event);
    world->now = event.at;
    handle(world, &event);
    return true;
}

/* Whoever runs it says that nobody is to be heard: there is nobody. */
static void leave_alone(struct sim_world *world, uint32_t node)
{
    struct sim_node *n = &world->nodes[node];

    for (uint32_t i = 0; i < world->link_count; i++) {
        const struct sim_link *link = &world->links[i];
        uint32_t other = link->a == node ? link->b : link->a;
        if ((link->a == node || link->b == node) && sim_counts(world, other))
            return;
    }
    n->now = world->now;
    sim_node_leave_alone(n);
    sim_world_settle(world, node);
}

void sim_world_heal(struct sim_world *world)
{
    world->healed = true;
    sim_apart_mend(world);
    sim_courier_plan(world);
    for (uint32_t i = 0; i < world->plan.node_count; i++) {
        world->nodes[i].full = false;
        if (world->nodes[i].hearing)
            leave_alone(world, i);
    }
}
