#include <assert.h>
#include <stdlib.h>

#include "proto/limits.h"
#include "tests/support/sim_world.h"

/* --- what must always hold --- */

void sim_check_memory(struct sim_world *world, uint32_t node, uint32_t from)
{
    const struct sim_node *n = &world->nodes[node];

    if (n->sync == NULL || !sim_is_honest(world, node))
        return;
    size_t memory = ayni_sync_get_memory(n->sync, &world->nodes[from].id);
    assert(memory <= AYNI_SYNC_PEER_MEMORY_MAX);
    if (memory > world->tally.memory_max)
        world->tally.memory_max = memory;
}

static void check_feed(const struct sim_world *world, const struct sim_node *from,
                       const struct ayni_node *to, const struct ayni_feed_prefix *feed)
{
    const struct ayni_space *space = sim_press_space(&world->press, feed);

    assert(space == NULL || sim_node_shares(from, space, to));
}

void sim_check_privacy(const struct sim_world *world, const struct sim_node *from,
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

/* --- what must hold in the end --- */

bool sim_holds(const struct sim_node *node, const struct sim_feed *root)
{
    static struct sim_segment segments[SIM_SEGMENTS_MAX];
    size_t count = sim_segments(root, segments);

    for (size_t i = 0; i < count; i++) {
        struct sim_segment held;
        if (!segments[i].held)
            continue;
        struct ayni_hash chain = segments[i].head.chain;
        bool ended = segments[i].ended;
        if (!sim_segment_find(&node->log, &segments[i].id, &held) || held.ended != ended ||
            !ayni_id_equal(&held.head.chain, &chain))
            return false;
    }
    return true;
}

static bool holds_all_of(const struct sim_node *node, const struct sim_node *other,
                         const struct ayni_space *space)
{
    for (size_t i = 0; i < other->log.feed_count; i++) {
        const struct sim_feed *feed = other->log.feeds[i];
        if (ayni_id_equal(&feed->descriptor.space, space) && feed->parent == NULL &&
            !sim_holds(node, feed))
            return false;
    }
    return true;
}

/* What was erased never comes back. */
static bool holds_erased(const struct sim_log *log)
{
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run content;

    for (size_t i = 0; log->erased_count > 0 && i < log->feed_count; i++)
        for (size_t j = 0; j < log->feeds[i]->run_count; j++) {
            const struct sim_run *run = log->feeds[i]->runs[j];
            sim_run_read(run, room, &content);
            for (size_t k = 0; k < content.count; k++)
                if (content.entries[k].hollow == AYNI_HOLLOW_NONE &&
                    sim_log_is_erased(log, log->feeds[i], run->before.seq + 1 + k))
                    return true;
        }
    return false;
}

void sim_check_erased(const struct sim_world *world)
{
    for (uint32_t i = 0; i < world->plan.node_count; i++)
        assert(!sim_is_honest(world, i) || !holds_erased(&world->nodes[i].log));
}

bool sim_is_whole(const struct sim_world *world, const struct sim_node *node)
{
    for (size_t i = 0; node->log.lost > 0 && i < node->log.feed_count; i++) {
        const struct sim_feed *feed = node->log.feeds[i];
        for (uint32_t j = 0; j < world->plan.node_count; j++)
            if (sim_counts(world, j) &&
                ayni_id_equal(&world->nodes[j].id, &feed->descriptor.node) && feed->lost > 0)
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
        if (!sim_counts(world, i) || (space != NULL && !sim_is_member(space, &node->id)))
            continue;
        if (!sim_is_whole(world, node))
            return false;
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

bool sim_is_in_sync(const struct sim_world *world, const struct sim_link *link)
{
    const struct sim_node *node = &world->nodes[link->a];
    struct ayni_sync_peer_status status;

    /* A node that is down says nothing. */
    return node->sync != NULL &&
           ayni_sync_get_peer(node->sync, &world->nodes[link->b].id, &status) == AYNI_OK &&
           status.lag.in_sync;
}

bool sim_world_says_so(const struct sim_world *world)
{
    for (uint32_t i = 0; i < world->link_count; i++) {
        const struct sim_link *link = &world->links[i];
        if (sim_counts(world, link->a) && sim_counts(world, link->b) &&
            !sim_is_in_sync(world, link))
            return false;
    }
    return true;
}

void sim_world_check_stores(const struct sim_world *world)
{
    for (uint32_t i = 0; i < world->plan.node_count; i++)
        if (world->nodes[i].store != NULL && world->nodes[i].store->log != NULL)
            sim_store_check(world->nodes[i].store, &world->nodes[i].log);
}

void sim_rules_count_engine(struct sim_world *world, uint32_t node)
{
    const struct ayni_sync_counters *counters = ayni_sync_counters(world->nodes[node].sync);

    world->tally.of[SIM_COUNT_STALLS] += counters->stalls;
    world->tally.of[SIM_COUNT_RANGES] += counters->range_messages;
    world->tally.of[SIM_COUNT_CHECKS] += counters->checks;
    world->tally.of[SIM_COUNT_REFILLS] += counters->refills;
}

void sim_world_count(struct sim_world *world)
{
    uint64_t *of = world->tally.of;

    of[SIM_COUNT_VERIFIED] = world->press.verified;
    of[SIM_COUNT_REMEMBERED] = world->press.remembered;
    for (uint32_t i = 0; i < world->plan.node_count; i++) {
        const struct sim_node *node = &world->nodes[i];
        if (!sim_is_honest(world, i))
            continue;
        of[SIM_COUNT_ENTRIES_SENT] += node->entries_sent;
        of[SIM_COUNT_ENTRIES_STORED] += node->entries_stored;
        of[SIM_COUNT_RIDERS] += node->riders_sent;
        of[SIM_COUNT_FORKS] += node->forks;
        of[SIM_COUNT_BUNDLED_FORKS] += node->forks_carried;
        of[SIM_COUNT_REFUSED] += node->refused;
        of[SIM_COUNT_RIGHTS_UNKNOWN] += node->rights_unknown;
        of[SIM_COUNT_ERASED] += node->log.dropped;
        of[SIM_COUNT_FULL_DISKS] += node->disk_refused;
        of[SIM_COUNT_STORES_LOST] += node->stores_lost;
        if (node->sync != NULL)
            sim_rules_count_engine(world, i);
    }
}
