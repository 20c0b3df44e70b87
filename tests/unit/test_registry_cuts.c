#include "proto/registry.h"

#include "tests/support/registry_fixture.h"
#include "tests/support/suite.h"

START_TEST(up_to_the_cut_it_counts_and_no_further)
{
    struct ayni_record grant =
        world_grant(&test_world, 1, &test_open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&test_world, 1, &grant)->version->record;

    test_cut_at(1, &test_open_space, &ungrant, 2, 7);
    test_registry_rebuild();
    ck_assert_int_eq(test_at(2, &test_open_space, 7), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_at(2, &test_open_space, 8), AYNI_STANDING_NO_RIGHT);
    struct ayni_feed_descriptor descriptor = { .node = test_world.nodes[2].key,
                                               .space = test_open_space };
    struct ayni_feed unlisted = world_feed(&test_world, 2, &test_open_space, 1);
    struct ayni_hash chain = { { 0 } };
    ck_assert_int_eq(
        ayni_registry_version_standing(test_registry, &descriptor, &unlisted, 1, &chain, NULL),
        AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(of_one_giver_the_newest_cut_holds_of_several_the_lowest)
{
    struct ayni_record grant =
        world_grant(&test_world, 1, &test_open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&test_world, 1, &grant)->version->record;

    test_cut_at(1, &test_open_space, &ungrant, 2, 3);
    test_cut_at(1, &test_open_space, &ungrant, 2, 9);
    test_registry_rebuild();
    ck_assert_int_eq(test_at(2, &test_open_space, 9), AYNI_STANDING_VALID);
    test_cut_at(0, &test_open_space, &ungrant, 2, 5);
    test_registry_rebuild();
    ck_assert_int_eq(test_at(2, &test_open_space, 5), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_at(2, &test_open_space, 6), AYNI_STANDING_NO_RIGHT);
    test_cut_at(3, &test_open_space, &ungrant, 2, 0); /* neither owner nor steering */
    test_cut_at(2, &test_open_space, &ungrant, 2, 99);
    test_registry_rebuild();
    ck_assert_int_eq(test_at(2, &test_open_space, 5), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_at(2, &test_open_space, 6), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(a_cut_counts_in_its_own_space_alone)
{
    struct ayni_record grant =
        world_grant(&test_world, 1, &test_open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&test_world, 1, &grant)->version->record;

    test_cut_at(1, &test_secret_space, &ungrant, 2, 0);
    test_registry_rebuild();
    ck_assert_int_eq(test_at(2, &test_open_space, 5), AYNI_STANDING_MARKED);
}
END_TEST

START_TEST(a_revocation_ends_all_and_later_grants_too)
{
    world_grant(&test_world, 1, &test_open_space, 2, "writer");
    world_grant(&test_world, 1, &test_secret_space, 2, "writer");
    world_revoke(&test_world, 0, 2);
    world_grant(&test_world, 1, &test_open_space, 2, "writer");
    test_registry_rebuild();
    ck_assert_int_eq(test_right_of(2, &test_open_space), AYNI_RIGHT_NONE);
    ck_assert_int_eq(test_at(2, &test_open_space, 3), AYNI_STANDING_MARKED);
    struct ayni_record revocation = test_revocation_of(2);
    test_cut_at(1, &test_open_space, &revocation, 2, 3);
    test_registry_rebuild();
    ck_assert_int_eq(test_at(2, &test_open_space, 3), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_at(2, &test_open_space, 4), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(test_at(2, &test_secret_space, 4), AYNI_STANDING_MARKED);
}
END_TEST

/* Ungranted up to 5, then revoked with a cut at 3: the key was already lost. */
START_TEST(of_two_ends_of_one_grant_the_lower_cut_holds)
{
    struct ayni_record grant =
        world_grant(&test_world, 1, &test_open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&test_world, 1, &grant)->version->record;
    struct ayni_record revocation = test_revocation_of(2);

    world_revoke(&test_world, 0, 2);
    test_cut_at(1, &test_open_space, &ungrant, 2, 5);
    test_registry_rebuild();
    ck_assert_int_eq(test_at(2, &test_open_space, 5), AYNI_STANDING_MARKED);
    ck_assert_int_eq(test_at(2, &test_open_space, 6), AYNI_STANDING_NO_RIGHT);
    test_cut_at(0, &test_open_space, &revocation, 2, 3);
    test_registry_rebuild();
    ck_assert_int_eq(test_at(2, &test_open_space, 3), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_at(2, &test_open_space, 4), AYNI_STANDING_NO_RIGHT);
}
END_TEST

/* Ended, granted again, ended again: what lies in either cut counts. */
START_TEST(of_two_grants_either_covers)
{
    struct ayni_record first =
        world_grant(&test_world, 1, &test_open_space, 2, "writer")->version->record;
    struct ayni_record second =
        world_grant(&test_world, 1, &test_open_space, 2, "writer")->version->record;
    struct ayni_record end_first = world_ungrant(&test_world, 1, &first)->version->record;
    struct ayni_record end_second = world_ungrant(&test_world, 1, &second)->version->record;

    test_cut_at(1, &test_open_space, &end_first, 2, 4);
    test_cut_at(1, &test_open_space, &end_second, 2, 8);
    test_registry_rebuild();
    ck_assert_int_eq(test_at(2, &test_open_space, 8), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_at(2, &test_open_space, 9), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(a_revoked_owner_says_nothing_of_its_own_end)
{
    struct ayni_record revocation = test_revocation_of(1);

    world_revoke(&test_world, 0, 1);
    test_cut_at(1, &test_open_space, &revocation, 1, 99);
    test_registry_rebuild();
    ck_assert_int_eq(test_at(1, &test_open_space, 5), AYNI_STANDING_MARKED);
    test_cut_at(0, &test_open_space, &revocation, 1, 4);
    test_registry_rebuild();
    ck_assert_int_eq(test_at(1, &test_open_space, 4), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_at(1, &test_open_space, 5), AYNI_STANDING_NO_RIGHT);
}
END_TEST

/* Steering cuts the owner's lane 0 feed too, and with it the cuts that it gave afterwards. */
START_TEST(a_revoked_owners_later_cuts_do_not_count)
{
    struct ayni_record grant =
        world_grant(&test_world, 1, &test_open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&test_world, 0, &grant)->version->record;
    struct ayni_record revocation = test_revocation_of(1);

    test_cut_at(1, &test_open_space, &ungrant, 2, 0); /* spite */
    test_registry_rebuild();
    ck_assert_int_eq(test_at(2, &test_open_space, 5), AYNI_STANDING_NO_RIGHT);
    world_revoke(&test_world, 0, 1);
    test_cut_at(0, &test_open_space, &revocation, 1, 4); /* lists lane 1 alone */
    test_registry_rebuild();
    ck_assert_int_eq(test_at(2, &test_open_space, 5), AYNI_STANDING_MARKED);
}
END_TEST

START_TEST(endings_say_what_is_still_to_be_cut)
{
    struct ayni_record grant =
        world_grant(&test_world, 1, &test_open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&test_world, 1, &grant)->version->record;
    size_t count;

    world_grant(&test_world, 1, &test_secret_space, 3, "relay");
    world_revoke(&test_world, 0, 3); /* only stored: nothing but the registry is to be cut */
    test_registry_rebuild();
    const struct ayni_ending *endings = ayni_registry_endings(test_registry, &count);
    ck_assert_uint_eq(count, 2);
    for (size_t i = 0; i < count; i++) {
        bool in_registry = ayni_id_equal(&endings[i].space, &test_registry_space);
        struct ayni_record revocation = test_revocation_of(3);
        ck_assert(ayni_id_equal(&endings[i].record, in_registry ? &revocation : &ungrant));
        ck_assert(!endings[i].cut_by_owner && !endings[i].cut_by_steering);
    }
    test_cut_at(1, &test_open_space, &ungrant, 2, 5);
    test_cut_at(0, &test_open_space, &ungrant, 2, 5);
    test_registry_rebuild();
    endings = ayni_registry_endings(test_registry, &count);
    size_t i = ayni_id_equal(&endings[0].space, &test_open_space) ? 0 : 1;
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
    struct ayni_record grant =
        world_grant(&test_world, 1, &test_open_space, 2, "writer")->version->record;
    struct ayni_record ungrant = world_ungrant(&test_world, 1, &grant)->version->record;
    struct ayni_feed_descriptor descriptor = { .node = test_world.nodes[2].key,
                                               .space = test_open_space };
    struct ayni_cut_point point = world_point(&test_world, 2, &test_open_space, 3);
    enum ayni_chain_answer answer = AYNI_CHAIN_NOT_HELD;
    struct ayni_chain_lookup chains = { ask, &answer };

    test_cut_at(1, &test_open_space, &ungrant, 2, 5);
    test_registry_rebuild();
    ck_assert_int_eq(ayni_registry_version_standing(test_registry, &descriptor, &point.feed, 3,
                                                    &point.chain, &chains),
                     AYNI_STANDING_VALID);
    answer = AYNI_CHAIN_OFF;
    ck_assert_int_eq(ayni_registry_version_standing(test_registry, &descriptor, &point.feed, 3,
                                                    &point.chain, &chains),
                     AYNI_STANDING_NO_RIGHT);
    answer = AYNI_CHAIN_ON;
    ck_assert_int_eq(ayni_registry_version_standing(test_registry, &descriptor, &point.feed, 3,
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

    world_grant(&test_world, 1, &test_open_space, 2, "writer");
    struct ayni_record grant = test_world.items[test_world.item_count - 1].version->record;
    test_registry_rebuild();
    old = test_registry;
    test_registry = NULL;
    world_steward(&test_world, 2, 2, "rosa", "editor");
    world_card(&test_world, 2, 2, 2, "beta");
    test_registry_rebuild();
    ayni_registry_changed(old, test_registry, note, &changes);
    ck_assert(changes.pairs == 0 && !changes.registry);

    world_ungrant(&test_world, 1, &grant);
    test_registry_rebuild();
    ck_assert(ayni_registry_orders_changed(old, test_registry));
    ayni_registry_changed(old, test_registry, note, &changes);
    ck_assert_uint_eq(changes.pairs, 1);
    ck_assert(changes.registry);
    ck_assert(ayni_id_equal(&changes.last.node, &test_world.nodes[2].key));
    ck_assert(ayni_id_equal(&changes.last.space, &test_open_space));
    changes = (struct changes){ 0 };
    ayni_registry_changed(NULL, test_registry, note, &changes);
    ck_assert_uint_eq(changes.pairs, 3);
    ayni_registry_free(old);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("registry_cuts");

    TEST_CASE(suite, "cuts", test_registry_begin_spaces, test_registry_end,
              up_to_the_cut_it_counts_and_no_further,
              of_one_giver_the_newest_cut_holds_of_several_the_lowest,
              a_cut_counts_in_its_own_space_alone, a_revocation_ends_all_and_later_grants_too,
              of_two_ends_of_one_grant_the_lower_cut_holds, of_two_grants_either_covers,
              a_revoked_owner_says_nothing_of_its_own_end, a_revoked_owners_later_cuts_do_not_count,
              endings_say_what_is_still_to_be_cut, on_another_branch_than_the_cuts_nothing_counts);
    TEST_CASE(suite, "changes", test_registry_begin_spaces, test_registry_end,
              only_what_stands_otherwise_is_visited);

    return test_run(suite);
}
