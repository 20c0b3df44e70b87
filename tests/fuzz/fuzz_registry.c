#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/registry_world.h"

/*
 * Any versions and cuts, well-formed or not, by anybody: a registry is built,
 * it answers, and the same set in the opposite order answers the same. The
 * input is a sequence of
 *
 *   what (even: version, odd: cut), node, space, seq, time, size (2), payload
 *
 * with a byte each. The keys are those of the tests' world of seed 1.
 */
enum { HEAD_SIZE = 7, THINGS_MAX = 64, SPACES = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    struct ayni_registry_item items[THINGS_MAX];
    struct ayni_version versions[THINGS_MAX];
    size_t item_count;
    struct ayni_registry_cut cuts[THINGS_MAX];
    struct ayni_cut decoded[THINGS_MAX];
    size_t cut_count;
};

static const struct world *the_world(void)
{
    static struct world world;

    if (world.now == 0)
        world_init(&world, 1);
    return &world;
}

static void take_version(struct input *input, const struct world *world, const uint8_t *head,
                         struct ayni_bytes payload)
{
    struct ayni_space registry = ayni_registry_space(&world->root);
    struct ayni_registry_item *item = &input->items[input->item_count];
    struct ayni_version *version = &input->versions[input->item_count];
    struct ayni_cut_point point = world_point(world, head[1] % WORLD_NODES, &registry, head[3]);

    if (ayni_version_decode(payload, version) != AYNI_OK)
        return;
    *item = (struct ayni_registry_item){ .feed = point.feed,
                                         .node = world->nodes[head[1] % WORLD_NODES].key,
                                         .seq = head[3],
                                         .chain = point.chain,
                                         .time = { head[4] },
                                         .version = version };
    item->chain.bytes[31] = (uint8_t)input->item_count; /* one entry is one version */
    input->item_count++;
}

static void take_cut(struct input *input, const struct world *world, const uint8_t *head,
                     struct ayni_bytes payload)
{
    struct ayni_space space = ayni_registry_space(&world->root);
    struct ayni_registry_cut *cut = &input->cuts[input->cut_count];
    struct ayni_cut *decoded = &input->decoded[input->cut_count];

    if (ayni_cut_decode(payload, decoded) != AYNI_OK)
        return;
    if (head[2] % SPACES != 0)
        memset(space.bytes, head[2], sizeof(space.bytes));
    *cut = (struct ayni_registry_cut){ .space = space,
                                       .node = world->nodes[head[1] % WORLD_NODES].key,
                                       .seq = head[3],
                                       .time = { head[4] },
                                       .cut = decoded };
    cut->chain.bytes[31] = (uint8_t)input->cut_count;
    input->cut_count++;
}

static void read_input(struct input *input, const struct world *world, const uint8_t *data,
                       size_t size)
{
    while (size >= HEAD_SIZE && input->item_count < THINGS_MAX && input->cut_count < THINGS_MAX) {
        size_t announced = ayni_get_u16(data + 5);
        size_t payload_size = announced < size - HEAD_SIZE ? announced : size - HEAD_SIZE;
        struct ayni_bytes payload = { data + HEAD_SIZE, payload_size };
        if (data[0] % 2 == 0)
            take_version(input, world, data, payload);
        else
            take_cut(input, world, data, payload);
        data += HEAD_SIZE + payload_size;
        size -= HEAD_SIZE + payload_size;
    }
}

static struct ayni_registry *build(const struct input *input, const struct world *world)
{
    struct ayni_registry *registry = NULL;

    if (ayni_registry_build(&world->root, input->items, input->item_count, input->cuts,
                            input->cut_count, NULL, &registry) != AYNI_OK)
        abort();
    return registry;
}

static void reverse(struct input *input)
{
    for (size_t i = 0, j = input->item_count; i + 1 < j; i++) {
        struct ayni_registry_item swap = input->items[--j];
        input->items[j] = input->items[i];
        input->items[i] = swap;
    }
    for (size_t i = 0, j = input->cut_count; i + 1 < j; i++) {
        struct ayni_registry_cut swap = input->cuts[--j];
        input->cuts[j] = input->cuts[i];
        input->cuts[i] = swap;
    }
}

static void ask(const struct input *input, const struct world *world,
                const struct ayni_registry *one, const struct ayni_registry *other)
{
    const struct ayni_member *member;
    const struct ayni_space_info *space;
    size_t count;

    assert(!ayni_registry_orders_changed(one, other));
    for (size_t i = 0; i < input->item_count; i++)
        assert(ayni_registry_item_standing(one, &input->items[i], NULL) ==
               ayni_registry_item_standing(other, &input->items[i], NULL));
    const struct ayni_space_info *spaces = ayni_registry_spaces(one, &count);
    for (size_t i = 0; i < count; i++)
        for (unsigned node = 0; node < WORLD_NODES; node++)
            assert(world_standing(world, one, node, &spaces[i].id, 3) ==
                   world_standing(world, other, node, &spaces[i].id, 3));
    const struct ayni_member *members = ayni_registry_members(one, &count);
    for (size_t i = 0; i < count; i++)
        if (members[i].has_card)
            assert(ayni_registry_find_member(one, members[i].name, &member) != AYNI_E_NOT_FOUND);
    if (ayni_registry_find_space(one, ayni_bytes_of_text("registry"), &space) != AYNI_OK)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct world *world = the_world();
    static struct input input;

    memset(&input, 0, sizeof(input));
    read_input(&input, world, data, size);
    struct ayni_registry *one = build(&input, world);
    reverse(&input);
    struct ayni_registry *other = build(&input, world);
    ask(&input, world, one, other);
    ayni_registry_free(one);
    ayni_registry_free(other);
    for (size_t i = 0; i < THINGS_MAX; i++) {
        ayni_version_free(&input.versions[i]);
        ayni_cut_free(&input.decoded[i]);
    }
    return 0;
}
