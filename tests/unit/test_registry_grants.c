#include "proto/registry.h"

#include "tests/support/registry_fixture.h"
#include "tests/support/suite.h"

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
    const struct ayni_space *space = cases[_i].secret ? &test_secret_space : &test_open_space;
    struct ayni_registry_item *item =
        world_grant(&test_world, cases[_i].by, space, cases[_i].node, cases[_i].right);
    enum ayni_right right;

    test_registry_rebuild();
    ck_assert_int_eq(test_standing_of(item), cases[_i].standing);
    bool valid = cases[_i].standing == AYNI_STANDING_VALID;
    if (ayni_right_parse(ayni_bytes_of_text(cases[_i].right), &right) == AYNI_OK) {
        ck_assert_int_eq(test_right_of(cases[_i].node, space), valid ? right : AYNI_RIGHT_NONE);
        ck_assert_int_eq(ayni_registry_may_grant(test_registry, &test_world.nodes[cases[_i].by].key,
                                                 space, &test_world.nodes[cases[_i].node].key,
                                                 right),
                         valid);
    }
}
END_TEST

START_TEST(a_relay_receives_and_neither_reads_nor_writes)
{
    world_grant(&test_world, 1, &test_secret_space, 2, "relay");
    test_registry_rebuild();
    ck_assert(
        ayni_registry_may_receive(test_registry, &test_world.nodes[2].key, &test_secret_space));
    ck_assert(!ayni_registry_may_read(test_registry, &test_world.nodes[2].key, &test_secret_space));
    ck_assert_int_eq(test_at(2, &test_secret_space, 1), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(a_grant_to_a_stranger_waits_until_it_is_a_member)
{
    world_grant(&test_world, 1, &test_open_space, 5, "writer");
    test_registry_rebuild();
    ck_assert_int_eq(test_right_of(5, &test_open_space), AYNI_RIGHT_NONE);
    ck_assert_int_eq(test_at(5, &test_open_space, 1), AYNI_STANDING_NO_RIGHT);
    world_member(&test_world, 0, 5, "EPSILON");
    test_registry_rebuild();
    ck_assert_int_eq(test_at(5, &test_open_space, 1), AYNI_STANDING_VALID);
}
END_TEST

START_TEST(a_space_lists_who_receives_it)
{
    size_t count;

    world_grant(&test_world, 1, &test_open_space, 2, "writer");
    world_grant(&test_world, 1, &test_open_space, 2, "reader");
    world_grant(&test_world, 1, &test_open_space, 3, "reader");
    test_registry_rebuild();
    const struct ayni_standing_pair *pairs =
        ayni_registry_space_members(test_registry, &test_open_space, &count);
    ck_assert_uint_eq(count, 3);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(pairs[i].right, ayni_id_equal(&pairs[i].node, &test_world.nodes[3].key)
                                             ? AYNI_RIGHT_READER
                                             : AYNI_RIGHT_WRITER);
    ayni_registry_grants(test_registry, &count);
    ck_assert_uint_eq(count, 3);
}
END_TEST

START_TEST(an_ungrant_ends_one_grant_and_another_still_holds)
{
    struct ayni_record first =
        world_grant(&test_world, 1, &test_open_space, 2, "writer")->version->record;

    world_ungrant(&test_world, 1, &first);
    test_registry_rebuild();
    ck_assert_int_eq(test_right_of(2, &test_open_space), AYNI_RIGHT_NONE);
    ck_assert_int_eq(test_at(2, &test_open_space, 1), AYNI_STANDING_MARKED);
    world_grant(&test_world, 1, &test_open_space, 2, "writer");
    test_registry_rebuild();
    ck_assert_int_eq(test_right_of(2, &test_open_space), AYNI_RIGHT_WRITER);
    ck_assert_int_eq(test_at(2, &test_open_space, 1000), AYNI_STANDING_VALID);
}
END_TEST

START_TEST(who_may_not_ungrant_ends_nothing)
{
    struct ayni_record grant =
        world_grant(&test_world, 1, &test_open_space, 2, "writer")->version->record;
    struct ayni_registry_item *by_other = world_ungrant(&test_world, 3, &grant);
    struct ayni_registry_item *by_itself = world_ungrant(&test_world, 2, &grant);

    test_registry_rebuild();
    ck_assert_int_eq(test_standing_of(by_other), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(test_standing_of(by_itself), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(test_right_of(2, &test_open_space), AYNI_RIGHT_WRITER);
}
END_TEST

/* The owner of another space writes into the same grant record and ends its own part of it. */
START_TEST(a_grant_record_used_by_two_owners_is_two_grants)
{
    struct ayni_space other = world_space_id(&test_world, 3, "other");

    world_space(&test_world, 3, "other", "public", false);
    struct ayni_record record =
        world_grant(&test_world, 1, &test_open_space, 2, "writer")->version->record;
    test_world.now = 10;
    struct world_field fields[] = {
        { AYNI_FIELD_GRANT_SPACE, world_id(&test_world, &other) },
        { AYNI_FIELD_GRANT_NODE, world_id(&test_world, &test_world.nodes[2].key) },
        { AYNI_FIELD_GRANT_RIGHT, world_text(&test_world, "reader") },
        { 0 },
    };
    test_world.now = 5000;
    world_write(&test_world, 3, AYNI_TYPE_GRANT, &record, fields);
    world_ungrant(&test_world, 3, &record);
    test_registry_rebuild();
    ck_assert_int_eq(test_right_of(2, &test_open_space), AYNI_RIGHT_WRITER);
    ck_assert_int_eq(test_right_of(2, &other), AYNI_RIGHT_NONE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("registry_grants");
    TCase *granting = tcase_create("who_may_grant");

    TEST_CASE(suite, "grants", test_registry_begin_spaces, test_registry_end,
              a_relay_receives_and_neither_reads_nor_writes,
              a_grant_to_a_stranger_waits_until_it_is_a_member, a_space_lists_who_receives_it,
              an_ungrant_ends_one_grant_and_another_still_holds, who_may_not_ungrant_ends_nothing,
              a_grant_record_used_by_two_owners_is_two_grants);
    tcase_add_checked_fixture(granting, test_registry_begin_spaces, test_registry_end);
    tcase_add_loop_test(granting, who_may_grant, 0, 12);
    suite_add_tcase(suite, granting);

    return test_run(suite);
}
