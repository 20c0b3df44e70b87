#include "proto/registry.h"

#include <string.h>

#include "tests/support/registry_history.h"
#include "tests/support/registry_oracle.h"
#include "tests/support/suite.h"

/*
 * The registry must say of each version what the oracle says, whatever the
 * order in which things came. The number of a failed test is its seed.
 */
enum { SEEDS = 200, STEPS = 80, SEQS = 6, ORDERS = 300 };

/* An answer that depends on the question alone, as if many feeds had branches. */
static enum ayni_chain_answer branches(void *context, const struct ayni_feed *feed, uint64_t seq,
                                       const struct ayni_hash *chain, uint64_t named_seq,
                                       const struct ayni_hash *named_chain)
{
    (void)context;
    (void)chain;
    unsigned mix =
        feed->bytes[0] + (unsigned)seq * 7u + (unsigned)named_seq + named_chain->bytes[0];
    return mix % 5 == 0 ? AYNI_CHAIN_OFF : mix % 2 == 0 ? AYNI_CHAIN_ON : AYNI_CHAIN_NOT_HELD;
}
static const struct ayni_chain_lookup with_branches = { branches, NULL };

static struct ayni_registry *build(const struct ayni_registry_item *items, size_t item_count,
                                   const struct ayni_registry_cut *cuts, size_t cut_count,
                                   const struct ayni_chain_lookup *chains)
{
    struct ayni_registry *registry = NULL;

    ck_assert_int_eq(ayni_registry_build(&test_world.root, items, item_count, cuts, cut_count,
                                         chains, &registry),
                     AYNI_OK);
    return registry;
}

static void compare_members(const struct ayni_registry *registry, const struct oracle *oracle)
{
    for (unsigned n = 0; n < WORLD_NODES; n++) {
        const struct ayni_member *member = ayni_registry_member(registry, &test_world.nodes[n].key);
        ck_assert_int_eq(member != NULL, oracle->known[n]);
        if (member == NULL)
            continue;
        int organisation = oracle->organisation[n];
        ck_assert_int_eq(member->revoked, oracle->revoked[n]);
        ck_assert_int_eq(member->steering, oracle->steering == (int)n);
        ck_assert_int_eq(member->has_organisation, organisation >= 0);
        if (organisation >= 0)
            ck_assert(
                ayni_id_equal(&member->organisation_id, &oracle->organisations[organisation]));
        ck_assert_int_eq(member->admin, organisation >= 0 && !oracle->revoked[n] &&
                                            oracle->administers[n][organisation]);
    }
}

static void compare_spaces(const struct ayni_registry *registry, const struct oracle *oracle)
{
    for (size_t s = 0; s < REGISTRY_HISTORY_SPACES; s++) {
        const struct ayni_space_info *info =
            ayni_registry_space_info(registry, &registry_history_spaces[s]);
        int owner = oracle_owner(oracle, &registry_history_spaces[s]);
        ck_assert_int_eq(info != NULL, owner >= 0);
        if (info != NULL)
            ck_assert(ayni_id_equal(&info->owner, &test_world.nodes[owner].key));
    }
}

static void compare_versions(const struct ayni_registry *registry, const struct oracle *oracle)
{
    for (size_t s = 0; s < REGISTRY_HISTORY_SPACES; s++)
        for (unsigned n = 0; n < WORLD_NODES; n++) {
            ck_assert_int_eq(ayni_registry_right(registry, &test_world.nodes[n].key,
                                                 &registry_history_spaces[s]),
                             oracle_right(oracle, n, &registry_history_spaces[s]));
            for (unsigned incarnation = 0; incarnation < 2; incarnation++)
                for (uint64_t seq = 1; seq <= SEQS; seq++) {
                    struct ayni_feed_descriptor descriptor = { .node = test_world.nodes[n].key,
                                                               .space =
                                                                   registry_history_spaces[s] };
                    struct ayni_feed feed =
                        world_feed(&test_world, n, &registry_history_spaces[s], incarnation);
                    struct ayni_hash chain = { { (uint8_t)seq } };
                    ck_assert_int_eq(ayni_registry_version_standing(registry, &descriptor, &feed,
                                                                    seq, &chain, oracle->chains),
                                     oracle_version_standing(oracle, n, &registry_history_spaces[s],
                                                             &feed, seq, &chain));
                }
        }
}

/* An entry of a node in lane 0 or 1 of a space, at some time. */
static struct ayni_registry_entry some_entry(size_t space)
{
    unsigned node = registry_history_below(WORLD_NODES);
    unsigned incarnation = registry_history_below(2) * 16 + registry_history_below(2);

    return (struct ayni_registry_entry){
        .space = registry_history_spaces[space],
        .feed = world_feed(&test_world, node, &registry_history_spaces[space], incarnation),
        .node = test_world.nodes[node].key,
        .seq = 1 + registry_history_below(SEQS),
        .chain = { { (uint8_t)registry_history_below(250) } },
        .time = { 900 + registry_history_below(300) },
    };
}

static void compare_orders(const struct ayni_registry *registry, const struct oracle *oracle)
{
    for (int i = 0; i < ORDERS; i++) {
        size_t space = registry_history_below(REGISTRY_HISTORY_SPACES + 1);
        struct ayni_registry_entry order = some_entry(space), version = some_entry(space);
        enum ayni_standing expected = oracle_order_standing(oracle, &order, &version);
        enum ayni_standing is =
            ayni_registry_order_standing(registry, &order, &version, oracle->chains);
        ck_assert_int_eq(is, expected);
        ck_assert_int_ge(ayni_registry_giver_standing(registry, &order, oracle->chains), is);
    }
}

static void compare(const struct ayni_registry *registry, const struct oracle *oracle)
{
    compare_members(registry, oracle);
    compare_spaces(registry, oracle);
    for (size_t i = 0; i < test_world.item_count; i++) {
        const struct ayni_registry_item *item = &test_world.items[i];
        enum ayni_standing expected = oracle_item_standing(oracle, item);
        ck_assert_msg(ayni_registry_item_standing(registry, item, oracle->chains) == expected,
                      "item %zu of type %u: the oracle says %d", i, item->version->type, expected);
    }
    compare_versions(registry, oracle);
    compare_orders(registry, oracle);
}

START_TEST(the_registry_says_what_the_oracle_says)
{
    const struct ayni_chain_lookup *chains = _i % 3 == 2 ? &with_branches : NULL;
    struct oracle oracle;

    registry_history_tell((uint64_t)_i, STEPS);
    if (chains == NULL)
        registry_history_add_sight();
    struct ayni_registry *registry = build(test_world.items, test_world.item_count, test_world.cuts,
                                           test_world.cut_count, chains);
    oracle_init(&oracle, &test_world, chains);
    compare(registry, &oracle);
    oracle_done(&oracle);
    ayni_registry_free(registry);
    world_done(&test_world);
}
END_TEST

static void shuffle(void *things, size_t count, size_t size)
{
    uint8_t *bytes = things, swap[256];

    ck_assert_uint_le(size, sizeof(swap));
    for (size_t i = count; i > 1; i--) {
        size_t j = registry_history_below((unsigned)i);
        memcpy(swap, bytes + j * size, size);
        memmove(bytes + j * size, bytes + (i - 1) * size, size);
        memcpy(bytes + (i - 1) * size, swap, size);
    }
}

/* Any order, and some of it twice. */
START_TEST(the_same_set_gives_the_same_registry)
{
    struct ayni_registry_item items[2 * WORLD_ITEMS_MAX];
    struct ayni_registry_cut cuts[2 * WORLD_CUTS_MAX];

    registry_history_tell((uint64_t)_i, STEPS);
    struct ayni_registry *first =
        build(test_world.items, test_world.item_count, test_world.cuts, test_world.cut_count, NULL);
    for (int round = 0; round < 3; round++) {
        size_t item_count = test_world.item_count, cut_count = test_world.cut_count;
        memcpy(items, test_world.items, item_count * sizeof(*items));
        memcpy(cuts, test_world.cuts, cut_count * sizeof(*cuts));
        for (size_t again = registry_history_below(20); again > 0; again--)
            items[item_count++] = items[registry_history_below((unsigned)test_world.item_count)];
        for (size_t again = cut_count > 0 ? registry_history_below(5) : 0; again > 0; again--)
            cuts[cut_count++] = cuts[registry_history_below((unsigned)test_world.cut_count)];
        shuffle(items, item_count, sizeof(*items));
        shuffle(cuts, cut_count, sizeof(*cuts));
        struct ayni_registry *again = build(items, item_count, cuts, cut_count, NULL);
        ck_assert(!ayni_registry_orders_changed(first, again));
        for (size_t i = 0; i < test_world.item_count; i++)
            ck_assert_int_eq(ayni_registry_item_standing(first, &test_world.items[i], NULL),
                             ayni_registry_item_standing(again, &test_world.items[i], NULL));
        ayni_registry_free(again);
    }
    ayni_registry_free(first);
    world_done(&test_world);
}
END_TEST

struct visited {
    bool registry;
    bool pairs[REGISTRY_HISTORY_SPACES][WORLD_NODES];
};

static void visit(void *context, const struct ayni_node *node, const struct ayni_space *space)
{
    struct visited *visited = context;

    if (node == NULL) {
        visited->registry = true;
        return;
    }
    for (size_t s = 0; s < REGISTRY_HISTORY_SPACES; s++)
        for (size_t n = 0; n < WORLD_NODES; n++)
            if (ayni_id_equal(&registry_history_spaces[s], space) &&
                ayni_id_equal(&test_world.nodes[n].key, node))
                visited->pairs[s][n] = true;
}

/* A late version may prove what a record is about: then that record is folded again for its sake.
 */
static bool has_new_version(const struct ayni_registry_item *item, size_t from)
{
    for (size_t i = from; i < test_world.item_count; i++)
        if (test_world.items[i].version->type == item->version->type &&
            ayni_id_equal(&test_world.items[i].version->record, &item->version->record))
            return true;
    return false;
}

static void check_visited(const struct ayni_registry *old, const struct ayni_registry *new,
                          const struct visited *visited)
{
    for (size_t s = 0; s < REGISTRY_HISTORY_SPACES; s++)
        for (unsigned n = 0; n < WORLD_NODES; n++)
            for (uint64_t seq = 1; seq <= SEQS && !visited->pairs[s][n]; seq++)
                ck_assert_int_eq(
                    world_standing(&test_world, old, n, &registry_history_spaces[s], seq),
                    world_standing(&test_world, new, n, &registry_history_spaces[s], seq));
}

/* The reach of orders changes only where that is told. */
static void check_orders(const struct ayni_registry *old, const struct ayni_registry *new)
{
    for (int i = 0; i < ORDERS && !ayni_registry_orders_changed(old, new); i++) {
        struct ayni_registry_entry order = some_entry(0), version = some_entry(0);
        ck_assert_int_eq(ayni_registry_order_standing(old, &order, &version, NULL),
                         ayni_registry_order_standing(new, &order, &version, NULL));
    }
}

/* What nobody is told of has not changed. */
START_TEST(whose_standing_changed_is_visited)
{
    registry_history_tell((uint64_t)_i, 10);
    for (int round = 0; round < 12; round++) {
        size_t from = test_world.item_count;
        struct visited visited = { 0 };
        struct ayni_registry *old = world_build(&test_world);
        for (int i = 0; i < 4; i++)
            registry_history_step();
        struct ayni_registry *new = world_build(&test_world);
        ayni_registry_changed(old, new, visit, &visited);
        check_visited(old, new, &visited);
        check_orders(old, new);
        for (size_t i = 0; i < from && !visited.registry; i++)
            if (!has_new_version(&test_world.items[i], from))
                ck_assert_int_eq(ayni_registry_item_standing(old, &test_world.items[i], NULL),
                                 ayni_registry_item_standing(new, &test_world.items[i], NULL));
        ayni_registry_free(old);
        ayni_registry_free(new);
    }
    world_done(&test_world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("registry_histories");
    TCase *tcase = tcase_create("histories");

    tcase_add_loop_test(tcase, the_registry_says_what_the_oracle_says, 0, SEEDS);
    tcase_add_loop_test(tcase, the_same_set_gives_the_same_registry, 0, SEEDS / 2);
    tcase_add_loop_test(tcase, whose_standing_changed_is_visited, 0, SEEDS / 2);
    suite_add_tcase(suite, tcase);

    return test_run(suite);
}
