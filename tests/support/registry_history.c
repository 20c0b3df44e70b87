#include "tests/support/registry_history.h"

#include <string.h>

#include "tests/support/random.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/registry_oracle.h"

struct ayni_space registry_history_spaces[REGISTRY_HISTORY_SPACES + 1];

static struct test_random rnd;
static const char *const space_names[REGISTRY_HISTORY_SPACES] = { "open", "secret", "third" };
static const unsigned creators[REGISTRY_HISTORY_SPACES] = { 1, 1, 2 };

static unsigned below(unsigned count)
{
    return (unsigned)test_random_below(&rnd, count);
}

unsigned registry_history_below(unsigned count)
{
    return below(count);
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
        const struct ayni_registry_item *item =
            &test_world.items[below((unsigned)test_world.item_count)];
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
        return world_node_record(&test_world, AYNI_TYPE_MEMBER, any_node());
    case 1:
        memcpy(record.bytes, registry_history_spaces[below(REGISTRY_HISTORY_SPACES)].bytes,
               sizeof(record.bytes));
        return record;
    case 2:
        item = any_item(AYNI_TYPE_GRANT);
        if (item != NULL)
            return world_ungrant_id(&test_world, &item->version->record);
        /* fall through */
    default:
        return world_node_record(&test_world, AYNI_TYPE_REVOCATION, any_node());
    }
}

/* Up to where some feeds of some nodes count: of lane 1 in `space`, of lane 0 where cuts are given.
 */
static size_t any_points(const struct ayni_space *space, struct ayni_cut_point points[8])
{
    size_t count = below(6);

    for (size_t i = 0; i < count; i++) {
        unsigned node = any_node(), incarnation = below(2) * 16 + below(2);
        struct ayni_feed feed = world_feed(&test_world, node, space, incarnation);
        points[i] = world_point(&test_world, node, space, 1 + below(below(3) == 0 ? 100 : 8));
        points[i].feed = feed;
    }
    return count;
}

/* Of what somebody did, by who might: so that there is more than one cut of one ending. */
static void write_likely_cut(void)
{
    static const uint32_t types[] = { AYNI_TYPE_REVOCATION, AYNI_TYPE_UNGRANT, AYNI_TYPE_MEMBER };
    const struct ayni_registry_item *item = any_item(types[below(3)]);
    size_t where = below(REGISTRY_HISTORY_SPACES + 1);
    struct ayni_cut_point points[8];
    unsigned giver = below(2) == 0 || where == REGISTRY_HISTORY_SPACES ? 0 : creators[where];

    if (item == NULL)
        return;
    size_t count = any_points(&registry_history_spaces[where], points);
    for (size_t i = 0; i < count; i++)
        points[i].seq += 4;
    world_cut(&test_world, giver, &registry_history_spaces[where], &item->version->record, points,
              count);
}

/* Its giver thinks again. */
static void write_cut_again(void)
{
    const struct ayni_registry_cut *cut = &test_world.cuts[below((unsigned)test_world.cut_count)];
    struct ayni_cut_point points[8];
    unsigned giver = 0;

    while (!ayni_id_equal(&test_world.nodes[giver].key, &cut->node))
        giver++;
    size_t count = any_points(&cut->space, points);
    world_cut(&test_world, giver, &cut->space, &cut->cut->ending, points, count);
}

static void write_cut(void)
{
    struct ayni_cut_point points[8];
    const struct ayni_space *space = &registry_history_spaces[below(REGISTRY_HISTORY_SPACES + 1)];

    switch (below(4)) {
    case 0:
        break;
    case 1:
        if (test_world.cut_count > 0)
            write_cut_again();
        return;
    default:
        write_likely_cut();
        return;
    }
    struct ayni_record ending = any_ending();
    size_t count = any_points(space, points);
    world_cut(&test_world, any_node(), space, &ending, points, count);
}

static void write_statement(void)
{
    struct ayni_cut_point points[8];
    size_t count = any_points(&registry_history_spaces[REGISTRY_HISTORY_SPACES], points);

    /* A cut that leaves the founding standing, so that there is something to look at. */
    for (unsigned node = 0; node < 3; node++)
        points[count > 4 ? 4 : count++] = world_point(
            &test_world, node, &registry_history_spaces[REGISTRY_HISTORY_SPACES], 6 + below(40));
    bool has_cut = below(4) != 0;
    world_root_statement(&test_world, any_node(), 1 + below(4), below(3), has_cut ? points : NULL,
                         has_cut ? count : 0);
}

static void write_member(void)
{
    struct ayni_record organisation = world_organisation_id(&test_world, any_organisation());
    unsigned node = any_node();
    struct ayni_record record = world_node_record(&test_world, AYNI_TYPE_MEMBER, node);

    switch (below(4)) {
    case 0: /* the organisation alone, the node left out */
        world_write(
            &test_world, any_node(), AYNI_TYPE_MEMBER, &record,
            (struct world_field[]){
                { AYNI_FIELD_MEMBER_ORGANISATION,
                  below(6) == 0 ? world_null(&test_world) : world_id(&test_world, &organisation) },
                { 0 } });
        return;
    case 1: /* a key that isn't the record's */
        world_write(
            &test_world, any_node(), AYNI_TYPE_MEMBER, &record,
            (struct world_field[]){ { AYNI_FIELD_MEMBER_NODE,
                                      world_id(&test_world, &test_world.nodes[any_node()].key) },
                                    { AYNI_FIELD_MEMBER_ROLE, world_text(&test_world, "relay") },
                                    { 0 } });
        return;
    default:
        world_member(&test_world, any_node(), node, below(5) == 0 ? NULL : any_organisation());
    }
}

static void write_grant(void)
{
    static const char *const rights[] = { "writer", "writer", "reader", "relay", "nonsense" };
    const struct ayni_registry_item *other = any_item(AYNI_TYPE_GRANT);
    struct ayni_registry_item *item = world_grant(
        &test_world, any_node(), &registry_history_spaces[below(REGISTRY_HISTORY_SPACES)],
        any_node(), rights[below(5)]);

    if (other != NULL && below(5) == 0) { /* into a record that is there */
        struct ayni_version *version = (struct ayni_version *)(uintptr_t)item->version;
        version->record = other->version->record;
    }
}

static void write_space(void)
{
    unsigned which = below(REGISTRY_HISTORY_SPACES);
    const struct ayni_registry_item *item = any_item(AYNI_TYPE_SPACE);

    switch (below(4)) {
    case 0:
        world_space(&test_world, below(3) == 0 ? any_node() : creators[which], space_names[which],
                    which == 1 ? "sealed" : "public", below(3) == 0);
        return;
    case 1: /* more than the owner, by whom it may */
        if (item != NULL)
            world_write(&test_world, any_node(), AYNI_TYPE_SPACE, &item->version->record,
                        (struct world_field[]){
                            { AYNI_FIELD_SPACE_NAME, world_text(&test_world, "renamed") },
                            { AYNI_FIELD_SPACE_OWNER,
                              world_id(&test_world, &test_world.nodes[any_node()].key) },
                            { 0 } });
        return;
    default:
        world_transfer(&test_world, any_node(), &registry_history_spaces[which], any_node());
    }
}

static void write_catalogue(void)
{
    static const uint32_t types[] = { 9, 10, 11, 12, 14, 101, 699, 700, 704, 799, 800 };
    struct ayni_record record = { { (uint8_t)below(3) } };

    world_write(&test_world, any_node(), types[below(11)], &record,
                (struct world_field[]){ { 1, world_uint(&test_world, below(9)) }, { 0 } });
}

void registry_history_step(void)
{
    const struct ayni_registry_item *item;

    test_world.incarnation = below(5) == 0 ? 1 : 0;
    if (below(12) == 0)
        test_world.now = 900 + below(200); /* a clock that isn't right, or lies */
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
        world_name_admin(&test_world, any_node(), any_node(), below(3) != 0);
        break;
    case 5:
        if (below(2) == 0)
            world_revoke(&test_world, any_node(), any_node());
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
            world_ungrant(&test_world, any_node(), &item->version->record);
        break;
    case 10:
    case 11:
    case 12:
        write_cut();
        break;
    case 13:
        world_steward(&test_world, any_node(), any_node(), "rosa", "editor");
        break;
    case 14:
        world_card(&test_world, any_node(), any_node(), 1 + below(4), "other");
        break;
    default:
        write_catalogue();
    }
}

void registry_history_add_sight(void)
{
    for (int tries = 0; tries < 6; tries++) {
        struct ayni_registry_item *by = &test_world.items[below((unsigned)test_world.item_count)];
        const struct ayni_registry_item *what =
            &test_world.items[below((unsigned)test_world.item_count)];
        if (by != what && by->version->type == what->version->type &&
            ayni_id_equal(&by->version->record, &what->version->record) &&
            by->time.ms + 50 > what->time.ms &&
            !(ayni_id_equal(&by->feed, &what->feed) && by->seq < what->seq))
            world_sees(&test_world, by, what);
    }
}

void registry_history_tell(uint64_t seed, int steps)
{
    rnd = (struct test_random){ seed };
    world_init(&test_world, seed);
    for (size_t i = 0; i < REGISTRY_HISTORY_SPACES; i++)
        registry_history_spaces[i] = world_space_id(&test_world, creators[i], space_names[i]);
    registry_history_spaces[REGISTRY_HISTORY_SPACES] = ayni_registry_space(&test_world.root);
    world_root_statement(&test_world, 0, 1, 0, NULL, 0);
    world_member(&test_world, 0, 0, "MIDIS");
    world_member(&test_world, 0, 1, "ALFA");
    world_member(&test_world, 0, 2, "BETA");
    world_space(&test_world, 1, "open", "personal", false);
    world_space(&test_world, 1, "secret", "sealed", false);
    world_grant(&test_world, 1, &registry_history_spaces[0], 3, "writer");
    for (int i = 0; i < steps; i++)
        registry_history_step();
}
