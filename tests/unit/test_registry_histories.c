#include <string.h>

#include "tests/support/random.h"
#include "tests/support/registry_oracle.h"
#include "tests/support/registry_world.h"
#include "tests/support/suite.h"

/*
 * Random histories, told by honest and hostile nodes alike: whoever may not
 * write a thing writes it too. The registry must say of each version what the
 * oracle says, whatever the order in which things came. The number of a failed
 * test is its seed.
 */
enum { SEEDS = 200, STEPS = 80, SPACES = 3, SEQS = 6 };

static struct world world;
static struct test_random rnd;
static struct ayni_space spaces[SPACES + 1]; /* the last is the registry */
static const char *const space_names[SPACES] = { "open", "secret", "third" };
static const unsigned creators[SPACES] = { 1, 1, 2 };

static unsigned below(unsigned count)
{
    return (unsigned)test_random_below(&rnd, count);
}

static unsigned any_node(void)
{
    /* Mostly who matters. */
    return below(4) == 0 ? below(WORLD_NODES) : below(4);
}

static const char *any_organisation(void)
{
    return oracle_organisations[below(ORACLE_ORGANISATIONS)];
}

static const struct ayni_registry_item *any_item(uint32_t type)
{
    for (int tries = 0; tries < 50; tries++) {
        const struct ayni_registry_item *item = &world.items[below((unsigned)world.item_count)];
        if (item->version->type == type)
            return item;
    }
    return NULL;
}

static struct ayni_record any_ending(void)
{
    const struct ayni_registry_item *item;
    struct ayni_record record;

    switch (below(4)) {
    case 0:
        return world_node_record(&world, AYNI_TYPE_MEMBER, any_node());
    case 1:
        memcpy(record.bytes, spaces[below(SPACES)].bytes, sizeof(record.bytes));
        return record;
    case 2:
        item = any_item(AYNI_TYPE_GRANT);
        if (item != NULL)
            return world_ungrant_id(&world, &item->version->record);
        /* fall through */
    default:
        return world_node_record(&world, AYNI_TYPE_REVOCATION, any_node());
    }
}

/* Up to where some feeds of some nodes count: of lane 1 in `space`, of lane 0 where cuts are given.
 */
static size_t any_points(const struct ayni_space *space, struct ayni_cut_point points[8])
{
    size_t count = below(6);

    for (size_t i = 0; i < count; i++) {
        unsigned node = any_node(), incarnation = below(2) * 16 + below(2);
        struct ayni_feed feed = world_feed(&world, node, space, incarnation);
        points[i] = world_point(&world, node, space, 1 + below(below(3) == 0 ? 100 : 8));
        points[i].feed = feed;
    }
    return count;
}

/* Of what somebody did, by who might: so that there is more than one cut of one ending. */
static void write_likely_cut(void)
{
    static const uint32_t types[] = { AYNI_TYPE_REVOCATION, AYNI_TYPE_UNGRANT, AYNI_TYPE_MEMBER };
    const struct ayni_registry_item *item = any_item(types[below(3)]);
    size_t where = below(SPACES + 1);
    struct ayni_cut_point points[8];
    unsigned giver = below(2) == 0 || where == SPACES ? 0 : creators[where];

    if (item == NULL)
        return;
    size_t count = any_points(&spaces[where], points);
    for (size_t i = 0; i < count; i++)
        points[i].seq += 4;
    world_cut(&world, giver, &spaces[where], &item->version->record, points, count);
}

/* Its giver thinks again. */
static void write_cut_again(void)
{
    const struct ayni_registry_cut *cut = &world.cuts[below((unsigned)world.cut_count)];
    struct ayni_cut_point points[8];
    unsigned giver = 0;

    while (!ayni_id_equal(&world.nodes[giver].key, &cut->node))
        giver++;
    size_t count = any_points(&cut->space, points);
    world_cut(&world, giver, &cut->space, &cut->cut->ending, points, count);
}

static void write_cut(void)
{
    struct ayni_cut_point points[8];
    const struct ayni_space *space = &spaces[below(SPACES + 1)];

    switch (below(4)) {
    case 0:
        break;
    case 1:
        if (world.cut_count > 0)
            write_cut_again();
        return;
    default:
        write_likely_cut();
        return;
    }
    struct ayni_record ending = any_ending();
    size_t count = any_points(space, points);
    world_cut(&world, any_node(), space, &ending, points, count);
}

static void write_statement(void)
{
    struct ayni_cut_point points[8];
    size_t count = any_points(&spaces[SPACES], points);

    /* A cut that leaves the founding standing, so that there is something to look at. */
    for (unsigned node = 0; node < 3; node++)
        points[count > 4 ? 4 : count++] = world_point(&world, node, &spaces[SPACES], 6 + below(40));
    bool has_cut = below(4) != 0;
    world_root_statement(&world, any_node(), 1 + below(4), below(3), has_cut ? points : NULL,
                         has_cut ? count : 0);
}

static void write_member(void)
{
    struct ayni_record organisation = world_organisation_id(&world, any_organisation());
    unsigned node = any_node();
    struct ayni_record record = world_node_record(&world, AYNI_TYPE_MEMBER, node);

    switch (below(4)) {
    case 0: /* the organisation alone, the node left out */
        world_write(&world, any_node(), AYNI_TYPE_MEMBER, &record,
                    (struct world_field[]){
                        { AYNI_FIELD_MEMBER_ORGANISATION,
                          below(6) == 0 ? world_null(&world) : world_id(&world, &organisation) },
                        { 0 } });
        return;
    case 1: /* a key that isn't the record's */
        world_write(&world, any_node(), AYNI_TYPE_MEMBER, &record,
                    (struct world_field[]){
                        { AYNI_FIELD_MEMBER_NODE, world_id(&world, &world.nodes[any_node()].key) },
                        { AYNI_FIELD_MEMBER_ROLE, world_text(&world, "relay") },
                        { 0 } });
        return;
    default:
        world_member(&world, any_node(), node, below(5) == 0 ? NULL : any_organisation());
    }
}

static void write_grant(void)
{
    static const char *const rights[] = { "writer", "writer", "reader", "relay", "nonsense" };
    const struct ayni_registry_item *other = any_item(AYNI_TYPE_GRANT);
    struct ayni_registry_item *item =
        world_grant(&world, any_node(), &spaces[below(SPACES)], any_node(), rights[below(5)]);

    if (other != NULL && below(5) == 0) { /* into a record that is there */
        struct ayni_version *version = (struct ayni_version *)(uintptr_t)item->version;
        version->record = other->version->record;
    }
}

static void write_space(void)
{
    unsigned which = below(SPACES);
    const struct ayni_registry_item *item = any_item(AYNI_TYPE_SPACE);

    switch (below(4)) {
    case 0:
        world_space(&world, below(3) == 0 ? any_node() : creators[which], space_names[which],
                    which == 1 ? "sealed" : "public", below(3) == 0);
        return;
    case 1: /* more than the owner, by whom it may */
        if (item != NULL)
            world_write(
                &world, any_node(), AYNI_TYPE_SPACE, &item->version->record,
                (struct world_field[]){
                    { AYNI_FIELD_SPACE_NAME, world_text(&world, "renamed") },
                    { AYNI_FIELD_SPACE_OWNER, world_id(&world, &world.nodes[any_node()].key) },
                    { 0 } });
        return;
    default:
        world_transfer(&world, any_node(), &spaces[which], any_node());
    }
}

static void write_catalogue(void)
{
    static const uint32_t types[] = { 9, 10, 11, 12, 14, 101, 699, 700, 704, 799, 800 };
    struct ayni_record record = { { (uint8_t)below(3) } };

    world_write(&world, any_node(), types[below(11)], &record,
                (struct world_field[]){ { 1, world_uint(&world, below(9)) }, { 0 } });
}

static void step(void)
{
    const struct ayni_registry_item *item;

    world.incarnation = below(5) == 0 ? 1 : 0;
    if (below(12) == 0)
        world.now = 900 + below(200); /* a clock that isn't right, or lies */
    switch (below(16)) {
    case 0:
        if (below(3) == 0)
            write_statement();
        break;
    case 1:
    case 2:
    case 3:
        write_member();
        break;
    case 4:
        world_name_admin(&world, any_node(), any_node(), below(3) != 0);
        break;
    case 5:
        if (below(2) == 0)
            world_revoke(&world, any_node(), any_node());
        break;
    case 6:
        write_space();
        break;
    case 7:
    case 8:
        write_grant();
        break;
    case 9:
        item = any_item(AYNI_TYPE_GRANT);
        if (item != NULL)
            world_ungrant(&world, any_node(), &item->version->record);
        break;
    case 10:
    case 11:
    case 12:
        write_cut();
        break;
    case 13:
        world_steward(&world, any_node(), any_node(), "rosa", "editor");
        break;
    case 14:
        world_card(&world, any_node(), any_node(), 1 + below(4), "other");
        break;
    default:
        write_catalogue();
    }
}

static void add_sight(void)
{
    for (int tries = 0; tries < 6; tries++) {
        struct ayni_registry_item *by = &world.items[below((unsigned)world.item_count)];
        const struct ayni_registry_item *what = &world.items[below((unsigned)world.item_count)];
        if (by != what && by->version->type == what->version->type &&
            ayni_id_equal(&by->version->record, &what->version->record) &&
            by->time.ms + 50 > what->time.ms &&
            !(ayni_id_equal(&by->feed, &what->feed) && by->seq < what->seq))
            world_sees(&world, by, what);
    }
}

static void tell(uint64_t seed, int steps)
{
    rnd = (struct test_random){ seed };
    world_init(&world, seed);
    for (size_t i = 0; i < SPACES; i++)
        spaces[i] = world_space_id(&world, creators[i], space_names[i]);
    spaces[SPACES] = ayni_registry_space(&world.root);
    world_root_statement(&world, 0, 1, 0, NULL, 0);
    world_member(&world, 0, 0, "MIDIS");
    world_member(&world, 0, 1, "ALFA");
    world_member(&world, 0, 2, "BETA");
    world_space(&world, 1, "open", "personal", false);
    world_space(&world, 1, "secret", "sealed", false);
    world_grant(&world, 1, &spaces[0], 3, "writer");
    for (int i = 0; i < steps; i++)
        step();
}

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

    ck_assert_int_eq(
        ayni_registry_build(&world.root, items, item_count, cuts, cut_count, chains, &registry),
        AYNI_OK);
    return registry;
}

static void compare_members(const struct ayni_registry *registry, const struct oracle *oracle)
{
    for (unsigned n = 0; n < WORLD_NODES; n++) {
        const struct ayni_member *member = ayni_registry_member(registry, &world.nodes[n].key);
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
    for (size_t s = 0; s < SPACES; s++) {
        const struct ayni_space_info *info = ayni_registry_space_info(registry, &spaces[s]);
        int owner = oracle_owner(oracle, &spaces[s]);
        ck_assert_int_eq(info != NULL, owner >= 0);
        if (info != NULL)
            ck_assert(ayni_id_equal(&info->owner, &world.nodes[owner].key));
    }
}

static void compare_versions(const struct ayni_registry *registry, const struct oracle *oracle)
{
    for (size_t s = 0; s < SPACES; s++)
        for (unsigned n = 0; n < WORLD_NODES; n++) {
            ck_assert_int_eq(ayni_registry_right(registry, &world.nodes[n].key, &spaces[s]),
                             oracle_right(oracle, n, &spaces[s]));
            for (unsigned incarnation = 0; incarnation < 2; incarnation++)
                for (uint64_t seq = 1; seq <= SEQS; seq++) {
                    struct ayni_feed_descriptor descriptor = { .node = world.nodes[n].key,
                                                               .space = spaces[s] };
                    struct ayni_feed feed = world_feed(&world, n, &spaces[s], incarnation);
                    struct ayni_hash chain = { { (uint8_t)seq } };
                    ck_assert_int_eq(
                        ayni_registry_version_standing(registry, &descriptor, &feed, seq, &chain,
                                                       oracle->chains),
                        oracle_version_standing(oracle, n, &spaces[s], &feed, seq, &chain));
                }
        }
}

static void compare(const struct ayni_registry *registry, const struct oracle *oracle)
{
    compare_members(registry, oracle);
    compare_spaces(registry, oracle);
    for (size_t i = 0; i < world.item_count; i++) {
        const struct ayni_registry_item *item = &world.items[i];
        enum ayni_standing expected = oracle_item_standing(oracle, item);
        ck_assert_msg(ayni_registry_item_standing(registry, item, oracle->chains) == expected,
                      "item %zu of type %u: the oracle says %d", i, item->version->type, expected);
    }
    compare_versions(registry, oracle);
}

START_TEST(the_registry_says_what_the_oracle_says)
{
    const struct ayni_chain_lookup *chains = _i % 3 == 2 ? &with_branches : NULL;
    struct oracle oracle;

    tell((uint64_t)_i, STEPS);
    if (chains == NULL)
        add_sight();
    struct ayni_registry *registry =
        build(world.items, world.item_count, world.cuts, world.cut_count, chains);
    oracle_init(&oracle, &world, chains);
    compare(registry, &oracle);
    oracle_done(&oracle);
    ayni_registry_free(registry);
    world_done(&world);
}
END_TEST

static void shuffle(void *things, size_t count, size_t size)
{
    uint8_t *bytes = things, swap[256];

    ck_assert_uint_le(size, sizeof(swap));
    for (size_t i = count; i > 1; i--) {
        size_t j = below((unsigned)i);
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

    tell((uint64_t)_i, STEPS);
    struct ayni_registry *first =
        build(world.items, world.item_count, world.cuts, world.cut_count, NULL);
    struct ayni_hash print = ayni_registry_fingerprint(first);
    for (int round = 0; round < 3; round++) {
        size_t item_count = world.item_count, cut_count = world.cut_count;
        memcpy(items, world.items, item_count * sizeof(*items));
        memcpy(cuts, world.cuts, cut_count * sizeof(*cuts));
        for (size_t again = below(20); again > 0; again--)
            items[item_count++] = items[below((unsigned)world.item_count)];
        for (size_t again = cut_count > 0 ? below(5) : 0; again > 0; again--)
            cuts[cut_count++] = cuts[below((unsigned)world.cut_count)];
        shuffle(items, item_count, sizeof(*items));
        shuffle(cuts, cut_count, sizeof(*cuts));
        struct ayni_registry *again = build(items, item_count, cuts, cut_count, NULL);
        struct ayni_hash same = ayni_registry_fingerprint(again);
        ck_assert(ayni_id_equal(&print, &same));
        for (size_t i = 0; i < world.item_count; i++)
            ck_assert_int_eq(ayni_registry_item_standing(first, &world.items[i], NULL),
                             ayni_registry_item_standing(again, &world.items[i], NULL));
        ayni_registry_free(again);
    }
    ayni_registry_free(first);
    world_done(&world);
}
END_TEST

struct visited {
    bool registry;
    bool pairs[SPACES][WORLD_NODES];
};

static void visit(void *context, const struct ayni_node *node, const struct ayni_space *space)
{
    struct visited *visited = context;

    if (node == NULL) {
        visited->registry = true;
        return;
    }
    for (size_t s = 0; s < SPACES; s++)
        for (size_t n = 0; n < WORLD_NODES; n++)
            if (ayni_id_equal(&spaces[s], space) && ayni_id_equal(&world.nodes[n].key, node))
                visited->pairs[s][n] = true;
}

/* A late version may prove what a record is about: then that record is folded again for its sake.
 */
static bool has_new_version(const struct ayni_registry_item *item, size_t from)
{
    for (size_t i = from; i < world.item_count; i++)
        if (world.items[i].version->type == item->version->type &&
            ayni_id_equal(&world.items[i].version->record, &item->version->record))
            return true;
    return false;
}

static void check_visited(const struct ayni_registry *old, const struct ayni_registry *new,
                          const struct visited *visited)
{
    for (size_t s = 0; s < SPACES; s++)
        for (unsigned n = 0; n < WORLD_NODES; n++)
            for (uint64_t seq = 1; seq <= SEQS && !visited->pairs[s][n]; seq++)
                ck_assert_int_eq(world_standing(&world, old, n, &spaces[s], seq),
                                 world_standing(&world, new, n, &spaces[s], seq));
}

/* What nobody is told of has not changed. */
START_TEST(whose_standing_changed_is_visited)
{
    tell((uint64_t)_i, 10);
    for (int round = 0; round < 12; round++) {
        size_t from = world.item_count;
        struct visited visited = { 0 };
        struct ayni_registry *old = world_build(&world);
        for (int i = 0; i < 4; i++)
            step();
        struct ayni_registry *new = world_build(&world);
        ayni_registry_changed(old, new, visit, &visited);
        check_visited(old, new, &visited);
        for (size_t i = 0; i < from && !visited.registry; i++)
            if (!has_new_version(&world.items[i], from))
                ck_assert_int_eq(ayni_registry_item_standing(old, &world.items[i], NULL),
                                 ayni_registry_item_standing(new, &world.items[i], NULL));
        ayni_registry_free(old);
        ayni_registry_free(new);
    }
    world_done(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("registry_histories");
    TCase *tcase = tcase_create("histories");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, the_registry_says_what_the_oracle_says, 0, SEEDS);
    tcase_add_loop_test(tcase, the_same_set_gives_the_same_registry, 0, SEEDS / 2);
    tcase_add_loop_test(tcase, whose_standing_changed_is_visited, 0, SEEDS / 2);
    suite_add_tcase(suite, tcase);

    return test_run(suite);
}
