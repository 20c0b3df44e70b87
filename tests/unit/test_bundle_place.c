/* Where runs of a bundle belong in a log whose feed forks. */
#include "daemon/bundle/bundle_place.h"
#include "tests/support/fork.h"
#include "tests/support/log.h"
#include "tests/support/suite.h"

enum { COMMON = 2 };

static const struct ayni_space space = { { 1 } };
static const struct ayni_instant now = { 1800000000000 };
static struct test_log store;
static struct test_fork forked;
static struct ayni_run third; /* a way that nobody has told of */
static struct ayni_entry third_entry;
static struct ayni_buffer bytes; /* of the runs that are placed */

static void setup(void)
{
    static const uint8_t payload[] = { 0x81, 7 };
    struct ayni_head after;
    struct ayni_hash chain;

    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    test_log_make(&store, 4 * 1024 * 1024);
    test_fork_make(&forked, 1, &space, COMMON);
    third_entry = forked.own[0];
    third_entry.payload = (struct ayni_bytes){ payload, sizeof(payload) };
    third = (struct ayni_run){ &third_entry, 1, { { 0 } } };
    ayni_run_seal(&third, &forked.feed, &forked.keys.secret, &forked.at, &after, &chain);
}

static void teardown(void)
{
    ayni_buffer_free(&bytes);
    test_log_remove(&store);
}

/* --- what the log holds --- */

static void hold(const struct ayni_run *run, struct ayni_head *head)
{
    struct ayni_hash chains[AYNI_RUN_ENTRIES_MAX];
    struct ayni_head after;
    struct log_txn *txn;

    ck_assert_int_eq(ayni_run_verify(run, &forked.feed, &forked.keys.node, AYNI_LANE_CURRENT, head,
                                     (struct ayni_instant){ 0 }, &after, chains),
                     AYNI_OK);
    ck_assert_int_eq(log_txn_begin(store.store, &txn), AYNI_OK);
    ck_assert_int_eq(log_txn_extend(txn, &forked.feed, &forked.feed, &forked.descriptor, head, run,
                                    chains, &after, now),
                     AYNI_OK);
    ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
    *head = after;
}

/* What both share, and of the two ways the one or none. */
static void hold_way(const struct ayni_run *way)
{
    struct ayni_head head = { 0, ayni_chain_start(&forked.feed) };

    hold(&forked.common, &head);
    if (way != NULL)
        hold(way, &head);
}

static void hold_proof(void)
{
    struct ayni_fork_proof proof;
    SCOPED_BUFFER said = { 0 };
    struct log_txn *txn;

    test_fork_prove(&forked, 0, 1, &said);
    ck_assert_int_eq(ayni_fork_proof_decode(ayni_buffer_bytes(&said), &proof), AYNI_OK);
    ck_assert_int_eq(log_txn_begin(store.store, &txn), AYNI_OK);
    ck_assert_int_eq(log_txn_put_fork(txn, &proof, ayni_buffer_bytes(&said), now), AYNI_OK);
    ck_assert_int_eq(log_txn_commit(txn), AYNI_OK);
}

/* --- what comes --- */

/* The whole history that ends with this way. */
static struct bundle_place place_of(const struct ayni_run *way)
{
    struct ayni_bundle_runs runs = { .feed = forked.feed,
                                     .descriptor = forked.descriptor,
                                     .from = { 0, ayni_chain_start(&forked.feed) } };
    struct bundle_place place;

    ayni_buffer_clear(&bytes);
    ayni_run_encode(&forked.common, &bytes);
    if (way != NULL)
        ayni_run_encode(way, &bytes);
    runs.runs = ayni_buffer_bytes(&bytes);
    ck_assert_int_eq(bundle_place_find(store.store, &forked.root, &runs, &place), AYNI_OK);
    return place;
}

static struct ayni_feed branch_of(const struct ayni_run *way)
{
    struct ayni_hash chain = ayni_chain_next(&forked.at.chain, &way->entries[0]);

    return ayni_feed_branch(&forked.feed, COMMON + 1, &chain);
}

START_TEST(what_is_new_follows_and_what_is_there_is_held)
{
    ck_assert_int_eq(place_of(NULL).is, BUNDLE_PLACE_FOLLOWS);
    hold_way(NULL);
    ck_assert_int_eq(place_of(NULL).is, BUNDLE_PLACE_HELD);
    struct bundle_place place = place_of(&forked.sides[0]);
    ck_assert_int_eq(place.is, BUNDLE_PLACE_FOLLOWS);
    ck_assert_uint_eq(place.held, COMMON);
    ck_assert_uint_eq(place.count, COMMON + 1);
}
END_TEST

START_TEST(another_way_shows_a_fork)
{
    hold_way(&forked.sides[0]);
    struct bundle_place place = place_of(&forked.sides[1]);
    ck_assert_int_eq(place.is, BUNDLE_PLACE_FORKS);
    ck_assert(ayni_id_equal(&place.segment, &forked.feed));
    ck_assert_uint_eq(place.held, COMMON);
}
END_TEST

START_TEST(a_way_that_a_proof_names_goes_into_its_branch)
{
    struct ayni_feed branch = branch_of(&forked.sides[_i]);

    hold_way(NULL);
    hold_proof();
    struct bundle_place place = place_of(&forked.sides[_i]);
    ck_assert_int_eq(place.is, BUNDLE_PLACE_FOLLOWS);
    ck_assert(ayni_id_equal(&place.segment, &branch));
}
END_TEST

/* And never goes into the other, of which nothing is held but that it is there. */
START_TEST(a_third_way_is_shown_against_the_one_that_is_held)
{
    struct ayni_feed held = branch_of(&forked.sides[_i]);

    hold_way(&forked.sides[_i]);
    hold_proof();
    struct bundle_place place = place_of(&third);
    ck_assert_int_eq(place.is, BUNDLE_PLACE_FORKS);
    ck_assert(ayni_id_equal(&place.segment, &held));
    ck_assert_uint_eq(place.held, COMMON);
}
END_TEST

START_TEST(a_third_way_waits_where_no_other_is_held)
{
    hold_way(NULL);
    hold_proof();
    ck_assert_int_eq(place_of(&third).is, BUNDLE_PLACE_WAITS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bundle_place");
    TCase *tcase = tcase_create("places");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, what_is_new_follows_and_what_is_there_is_held);
    tcase_add_test(tcase, another_way_shows_a_fork);
    tcase_add_loop_test(tcase, a_way_that_a_proof_names_goes_into_its_branch, 0, 2);
    tcase_add_loop_test(tcase, a_third_way_is_shown_against_the_one_that_is_held, 0, 2);
    tcase_add_test(tcase, a_third_way_waits_where_no_other_is_held);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
