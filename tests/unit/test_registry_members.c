#include "proto/registry.h"

#include <string.h>

#include "tests/support/registry_fixture.h"
#include "tests/support/suite.h"

START_TEST(a_member_has_card_organisation_and_role)
{
    test_registry_rebuild();
    const struct ayni_member *m = test_member(1);
    ck_assert_ptr_nonnull(m);
    ck_assert(ayni_bytes_equal(m->name, ayni_bytes_of_text("alfa")));
    ck_assert_uint_eq(m->card_serial, 1);
    ck_assert_uint_eq(m->endpoint_count, 1);
    ck_assert_int_eq(m->role, AYNI_ROLE_GOVERNMENT);
    ck_assert_ptr_nonnull(m->organisation);
    ck_assert(ayni_bytes_equal(m->organisation->code, ayni_bytes_of_text("ALFA")));
    ck_assert(ayni_bytes_equal(m->organisation->roles,
                               (struct ayni_bytes){ (const uint8_t *)"health", 7 }));
    ck_assert(m->admin);
    ck_assert_ptr_null(test_member(2)->organisation); /* BETA's record isn't here yet */
    ck_assert(test_member(2)->has_organisation);
    ck_assert_ptr_eq(
        ayni_registry_member_by_transport(test_registry, test_world.nodes[1].transport_key), m);
}
END_TEST

START_TEST(a_stranger_adds_nobody_and_is_nobody)
{
    struct ayni_registry_item *items[] = {
        world_member(&test_world, 5, 5, "ALFA"),
        world_member(&test_world, 5, 6, NULL),
        world_revoke(&test_world, 5, 1),
        world_card(&test_world, 5, 5, 3, "intruder"),
        world_space(&test_world, 5, "mine", "public", false),
        world_organisation(&test_world, 5, "EVIL", "midis"),
        world_name_admin(&test_world, 5, 5, true),
        world_steward(&test_world, 5, 1, "root", "admin"),
    };
    size_t count;

    test_registry_rebuild();
    for (size_t i = 0; i < sizeof(items) / sizeof(*items); i++)
        ck_assert_int_eq(test_standing_of(items[i]), AYNI_STANDING_NO_RIGHT);
    ayni_registry_members(test_registry, &count);
    ck_assert_uint_eq(count, 3);
    ayni_registry_spaces(test_registry, &count);
    ck_assert_uint_eq(count, 0);
    ck_assert(test_is_member(1));
}
END_TEST

START_TEST(an_ordinary_member_adds_and_revokes_nobody)
{
    world_member(&test_world, 0, 3, "ALFA"); /* the second node of ALFA: no admin */
    struct ayni_registry_item *adds = world_member(&test_world, 3, 4, "ALFA");
    struct ayni_registry_item *revokes = world_revoke(&test_world, 3, 1);

    test_registry_rebuild();
    ck_assert(!test_member(3)->admin);
    ck_assert_int_eq(test_standing_of(adds), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(test_standing_of(revokes), AYNI_STANDING_NO_RIGHT);
    ck_assert(test_is_member(1) && !test_is_member(4));
}
END_TEST

START_TEST(an_admin_node_adds_and_revokes_in_its_own_organisation)
{
    struct ayni_registry_item *adds = world_member(&test_world, 1, 3, "ALFA");
    struct ayni_registry_item *foreign = world_member(&test_world, 1, 4, "BETA");
    struct ayni_registry_item *poaches = world_member(&test_world, 1, 2, "ALFA");
    struct ayni_registry_item *hostile = world_revoke(&test_world, 1, 2);

    test_registry_rebuild();
    ck_assert_int_eq(test_standing_of(adds), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_standing_of(foreign), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(test_standing_of(poaches), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(test_standing_of(hostile), AYNI_STANDING_NO_RIGHT);
    ck_assert(test_is_member(3) && test_is_member(2) && !test_is_member(4));
    ck_assert(ayni_registry_may_admit(test_registry, &test_world.nodes[1].key,
                                      &test_world.nodes[5].key, &test_member(1)->organisation_id));
    ck_assert(!ayni_registry_may_admit(test_registry, &test_world.nodes[1].key,
                                       &test_world.nodes[5].key, &test_member(2)->organisation_id));
    ck_assert(!ayni_registry_may_admit(test_registry, &test_world.nodes[1].key,
                                       &test_world.nodes[2].key, &test_member(1)->organisation_id));
    world_revoke(&test_world, 1, 3);
    test_registry_rebuild();
    ck_assert(!test_is_member(3));
}
END_TEST

START_TEST(steering_names_another_admin_and_the_first_is_none_any_more)
{
    struct ayni_registry_item *before = world_member(&test_world, 1, 3, "ALFA");

    world_member(&test_world, 0, 4, "ALFA");
    world_name_admin(&test_world, 0, 4, true);
    test_registry_rebuild();
    ck_assert(!test_member(1)->admin && test_member(4)->admin);
    ck_assert_int_eq(test_standing_of(before), AYNI_STANDING_MARKED);

    /* A cut of its member record says up to where. */
    struct ayni_record ending = world_node_record(&test_world, AYNI_TYPE_MEMBER, 1);
    struct ayni_cut_point point = world_point(&test_world, 1, &test_registry_space, before->seq);
    world_cut(&test_world, 0, &test_registry_space, &ending, &point, 1);
    struct ayni_registry_item *after = world_member(&test_world, 1, 5, "ALFA");
    test_registry_rebuild();
    ck_assert_int_eq(test_standing_of(before), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_standing_of(after), AYNI_STANDING_NO_RIGHT);
    ck_assert(test_is_member(3) && !test_is_member(5));
}
END_TEST

START_TEST(nobody_but_steering_names_an_admin)
{
    world_member(&test_world, 1, 3, "ALFA");
    struct ayni_registry_item *item = world_name_admin(&test_world, 1, 3, true);

    test_registry_rebuild();
    ck_assert_int_eq(test_standing_of(item), AYNI_STANDING_NO_RIGHT);
    ck_assert(!test_member(3)->admin);
}
END_TEST

START_TEST(a_revoked_key_never_returns)
{
    world_revoke(&test_world, 0, 2);
    world_member(&test_world, 0, 2, "BETA");
    test_registry_rebuild();
    ck_assert(test_member(2)->revoked && !test_member(2)->admin);
    ck_assert_ptr_null(
        ayni_registry_member_by_transport(test_registry, test_world.nodes[2].transport_key));
    ck_assert(
        !ayni_registry_may_read(test_registry, &test_world.nodes[2].key, &test_registry_space));
}
END_TEST

START_TEST(who_steers_cannot_be_revoked)
{
    world_revoke(&test_world, 0, 0);
    world_revoke(&test_world, 1, 0);
    test_registry_rebuild();
    ck_assert(test_is_member(0));
}
END_TEST

START_TEST(what_a_revoked_admin_node_did_counts_up_to_steerings_cut)
{
    struct ayni_registry_item *before = world_member(&test_world, 1, 3, "ALFA");
    world_revoke(&test_world, 0, 1);
    struct ayni_registry_item *after = world_member(&test_world, 1, 4, "ALFA");

    test_registry_rebuild();
    ck_assert_int_eq(test_standing_of(after), AYNI_STANDING_MARKED);
    struct ayni_record ending = world_node_record(&test_world, AYNI_TYPE_REVOCATION, 1);
    struct ayni_cut_point point = world_point(&test_world, 1, &test_registry_space, before->seq);
    struct ayni_cut_point all = world_point(&test_world, 1, &test_registry_space, 99);
    world_cut(&test_world, 1, &test_registry_space, &ending, &all,
              1); /* its own word on itself is none */
    world_cut(&test_world, 2, &test_registry_space, &ending, NULL,
              0); /* nor is a stranger's to steering */
    world_cut(&test_world, 0, &test_registry_space, &ending, &point, 1);
    test_registry_rebuild();
    ck_assert_int_eq(test_standing_of(before), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_standing_of(after), AYNI_STANDING_NO_RIGHT);
    ck_assert(test_is_member(3) && !test_is_member(4));
}
END_TEST

START_TEST(admin_nodes_that_revoke_each_other_are_both_revoked)
{
    world_member(&test_world, 0, 3, "ALFA");
    world_name_admin(&test_world, 0, 1, true);
    world_name_admin(&test_world, 0, 3, true);
    world_revoke(&test_world, 1, 3);
    world_revoke(&test_world, 3, 1);
    test_registry_rebuild();
    ck_assert(test_member(1)->revoked && test_member(3)->revoked);
}
END_TEST

/* Two organisations claim a node that steering has said nothing of. */
START_TEST(steerings_word_on_an_organisation_ends_a_contest)
{
    world_member(&test_world, 2, 4, "BETA");
    world_member(&test_world, 1, 4, "ALFA");
    world_revoke(&test_world, 1, 4);
    test_registry_rebuild();
    ck_assert(test_member(4)->revoked);
    struct ayni_record beta = world_organisation_id(&test_world, "BETA");
    ck_assert(ayni_id_equal(&test_member(4)->organisation_id, &beta)); /* the first */
    world_member(&test_world, 0, 4, "BETA");
    test_registry_rebuild();
    ck_assert(test_is_member(4));
}
END_TEST

START_TEST(the_card_with_the_highest_serial_of_the_node_itself_holds)
{
    world_card(&test_world, 2, 2, 5, "beta-new");
    world_card(&test_world, 2, 2, 4, "beta-old");
    struct ayni_registry_item *forged = world_card(&test_world, 1, 2, 9, "taken");
    test_registry_rebuild();
    ck_assert(ayni_bytes_equal(test_member(2)->name, ayni_bytes_of_text("beta-new")));
    ck_assert_uint_eq(test_member(2)->card_serial, 5);
    ck_assert_int_eq(test_standing_of(forged), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(a_card_that_the_node_did_not_sign_is_none)
{
    struct ayni_record record = world_node_record(&test_world, AYNI_TYPE_CARD, 2);
    struct ayni_bytes card = world_card_bytes(&test_world, 2, 7, "beta-seven");
    uint8_t changed[1024];

    memcpy(changed, card.data, card.size);
    changed[card.size - 1] ^= 1;
    struct world_field fields[] = {
        { AYNI_FIELD_CARD_NODE, world_id(&test_world, &test_world.nodes[2].key) },
        { AYNI_FIELD_CARD_CARD, world_bytes(&test_world, changed, card.size) },
        { 0 },
    };
    world_write(&test_world, 2, AYNI_TYPE_CARD, &record, fields);
    test_registry_rebuild();
    ck_assert_uint_eq(test_member(2)->card_serial, 1);
}
END_TEST

START_TEST(a_transport_key_that_another_shows_stays_its_owners)
{
    memcpy(test_world.nodes[2].transport_key, test_world.nodes[1].transport_key, 32);
    test_world.now = 1;
    world_card(&test_world, 2, 2, 2, "thief");
    test_registry_rebuild();
    ck_assert_ptr_eq(
        ayni_registry_member_by_transport(test_registry, test_world.nodes[1].transport_key),
        test_member(1));
}
END_TEST

START_TEST(members_are_found_by_name_id_and_prefix)
{
    const struct ayni_member *found_one = NULL;
    char text[AYNI_NODE_TEXT_SIZE];

    test_registry_rebuild();
    ayni_node_text(&test_world.nodes[2].key, text);
    ck_assert_int_eq(
        ayni_registry_find_member(test_registry, ayni_bytes_of_text("beta"), &found_one), AYNI_OK);
    ck_assert_ptr_eq(found_one, test_member(2));
    for (size_t size = 0; size <= 52; size++)
        ck_assert_int_eq(
            ayni_registry_find_member(
                test_registry, (struct ayni_bytes){ (const uint8_t *)text, size }, &found_one),
            size < 6 ? AYNI_E_NOT_FOUND : AYNI_OK);
    ck_assert_ptr_eq(found_one, test_member(2));
    ck_assert_int_eq(
        ayni_registry_find_member(test_registry, ayni_bytes_of_text("nobody"), &found_one),
        AYNI_E_NOT_FOUND);
    world_card(&test_world, 1, 1, 2, "beta");
    test_registry_rebuild();
    ck_assert_int_eq(
        ayni_registry_find_member(test_registry, ayni_bytes_of_text("beta"), &found_one),
        AYNI_E_USAGE);
    world_revoke(&test_world, 0, 1);
    test_registry_rebuild();
    ck_assert_int_eq(
        ayni_registry_find_member(test_registry, ayni_bytes_of_text("beta"), &found_one), AYNI_OK);
    ck_assert_ptr_eq(found_one, test_member(2));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("registry_members");

    TEST_CASE(suite, "members", test_registry_begin_members, test_registry_end,
              a_stranger_adds_nobody_and_is_nobody, an_ordinary_member_adds_and_revokes_nobody,
              an_admin_node_adds_and_revokes_in_its_own_organisation,
              steering_names_another_admin_and_the_first_is_none_any_more,
              nobody_but_steering_names_an_admin, a_revoked_key_never_returns,
              who_steers_cannot_be_revoked,
              what_a_revoked_admin_node_did_counts_up_to_steerings_cut,
              admin_nodes_that_revoke_each_other_are_both_revoked,
              steerings_word_on_an_organisation_ends_a_contest);
    TEST_CASE(suite, "cards", test_registry_begin_members, test_registry_end,
              a_member_has_card_organisation_and_role,
              the_card_with_the_highest_serial_of_the_node_itself_holds,
              a_card_that_the_node_did_not_sign_is_none,
              a_transport_key_that_another_shows_stays_its_owners,
              members_are_found_by_name_id_and_prefix);

    return test_run(suite);
}
