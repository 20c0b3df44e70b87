#include "proto/registry.h"

#include <string.h>

#include "tests/support/registry_fixture.h"
#include "tests/support/suite.h"

/* Entries of each node's lane 0, a millisecond apart from a time on. */
static struct ayni_registry_entry entry(unsigned node, const struct ayni_space *space, uint64_t seq,
                                        uint64_t time)
{
    return (struct ayni_registry_entry){ .space = *space,
                                         .feed = world_feed(&test_world, node, space, 0),
                                         .node = test_world.nodes[node].key,
                                         .seq = seq,
                                         .chain = { { (uint8_t)seq } },
                                         .time = { time } };
}

static struct ayni_registry_entry now(unsigned node, const struct ayni_space *space)
{
    return entry(node, space, 5, test_world.now + 1000);
}

static enum ayni_standing reach(const struct ayni_registry_entry *order,
                                const struct ayni_registry_entry *version)
{
    return ayni_registry_order_standing(test_registry, order, version, NULL);
}

/* Of an order that `by` gives now to what `of` writes now. */
static enum ayni_standing reach_now(unsigned by, unsigned of)
{
    struct ayni_registry_entry order = now(by, &test_open_space);
    struct ayni_registry_entry version = now(of, &test_open_space);
    enum ayni_standing standing = reach(&order, &version);

    ck_assert_int_eq(ayni_registry_may_erase(test_registry, &test_world.nodes[by].key, &version),
                     standing == AYNI_STANDING_VALID);
    return standing;
}

/* Node 0 steers, 1 owns the space; 2 writes there and administers BETA, 3 GAMMA. */
static void begin(void)
{
    test_registry_begin_spaces();
    world_grant(&test_world, 1, &test_open_space, 2, "writer");
    world_grant(&test_world, 1, &test_open_space, 3, "writer");
    test_registry_rebuild();
}

START_TEST(a_node_erases_its_own_and_nobody_elses)
{
    ck_assert_int_eq(reach_now(2, 2), AYNI_STANDING_VALID);
    ck_assert_int_eq(reach_now(2, 3), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(reach_now(2, 1), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(the_owner_and_steering_erase_all)
{
    for (unsigned of = 0; of < 4; of++) {
        ck_assert_int_eq(reach_now(0, of), AYNI_STANDING_VALID);
        ck_assert_int_eq(reach_now(1, of), AYNI_STANDING_VALID);
    }
}
END_TEST

START_TEST(who_reads_erases_its_own_and_a_relay_or_a_stranger_nothing)
{
    world_grant(&test_world, 1, &test_secret_space, 2, "reader");
    world_grant(&test_world, 1, &test_secret_space, 3, "relay");
    test_registry_rebuild();
    struct ayni_registry_entry by_reader = now(2, &test_secret_space);
    struct ayni_registry_entry by_relay = now(3, &test_secret_space);
    struct ayni_registry_entry by_stranger = now(5, &test_secret_space);
    ck_assert_int_eq(reach(&by_reader, &by_reader), AYNI_STANDING_VALID);
    ck_assert_int_eq(reach(&by_relay, &by_relay), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(reach(&by_stranger, &by_stranger), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(ayni_registry_giver_standing(test_registry, &by_reader, NULL),
                     AYNI_STANDING_VALID);
    ck_assert_int_eq(ayni_registry_giver_standing(test_registry, &by_relay, NULL),
                     AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(nothing_is_erased_in_the_registry)
{
    struct ayni_registry_entry order = now(0, &test_registry_space);

    ck_assert_int_eq(reach(&order, &order), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(ayni_registry_giver_standing(test_registry, &order, NULL),
                     AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(an_admin_node_erases_what_was_written_for_its_organisation)
{
    world_member(&test_world, 0, 4, "BETA");
    uint64_t moved = test_world.now;
    world_member(&test_world, 0, 4, "GAMMA");
    world_grant(&test_world, 1, &test_open_space, 4, "writer");
    test_registry_rebuild();
    struct ayni_registry_entry by_beta = now(2, &test_open_space);
    struct ayni_registry_entry by_gamma = now(3, &test_open_space);
    struct ayni_registry_entry before = entry(4, &test_open_space, 1, moved - 1);
    struct ayni_registry_entry after = entry(4, &test_open_space, 2, moved + 50);
    struct ayni_registry_entry long_before = entry(4, &test_open_space, 3, 1);
    ck_assert_int_eq(reach(&by_beta, &before), AYNI_STANDING_VALID);
    ck_assert_int_eq(reach(&by_beta, &after), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(reach(&by_beta, &long_before), AYNI_STANDING_VALID);
    ck_assert_int_eq(reach(&by_gamma, &after), AYNI_STANDING_VALID);
    ck_assert_int_eq(reach(&by_gamma, &before), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(an_admin_node_without_a_right_in_the_space_erases_nothing_there)
{
    world_member(&test_world, 0, 4, "BETA");
    world_grant(&test_world, 1, &test_secret_space, 4, "writer");
    test_registry_rebuild();
    struct ayni_registry_entry order = now(2, &test_secret_space);
    struct ayni_registry_entry version = now(4, &test_secret_space);
    ck_assert_int_eq(reach(&order, &version), AYNI_STANDING_NO_RIGHT);
}
END_TEST

/* The owner's cut of the member's record says up to where. */
START_TEST(orders_of_a_former_admin_node_count_up_to_the_cut)
{
    struct ayni_record member = world_node_record(&test_world, AYNI_TYPE_MEMBER, 2);

    world_member(&test_world, 0, 4, "BETA");
    world_grant(&test_world, 1, &test_open_space, 4, "writer");
    world_name_admin(&test_world, 0, 2, false);
    test_registry_rebuild();
    ck_assert_int_eq(reach_now(2, 4), AYNI_STANDING_MARKED);
    test_cut_at(1, &test_open_space, &member, 2, 5);
    test_registry_rebuild();
    struct ayni_registry_entry within = entry(2, &test_open_space, 5, test_world.now);
    struct ayni_registry_entry later = entry(2, &test_open_space, 6, 1);
    struct ayni_registry_entry version = now(4, &test_open_space);
    ck_assert_int_eq(reach(&within, &version), AYNI_STANDING_VALID);
    ck_assert_int_eq(reach(&later, &version), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(reach(&later, &later), AYNI_STANDING_VALID); /* its own is another matter */
}
END_TEST

START_TEST(the_end_of_an_admin_node_is_to_be_cut_in_each_space_that_it_reads)
{
    struct ayni_record member = world_node_record(&test_world, AYNI_TYPE_MEMBER, 2);
    size_t count, found = 0;

    world_grant(&test_world, 1, &test_secret_space, 2, "reader");
    world_name_admin(&test_world, 0, 2, false);
    test_registry_rebuild();
    const struct ayni_ending *endings = ayni_registry_endings(test_registry, &count);
    for (size_t i = 0; i < count; i++)
        found += ayni_id_equal(&endings[i].record, &member);
    ck_assert_uint_eq(found, 3); /* the registry, and both spaces */
}
END_TEST

/* Whatever date it puts on its orders. */
START_TEST(a_former_owner_erases_up_to_the_cut_of_the_transfer)
{
    struct ayni_record transfer;

    memcpy(transfer.bytes, test_open_space.bytes, sizeof(transfer.bytes));
    world_transfer(&test_world, 1, &test_open_space, 2);
    test_registry_rebuild();
    ck_assert_int_eq(reach_now(1, 3), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(reach_now(2, 3), AYNI_STANDING_VALID);
    struct ayni_registry_entry dated = entry(1, &test_open_space, 5, 1);
    struct ayni_registry_entry later = entry(1, &test_open_space, 6, 1);
    struct ayni_registry_entry version = now(3, &test_open_space);
    ck_assert_int_eq(reach(&dated, &version), AYNI_STANDING_MARKED);
    test_cut_at(2, &test_open_space, &transfer, 1, 5);
    test_registry_rebuild();
    ck_assert_int_eq(reach(&dated, &version), AYNI_STANDING_VALID);
    ck_assert_int_eq(reach(&later, &version), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(a_revoked_node_erases_up_to_the_cut)
{
    struct ayni_record of_owner = test_revocation_of(1), of_writer = test_revocation_of(3);

    world_revoke(&test_world, 0, 1);
    world_revoke(&test_world, 0, 3);
    test_registry_rebuild();
    struct ayni_registry_entry order = now(1, &test_open_space), own = now(3, &test_open_space);
    ck_assert_int_eq(reach(&order, &own), AYNI_STANDING_MARKED);
    ck_assert_int_eq(reach(&own, &own), AYNI_STANDING_MARKED);
    test_cut_at(0, &test_open_space, &of_owner, 1, 4);
    test_cut_at(0, &test_open_space, &of_writer, 3, 4);
    test_registry_rebuild();
    ck_assert_int_eq(reach(&order, &own), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(reach(&own, &own), AYNI_STANDING_NO_RIGHT);
    struct ayni_registry_entry within = entry(1, &test_open_space, 4, test_world.now);
    struct ayni_registry_entry version = now(2, &test_open_space);
    ck_assert_int_eq(reach(&within, &version), AYNI_STANDING_VALID);
}
END_TEST

START_TEST(a_late_grant_makes_an_order_count)
{
    ck_assert_int_eq(reach_now(4, 4), AYNI_STANDING_NO_RIGHT);
    world_member(&test_world, 0, 4, NULL);
    world_grant(&test_world, 1, &test_open_space, 4, "writer");
    struct ayni_registry *before = test_registry;
    test_registry = NULL;
    test_registry_rebuild();
    ck_assert_int_eq(reach_now(4, 4), AYNI_STANDING_VALID);
    ck_assert(ayni_registry_orders_changed(before, test_registry));
    ayni_registry_free(before);
}
END_TEST

/* A cut of a former admin node changes nothing else than its orders. */
START_TEST(a_cut_of_orders_alone_is_told)
{
    struct ayni_record member = world_node_record(&test_world, AYNI_TYPE_MEMBER, 2);

    world_name_admin(&test_world, 0, 2, false);
    test_registry_rebuild();
    struct ayni_registry *before = test_registry;
    struct ayni_registry *same = world_build(&test_world);
    test_cut_at(1, &test_open_space, &member, 2, 5);
    test_registry = NULL;
    test_registry_rebuild();
    ck_assert(!ayni_registry_orders_changed(before, same));
    ck_assert(ayni_registry_orders_changed(before, test_registry));
    ayni_registry_free(before);
    ayni_registry_free(same);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("registry_orders");
    TCase *tcase = tcase_create("orders");

    tcase_add_checked_fixture(tcase, begin, test_registry_end);
    tcase_add_test(tcase, a_node_erases_its_own_and_nobody_elses);
    tcase_add_test(tcase, the_owner_and_steering_erase_all);
    tcase_add_test(tcase, who_reads_erases_its_own_and_a_relay_or_a_stranger_nothing);
    tcase_add_test(tcase, nothing_is_erased_in_the_registry);
    tcase_add_test(tcase, an_admin_node_erases_what_was_written_for_its_organisation);
    tcase_add_test(tcase, an_admin_node_without_a_right_in_the_space_erases_nothing_there);
    tcase_add_test(tcase, orders_of_a_former_admin_node_count_up_to_the_cut);
    tcase_add_test(tcase, the_end_of_an_admin_node_is_to_be_cut_in_each_space_that_it_reads);
    tcase_add_test(tcase, a_former_owner_erases_up_to_the_cut_of_the_transfer);
    tcase_add_test(tcase, a_revoked_node_erases_up_to_the_cut);
    tcase_add_test(tcase, a_late_grant_makes_an_order_count);
    tcase_add_test(tcase, a_cut_of_orders_alone_is_told);
    suite_add_tcase(suite, tcase);

    return test_run(suite);
}
