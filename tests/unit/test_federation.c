#include "daemon/federation/cuts.h"
#include "daemon/federation/membership.h"
#include "daemon/federation/spaces.h"
#include "daemon/federation/stewards.h"
#include "daemon/records/standing.h"
#include "tests/support/node.h"

/* What nodes do to the registry, in this process: midis steers, ngo is a partner. */
static struct test_node midis, ngo;
static struct ayni_space visits;

static void setup(void)
{
    test_node_open(&midis, 1);
    test_node_found(&midis);
    test_node_open(&ngo, 2);
    test_node_join(&ngo, &midis, "innova");
    visits = test_node_space(&midis, "visits", AYNI_CLASS_SENSITIVE);
    test_node_exchange(&midis, &ngo);
}

static void teardown(void)
{
    test_node_close(&ngo);
    test_node_close(&midis);
}

static const struct ayni_space_info *info_of(const struct charter *charter)
{
    return ayni_registry_space_info(charter->registry, &visits);
}

/* --- members --- */

static enum ayni_status add(struct test_node *by, uint8_t number, struct membership_result *result)
{
    SCOPED_BUFFER card = { 0 };

    test_card(number, &card);
    struct membership_request request = {
        .card = ayni_buffer_bytes(&card),
        .role = AYNI_ROLE_PARTNER,
        .steward = "ana",
    };
    enum ayni_status status = membership_add(&by->records, &request, result);
    if (status == AYNI_OK)
        test_node_settle(by);
    return status;
}

START_TEST(steering_adds_members_and_others_do_not)
{
    struct membership_result result;

    ck_assert_int_ne(add(&ngo, 3, &result), AYNI_OK);
    ck_assert_int_eq(add(&midis, 3, &result), AYNI_OK);
    struct ayni_node third = test_keys(3).node;
    ck_assert(ayni_id_equal(&result.node, &third));
    SCOPED_CHARTER charter = standing_hold(midis.records.standing);
    const struct ayni_member *member = ayni_registry_member(charter->registry, &result.node);
    ck_assert_ptr_nonnull(member);
    ck_assert(member->has_card && !member->revoked && member->has_organisation);
    ck_assert_uint_eq(member->endpoint_count, 2);
}
END_TEST

START_TEST(a_card_that_is_none_adds_nobody)
{
    SCOPED_BUFFER card = { 0 };
    struct membership_result result;

    test_card(3, &card);
    for (size_t i = 0; i < card.size; i += 7) {
        card.data[i] ^= 1;
        struct membership_request request = { .card = ayni_buffer_bytes(&card),
                                              .role = AYNI_ROLE_PARTNER,
                                              .steward = "ana" };
        ck_assert_int_eq(membership_add(&midis.records, &request, &result), AYNI_E_MALFORMED);
        card.data[i] ^= 1;
    }
}
END_TEST

START_TEST(a_revoked_key_never_returns)
{
    struct membership_result result;
    struct ayni_record record;
    struct ayni_node node = test_keys(3).node;

    ck_assert_int_eq(add(&midis, 3, &result), AYNI_OK);
    ck_assert_int_ne(membership_revoke(&ngo.records, &node, "no", "ana", &record), AYNI_OK);
    ck_assert_int_eq(membership_revoke(&midis.records, &node, "stolen", "ana", &record), AYNI_OK);
    test_node_settle(&midis);
    ck_assert_int_eq(add(&midis, 3, &result), AYNI_E_STOPPED);
    test_node_exchange(&midis, &ngo);
    SCOPED_CHARTER charter = standing_hold(ngo.records.standing);
    ck_assert(ayni_registry_member(charter->registry, &node)->revoked);
}
END_TEST

START_TEST(steering_cannot_put_itself_out)
{
    struct ayni_record record;

    ck_assert_int_eq(membership_revoke(&midis.records, &midis.keys.node, "no", "ana", &record),
                     AYNI_E_INVALID);
}
END_TEST

static uint64_t last_arrival(struct test_node *node)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;

    test_must(log_snapshot_begin(node->log, &snapshot), "snapshot");
    return log_last_arrival(snapshot);
}

START_TEST(a_card_is_published_once)
{
    SCOPED_BUFFER bytes = { 0 };
    uint64_t serial = 0;
    struct ayni_bytes endpoint = ayni_bytes_of_text("tcp://10.0.0.9:7000");
    struct ayni_card card = { .serial = 9, .name = ayni_bytes_of_text("ngo"), .endpoint_count = 1 };

    card.node = ngo.keys.node;
    card.endpoints[0] = endpoint;
    ck_assert_int_eq(ayni_card_sign(&card, &ngo.keys.secret, &bytes), AYNI_OK);
    ck_assert_int_eq(membership_publish_card(&ngo.records, ayni_buffer_bytes(&bytes), &serial),
                     AYNI_OK);
    test_node_exchange(&midis, &ngo);
    SCOPED_CHARTER charter = standing_hold(midis.records.standing);
    const struct ayni_member *member = ayni_registry_member(charter->registry, &ngo.keys.node);
    ck_assert_uint_eq(member->card_serial, 9);
    ck_assert(ayni_bytes_equal(member->endpoints[0], endpoint));
    uint64_t before = last_arrival(&ngo);
    ck_assert_int_eq(membership_publish_card(&ngo.records, ayni_buffer_bytes(&bytes), &serial),
                     AYNI_OK);
    ck_assert_uint_eq(last_arrival(&ngo), before);
    /* A node that was put back has an older one, and is told. */
    card.serial = 4;
    ayni_buffer_clear(&bytes);
    ck_assert_int_eq(ayni_card_sign(&card, &ngo.keys.secret, &bytes), AYNI_OK);
    ck_assert_int_eq(membership_publish_card(&ngo.records, ayni_buffer_bytes(&bytes), &serial),
                     AYNI_E_CHANGED);
    ck_assert_uint_eq(serial, 9);
    ck_assert_uint_eq(last_arrival(&ngo), before);
}
END_TEST

/* --- spaces and rights --- */

static const char *const bad_names[] = {
    "", " ", "a b", "-x", "registry", "\"x\"", "a\tb", "it's"
};
START_TEST(a_name_that_cannot_be_makes_no_space)
{
    struct ayni_space space;

    ck_assert_int_eq(
        space_create(&midis.records, bad_names[_i], AYNI_CLASS_PUBLIC, false, "ana", &space),
        AYNI_E_INVALID);
}
END_TEST

START_TEST(a_name_is_taken_once)
{
    struct ayni_space space;

    ck_assert_int_eq(space_create(&ngo.records, "visits", AYNI_CLASS_PUBLIC, false, "ana", &space),
                     AYNI_E_EXISTS);
    ck_assert_int_eq(space_create(&ngo.records, "mine", AYNI_CLASS_PUBLIC, false, "ana", &space),
                     AYNI_OK);
}
END_TEST

START_TEST(only_owner_and_steering_grant)
{
    SCOPED_CHARTER charter = standing_hold(ngo.records.standing);
    struct ayni_record grant;

    ck_assert_int_eq(space_grant(&ngo.records, info_of(charter), &ngo.keys.node, AYNI_RIGHT_WRITER,
                                 "ana", &grant),
                     AYNI_E_RIGHT);
    ck_assert_int_eq(
        space_ungrant(&ngo.records, info_of(charter), &ngo.keys.node, "no", "ana", &grant),
        AYNI_E_RIGHT);
    SCOPED_CHARTER steering = standing_hold(midis.records.standing);
    ck_assert_int_eq(space_grant(&midis.records, info_of(steering), &ngo.keys.node,
                                 AYNI_RIGHT_RELAY, "ana", &grant),
                     AYNI_E_INVALID);
    ck_assert_int_eq(
        space_ungrant(&midis.records, info_of(steering), &ngo.keys.node, "no", "ana", &grant),
        AYNI_E_NOT_FOUND);
}
END_TEST

START_TEST(the_same_grant_again_is_the_same)
{
    struct ayni_record first = test_node_grant(&midis, &visits, &ngo, AYNI_RIGHT_WRITER), second;
    SCOPED_CHARTER charter = standing_hold(midis.records.standing);

    ck_assert_int_eq(space_grant(&midis.records, info_of(charter), &ngo.keys.node,
                                 AYNI_RIGHT_WRITER, "ana", &second),
                     AYNI_OK);
    ck_assert(ayni_id_equal(&first, &second));
}
END_TEST

static size_t endings_without_cut(struct test_node *node)
{
    SCOPED_CHARTER charter = standing_hold(node->records.standing);
    size_t count, waiting = 0;
    const struct ayni_ending *endings = ayni_registry_endings(charter->registry, &count);

    for (size_t i = 0; i < count; i++)
        waiting += !endings[i].cut_by_owner && !endings[i].cut_by_steering;
    return waiting;
}

START_TEST(an_ending_waits_for_the_owners_cut_and_for_no_other)
{
    struct ayni_record record;

    (void)test_node_grant(&midis, &visits, &ngo, AYNI_RIGHT_WRITER);
    test_node_exchange(&midis, &ngo);
    (void)test_put(&ngo, "visits", "person", "surname_1=Vela", "given_names=Ana", NULL);
    test_node_exchange(&midis, &ngo);
    SCOPED_CHARTER charter = standing_hold(midis.records.standing);
    ck_assert_int_eq(
        space_ungrant(&midis.records, info_of(charter), &ngo.keys.node, "done", "ana", &record),
        AYNI_OK);
    test_node_exchange(&midis, &ngo);
    ck_assert_uint_eq(endings_without_cut(&midis), 1);
    ck_assert_int_eq(cuts_give(&ngo.records), AYNI_OK); /* not its space */
    test_node_exchange(&midis, &ngo);
    ck_assert_uint_eq(endings_without_cut(&midis), 1);
    ck_assert_int_eq(cuts_give(&midis.records), AYNI_OK);
    test_node_exchange(&midis, &ngo);
    ck_assert_uint_eq(endings_without_cut(&midis), 0);
    ck_assert_uint_eq(endings_without_cut(&ngo), 0);
}
END_TEST

/* --- stewards --- */

START_TEST(a_steward_is_added_changed_and_removed)
{
    struct ayni_record record, again;

    ck_assert_int_eq(steward_add(&ngo.records, "rosa", AYNI_STEWARD_EDITOR, NULL, "ana", &record),
                     AYNI_OK);
    test_node_settle(&ngo);
    ck_assert_int_eq(steward_add(&ngo.records, "rosa", AYNI_STEWARD_REVIEWER, NULL, "ana", &again),
                     AYNI_OK);
    ck_assert(ayni_id_equal(&record, &again));
    test_node_settle(&ngo);
    ck_assert_int_eq(steward_remove(&ngo.records, "rosa", "ana", &record), AYNI_OK);
    test_node_settle(&ngo);
    ck_assert_int_eq(steward_remove(&ngo.records, "rosa", "ana", &record), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(steward_remove(&ngo.records, "nobody", "ana", &record), AYNI_E_NOT_FOUND);
    ck_assert_int_eq(steward_add(&ngo.records, "", AYNI_STEWARD_EDITOR, NULL, "ana", &record),
                     AYNI_E_INVALID);
}
END_TEST

START_TEST(a_local_user_follows_a_remote_one_of_her_name)
{
    static const uint8_t key[32] = { 7 };
    struct federation *federation = NULL;
    struct ayni_record record;

    ck_assert_int_eq(federation_open(ngo.log, ngo.writer, NULL, &federation), AYNI_OK);
    ck_assert_int_eq(steward_add(&ngo.records, "rosa", AYNI_STEWARD_EDITOR, key, "ana", &record),
                     AYNI_OK);
    test_node_settle(&ngo);
    ck_assert_int_eq(steward_role_of(&ngo.records, federation, "rosa"), -1);
    ck_assert_int_eq(steward_remove(&ngo.records, "rosa", "ana", &record), AYNI_OK);
    test_node_settle(&ngo);
    ck_assert_int_eq(steward_add(&ngo.records, "rosa", AYNI_STEWARD_EDITOR, NULL, "ana", &record),
                     AYNI_OK);
    test_node_settle(&ngo);
    ck_assert_int_eq(steward_role_of(&ngo.records, federation, "rosa"), AYNI_STEWARD_EDITOR);
    federation_close(federation);
}
END_TEST

#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))

int main(void)
{
    Suite *suite = suite_create("federation");
    TCase *registry = tcase_create("registry");

    tcase_add_checked_fixture(registry, setup, teardown);
    tcase_add_test(registry, steering_adds_members_and_others_do_not);
    tcase_add_test(registry, a_card_that_is_none_adds_nobody);
    tcase_add_test(registry, a_revoked_key_never_returns);
    tcase_add_test(registry, steering_cannot_put_itself_out);
    tcase_add_test(registry, a_card_is_published_once);
    tcase_add_loop_test(registry, a_name_that_cannot_be_makes_no_space, 0, COUNT(bad_names));
    tcase_add_test(registry, a_name_is_taken_once);
    tcase_add_test(registry, only_owner_and_steering_grant);
    tcase_add_test(registry, the_same_grant_again_is_the_same);
    tcase_add_test(registry, an_ending_waits_for_the_owners_cut_and_for_no_other);
    tcase_add_test(registry, a_steward_is_added_changed_and_removed);
    tcase_add_test(registry, a_local_user_follows_a_remote_one_of_her_name);
    suite_add_tcase(suite, registry);
    return test_run(suite);
}
