/* People between two islands that no line connects: sticks are lost, broken, and put in twice. */
#include <assert.h>

#include "tests/support/sim_world.h"

enum { TRIPS = 30, ROUND_MS = 60000 };

static bool is_there(const struct sim_world *world, uint32_t node)
{
    const struct sim_node *n = &world->nodes[node];

    return sim_counts(world, node) && !world->stopped[node] && !n->hearing && !n->full;
}

/* A member of a space (NULL: of the registry) on that island; false: there is none. */
static bool find_member(struct sim_world *world, const struct sim_space *space, uint8_t island,
                        uint32_t *node)
{
    uint32_t count = world->plan.node_count;
    uint32_t first = (uint32_t)sim_below(world, count);

    for (uint32_t i = 0; i < count; i++) {
        *node = (first + i) % count;
        if (world->island[*node] == island && is_there(world, *node) &&
            (space == NULL || sim_is_member(space, &world->nodes[*node].id)))
            return true;
    }
    return false;
}

static uint64_t take(struct sim_world *world, uint32_t node, struct ayni_bytes volume)
{
    uint64_t entries = 0;

    world->nodes[node].now = world->now;
    if (sim_bundle_import(&world->nodes[node], volume, &entries) != AYNI_OK)
        assert(!"a bundle is taken in");
    sim_count(world, SIM_COUNT_BUNDLES);
    world->tally.of[SIM_COUNT_BUNDLED_ENTRIES] += entries;
    sim_world_settle(world, node);
    return entries;
}

/* Cut off, or with a bit that has flipped: nothing of it is taken. */
static void take_broken(struct sim_world *world, uint32_t node)
{
    uint64_t arrival = world->nodes[node].log.arrival, entries;
    struct ayni_buffer *bundle = &world->bundle;
    size_t at = (size_t)sim_below(world, bundle->size);

    if (sim_below(world, 2) == 0)
        bundle->size = at;
    else
        bundle->data[at] ^= (uint8_t)(1U << sim_below(world, 8));
    enum ayni_status status =
        sim_bundle_import(&world->nodes[node], ayni_buffer_bytes(bundle), &entries);
    assert(status != AYNI_OK && world->nodes[node].log.arrival == arrival);
    (void)status;
    sim_count(world, SIM_COUNT_BUNDLES_BROKEN);
}

static void arrive(struct sim_world *world)
{
    uint32_t node = world->bundle_for;
    struct ayni_bytes volume = ayni_buffer_bytes(&world->bundle);

    switch (sim_below(world, 8)) {
    case 0:
        sim_count(world, SIM_COUNT_BUNDLES_LOST);
        break;
    case 1:
        take_broken(world, node);
        break;
    case 2:
        take(world, node, volume);
        assert(take(world, node, volume) == 0);
        sim_count(world, SIM_COUNT_BUNDLES_TWICE);
        break;
    default:
        take(world, node, volume);
        break;
    }
    ayni_buffer_clear(&world->bundle);
}

static void leave(struct sim_world *world)
{
    uint8_t island = (uint8_t)sim_below(world, 2);
    uint32_t from, to;

    if (!find_member(world, NULL, island, &from) || !find_member(world, NULL, !island, &to))
        return;
    world->bundle_for = to;
    sim_bundle_export(&world->nodes[from], &world->nodes[to], &world->bundle);
}

/* Each space once, from one island to the other. */
static void carry_all(struct sim_world *world, uint8_t island)
{
    for (unsigned i = 0; i <= world->plan.space_count; i++) {
        const struct sim_space *space = i == 0 ? NULL : &world->spaces[i - 1];
        uint32_t from, to;
        SCOPED_BUFFER volume = { 0 };
        if (!find_member(world, space, island, &from) || !find_member(world, space, !island, &to))
            continue;
        sim_bundle_export(&world->nodes[from], &world->nodes[to], &volume);
        take(world, to, ayni_buffer_bytes(&volume));
    }
}

void sim_courier_go(struct sim_world *world)
{
    uint64_t trip = world->plan.trouble_ms / TRIPS;

    if (world->healed) {
        carry_all(world, 0);
        carry_all(world, 1);
    } else if (world->bundle.size == 0) {
        leave(world);
    } else if (is_there(world, world->bundle_for)) {
        arrive(world);
    }
    sim_queue_put(&world->queue,
                  &(struct sim_event){ .type = SIM_COURIER,
                                       .at = world->now + (world->healed ? ROUND_MS : trip) });
}

void sim_courier_plan(struct sim_world *world)
{
    if (world->plan.islands)
        sim_queue_put(&world->queue, &(struct sim_event){ .type = SIM_COURIER, .at = world->now });
}
