#include "proto/registry.h"

#include "tests/support/registry_fixture.h"
#include "tests/support/suite.h"

START_TEST(a_node_and_its_admin_node_say_who_its_stewards_are)
{
    size_t count;

    world_member(&test_world, 1, 3, "ALFA");
    struct ayni_registry_item *own = world_steward(&test_world, 3, 3, "rosa", "editor");
    struct ayni_registry_item *by_admin = world_steward(&test_world, 1, 3, "luis", "auditor");
    struct ayni_registry_item *foreign = world_steward(&test_world, 2, 3, "eva", "admin");
    test_registry_rebuild();
    ck_assert_int_eq(test_standing_of(own), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_standing_of(by_admin), AYNI_STANDING_VALID);
    ck_assert_int_eq(test_standing_of(foreign), AYNI_STANDING_NO_RIGHT);
    const struct ayni_steward *stewards =
        ayni_registry_stewards(test_registry, &test_world.nodes[3].key, &count);
    ck_assert_uint_eq(count, 2);
    ck_assert(ayni_bytes_equal(stewards[1].name, ayni_bytes_of_text("rosa")));
    ck_assert_int_eq(stewards[1].role, AYNI_STEWARD_EDITOR);
    ck_assert(stewards[1].active && !stewards[1].has_key);
}
END_TEST

/* What saw another version replaces it, whatever the clocks say. */
START_TEST(a_steward_who_was_taken_off_stays_off)
{
    size_t count;
    struct ayni_registry_item *on = world_steward(&test_world, 1, 1, "rosa", "editor");
    struct world_field fields[] = { { AYNI_FIELD_STEWARD_ACTIVE, world_bool(&test_world, false) },
                                    { 0 } };

    test_world.incarnation = 1;
    test_world.now = 5;
    struct ayni_registry_item *off =
        world_write(&test_world, 1, AYNI_TYPE_STEWARD, &on->version->record, fields);
    world_sees(&test_world, off, on);
    test_registry_rebuild();
    ck_assert(!ayni_registry_stewards(test_registry, &test_world.nodes[1].key, &count)->active);
}
END_TEST

/* Two histories of one feed: whoever saw one hasn't seen the other. */
static enum ayni_chain_answer same_entry(void *context, const struct ayni_feed *feed, uint64_t seq,
                                         const struct ayni_hash *chain, uint64_t named_seq,
                                         const struct ayni_hash *named_chain)
{
    (void)context;
    (void)feed;
    (void)named_seq;
    if (seq == 1)
        return AYNI_CHAIN_ON; /* before the fork */
    return ayni_id_equal(chain, named_chain) ? AYNI_CHAIN_ON : AYNI_CHAIN_OFF;
}

START_TEST(a_context_reaches_its_own_branch_alone)
{
    static const struct ayni_chain_lookup chains = { same_entry, NULL };
    struct ayni_registry_item *branch = world_steward(&test_world, 1, 1, "rosa", "auditor");
    struct ayni_registry_item *other = world_steward(&test_world, 1, 1, "rosa", "admin");
    size_t count;

    branch->seq = other->seq = 2;
    other->time.ms = 9000;
    test_world.incarnation = 1;
    struct ayni_registry_item *later = world_steward(&test_world, 1, 1, "rosa", "reviewer");
    world_sees(&test_world, later, branch);
    ck_assert_int_eq(ayni_registry_build(&test_world.root, test_world.items, test_world.item_count,
                                         NULL, 0, &chains, &test_registry),
                     AYNI_OK);
    ck_assert_int_eq(ayni_registry_stewards(test_registry, &test_world.nodes[1].key, &count)->role,
                     AYNI_STEWARD_ADMIN);
    world_sees(&test_world, later, other);
    ayni_registry_free(test_registry);
    ck_assert_int_eq(ayni_registry_build(&test_world.root, test_world.items, test_world.item_count,
                                         NULL, 0, &chains, &test_registry),
                     AYNI_OK);
    ck_assert_int_eq(ayni_registry_stewards(test_registry, &test_world.nodes[1].key, &count)->role,
                     AYNI_STEWARD_REVIEWER);
}
END_TEST

static struct ayni_registry_item *wrap_epoch(unsigned by, unsigned node,
                                             const struct ayni_space *space, uint8_t number)
{
    struct ayni_record record;
    uint8_t epoch[16] = { number };
    struct ayni_bytes none = world_null(&test_world);
    struct world_field fields[] = {
        { AYNI_FIELD_WRAPPED_KEY_PURPOSE, world_text(&test_world, space ? "space" : "identity") },
        { AYNI_FIELD_WRAPPED_KEY_SPACE, space ? world_id(&test_world, space) : none },
        { AYNI_FIELD_WRAPPED_KEY_EPOCH, space ? world_bytes(&test_world, epoch, 16) : none },
        { AYNI_FIELD_WRAPPED_KEY_NODE, world_id(&test_world, &test_world.nodes[node].key) },
        { AYNI_FIELD_WRAPPED_KEY_BOX, world_bytes(&test_world, &by, sizeof(by)) },
        { 0 },
    };

    ck_assert_int_eq(ayni_registry_wrapped_key_record(
                         &test_world.root, space ? AYNI_KEY_SPACE : AYNI_KEY_IDENTITY, space,
                         space ? epoch : NULL, &test_world.nodes[node].key, &record),
                     AYNI_OK);
    return world_write(&test_world, by, AYNI_TYPE_WRAPPED_KEY, &record, fields);
}

static struct ayni_registry_item *wrap(unsigned by, unsigned node, const struct ayni_space *space)
{
    return wrap_epoch(by, node, space, 9);
}

/* Whether epoch `index` of the space is that one, and clean. */
static bool epoch_is(const struct ayni_space *space, size_t index, uint8_t number, bool clean)
{
    size_t count;
    const struct ayni_space_epoch *epochs = ayni_registry_epochs(test_registry, space, &count);

    return index < count && epochs[index].epoch[0] == number && epochs[index].clean == clean;
}

START_TEST(an_epoch_is_clean_as_long_as_all_who_have_its_key_may_read)
{
    size_t count;

    world_space(&test_world, 2, "secret", "sealed", false);
    world_space(&test_world, 2, "open", "personal", false);
    struct ayni_space secret = world_space_id(&test_world, 2, "secret");
    struct ayni_space open = world_space_id(&test_world, 2, "open");
    world_member(&test_world, 1, 3, "ALFA");
    struct ayni_record grant = world_grant(&test_world, 2, &secret, 3, "reader")->version->record;
    wrap_epoch(2, 2, &secret, 7);
    wrap_epoch(2, 3, &secret, 7);
    wrap_epoch(2, 2, &open, 5);
    test_registry_rebuild();
    ck_assert(epoch_is(&secret, 0, 7, true));
    (void)ayni_registry_epochs(test_registry, &open, &count);
    ck_assert_uint_eq(count, 0); /* nothing is encrypted there */

    world_ungrant(&test_world, 2, &grant);
    test_registry_rebuild();
    ck_assert(epoch_is(&secret, 0, 7, false));
    wrap_epoch(2, 2, &secret, 3);
    wrap_epoch(0, 3, &secret, 3); /* steering has no say in it */
    test_registry_rebuild();
    ck_assert(epoch_is(&secret, 0, 7, false) && epoch_is(&secret, 1, 3, true));

    world_grant(&test_world, 2, &secret, 3, "relay");
    test_registry_rebuild();
    ck_assert(epoch_is(&secret, 0, 7, false)); /* it may not read */
    world_grant(&test_world, 2, &secret, 3, "writer");
    wrap_epoch(2, 3, &secret, 3); /* later than others, and no younger for that */
    test_registry_rebuild();
    ck_assert(epoch_is(&secret, 0, 7, true) && epoch_is(&secret, 1, 3, true));
    (void)ayni_registry_epochs(test_registry, &secret, &count);
    ck_assert_uint_eq(count, 2);
}
END_TEST

/* But it makes no epoch. */
START_TEST(a_key_that_an_owner_gave_stays_given)
{
    struct ayni_record revocation = world_node_record(&test_world, AYNI_TYPE_REVOCATION, 2);
    struct ayni_space registry = ayni_registry_space(&test_world.root);
    size_t count;

    world_space(&test_world, 2, "secret", "sealed", false);
    struct ayni_space secret = world_space_id(&test_world, 2, "secret");
    struct ayni_registry_item *last = wrap_epoch(2, 3, &secret, 7);
    wrap_epoch(2, 3, &secret, 8);
    world_revoke(&test_world, 0, 2);
    struct ayni_cut_point point = { .feed = last->feed, .seq = last->seq, .chain = last->chain };
    world_cut(&test_world, 0, &registry, &revocation, &point, 1);
    test_registry_rebuild();
    const struct ayni_wrapped_key *keys =
        ayni_registry_wrapped_keys(test_registry, &test_world.nodes[3].key, &count);
    ck_assert_uint_eq(count, 2);
    ck_assert(keys[0].epoch[0] == 7 && keys[0].counts);
    ck_assert(keys[1].epoch[0] == 8 && !keys[1].counts);
    ck_assert(epoch_is(&secret, 0, 7, false));
    (void)ayni_registry_epochs(test_registry, &secret, &count);
    ck_assert_uint_eq(count, 1);
}
END_TEST

START_TEST(wrapped_keys_come_from_who_may_wrap_them)
{
    size_t count;

    world_space(&test_world, 2, "secret", "sealed", false);
    struct ayni_space secret = world_space_id(&test_world, 2, "secret");
    world_member(&test_world, 1, 3, "ALFA");
    wrap(1, 3, NULL);    /* its admin node */
    wrap(0, 3, NULL);    /* steering */
    wrap(2, 3, NULL);    /* a foreign admin node */
    wrap(2, 3, &secret); /* the owner */
    wrap(0, 3, &secret); /* steering doesn't own it */
    test_registry_rebuild();
    const struct ayni_wrapped_key *keys =
        ayni_registry_wrapped_keys(test_registry, &test_world.nodes[3].key, &count);
    ck_assert_uint_eq(count, 3);
    ck_assert(ayni_id_equal(&keys[0].by, &test_world.nodes[0].key)); /* steering's first */
    ck_assert(ayni_id_equal(&keys[1].by, &test_world.nodes[1].key));
    ck_assert(ayni_id_equal(&keys[2].by, &test_world.nodes[2].key) &&
              keys[2].purpose == AYNI_KEY_SPACE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("registry_stewards");

    TEST_CASE(suite, "stewards", test_registry_begin_members, test_registry_end,
              a_node_and_its_admin_node_say_who_its_stewards_are,
              a_steward_who_was_taken_off_stays_off, a_context_reaches_its_own_branch_alone,
              wrapped_keys_come_from_who_may_wrap_them,
              an_epoch_is_clean_as_long_as_all_who_have_its_key_may_read,
              a_key_that_an_owner_gave_stays_given);

    return test_run(suite);
}
