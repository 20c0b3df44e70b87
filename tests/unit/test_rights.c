#include <string.h>

#include "tests/support/registry_world.h"
#include "tests/support/suite.h"

/* Node 0 steers, 1 owns the spaces `open` and `secret`, 2 and 3 are members, 5 is nobody. */
static struct world world;
static struct ayni_registry *registry;
static struct ayni_space self, open_space, secret;

static void found(void)
{
    world_init(&world, 21);
    self = ayni_registry_space(&world.root);
    open_space = world_space_id(&world, 1, "open");
    secret = world_space_id(&world, 1, "secret");
    world_root_statement(&world, 0, 1, 0, NULL, 0);
    world_member(&world, 0, 0, "MIDIS");
    world_member(&world, 0, 1, "ALFA");
    world_member(&world, 0, 2, "BETA");
    world_member(&world, 0, 3, "GAMMA");
    world_space(&world, 1, "open", "personal", false);
    world_space(&world, 1, "secret", "sealed", false);
}

static void end(void)
{
    ayni_registry_free(registry);
    registry = NULL;
    world_done(&world);
}

static void rebuild(void)
{
    ayni_registry_free(registry);
    registry = world_build(&world);
}

static enum ayni_right right_of(unsigned node, const struct ayni_space *space)
{
    return ayni_registry_right(registry, &world.nodes[node].key, space);
}

static enum ayni_standing at(unsigned node, const struct ayni_space *space, uint64_t seq)
{
    return world_standing(&world, registry, node, space, seq);
}

static enum ayni_standing standing_of(const struct ayni_registry_item *item)
{
    return ayni_registry_item_standing(registry, item, NULL);
}

static struct ayni_record revocation_of(unsigned node)
{
    return world_node_record(&world, AYNI_TYPE_REVOCATION, node);
}

static void cut_at(unsigned by, const struct ayni_space *space, const struct ayni_record *ending,
                   unsigned node, uint64_t seq)
{
    struct ayni_cut_point point = world_point(&world, node, space, seq);
    world_cut(&world, by, space, ending, &point, seq == 0 ? 0 : 1);
}

/* --- spaces --- */

START_TEST(a_space_is_what_its_creators_first_version_says)
{
    world_write(&world, 1, AYNI_TYPE_SPACE, &world.items[5].version->record,
                (struct world_field[]){ { AYNI_FIELD_SPACE_NAME, world_text(&world, "opened") },
                                        { AYNI_FIELD_SPACE_CLASS, world_text(&world, "public") },
                                        { AYNI_FIELD_SPACE_CONFIDENTIAL, world_bool(&world, true) },
                                        { 0 } });
    rebuild();
    const struct ayni_space_info *info = ayni_registry_space_info(registry, &open_space);
    ck_assert_ptr_nonnull(info);
    ck_assert_int_eq(info->class, AYNI_CLASS_PERSONAL);
    ck_assert(!info->confidential);
    ck_assert(ayni_bytes_equal(info->name, ayni_bytes_of_text("opened"))); /* the name may change */
    ck_assert(ayni_id_equal(&info->owner, &world.nodes[1].key));
    ck_assert(ayni_registry_space_info(registry, &secret)->confidential); /* sealed always is */
}
END_TEST

START_TEST(a_space_whose_id_does_not_commit_to_its_creator_is_none)
{
    struct ayni_record record = { { 77 } };
    uint8_t random[16] = { 0 };
    struct ayni_space id;
    struct ayni_registry_item *item = world_write(
        &world, 2, AYNI_TYPE_SPACE, &record,
        (struct world_field[]){ { AYNI_FIELD_SPACE_CREATOR, world_id(&world, &world.nodes[2].key) },
                                { AYNI_FIELD_SPACE_RANDOM, world_bytes(&world, random, 16) },
                                { AYNI_FIELD_SPACE_CLASS, world_text(&world, "public") },
                                { 0 } });

    memcpy(id.bytes, record.bytes, sizeof(id.bytes));
    rebuild();
    ck_assert_ptr_null(ayni_registry_space_info(registry, &id));
    ck_assert_int_eq(standing_of(item), AYNI_STANDING_NO_RIGHT);
}
END_TEST

/* What an author asks before it writes: the version isn't one of those that the registry was built
 * from. */
START_TEST(a_member_may_make_a_space_that_is_not_there_yet)
{
    rebuild();
    struct ayni_registry_item *by_member = world_space(&world, 3, "fresh", "public", false);
    struct ayni_registry_item *by_stranger = world_space(&world, 5, "fresh", "public", false);
    struct ayni_registry_item *statement = world_root_statement(&world, 3, 2, 0, NULL, 0);

    ck_assert_int_eq(standing_of(by_member), AYNI_STANDING_VALID);
    ck_assert_int_eq(standing_of(by_stranger), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(standing_of(statement), AYNI_STANDING_VALID);
}
END_TEST

START_TEST(nobody_else_changes_a_space)
{
    struct world_field fields[] = { { AYNI_FIELD_SPACE_NAME, world_text(&world, "taken") }, { 0 } };
    struct ayni_registry_item *items[] = {
        world_write(&world, 0, AYNI_TYPE_SPACE, &world.items[5].version->record, fields),
        world_write(&world, 2, AYNI_TYPE_SPACE, &world.items[5].version->record, fields),
        world_transfer(&world, 0, &open_space, 0),
        world_transfer(&world, 2, &open_space, 2),
    };

    rebuild();
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(standing_of(items[i]), AYNI_STANDING_NO_RIGHT);
    const struct ayni_space_info *info = ayni_registry_space_info(registry, &open_space);
    ck_assert(ayni_bytes_equal(info->name, ayni_bytes_of_text("open")));
    ck_assert(ayni_id_equal(&info->owner, &world.nodes[1].key));
}
END_TEST

START_TEST(an_owner_gives_a_space_away_and_has_no_more_say)
{
    struct ayni_registry_item *before = world_grant(&world, 1, &open_space, 3, "reader");
    struct ayni_registry_item *gift = world_transfer(&world, 1, &open_space, 2);
    struct ayni_registry_item *after = world_grant(&world, 1, &open_space, 3, "writer");
    struct ayni_registry_item *back = world_transfer(&world, 1, &open_space, 1);
    struct ayni_registry_item *by_new = world_grant(&world, 2, &open_space, 0, "reader");

    rebuild();
    ck_assert_int_eq(standing_of(before), AYNI_STANDING_VALID);
    ck_assert_int_eq(standing_of(gift), AYNI_STANDING_VALID);
    ck_assert_int_eq(standing_of(after), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(standing_of(back), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(standing_of(by_new), AYNI_STANDING_VALID);
    ck_assert_int_eq(right_of(3, &open_space), AYNI_RIGHT_READER);
    ck_assert_int_eq(right_of(2, &open_space), AYNI_RIGHT_WRITER);
    ck_assert_int_eq(right_of(1, &open_space), AYNI_RIGHT_NONE);
    ck_assert_int_eq(at(1, &open_space, 4), AYNI_STANDING_MARKED);

    struct ayni_record transfer;
    memcpy(transfer.bytes, open_space.bytes, sizeof(transfer.bytes));
    cut_at(2, &open_space, &transfer, 1, 4);
    rebuild();
    ck_assert_int_eq(at(1, &open_space, 4), AYNI_STANDING_VALID);
    ck_assert_int_eq(at(1, &open_space, 5), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(the_registry_is_an_open_space_that_members_read)
{
    const struct ayni_space_info *found_space = NULL;

    rebuild();
    const struct ayni_space_info *info = ayni_registry_space_info(registry, &self);
    ck_assert_ptr_nonnull(info);
    ck_assert(!info->confidential && info->class == AYNI_CLASS_PUBLIC);
    ck_assert(ayni_registry_may_read(registry, &world.nodes[3].key, &self));
    ck_assert(!ayni_registry_may_read(registry, &world.nodes[5].key, &self));
    ck_assert_int_eq(
        ayni_registry_find_space(registry, ayni_bytes_of_text("registry"), &found_space), AYNI_OK);
    ck_assert_ptr_eq(found_space, info);
}
END_TEST

START_TEST(spaces_are_found_by_name_and_prefix)
{
    const struct ayni_space_info *one = NULL;
    struct ayni_record record;
    char text[AYNI_RECORD_TEXT_SIZE];

    memcpy(record.bytes, secret.bytes, sizeof(record.bytes));
    ayni_record_text(&record, text);
    rebuild();
    ck_assert_int_eq(ayni_registry_find_space(registry, ayni_bytes_of_text("secret"), &one),
                     AYNI_OK);
    ck_assert(ayni_id_equal(&one->id, &secret));
    for (size_t size = 0; size < sizeof(text); size++)
        ck_assert_int_eq(ayni_registry_find_space(
                             registry, (struct ayni_bytes){ (const uint8_t *)text, size }, &one),
                         size < 6 ? AYNI_E_NOT_FOUND : AYNI_OK);
    world_space(&world, 2, "secret", "public", false);
    world_space(&world, 2, "registry", "public", false);
    rebuild();
    ck_assert_int_eq(ayni_registry_find_space(registry, ayni_bytes_of_text("secret"), &one),
                     AYNI_E_USAGE);
    ck_assert_int_eq(ayni_registry_find_space(registry, ayni_bytes_of_text("registry"), &one),
                     AYNI_OK);
    ck_assert(ayni_id_equal(&one->id, &self));
}
END_TEST

/* --- grants --- */

START_TEST(who_may_grant)
{
    static const struct {
        unsigned by;
        bool secret;
        unsigned node;
        const char *right;
        enum ayni_standing standing;
    } cases[] = {
        { 1, false, 2, "writer", AYNI_STANDING_VALID },
        { 0, false, 2, "writer", AYNI_STANDING_VALID },
        { 2, false, 2, "writer", AYNI_STANDING_NO_RIGHT },
        { 5, false, 5, "writer", AYNI_STANDING_NO_RIGHT },
        { 0, false, 0, "writer", AYNI_STANDING_VALID },
        { 0, true, 0, "reader", AYNI_STANDING_NO_RIGHT }, /* steering not for itself */
        { 0, true, 2, "reader", AYNI_STANDING_VALID },
        { 1, true, 0, "reader", AYNI_STANDING_VALID },
        { 1, true, 2, "relay", AYNI_STANDING_VALID },
        { 1, false, 2, "relay", AYNI_STANDING_NO_RIGHT }, /* relays only where confidential */
        { 1, false, 2, "owner", AYNI_STANDING_NO_RIGHT },
        { 1, false, 2, "none", AYNI_STANDING_NO_RIGHT },
    };
    const struct ayni_space *space = cases[_i].secret ? &secret : &open_space;
    struct ayni_registry_item *item =
        world_grant(&world, cases[_i].by, space, cases[_i].node, cases[_i].right);
    enum ayni_right right;

    rebuild();
    ck_assert_int_eq(standing_of(item), cases[_i].standing);
    bool valid = cases[_i].standing == AYNI_STANDING_VALID;
    if (ayni_right_parse(ayni_bytes_of_text(cases[_i].right), &right) == AYNI_OK) {
        ck_assert_int_eq(right_of(cases[_i].node, space), valid ? right : AYNI_RIGHT_NONE);
        ck_assert_int_eq(ayni_registry_may_grant(registry, &world.nodes[cases[_i].by].key, space,
                                                 &world.nodes[cases[_i].node].key, right),
                         valid);
    }
}
END_TEST

START_TEST(a_relay_receives_and_neither_reads_nor_writes)
{
    world_grant(&world, 1, &secret, 2, "relay");
    rebuild();
    ck_assert(ayni_registry_may_receive(registry, &world.nodes[2].key, &secret));
    ck_assert(!ayni_registry_may_read(registry, &world.nodes[2].key, &secret));
    ck_assert_int_eq(at(2, &secret, 1), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(a_grant_to_a_stranger_waits_until_it_is_a_member)
{
    world_grant(&world, 1, &open_space, 5, "writer");
    rebuild();
    ck_assert_int_eq(right_of(5, &open_space), AYNI_RIGHT_NONE);
    ck_assert_int_eq(at(5, &open_space, 1), AYNI_STANDING_NO_RIGHT);
    world_member(&world, 0, 5, "EPSILON");
    rebuild();
    ck_assert_int_eq(at(5, &open_space, 1), AYNI_STANDING_VALID);
}
END_TEST

START_TEST(a_space_lists_who_receives_it)
{
    size_t count;

    world_grant(&world, 1, &open_space, 2, "writer");
    world_grant(&world, 1, &open_space, 2, "reader");
    world_grant(&world, 1, &open_space, 3, "reader");
    rebuild();
    const struct ayni_standing_pair *pairs =
        ayni_registry_space_members(registry, &open_space, &count);
    ck_assert_uint_eq(count, 3);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(pairs[i].right, ayni_id_equal(&pairs[i].node, &world.nodes[3].key)
                                             ? AYNI_RIGHT_READER
                                             : AYNI_RIGHT_WRITER);
    ayni_registry_grants(registry, &count);
    ck_assert_uint_eq(count, 3);
}
END_TEST

START_TEST(an_ungrant_ends_one_grant_and_another_still_holds)
{
    struct ayni_record first = world_grant(&world, 1, &open_space, 2, "writer")->version->record;

    world_ungrant(&world, 1, &first);
    rebuild();
    ck_assert_int_eq(right_of(2, &open_space), AYNI_RIGHT_NONE);
    ck_assert_int_eq(at(2, &open_space, 1), AYNI_STANDING_MARKED);
    world_grant(&world, 1, &open_space, 2, "writer");
    rebuild();
    ck_assert_int_eq(right_of(2, &open_space), AYNI_RIGHT_WRITER);
    ck_assert_int_eq(at(2, &open_space, 1000), AYNI_STANDING_VALID);
}
END_TEST

START_TEST(who_may_not_ungrant_ends_nothing)
{
    struct ayni_record grant = world_grant(&world, 1, &open_space, 2, "writer")->version->record;
    struct ayni_registry_item *by_other = world_ungrant(&world, 3, &grant);
    struct ayni_registry_item *by_itself = world_ungrant(&world, 2, &grant);

    rebuild();
    ck_assert_int_eq(standing_of(by_other), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(standing_of(by_itself), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(right_of(2, &open_space), AYNI_RIGHT_WRITER);
}
END_TEST

/* The owner of another space writes into the same grant record and ends its own part of it. */
START_TEST(a_grant_record_used_by_two_owners_is_two_grants)
{
    struct ayni_space other = world_space_id(&world, 3, "other");

    world_space(&world, 3, "other", "public", false);
    struct ayni_record record = world_grant(&world, 1, &open_space, 2, "writer")->version->record;
    world.now = 10;
    struct world_field fields[] = {
        { AYNI_FIELD_GRANT_SPACE, world_id(&world, &other) },
        { AYNI_FIELD_GRANT_NODE, world_id(&world, &world.nodes[2].key) },
        { AYNI_FIELD_GRANT_RIGHT, world_text(&world, "reader") },
        { 0 },
    };
    world.now = 5000;
    world_write(&world, 3, AYNI_TYPE_GRANT, &record, fields);
    world_ungrant(&world, 3, &record);
    rebuild();
    ck_assert_int_eq(right_of(2, &open_space), AYNI_RIGHT_WRITER);
    ck_assert_int_eq(right_of(2, &other), AYNI_RIGHT_NONE);
}
END_TEST

/* --- endings and cuts --- */

START_TEST(up_to_the_cut_it_counts_and_no_further)
{
    struct ayni_record grant = world_grant(&world, 1, &open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&world, 1, &grant)->version->record;

    cut_at(1, &open_space, &ungrant, 2, 7);
    rebuild();
    ck_assert_int_eq(at(2, &open_space, 7), AYNI_STANDING_VALID);
    ck_assert_int_eq(at(2, &open_space, 8), AYNI_STANDING_NO_RIGHT);
    struct ayni_feed_descriptor descriptor = { .node = world.nodes[2].key, .space = open_space };
    struct ayni_feed unlisted = world_feed(&world, 2, &open_space, 1);
    struct ayni_hash chain = { { 0 } };
    ck_assert_int_eq(
        ayni_registry_version_standing(registry, &descriptor, &unlisted, 1, &chain, NULL),
        AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(of_one_giver_the_newest_cut_holds_of_several_the_lowest)
{
    struct ayni_record grant = world_grant(&world, 1, &open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&world, 1, &grant)->version->record;

    cut_at(1, &open_space, &ungrant, 2, 3);
    cut_at(1, &open_space, &ungrant, 2, 9);
    rebuild();
    ck_assert_int_eq(at(2, &open_space, 9), AYNI_STANDING_VALID);
    cut_at(0, &open_space, &ungrant, 2, 5);
    rebuild();
    ck_assert_int_eq(at(2, &open_space, 5), AYNI_STANDING_VALID);
    ck_assert_int_eq(at(2, &open_space, 6), AYNI_STANDING_NO_RIGHT);
    cut_at(3, &open_space, &ungrant, 2, 0); /* neither owner nor steering */
    cut_at(2, &open_space, &ungrant, 2, 99);
    rebuild();
    ck_assert_int_eq(at(2, &open_space, 5), AYNI_STANDING_VALID);
    ck_assert_int_eq(at(2, &open_space, 6), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(a_cut_counts_in_its_own_space_alone)
{
    struct ayni_record grant = world_grant(&world, 1, &open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&world, 1, &grant)->version->record;

    cut_at(1, &secret, &ungrant, 2, 0);
    rebuild();
    ck_assert_int_eq(at(2, &open_space, 5), AYNI_STANDING_MARKED);
}
END_TEST

START_TEST(a_revocation_ends_all_and_later_grants_too)
{
    world_grant(&world, 1, &open_space, 2, "writer");
    world_grant(&world, 1, &secret, 2, "writer");
    world_revoke(&world, 0, 2);
    world_grant(&world, 1, &open_space, 2, "writer");
    rebuild();
    ck_assert_int_eq(right_of(2, &open_space), AYNI_RIGHT_NONE);
    ck_assert_int_eq(at(2, &open_space, 3), AYNI_STANDING_MARKED);
    struct ayni_record revocation = revocation_of(2);
    cut_at(1, &open_space, &revocation, 2, 3);
    rebuild();
    ck_assert_int_eq(at(2, &open_space, 3), AYNI_STANDING_VALID);
    ck_assert_int_eq(at(2, &open_space, 4), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(at(2, &secret, 4), AYNI_STANDING_MARKED);
}
END_TEST

/* Ungranted up to 5, then revoked with a cut at 3: the key was already lost. */
START_TEST(of_two_ends_of_one_grant_the_lower_cut_holds)
{
    struct ayni_record grant = world_grant(&world, 1, &open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&world, 1, &grant)->version->record;
    struct ayni_record revocation = revocation_of(2);

    world_revoke(&world, 0, 2);
    cut_at(1, &open_space, &ungrant, 2, 5);
    rebuild();
    ck_assert_int_eq(at(2, &open_space, 5), AYNI_STANDING_MARKED);
    ck_assert_int_eq(at(2, &open_space, 6), AYNI_STANDING_NO_RIGHT);
    cut_at(0, &open_space, &revocation, 2, 3);
    rebuild();
    ck_assert_int_eq(at(2, &open_space, 3), AYNI_STANDING_VALID);
    ck_assert_int_eq(at(2, &open_space, 4), AYNI_STANDING_NO_RIGHT);
}
END_TEST

/* Ended, granted again, ended again: what lies in either cut counts. */
START_TEST(of_two_grants_either_covers)
{
    struct ayni_record first = world_grant(&world, 1, &open_space, 2, "writer")->version->record;
    struct ayni_record second = world_grant(&world, 1, &open_space, 2, "writer")->version->record;
    struct ayni_record end_first = world_ungrant(&world, 1, &first)->version->record;
    struct ayni_record end_second = world_ungrant(&world, 1, &second)->version->record;

    cut_at(1, &open_space, &end_first, 2, 4);
    cut_at(1, &open_space, &end_second, 2, 8);
    rebuild();
    ck_assert_int_eq(at(2, &open_space, 8), AYNI_STANDING_VALID);
    ck_assert_int_eq(at(2, &open_space, 9), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(a_revoked_owner_says_nothing_of_its_own_end)
{
    struct ayni_record revocation = revocation_of(1);

    world_revoke(&world, 0, 1);
    cut_at(1, &open_space, &revocation, 1, 99);
    rebuild();
    ck_assert_int_eq(at(1, &open_space, 5), AYNI_STANDING_MARKED);
    cut_at(0, &open_space, &revocation, 1, 4);
    rebuild();
    ck_assert_int_eq(at(1, &open_space, 4), AYNI_STANDING_VALID);
    ck_assert_int_eq(at(1, &open_space, 5), AYNI_STANDING_NO_RIGHT);
}
END_TEST

/* Steering cuts the owner's lane 0 feed too, and with it the cuts that it gave afterwards. */
START_TEST(a_revoked_owners_later_cuts_do_not_count)
{
    struct ayni_record grant = world_grant(&world, 1, &open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&world, 0, &grant)->version->record;
    struct ayni_record revocation = revocation_of(1);

    cut_at(1, &open_space, &ungrant, 2, 0); /* spite */
    rebuild();
    ck_assert_int_eq(at(2, &open_space, 5), AYNI_STANDING_NO_RIGHT);
    world_revoke(&world, 0, 1);
    cut_at(0, &open_space, &revocation, 1, 4); /* lists lane 1 alone */
    rebuild();
    ck_assert_int_eq(at(2, &open_space, 5), AYNI_STANDING_MARKED);
}
END_TEST

START_TEST(endings_say_what_is_still_to_be_cut)
{
    struct ayni_record grant = world_grant(&world, 1, &open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&world, 1, &grant)->version->record;
    size_t count;

    world_grant(&world, 1, &open_space, 3, "reader");
    world_revoke(&world, 0, 3); /* only read: nothing but the registry is to be cut */
    rebuild();
    const struct ayni_ending *endings = ayni_registry_endings(registry, &count);
    ck_assert_uint_eq(count, 2);
    for (size_t i = 0; i < count; i++) {
        bool in_registry = ayni_id_equal(&endings[i].space, &self);
        struct ayni_record revocation = revocation_of(3);
        ck_assert(ayni_id_equal(&endings[i].record, in_registry ? &revocation : &ungrant));
        ck_assert(!endings[i].cut_by_owner && !endings[i].cut_by_steering);
    }
    cut_at(1, &open_space, &ungrant, 2, 5);
    cut_at(0, &open_space, &ungrant, 2, 5);
    rebuild();
    endings = ayni_registry_endings(registry, &count);
    size_t i = ayni_id_equal(&endings[0].space, &open_space) ? 0 : 1;
    ck_assert(endings[i].cut_by_owner && endings[i].cut_by_steering);
}
END_TEST

/* --- chains --- */

static enum ayni_chain_answer ask(void *context, const struct ayni_feed *feed, uint64_t seq,
                                  const struct ayni_hash *chain, uint64_t named_seq,
                                  const struct ayni_hash *named_chain)
{
    (void)feed;
    (void)seq;
    (void)chain;
    (void)named_seq;
    (void)named_chain;
    return *(const enum ayni_chain_answer *)context;
}

START_TEST(on_another_branch_than_the_cuts_nothing_counts)
{
    struct ayni_record grant = world_grant(&world, 1, &open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&world, 1, &grant)->version->record;
    struct ayni_feed_descriptor descriptor = { .node = world.nodes[2].key, .space = open_space };
    struct ayni_cut_point point = world_point(&world, 2, &open_space, 3);
    enum ayni_chain_answer answer = AYNI_CHAIN_NOT_HELD;
    struct ayni_chain_lookup chains = { ask, &answer };

    cut_at(1, &open_space, &ungrant, 2, 5);
    rebuild();
    ck_assert_int_eq(ayni_registry_version_standing(registry, &descriptor, &point.feed, 3,
                                                    &point.chain, &chains),
                     AYNI_STANDING_VALID);
    answer = AYNI_CHAIN_OFF;
    ck_assert_int_eq(ayni_registry_version_standing(registry, &descriptor, &point.feed, 3,
                                                    &point.chain, &chains),
                     AYNI_STANDING_NO_RIGHT);
    answer = AYNI_CHAIN_ON;
    ck_assert_int_eq(ayni_registry_version_standing(registry, &descriptor, &point.feed, 3,
                                                    &point.chain, &chains),
                     AYNI_STANDING_VALID);
}
END_TEST

/* --- what changed --- */

struct changes {
    size_t pairs;
    bool registry;
    struct ayni_standing_pair last;
};

static void note(void *context, const struct ayni_node *node, const struct ayni_space *space)
{
    struct changes *changes = context;

    if (node == NULL) {
        changes->registry = true;
        return;
    }
    changes->pairs++;
    changes->last = (struct ayni_standing_pair){ .space = *space, .node = *node };
}

START_TEST(only_what_stands_otherwise_is_visited)
{
    struct ayni_registry *old;
    struct changes changes = { 0 };
    struct ayni_hash before;

    world_grant(&world, 1, &open_space, 2, "writer");
    struct ayni_record grant = world.items[world.item_count - 1].version->record;
    rebuild();
    old = registry;
    registry = NULL;
    before = ayni_registry_fingerprint(old);
    world_steward(&world, 2, 2, "rosa", "editor");
    world_card(&world, 2, 2, 2, "beta");
    rebuild();
    struct ayni_hash same = ayni_registry_fingerprint(registry);
    ck_assert(ayni_id_equal(&before, &same));
    ayni_registry_changed(old, registry, note, &changes);
    ck_assert(changes.pairs == 0 && !changes.registry);

    world_ungrant(&world, 1, &grant);
    rebuild();
    struct ayni_hash after = ayni_registry_fingerprint(registry);
    ck_assert(!ayni_id_equal(&before, &after));
    ayni_registry_changed(old, registry, note, &changes);
    ck_assert_uint_eq(changes.pairs, 1);
    ck_assert(changes.registry);
    ck_assert(ayni_id_equal(&changes.last.node, &world.nodes[2].key));
    ck_assert(ayni_id_equal(&changes.last.space, &open_space));
    changes = (struct changes){ 0 };
    ayni_registry_changed(NULL, registry, note, &changes);
    ck_assert_uint_eq(changes.pairs, 3);
    ayni_registry_free(old);
}
END_TEST

static void add_case(Suite *suite, const char *name, const TTest *const *tests, size_t count)
{
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, found, end);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
}

#define ADD_CASE(suite, name, ...)                                                                 \
    do {                                                                                           \
        const TTest *const tests_[] = { __VA_ARGS__ };                                             \
        add_case(suite, name, tests_, sizeof(tests_) / sizeof(*tests_));                           \
    } while (0)

int main(void)
{
    Suite *suite = suite_create("rights");
    TCase *granting = tcase_create("who_may_grant");

    ADD_CASE(suite, "spaces", a_space_is_what_its_creators_first_version_says,
             a_space_whose_id_does_not_commit_to_its_creator_is_none,
             a_member_may_make_a_space_that_is_not_there_yet, nobody_else_changes_a_space,
             an_owner_gives_a_space_away_and_has_no_more_say,
             the_registry_is_an_open_space_that_members_read, spaces_are_found_by_name_and_prefix);
    ADD_CASE(suite, "grants", a_relay_receives_and_neither_reads_nor_writes,
             a_grant_to_a_stranger_waits_until_it_is_a_member, a_space_lists_who_receives_it,
             an_ungrant_ends_one_grant_and_another_still_holds, who_may_not_ungrant_ends_nothing,
             a_grant_record_used_by_two_owners_is_two_grants);
    ADD_CASE(suite, "cuts", up_to_the_cut_it_counts_and_no_further,
             of_one_giver_the_newest_cut_holds_of_several_the_lowest,
             a_cut_counts_in_its_own_space_alone, a_revocation_ends_all_and_later_grants_too,
             of_two_ends_of_one_grant_the_lower_cut_holds, of_two_grants_either_covers,
             a_revoked_owner_says_nothing_of_its_own_end, a_revoked_owners_later_cuts_do_not_count,
             endings_say_what_is_still_to_be_cut, on_another_branch_than_the_cuts_nothing_counts);
    ADD_CASE(suite, "changes", only_what_stands_otherwise_is_visited);
    tcase_add_checked_fixture(granting, found, end);
    tcase_add_loop_test(granting, who_may_grant, 0, 12);
    suite_add_tcase(suite, granting);

    return test_run(suite);
}
