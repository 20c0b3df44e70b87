#include "proto/registry.h"

#include "tests/support/registry_fixture.h"
#include "tests/support/suite.h"

START_TEST(without_a_root_statement_nobody_is_known)
{
    size_t count;

    test_world.items[0] = test_world.items[--test_world.item_count];
    test_registry_rebuild();
    ck_assert_ptr_null(ayni_registry_steering(test_registry));
    ayni_registry_members(test_registry, &count);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(a_statement_of_another_root_key_is_none)
{
    struct world other;

    world_init(&other, 8);
    struct ayni_registry_item *foreign = world_root_statement(&other, 1, 9, 1, NULL, 0);
    test_world.items[test_world.item_count++] = *foreign;
    test_registry_rebuild();
    ck_assert(ayni_id_equal(ayni_registry_steering(test_registry), &test_world.nodes[0].key));
    ck_assert_int_eq(test_standing_of(foreign), AYNI_STANDING_NO_RIGHT);
    world_done(&other);
}
END_TEST

START_TEST(anybody_may_carry_a_root_statement)
{
    struct ayni_registry_item *carried = world_root_statement(&test_world, 7, 2, 1, NULL, 0);

    test_registry_rebuild();
    ck_assert(ayni_id_equal(ayni_registry_steering(test_registry), &test_world.nodes[1].key));
    ck_assert_int_eq(test_standing_of(carried), AYNI_STANDING_VALID);
}
END_TEST

START_TEST(what_old_steering_wrote_counts_up_to_the_cut)
{
    struct ayni_cut_point point =
        world_point(&test_world, 0, &test_registry_space, test_world.nodes[0].seqs[0]);
    struct ayni_registry_item *late;

    world_root_statement(&test_world, 0, 2, 1, &point, 1);
    late = world_member(&test_world, 0, 3, "ALFA");
    test_registry_rebuild();
    ck_assert(test_is_member(2));
    ck_assert(!test_is_member(3));
    ck_assert_int_eq(test_standing_of(late), AYNI_STANDING_NO_RIGHT);
    ck_assert(test_member(1)->steering && test_member(1)->role == AYNI_ROLE_STEERING);
    ck_assert(!test_member(0)->steering);
}
END_TEST

START_TEST(a_successor_without_a_cut_leaves_old_writes_marked)
{
    struct ayni_registry_item *late;

    world_root_statement(&test_world, 0, 2, 1, NULL, 0);
    late = world_member(&test_world, 0, 3, "ALFA");
    test_registry_rebuild();
    ck_assert(test_is_member(3));
    ck_assert_int_eq(test_standing_of(late), AYNI_STANDING_MARKED);
}
END_TEST

/* An empty cut is a cut: what isn't listed is cut at 0. */
START_TEST(a_feed_that_the_root_cut_does_not_list_is_cut_at_zero)
{
    struct ayni_cut_point other = world_point(&test_world, 5, &test_registry_space, 9);

    world_root_statement(&test_world, 0, 2, 1, &other, 1);
    test_registry_rebuild();
    ck_assert(!test_is_member(2));
    ck_assert(test_is_member(1)); /* it steers */
}
END_TEST

START_TEST(the_root_statement_is_there_for_tickets)
{
    uint64_t number;

    world_root_statement(&test_world, 1, 5, 0, NULL, 0);
    test_registry_rebuild();
    ck_assert_uint_gt(ayni_registry_root_statement(test_registry, &number).size, 0);
    ck_assert_uint_eq(number, 5);
}
END_TEST

/* --- what only steering writes --- */

static const uint32_t types_of_steering[] = { 9, 10, 11, 12, 700, 704, 710, 799 };
static const uint32_t types_of_nobody[] = { 0, 14, 99, 101, 699, 800, 4000000000 };

START_TEST(the_catalogue_is_steerings)
{
    struct ayni_record record = { { 1 } };
    struct world_field fields[] = { { 1, world_uint(&test_world, 1) }, { 0 } };
    uint32_t type = types_of_steering[_i];
    struct ayni_registry_item *good = world_write(&test_world, 0, type, &record, fields);
    struct ayni_registry_item *bad = world_write(&test_world, 1, type, &record, fields);

    test_registry_rebuild();
    ck_assert_int_eq(test_standing_of(good), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_standing_of(bad), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(all_else_is_quarantined)
{
    struct ayni_record record = { { 1 } };
    struct world_field fields[] = { { 1, world_uint(&test_world, 1) }, { 0 } };
    struct ayni_registry_item *item =
        world_write(&test_world, 0, types_of_nobody[_i], &record, fields);

    test_registry_rebuild();
    ck_assert_int_eq(test_standing_of(item), AYNI_STANDING_NO_RIGHT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("registry_steering");
    TCase *types = tcase_create("types");

    TEST_CASE(suite, "steering", test_registry_begin_members, test_registry_end,
              without_a_root_statement_nobody_is_known, a_statement_of_another_root_key_is_none,
              anybody_may_carry_a_root_statement, what_old_steering_wrote_counts_up_to_the_cut,
              a_successor_without_a_cut_leaves_old_writes_marked,
              a_feed_that_the_root_cut_does_not_list_is_cut_at_zero,
              the_root_statement_is_there_for_tickets);
    tcase_add_checked_fixture(types, test_registry_begin_members, test_registry_end);
    tcase_add_loop_test(types, the_catalogue_is_steerings, 0,
                        sizeof(types_of_steering) / sizeof(*types_of_steering));
    tcase_add_loop_test(types, all_else_is_quarantined, 0,
                        sizeof(types_of_nobody) / sizeof(*types_of_nobody));
    suite_add_tcase(suite, types);

    return test_run(suite);
}
