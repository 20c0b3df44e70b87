#include "tests/support/sim_world.h"

#include <assert.h>
#include <stdlib.h>

#include "proto/limits.h"

enum { REDIAL_MS = 2000, PENALTY_MS = 30000, ATTACK_EVERY_MS = 400 };

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

static uint32_t index_of(const struct sim_world *world, const struct sim_node *node)
{
    return (uint32_t)(node - world->nodes);
}

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

/* --- what must always hold --- */

/* Of the peer that has just been heard; not each time, since it takes longer than hearing it. */
static void check_memory(struct sim_world *world, uint32_t node, uint32_t from)
{
    struct sim_node *n = &world->nodes[node];
    struct ayni_sync_peer_status status;

    if (n->sync == NULL || !sim_is_honest(world, node) || sim_below(world, 16) > 0 ||
        ayni_sync_get_peer(n->sync, &world->nodes[from].id, &status) != AYNI_OK)
        return;
    assert(status.memory <= AYNI_SYNC_PEER_MEMORY_MAX);
    if (status.memory > world->tally.memory_max)
        world->tally.memory_max = status.memory;
}

static void check_feed(const struct sim_world *world, const struct sim_node *from,
                       const struct ayni_node *to, const struct ayni_feed_prefix *feed)
{
    const struct ayni_space *space = sim_press_space(&world->press, feed);

    assert(space == NULL || sim_node_shares(from, space, to));
}

/* Nothing that an honest node says names a space or feed that the other must not know of. */
static void check_privacy(const struct sim_world *world, const struct sim_node *from,
                          const struct ayni_node *to, struct ayni_bytes bytes)
{
    struct ayni_message m;
    struct ayni_noted_head head;
    struct ayni_want want;
    size_t position = 0;

    if (ayni_message_decode(bytes, &m) != AYNI_OK)
        abort();
    if (m.type == AYNI_MESSAGE_NOTE)
        while (ayni_note_next(&m.note, &position, &head))
            check_feed(world, from, to, &head.feed);
    else if (m.type == AYNI_MESSAGE_WANT)
        while (ayni_wants_next(&m.wants, &position, &want))
            check_feed(world, from, to, &want.feed);
    else if (m.type == AYNI_MESSAGE_BATCH && m.batch.packed.size > 0)
        check_feed(world, from, to, &m.batch.feed);
    else if (m.type == AYNI_MESSAGE_FORK)
        check_feed(world, from, to, &m.forked.feed);
    else if (m.type == AYNI_MESSAGE_TRACE)
        check_feed(world, from, to, &m.trace.feed);
    else if (m.type == AYNI_MESSAGE_RANGES)
        assert(sim_node_shares(from, &m.ranges.space, to));
}

/* --- lines --- */

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
        world->tally.lost++;
        return;
    }
    if (sim_below(world, 1000) < world->plan.duplicates) {
        world->tally.duplicated++;
        copies = 2;
    }
    for (; copies > 0; copies--) {
        event.at = world->now + link->latency;
        if (sim_below(world, 1000) < world->plan.reordered) {
            world->tally.reordered++;
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

static void send_message(void *context, struct sim_node *from, const struct ayni_node *to,
                         struct ayni_bytes message)
{
    struct sim_world *world = context;
    uint32_t node = index_of(world, from);
    uint32_t link = link_to(world, node, to);
    SCOPED_BUFFER said = { 0 };

    world->tally.messages++;
    world->tally.bytes += message.size;
    assert(link != UINT32_MAX);
    if (sim_is_honest(world, node))
        check_privacy(world, from, to, message);
    ayni_buffer_append(&said, message.data, message.size);
    if (!sim_is_honest(world, node) && !sim_attack_twists(world, node, &said))
        return;
    sim_world_say(world, link, node, ayni_buffer_bytes(&said));
}

void sim_world_dial(struct sim_world *world, uint32_t link, uint64_t delay)
{
    sim_queue_put(&world->queue, &(struct sim_event){ .type = SIM_DIAL,
                                                      .at = world->now + delay,
                                                      .link = link,
                                                      .epoch = world->links[link].epoch });
}

static void close_link(struct sim_world *world, uint32_t index, uint64_t redial)
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
    sim_world_dial(world, index, redial);
}

void sim_world_cut(struct sim_world *world, uint32_t index)
{
    if (!world->links[index].up_a && !world->links[index].up_b)
        return;
    world->tally.cuts++;
    close_link(world, index, 1 + sim_below(world, REDIAL_MS));
}

static void drop_peer(void *context, struct sim_node *from, const struct ayni_node *to,
                      enum ayni_sync_drop reason)
{
    struct sim_world *world = context;
    uint32_t link = link_to(world, index_of(world, from), to);
    const struct sim_link *l = &world->links[link];
    uint32_t other = l->a == index_of(world, from) ? l->b : l->a;

    (void)reason;
    assert(!sim_is_honest(world, index_of(world, from)) || !sim_is_honest(world, other));
    world->tally.drops++;
    /* Not from inside the engine that says so. */
    sim_queue_put(
        &world->queue,
        &(struct sim_event){ .type = SIM_CUT, .at = world->now, .link = link, .epoch = l->epoch });
}

static void handle_dial(struct sim_world *world, const struct sim_event *event)
{
    struct sim_link *link = &world->links[event->link];

    if (link->epoch != event->epoch || link->up_a)
        return;
    if (link->parted || world->stopped[link->a] || world->stopped[link->b]) {
        sim_world_dial(world, event->link, 1 + sim_below(world, REDIAL_MS));
        return;
    }
    link->up_a = true;
    link->last_at[0] = link->last_at[1] = 0;
    world->nodes[link->a].now = world->now;
    sim_node_up(&world->nodes[link->a], &world->nodes[link->b].id, true, link->metered);
    sim_world_settle(world, link->a);
}

static void handle_delivery(struct sim_world *world, struct sim_event *event)
{
    struct sim_link *link = &world->links[event->link];
    uint32_t to = event->node;
    uint32_t from = link->a == to ? link->b : link->a;
    struct sim_node *node = &world->nodes[to];

    if (link->epoch == event->epoch && node->sync != NULL) {
        node->now = world->now;
        if (!*up_of(link, to))
            sim_node_up(node, &world->nodes[from].id, false, link->metered);
        *up_of(link, to) = true;
        sim_node_message(node, &world->nodes[from].id, ayni_buffer_bytes(&event->bytes));
        check_memory(world, to, from);
        sim_world_settle(world, to);
    }
    ayni_buffer_free(&event->bytes);
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
    uint32_t index = index_of(world, node);

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
    world->stopped[node] = true;
    world->life[node]++;
    sim_node_stop(&world->nodes[node]);
    for (uint32_t i = 0; i < world->link_count; i++)
        if (world->links[i].a == node || world->links[i].b == node)
            close_link(world, i, 1 + sim_below(world, REDIAL_MS));
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
    world->host = (struct sim_host){ world, send_message, drop_peer, store_delay, store_later };
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
        sim_world_dial(world, i, sim_below(world, REDIAL_MS));
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
        handle_delivery(world, event);
        break;
    case SIM_STORED:
        handle_stored(world, event);
        break;
    case SIM_TIMER:
        handle_timer(world, event->node);
        break;
    case SIM_DIAL:
        handle_dial(world, event);
        break;
    case SIM_CUT:
        if (world->links[event->link].epoch == event->epoch)
            close_link(world, event->link, PENALTY_MS);
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

/* --- the end --- */

static bool holds_same(const struct sim_feed *a, const struct sim_feed *b)
{
    if (a == NULL || b == NULL)
        return false;
    if (a->forked || b->forked)
        return a->forked == b->forked && a->fork.seq == b->fork.seq;
    return ayni_id_equal(&a->head.chain, &b->head.chain);
}

static bool holds_all_of(const struct sim_node *node, const struct sim_node *other,
                         const struct ayni_space *space)
{
    for (size_t i = 0; i < other->log.feed_count; i++) {
        const struct sim_feed *feed = other->log.feeds[i];
        bool empty = feed->head.seq == 0 && !feed->forked;
        if (ayni_id_equal(&feed->descriptor.space, space) && !empty &&
            !holds_same(feed, sim_log_find(&node->log, &feed->id)))
            return false;
    }
    return true;
}

static bool agree_on(const struct sim_world *world, const struct ayni_space *id,
                     const struct sim_space *space)
{
    const struct sim_node *first = NULL;

    for (uint32_t i = 0; i < world->plan.node_count; i++) {
        const struct sim_node *node = &world->nodes[i];
        if (!sim_is_honest(world, i) || (space != NULL && !sim_is_member(space, &node->id)))
            continue;
        if (first == NULL)
            first = node;
        else if (!holds_all_of(node, first, id) || !holds_all_of(first, node, id))
            return false;
    }
    return true;
}

bool sim_world_agrees(const struct sim_world *world)
{
    struct ayni_space registry = ayni_registry_space(&world->press.root);

    for (unsigned i = 0; i < world->plan.space_count; i++)
        if (!agree_on(world, &world->spaces[i].id, &world->spaces[i]))
            return false;
    return agree_on(world, &registry, NULL);
}

bool sim_world_says_so(const struct sim_world *world)
{
    struct ayni_sync_peer_status status;

    for (uint32_t i = 0; i < world->link_count; i++) {
        const struct sim_link *link = &world->links[i];
        if (!sim_is_honest(world, link->a) || !sim_is_honest(world, link->b))
            continue;
        if (ayni_sync_get_peer(world->nodes[link->a].sync, &world->nodes[link->b].id, &status) !=
                AYNI_OK ||
            !status.lag.in_sync)
            return false;
    }
    return true;
}

void sim_world_count(struct sim_world *world)
{
    for (uint32_t i = 0; i < world->plan.node_count; i++) {
        const struct sim_node *node = &world->nodes[i];
        if (!sim_is_honest(world, i))
            continue;
        world->tally.entries_sent += node->entries_sent;
        world->tally.entries_stored += node->entries_stored;
        world->tally.forks += node->forks;
        world->tally.refused += node->refused;
        if (node->sync == NULL)
            continue;
        world->tally.stalls += ayni_sync_counters(node->sync)->stalls;
        world->tally.ranges += ayni_sync_counters(node->sync)->range_messages;
        world->tally.checks += ayni_sync_counters(node->sync)->checks;
    }
}
