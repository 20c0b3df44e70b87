#include "proto/registry.h"

#include <string.h>

#include "tests/support/registry_world.h"
#include "tests/support/suite.h"

/* A federation with a steering node (0), two organisations and their first nodes (1, 2). */
static struct world world;
static struct ayni_registry *registry;
static struct ayni_space self;

static void found(void)
{
    world_init(&world, 7);
    self = ayni_registry_space(&world.root);
    world_root_statement(&world, 0, 1, 0, NULL, 0);
    world_organisation(&world, 0, "ALFA", "health");
    world_member(&world, 0, 0, "MIDIS");
    world_member(&world, 0, 1, "ALFA");
    world_member(&world, 0, 2, "BETA");
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

static const struct ayni_member *member(unsigned node)
{
    return ayni_registry_member(registry, &world.nodes[node].key);
}

static enum ayni_standing standing_of(const struct ayni_registry_item *item)
{
    return ayni_registry_item_standing(registry, item, NULL);
}

static bool is_member_now(unsigned node)
{
    return member(node) != NULL && !member(node)->revoked;
}

/* --- steering --- */

START_TEST(without_a_root_statement_nobody_is_known)
{
    size_t count;

    world.items[0] = world.items[--world.item_count];
    rebuild();
    ck_assert_ptr_null(ayni_registry_steering(registry));
    ayni_registry_members(registry, &count);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(a_statement_of_another_root_key_is_none)
{
    struct world other;

    world_init(&other, 8);
    struct ayni_registry_item *foreign = world_root_statement(&other, 1, 9, 1, NULL, 0);
    world.items[world.item_count++] = *foreign;
    rebuild();
    ck_assert(ayni_id_equal(ayni_registry_steering(registry), &world.nodes[0].key));
    ck_assert_int_eq(standing_of(foreign), AYNI_STANDING_NO_RIGHT);
    world_done(&other);
}
END_TEST

START_TEST(anybody_may_carry_a_root_statement)
{
    struct ayni_registry_item *carried = world_root_statement(&world, 7, 2, 1, NULL, 0);

    rebuild();
    ck_assert(ayni_id_equal(ayni_registry_steering(registry), &world.nodes[1].key));
    ck_assert_int_eq(standing_of(carried), AYNI_STANDING_VALID);
}
END_TEST

START_TEST(what_old_steering_wrote_counts_up_to_the_cut)
{
    struct ayni_cut_point point = world_point(&world, 0, &self, world.nodes[0].seqs[0]);
    struct ayni_registry_item *late;

    world_root_statement(&world, 0, 2, 1, &point, 1);
    late = world_member(&world, 0, 3, "ALFA");
    rebuild();
    ck_assert(is_member_now(2));
    ck_assert(!is_member_now(3));
    ck_assert_int_eq(standing_of(late), AYNI_STANDING_NO_RIGHT);
    ck_assert(member(1)->steering && member(1)->role == AYNI_ROLE_STEERING);
    ck_assert(!member(0)->steering);
}
END_TEST

START_TEST(a_successor_without_a_cut_leaves_old_writes_marked)
{
    struct ayni_registry_item *late;

    world_root_statement(&world, 0, 2, 1, NULL, 0);
    late = world_member(&world, 0, 3, "ALFA");
    rebuild();
    ck_assert(is_member_now(3));
    ck_assert_int_eq(standing_of(late), AYNI_STANDING_MARKED);
}
END_TEST

/* An empty cut is a cut: what isn't listed is cut at 0. */
START_TEST(a_feed_that_the_root_cut_does_not_list_is_cut_at_zero)
{
    struct ayni_cut_point other = world_point(&world, 5, &self, 9);

    world_root_statement(&world, 0, 2, 1, &other, 1);
    rebuild();
    ck_assert(!is_member_now(2));
    ck_assert(is_member_now(1)); /* it steers */
}
END_TEST

START_TEST(the_root_statement_is_there_for_tickets)
{
    uint64_t number;

    world_root_statement(&world, 1, 5, 0, NULL, 0);
    rebuild();
    ck_assert_uint_gt(ayni_registry_root_statement(registry, &number).size, 0);
    ck_assert_uint_eq(number, 5);
}
END_TEST

/* --- members --- */

START_TEST(a_member_has_card_organisation_and_role)
{
    rebuild();
    const struct ayni_member *m = member(1);
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
    ck_assert_ptr_null(member(2)->organisation); /* BETA's record isn't here yet */
    ck_assert(member(2)->has_organisation);
    ck_assert_ptr_eq(ayni_registry_member_by_transport(registry, world.nodes[1].transport_key), m);
}
END_TEST

START_TEST(a_stranger_adds_nobody_and_is_nobody)
{
    struct ayni_registry_item *items[] = {
        world_member(&world, 5, 5, "ALFA"),
        world_member(&world, 5, 6, NULL),
        world_revoke(&world, 5, 1),
        world_card(&world, 5, 5, 3, "intruder"),
        world_space(&world, 5, "mine", "public", false),
        world_organisation(&world, 5, "EVIL", "midis"),
        world_name_admin(&world, 5, 5, true),
        world_steward(&world, 5, 1, "root", "admin"),
    };
    size_t count;

    rebuild();
    for (size_t i = 0; i < sizeof(items) / sizeof(*items); i++)
        ck_assert_int_eq(standing_of(items[i]), AYNI_STANDING_NO_RIGHT);
    ayni_registry_members(registry, &count);
    ck_assert_uint_eq(count, 3);
    ayni_registry_spaces(registry, &count);
    ck_assert_uint_eq(count, 0);
    ck_assert(is_member_now(1));
}
END_TEST

START_TEST(an_ordinary_member_adds_and_revokes_nobody)
{
    world_member(&world, 0, 3, "ALFA"); /* the second node of ALFA: no admin */
    struct ayni_registry_item *adds = world_member(&world, 3, 4, "ALFA");
    struct ayni_registry_item *revokes = world_revoke(&world, 3, 1);

    rebuild();
    ck_assert(!member(3)->admin);
    ck_assert_int_eq(standing_of(adds), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(standing_of(revokes), AYNI_STANDING_NO_RIGHT);
    ck_assert(is_member_now(1) && !is_member_now(4));
}
END_TEST

START_TEST(an_admin_node_adds_and_revokes_in_its_own_organisation)
{
    struct ayni_registry_item *adds = world_member(&world, 1, 3, "ALFA");
    struct ayni_registry_item *foreign = world_member(&world, 1, 4, "BETA");
    struct ayni_registry_item *poaches = world_member(&world, 1, 2, "ALFA");
    struct ayni_registry_item *hostile = world_revoke(&world, 1, 2);

    rebuild();
    ck_assert_int_eq(standing_of(adds), AYNI_STANDING_VALID);
    ck_assert_int_eq(standing_of(foreign), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(standing_of(poaches), AYNI_STANDING_NO_RIGHT);
    ck_assert_int_eq(standing_of(hostile), AYNI_STANDING_NO_RIGHT);
    ck_assert(is_member_now(3) && is_member_now(2) && !is_member_now(4));
    ck_assert(ayni_registry_may_admit(registry, &world.nodes[1].key, &world.nodes[5].key,
                                      &member(1)->organisation_id));
    ck_assert(!ayni_registry_may_admit(registry, &world.nodes[1].key, &world.nodes[5].key,
                                       &member(2)->organisation_id));
    ck_assert(!ayni_registry_may_admit(registry, &world.nodes[1].key, &world.nodes[2].key,
                                       &member(1)->organisation_id));
    world_revoke(&world, 1, 3);
    rebuild();
    ck_assert(!is_member_now(3));
}
END_TEST

START_TEST(steering_names_another_admin_and_the_first_is_none_any_more)
{
    struct ayni_registry_item *before = world_member(&world, 1, 3, "ALFA");

    world_member(&world, 0, 4, "ALFA");
    world_name_admin(&world, 0, 4, true);
    rebuild();
    ck_assert(!member(1)->admin && member(4)->admin);
    ck_assert_int_eq(standing_of(before), AYNI_STANDING_MARKED);

    /* A cut of its member record says up to where. */
    struct ayni_record ending = world_node_record(&world, AYNI_TYPE_MEMBER, 1);
    struct ayni_cut_point point = world_point(&world, 1, &self, before->seq);
    world_cut(&world, 0, &self, &ending, &point, 1);
    struct ayni_registry_item *after = world_member(&world, 1, 5, "ALFA");
    rebuild();
    ck_assert_int_eq(standing_of(before), AYNI_STANDING_VALID);
    ck_assert_int_eq(standing_of(after), AYNI_STANDING_NO_RIGHT);
    ck_assert(is_member_now(3) && !is_member_now(5));
}
END_TEST

START_TEST(nobody_but_steering_names_an_admin)
{
    world_member(&world, 1, 3, "ALFA");
    struct ayni_registry_item *item = world_name_admin(&world, 1, 3, true);

    rebuild();
    ck_assert_int_eq(standing_of(item), AYNI_STANDING_NO_RIGHT);
    ck_assert(!member(3)->admin);
}
END_TEST

START_TEST(a_revoked_key_never_returns)
{
    world_revoke(&world, 0, 2);
    world_member(&world, 0, 2, "BETA");
    rebuild();
    ck_assert(member(2)->revoked && !member(2)->admin);
    ck_assert_ptr_null(ayni_registry_member_by_transport(registry, world.nodes[2].transport_key));
    ck_assert(!ayni_registry_may_read(registry, &world.nodes[2].key, &self));
}
END_TEST

START_TEST(who_steers_cannot_be_revoked)
{
    world_revoke(&world, 0, 0);
    world_revoke(&world, 1, 0);
    rebuild();
    ck_assert(is_member_now(0));
}
END_TEST

START_TEST(what_a_revoked_admin_node_did_counts_up_to_steerings_cut)
{
    struct ayni_registry_item *before = world_member(&world, 1, 3, "ALFA");
    world_revoke(&world, 0, 1);
    struct ayni_registry_item *after = world_member(&world, 1, 4, "ALFA");

    rebuild();
    ck_assert_int_eq(standing_of(after), AYNI_STANDING_MARKED);
    struct ayni_record ending = world_node_record(&world, AYNI_TYPE_REVOCATION, 1);
    struct ayni_cut_point point = world_point(&world, 1, &self, before->seq);
    struct ayni_cut_point all = world_point(&world, 1, &self, 99);
    world_cut(&world, 1, &self, &ending, &all, 1); /* its own word on itself is none */
    world_cut(&world, 2, &self, &ending, NULL, 0); /* nor is a stranger's to steering */
    world_cut(&world, 0, &self, &ending, &point, 1);
    rebuild();
    ck_assert_int_eq(standing_of(before), AYNI_STANDING_VALID);
    ck_assert_int_eq(standing_of(after), AYNI_STANDING_NO_RIGHT);
    ck_assert(is_member_now(3) && !is_member_now(4));
}
END_TEST

START_TEST(admin_nodes_that_revoke_each_other_are_both_revoked)
{
    world_member(&world, 0, 3, "ALFA");
    world_name_admin(&world, 0, 1, true);
    world_name_admin(&world, 0, 3, true);
    world_revoke(&world, 1, 3);
    world_revoke(&world, 3, 1);
    rebuild();
    ck_assert(member(1)->revoked && member(3)->revoked);
}
END_TEST

/* Two organisations claim a node that steering has said nothing of. */
START_TEST(steerings_word_on_an_organisation_ends_a_contest)
{
    world_member(&world, 2, 4, "BETA");
    world_member(&world, 1, 4, "ALFA");
    world_revoke(&world, 1, 4);
    rebuild();
    ck_assert(member(4)->revoked);
    struct ayni_record beta = world_organisation_id(&world, "BETA");
    ck_assert(ayni_id_equal(&member(4)->organisation_id, &beta)); /* the first */
    world_member(&world, 0, 4, "BETA");
    rebuild();
    ck_assert(is_member_now(4));
}
END_TEST

START_TEST(the_card_with_the_highest_serial_of_the_node_itself_holds)
{
    world_card(&world, 2, 2, 5, "beta-new");
    world_card(&world, 2, 2, 4, "beta-old");
    struct ayni_registry_item *forged = world_card(&world, 1, 2, 9, "taken");
    rebuild();
    ck_assert(ayni_bytes_equal(member(2)->name, ayni_bytes_of_text("beta-new")));
    ck_assert_uint_eq(member(2)->card_serial, 5);
    ck_assert_int_eq(standing_of(forged), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(a_card_that_the_node_did_not_sign_is_none)
{
    struct ayni_record record = world_node_record(&world, AYNI_TYPE_CARD, 2);
    struct ayni_bytes card = world_card_bytes(&world, 2, 7, "beta-seven");
    uint8_t changed[1024];

    memcpy(changed, card.data, card.size);
    changed[card.size - 1] ^= 1;
    struct world_field fields[] = {
        { AYNI_FIELD_CARD_NODE, world_id(&world, &world.nodes[2].key) },
        { AYNI_FIELD_CARD_CARD, world_bytes(&world, changed, card.size) },
        { 0 },
    };
    world_write(&world, 2, AYNI_TYPE_CARD, &record, fields);
    rebuild();
    ck_assert_uint_eq(member(2)->card_serial, 1);
}
END_TEST

START_TEST(a_transport_key_that_another_shows_stays_its_owners)
{
    memcpy(world.nodes[2].transport_key, world.nodes[1].transport_key, 32);
    world.now = 1;
    world_card(&world, 2, 2, 2, "thief");
    rebuild();
    ck_assert_ptr_eq(ayni_registry_member_by_transport(registry, world.nodes[1].transport_key),
                     member(1));
}
END_TEST

START_TEST(members_are_found_by_name_id_and_prefix)
{
    const struct ayni_member *found_one = NULL;
    char text[AYNI_NODE_TEXT_SIZE];

    rebuild();
    ayni_node_text(&world.nodes[2].key, text);
    ck_assert_int_eq(ayni_registry_find_member(registry, ayni_bytes_of_text("beta"), &found_one),
                     AYNI_OK);
    ck_assert_ptr_eq(found_one, member(2));
    for (size_t size = 0; size <= 52; size++)
        ck_assert_int_eq(
            ayni_registry_find_member(registry, (struct ayni_bytes){ (const uint8_t *)text, size },
                                      &found_one),
            size < 6 ? AYNI_E_NOT_FOUND : AYNI_OK);
    ck_assert_ptr_eq(found_one, member(2));
    ck_assert_int_eq(ayni_registry_find_member(registry, ayni_bytes_of_text("nobody"), &found_one),
                     AYNI_E_NOT_FOUND);
    world_card(&world, 1, 1, 2, "beta");
    rebuild();
    ck_assert_int_eq(ayni_registry_find_member(registry, ayni_bytes_of_text("beta"), &found_one),
                     AYNI_E_USAGE);
    world_revoke(&world, 0, 1);
    rebuild();
    ck_assert_int_eq(ayni_registry_find_member(registry, ayni_bytes_of_text("beta"), &found_one),
                     AYNI_OK);
    ck_assert_ptr_eq(found_one, member(2));
}
END_TEST

/* --- what only steering writes --- */

static const uint32_t types_of_steering[] = { 9, 10, 11, 12, 700, 704, 710, 799 };
static const uint32_t types_of_nobody[] = { 0, 14, 99, 101, 699, 800, 4000000000 };

START_TEST(the_catalogue_is_steerings)
{
    struct ayni_record record = { { 1 } };
    struct world_field fields[] = { { 1, world_uint(&world, 1) }, { 0 } };
    uint32_t type = types_of_steering[_i];
    struct ayni_registry_item *good = world_write(&world, 0, type, &record, fields);
    struct ayni_registry_item *bad = world_write(&world, 1, type, &record, fields);

    rebuild();
    ck_assert_int_eq(standing_of(good), AYNI_STANDING_VALID);
    ck_assert_int_eq(standing_of(bad), AYNI_STANDING_NO_RIGHT);
}
END_TEST

START_TEST(all_else_is_quarantined)
{
    struct ayni_record record = { { 1 } };
    struct world_field fields[] = { { 1, world_uint(&world, 1) }, { 0 } };
    struct ayni_registry_item *item = world_write(&world, 0, types_of_nobody[_i], &record, fields);

    rebuild();
    ck_assert_int_eq(standing_of(item), AYNI_STANDING_NO_RIGHT);
}
END_TEST

/* --- stewards and wrapped keys --- */

START_TEST(a_node_and_its_admin_node_say_who_its_stewards_are)
{
    size_t count;

    world_member(&world, 1, 3, "ALFA");
    struct ayni_registry_item *own = world_steward(&world, 3, 3, "rosa", "editor");
    struct ayni_registry_item *by_admin = world_steward(&world, 1, 3, "luis", "auditor");
    struct ayni_registry_item *foreign = world_steward(&world, 2, 3, "eva", "admin");
    rebuild();
    ck_assert_int_eq(standing_of(own), AYNI_STANDING_VALID);
    ck_assert_int_eq(standing_of(by_admin), AYNI_STANDING_VALID);
    ck_assert_int_eq(standing_of(foreign), AYNI_STANDING_NO_RIGHT);
    const struct ayni_steward *stewards =
        ayni_registry_stewards(registry, &world.nodes[3].key, &count);
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
    struct ayni_registry_item *on = world_steward(&world, 1, 1, "rosa", "editor");
    struct world_field fields[] = { { AYNI_FIELD_STEWARD_ACTIVE, world_bool(&world, false) },
                                    { 0 } };

    world.incarnation = 1;
    world.now = 5;
    struct ayni_registry_item *off =
        world_write(&world, 1, AYNI_TYPE_STEWARD, &on->version->record, fields);
    world_sees(&world, off, on);
    rebuild();
    ck_assert(!ayni_registry_stewards(registry, &world.nodes[1].key, &count)->active);
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
    struct ayni_registry_item *branch = world_steward(&world, 1, 1, "rosa", "auditor");
    struct ayni_registry_item *other = world_steward(&world, 1, 1, "rosa", "admin");
    size_t count;

    branch->seq = other->seq = 2;
    other->time.ms = 9000;
    world.incarnation = 1;
    struct ayni_registry_item *later = world_steward(&world, 1, 1, "rosa", "reviewer");
    world_sees(&world, later, branch);
    ck_assert_int_eq(ayni_registry_build(&world.root, world.items, world.item_count, NULL, 0,
                                         &chains, &registry),
                     AYNI_OK);
    ck_assert_int_eq(ayni_registry_stewards(registry, &world.nodes[1].key, &count)->role,
                     AYNI_STEWARD_ADMIN);
    world_sees(&world, later, other);
    ayni_registry_free(registry);
    ck_assert_int_eq(ayni_registry_build(&world.root, world.items, world.item_count, NULL, 0,
                                         &chains, &registry),
                     AYNI_OK);
    ck_assert_int_eq(ayni_registry_stewards(registry, &world.nodes[1].key, &count)->role,
                     AYNI_STEWARD_REVIEWER);
}
END_TEST

static struct ayni_registry_item *wrap(unsigned by, unsigned node, const struct ayni_space *space)
{
    struct ayni_record record;
    uint8_t epoch[16] = { 9 };
    struct ayni_bytes none = world_null(&world);
    struct world_field fields[] = {
        { AYNI_FIELD_WRAPPED_KEY_PURPOSE, world_text(&world, space ? "space" : "identity") },
        { AYNI_FIELD_WRAPPED_KEY_SPACE, space ? world_id(&world, space) : none },
        { AYNI_FIELD_WRAPPED_KEY_EPOCH, space ? world_bytes(&world, epoch, 16) : none },
        { AYNI_FIELD_WRAPPED_KEY_NODE, world_id(&world, &world.nodes[node].key) },
        { AYNI_FIELD_WRAPPED_KEY_BOX, world_bytes(&world, &by, sizeof(by)) },
        { 0 },
    };

    ck_assert_int_eq(ayni_registry_wrapped_key_record(
                         &world.root, space ? AYNI_KEY_SPACE : AYNI_KEY_IDENTITY, space,
                         space ? epoch : NULL, &world.nodes[node].key, &record),
                     AYNI_OK);
    return world_write(&world, by, AYNI_TYPE_WRAPPED_KEY, &record, fields);
}

START_TEST(wrapped_keys_come_from_who_may_wrap_them)
{
    size_t count;

    world_space(&world, 2, "secret", "sealed", false);
    struct ayni_space secret = world_space_id(&world, 2, "secret");
    world_member(&world, 1, 3, "ALFA");
    wrap(1, 3, NULL);    /* its admin node */
    wrap(0, 3, NULL);    /* steering */
    wrap(2, 3, NULL);    /* a foreign admin node */
    wrap(2, 3, &secret); /* the owner */
    wrap(0, 3, &secret); /* steering doesn't own it */
    rebuild();
    const struct ayni_wrapped_key *keys =
        ayni_registry_wrapped_keys(registry, &world.nodes[3].key, &count);
    ck_assert_uint_eq(count, 3);
    ck_assert(ayni_id_equal(&keys[0].by, &world.nodes[0].key)); /* steering's first */
    ck_assert(ayni_id_equal(&keys[1].by, &world.nodes[1].key));
    ck_assert(ayni_id_equal(&keys[2].by, &world.nodes[2].key) && keys[2].purpose == AYNI_KEY_SPACE);
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
    Suite *suite = suite_create("registry");
    TCase *types = tcase_create("types");

    ADD_CASE(suite, "steering", without_a_root_statement_nobody_is_known,
             a_statement_of_another_root_key_is_none, anybody_may_carry_a_root_statement,
             what_old_steering_wrote_counts_up_to_the_cut,
             a_successor_without_a_cut_leaves_old_writes_marked,
             a_feed_that_the_root_cut_does_not_list_is_cut_at_zero,
             the_root_statement_is_there_for_tickets);
    ADD_CASE(suite, "members", a_member_has_card_organisation_and_role,
             a_stranger_adds_nobody_and_is_nobody, an_ordinary_member_adds_and_revokes_nobody,
             an_admin_node_adds_and_revokes_in_its_own_organisation,
             steering_names_another_admin_and_the_first_is_none_any_more,
             nobody_but_steering_names_an_admin, a_revoked_key_never_returns,
             who_steers_cannot_be_revoked, what_a_revoked_admin_node_did_counts_up_to_steerings_cut,
             admin_nodes_that_revoke_each_other_are_both_revoked,
             steerings_word_on_an_organisation_ends_a_contest,
             the_card_with_the_highest_serial_of_the_node_itself_holds,
             a_card_that_the_node_did_not_sign_is_none,
             a_transport_key_that_another_shows_stays_its_owners,
             members_are_found_by_name_id_and_prefix);
    ADD_CASE(suite, "stewards", a_node_and_its_admin_node_say_who_its_stewards_are,
             a_steward_who_was_taken_off_stays_off, a_context_reaches_its_own_branch_alone,
             wrapped_keys_come_from_who_may_wrap_them);
    tcase_add_checked_fixture(types, found, end);
    tcase_add_loop_test(types, the_catalogue_is_steerings, 0,
                        sizeof(types_of_steering) / sizeof(*types_of_steering));
    tcase_add_loop_test(types, all_else_is_quarantined, 0,
                        sizeof(types_of_nobody) / sizeof(*types_of_nobody));
    suite_add_tcase(suite, types);

    return test_run(suite);
}
