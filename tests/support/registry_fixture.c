#include "tests/support/registry_fixture.h"

struct world test_world;
struct ayni_registry *test_registry;
struct ayni_space test_registry_space;
struct ayni_space test_open_space, test_secret_space;

static void begin(uint64_t seed)
{
    world_init(&test_world, seed);
    test_registry_space = ayni_registry_space(&test_world.root);
    world_root_statement(&test_world, 0, 1, 0, NULL, 0);
}

void test_registry_begin_members(void)
{
    begin(7);
    world_organisation(&test_world, 0, "ALFA", "health");
    world_member(&test_world, 0, 0, "MIDIS");
    world_member(&test_world, 0, 1, "ALFA");
    world_member(&test_world, 0, 2, "BETA");
}

void test_registry_begin_spaces(void)
{
    begin(21);
    test_open_space = world_space_id(&test_world, 1, "open");
    test_secret_space = world_space_id(&test_world, 1, "secret");
    world_member(&test_world, 0, 0, "MIDIS");
    world_member(&test_world, 0, 1, "ALFA");
    world_member(&test_world, 0, 2, "BETA");
    world_member(&test_world, 0, 3, "GAMMA");
    world_space(&test_world, 1, "open", "personal", false);
    world_space(&test_world, 1, "secret", "sealed", false);
}

void test_registry_end(void)
{
    ayni_registry_free(test_registry);
    test_registry = NULL;
    world_done(&test_world);
}

void test_registry_rebuild(void)
{
    ayni_registry_free(test_registry);
    test_registry = world_build(&test_world);
}

const struct ayni_member *test_member(unsigned node)
{
    return ayni_registry_member(test_registry, &test_world.nodes[node].key);
}

bool test_is_member(unsigned node)
{
    return test_member(node) != NULL && !test_member(node)->revoked;
}

enum ayni_right test_right_of(unsigned node, const struct ayni_space *space)
{
    return ayni_registry_right(test_registry, &test_world.nodes[node].key, space);
}

enum ayni_standing test_at(unsigned node, const struct ayni_space *space, uint64_t seq)
{
    return world_standing(&test_world, test_registry, node, space, seq);
}

enum ayni_standing test_standing_of(const struct ayni_registry_item *item)
{
    return ayni_registry_item_standing(test_registry, item, NULL);
}

struct ayni_record test_revocation_of(unsigned node)
{
    return world_node_record(&test_world, AYNI_TYPE_REVOCATION, node);
}

void test_cut_at(unsigned by, const struct ayni_space *space, const struct ayni_record *ending,
                 unsigned node, uint64_t seq)
{
    struct ayni_cut_point point = world_point(&test_world, node, space, seq);
    world_cut(&test_world, by, space, ending, &point, seq == 0 ? 0 : 1);
}
