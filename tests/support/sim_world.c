#include "tests/support/sim_world.h"

#include <assert.h>
#include <stdlib.h>

bool sim_is_honest(const struct sim_world *world, uint32_t node)
{
    return world->malice[node] == SIM_HONEST;
}

bool sim_is_member(const struct sim_space *space, const struct ayni_node *node)
{
    for (size_t i = 0; i < space->member_count; i++)
        if (ayni_id_equal(&space->members[i], node))
            return true;
    return false;
}

enum { PENALTY_MS = 30000, ATTACK_EVERY_MS = 400 };

uint32_t sim_index_of(const struct sim_world *world, const struct sim_node *node)
{
    return (uint32_t)(node - world->nodes);
}

/* --- nodes --- */

static uint64_t store_delay(void *context)
{
    struct sim_world *world = context;

    return sim_below(world, 20);
}

static void store_later(void *context, struct sim_node *node, uint64_t delay, uint64_t store,
                        enum ayni_status status)
{
    struct sim_world *world = context;
    uint32_t index = sim_index_of(world, node);

    sim_queue_put(&world->queue, &(struct sim_event){ .type = SIM_STORED,
                                                      .at = world->now + delay,
                                                      .node = index,
                                                      .epoch = world->life[index],
                                                      .store = store,
                                                      .status = status });
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
    const struct ayni_sync_counters *counters = ayni_sync_counters(world->nodes[node].sync);

    world->tally.stalls += counters->stalls;
    world->tally.ranges += counters->range_messages;
    world->tally.checks += counters->checks;
    world->tally.refills += counters->refills;
    world->stopped[node] = true;
    world->life[node]++;
    sim_node_stop(&world->nodes[node]);
    for (uint32_t i = 0; i < world->link_count; i++)
        if (world->links[i].a == node || world->links[i].b == node)
            sim_line_close(world, i, 1 + sim_below(world, SIM_REDIAL_MS));
}

static void grant_all(struct sim_world *world, uint32_t node)
{
    world->nodes[node].now = world->now;
    world->tally.grants++;
    for (unsigned i = 0; i < world->plan.space_count; i++)
        sim_node_tell_space(&world->nodes[node], &world->spaces[i].id, world->spaces[i].members,
                            world->spaces[i].member_count);
    sim_world_settle(world, node);
}

/* --- the world --- */

static void make_nodes(struct sim_world *world)
{
    unsigned count = world->plan.node_count;

    for (uint32_t i = 0; i < count; i++)
        sim_node_init(&world->nodes[i], &world->host, &world->press, &world->random);
    for (unsigned i = 0; i < world->plan.hostile_count; i++)
        world->malice[1 + sim_below(world, count - 1)] =
            (enum sim_malice)(SIM_GARBAGE + sim_below(world, SIM_CLONE - SIM_GARBAGE));
    if (world->plan.clones) {
        world->malice[count - 1] = world->malice[count - 2] = SIM_CLONE;
        world->nodes[count - 1].id = world->nodes[count - 2].id;
        world->nodes[count - 1].secret = world->nodes[count - 2].secret;
    }
    for (uint32_t i = 0; i < count; i++)
        world->nodes[i].hostile = !sim_is_honest(world, i);
}

void sim_world_init(struct sim_world *world, uint64_t seed, unsigned node_count)
{
    *world = (struct sim_world){ .seed = seed, .random = { seed } };
    world->host =
        (struct sim_host){ world, sim_line_send, sim_line_drop, store_delay, store_later };
    test_random_fill(&world->random, world->press.root.bytes, sizeof(world->press.root.bytes));
    sim_plan_make(world, node_count);
    make_nodes(world);
    sim_topology_make(world);
    for (uint32_t i = 0; i < node_count; i++) {
        sim_world_start(world, i);
        if (world->plan.late_grants && sim_below(world, 2) == 0)
            sim_queue_put(&world->queue,
                          &(struct sim_event){ .type = SIM_GRANT,
                                               .at = sim_below(world, world->plan.trouble_ms),
                                               .node = i });
        else
            grant_all(world, i);
        if (!sim_is_honest(world, i))
            sim_queue_put(
                &world->queue,
                &(struct sim_event){ .type = SIM_ATTACK, .at = ATTACK_EVERY_MS, .node = i });
    }
    for (uint32_t i = 0; i < world->link_count; i++)
        sim_world_dial(world, i, sim_below(world, SIM_REDIAL_MS));
    for (unsigned i = 0; i < world->plan.write_count; i++)
        sim_queue_put(&world->queue,
                      &(struct sim_event){ .type = SIM_WRITE,
                                           .at = sim_below(world, world->plan.trouble_ms) });
    for (unsigned i = 0; i < 40; i++)
        sim_queue_put(&world->queue,
                      &(struct sim_event){ .type = SIM_FAULT,
                                           .at = sim_below(world, world->plan.trouble_ms) });
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
    sim_node_stored(&world->nodes[event->node], event->store, event->status);
    sim_world_settle(world, event->node);
}

static void handle_attack(struct sim_world *world, const struct sim_event *event)
{
    struct sim_event again = *event;

    sim_attack(world, event->node);
    again.at = world->now + 1 + sim_below(world, 2 * ATTACK_EVERY_MS);
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
        grant_all(world, event->node);
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

void sim_world_heal(struct sim_world *world)
{
    for (uint32_t i = 0; i < world->link_count; i++)
        world->links[i].parted = false;
}
