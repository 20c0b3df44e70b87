#include "proto/registry.h"

#include <string.h>

#include "tests/support/registry_fixture.h"
#include "tests/support/suite.h"

START_TEST(a_space_is_what_its_creators_first_version_says)
{
    world_write(
        &test_world, 1, AYNI_TYPE_SPACE, &test_world.items[5].version->record,
        (struct world_field[]){ { AYNI_FIELD_SPACE_NAME, world_text(&test_world, "opened") },
                                { AYNI_FIELD_SPACE_CLASS, world_text(&test_world, "public") },
                                { AYNI_FIELD_SPACE_CONFIDENTIAL, world_bool(&test_world, true) },
                                { 0 } });
    test_registry_rebuild();
    const struct ayni_space_info *info = ayni_registry_space_info(test_registry, &test_open_space);
    ck_assert_ptr_nonnull(info);
    ck_assert_int_eq(info->class, AYNI_CLASS_PERSONAL);
    ck_assert(!info->confidential);
    ck_assert(ayni_bytes_equal(info->name, ayni_bytes_of_text("opened"))); /* the name may change */
    ck_assert(ayni_id_equal(&info->owner, &test_world.nodes[1].key));
    ck_assert(ayni_registry_space_info(test_registry, &test_secret_space)
                  ->confidential); /* sealed always is */
}
END_TEST

START_TEST(a_space_whose_id_does_not_commit_to_its_creator_is_none)
{
    struct ayni_record record = { { 77 } };
    uint8_t random[16] = { 0 };
    struct ayni_space id;
    struct ayni_registry_item *item = world_write(
        &test_world, 2, AYNI_TYPE_SPACE, &record,
        (struct world_field[]){
            { AYNI_FIELD_SPACE_CREATOR, world_id(&test_world, &test_world.nodes[2].key) },
            { AYNI_FIELD_SPACE_RANDOM, world_bytes(&test_world, random, 16) },
            { AYNI_FIELD_SPACE_CLASS, world_text(&test_world, "public") },
            { 0 } });

    memcpy(id.bytes, record.bytes, sizeof(id.bytes));
    test_registry_rebuild();
    ck_assert_ptr_null(ayni_registry_space_info(test_registry, &id));
    ck_assert_int_eq(test_standing_of(item), AYNI_STANDING_NO_RIGHT);
}
END_TEST

/* What an author asks before it writes: the version isn't one of those that the registry was built
 * from. */
START_TEST(a_member_may_make_a_space_that_is_not_there_yet)
{
    test_registry_rebuild();
    struct ayni_registry_item *by_member = world_space(&test_world, 3, "fresh", "public", false);
    struct ayni_registry_item *by_stranger = world_space(&test_world, 5, "fresh", "public", false);
    struct ayni_registry_item *statement = world_root_statement(&test_world, 3, 2, 0, NULL, 0);

    ck_assert_int_eq(test_standing_of(by_member), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_standing_of(by_stranger), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(test_standing_of(statement), AYNI_STANDING_VALID);
}
END_TEST

START_TEST(nobody_else_changes_a_space)
{
    struct world_field fields[] = { { AYNI_FIELD_SPACE_NAME, world_text(&test_world, "taken") },
                                    { 0 } };
    struct ayni_registry_item *items[] = {
        world_write(&test_world, 0, AYNI_TYPE_SPACE, &test_world.items[5].version->record, fields),
        world_write(&test_world, 2, AYNI_TYPE_SPACE, &test_world.items[5].version->record, fields),
        world_transfer(&test_world, 0, &test_open_space, 0),
        world_transfer(&test_world, 2, &test_open_space, 2),
    };

    test_registry_rebuild();
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(test_standing_of(items[i]), AYNI_STANDING_NO_RIGHT);
    const struct ayni_space_info *info = ayni_registry_space_info(test_registry, &test_open_space);
    ck_assert(ayni_bytes_equal(info->name, ayni_bytes_of_text("open")));
    ck_assert(ayni_id_equal(&info->owner, &test_world.nodes[1].key));
}
END_TEST

START_TEST(an_owner_gives_a_space_away_and_has_no_more_say)
{
    struct ayni_registry_item *before = world_grant(&test_world, 1, &test_open_space, 3, "reader");
    struct ayni_registry_item *gift = world_transfer(&test_world, 1, &test_open_space, 2);
    struct ayni_registry_item *after = world_grant(&test_world, 1, &test_open_space, 3, "writer");
    struct ayni_registry_item *back = world_transfer(&test_world, 1, &test_open_space, 1);
    struct ayni_registry_item *by_new = world_grant(&test_world, 2, &test_open_space, 0, "reader");

    test_registry_rebuild();
    ck_assert_int_eq(test_standing_of(before), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_standing_of(gift), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_standing_of(after), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(test_standing_of(back), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(test_standing_of(by_new), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_right_of(3, &test_open_space), AYNI_RIGHT_READER);
    ck_assert_int_eq(test_right_of(2, &test_open_space), AYNI_RIGHT_WRITER);
    ck_assert_int_eq(test_right_of(1, &test_open_space), AYNI_RIGHT_NONE);
    ck_assert_int_eq(test_at(1, &test_open_space, 4), AYNI_STANDING_MARKED);

    struct ayni_record transfer;
    memcpy(transfer.bytes, test_open_space.bytes, sizeof(transfer.bytes));
    test_cut_at(2, &test_open_space, &transfer, 1, 4);
    test_registry_rebuild();
    ck_assert_int_eq(test_at(1, &test_open_space, 4), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_at(1, &test_open_space, 5), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(the_registry_is_an_open_space_that_members_read)
{
    const struct ayni_space_info *found_space = NULL;

    test_registry_rebuild();
    const struct ayni_space_info *info =
        ayni_registry_space_info(test_registry, &test_registry_space);
    ck_assert_ptr_nonnull(info);
    ck_assert(!info->confidential && info->class == AYNI_CLASS_PERSONAL);
    ck_assert(
        ayni_registry_may_read(test_registry, &test_world.nodes[3].key, &test_registry_space));
    ck_assert(
        !ayni_registry_may_read(test_registry, &test_world.nodes[5].key, &test_registry_space));
    ck_assert_int_eq(
        ayni_registry_find_space(test_registry, ayni_bytes_of_text("registry"), &found_space),
        AYNI_OK);
    ck_assert_ptr_eq(found_space, info);
}
END_TEST

START_TEST(spaces_are_found_by_name_and_prefix)
{
    const struct ayni_space_info *one = NULL;
    struct ayni_record record;
    char text[AYNI_RECORD_TEXT_SIZE];

    memcpy(record.bytes, test_secret_space.bytes, sizeof(record.bytes));
    ayni_record_text(&record, text);
    test_registry_rebuild();
    ck_assert_int_eq(ayni_registry_find_space(test_registry, ayni_bytes_of_text("secret"), &one),
                     AYNI_OK);
    ck_assert(ayni_id_equal(&one->id, &test_secret_space));
    for (size_t size = 0; size < sizeof(text); size++)
        ck_assert_int_eq(
            ayni_registry_find_space(test_registry,
                                     (struct ayni_bytes){ (const uint8_t *)text, size }, &one),
            size < 6 ? AYNI_E_NOT_FOUND : AYNI_OK);
    world_space(&test_world, 2, "secret", "public", false);
    world_space(&test_world, 2, "registry", "public", false);
    test_registry_rebuild();
    ck_assert_int_eq(ayni_registry_find_space(test_registry, ayni_bytes_of_text("secret"), &one),
                     AYNI_E_USAGE);
    ck_assert_int_eq(ayni_registry_find_space(test_registry, ayni_bytes_of_text("registry"), &one),
                     AYNI_OK);
    ck_assert(ayni_id_equal(&one->id, &test_registry_space));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("registry_spaces");

    TEST_CASE(suite, "spaces", test_registry_begin_spaces, test_registry_end,
              a_space_is_what_its_creators_first_version_says,
              a_space_whose_id_does_not_commit_to_its_creator_is_none,
              a_member_may_make_a_space_that_is_not_there_yet, nobody_else_changes_a_space,
              an_owner_gives_a_space_away_and_has_no_more_say,
              the_registry_is_an_open_space_that_members_read, spaces_are_found_by_name_and_prefix);

    return test_run(suite);
}
