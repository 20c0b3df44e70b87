#include "proto/limits.h"
#include "tests/support/sim_engine.h"
#include "tests/support/slow_pair.h"
#include "tests/support/suite.h"

static struct sim_engine e;

static void begin(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    sim_engine_start(&e, 6);
}

static void end(void)
{
    sim_engine_stop(&e);
}

static void tell(uint8_t peer, uint64_t rate, uint64_t left, uint64_t until)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_BUDGET, .peer = sim_engine_peer(peer) };

    event.now.ms = e.now;
    event.budget = (struct ayni_sync_budget){ rate, left, { until } };
    sim_engine_tell(&e, &event);
}

static bool is_held(uint8_t peer)
{
    struct ayni_sync_peer_status status;
    struct ayni_node node = sim_engine_peer(peer);

    ck_assert_int_eq(ayni_sync_get_peer(e.sync, &node, &status), AYNI_OK);
    return status.held;
}

START_TEST(what_can_wait_is_not_asked_for_where_nothing_is_left)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    tell(2, 0, 0, e.now + 3600000);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_time(&e, 60000);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    ck_assert_uint_eq(sim_engine_lag(&e, 2).behind, 5);
    ck_assert(is_held(2));
    tell(2, 0, 100000, 0);
    ck_assert_uint_eq(sim_engine_wanted(&e, 2).from, 0);
    ck_assert(!is_held(2));
}
END_TEST

START_TEST(what_is_urgent_is_asked_for_all_the_same)
{
    struct ayni_feed_descriptor control = sim_engine_feed(7, 1, AYNI_LANE_CONTROL, 1);
    struct ayni_feed_descriptor registry = sim_engine_feed(7, 0, AYNI_LANE_CURRENT, 1);
    struct ayni_feed_descriptor feed = _i == 0 ? control : registry;

    sim_engine_meet(&e, 2);
    tell(2, 0, 0, e.now + 3600000);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    ck_assert_uint_eq(sim_engine_wanted(&e, 2).from, 0);
    ck_assert(!is_held(2));
}
END_TEST

START_TEST(what_one_peer_may_not_bring_is_asked_of_another)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_note(&e, 3, &feed, 5, 10, 11);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 3));
    tell(2, 0, 0, e.now + 3600000);
    ck_assert_uint_eq(sim_engine_wanted(&e, 3).from, 0);
}
END_TEST

START_TEST(what_is_used_up_ends_the_asking)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_note(&e, 2, &feed, 5000, 10, 11);
    tell(2, 0, 10, e.now + 3600000);
    sim_engine_batch(&e, 2, &feed, 0, 3);
    uint64_t number = sim_engine_find(&e, AYNI_SYNC_STORE, 2)->action.store.number;
    sim_engine_forget(&e);
    sim_engine_head(&e, &feed, 3, 1);
    sim_engine_stored(&e, number, AYNI_OK);
    sim_engine_time(&e, 600000);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    ck_assert(is_held(2));
}
END_TEST

/* --- giving --- */

START_TEST(who_asks_for_what_is_held_is_told_when_to_come_back)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(1, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_head(&e, &feed, 50, 1);
    sim_engine_meet(&e, 2);
    tell(2, 0, 0, e.now + 120000);
    sim_engine_forget(&e);
    sim_engine_want(&e, 2, &feed, 0, 65536, 1);
    const struct sim_action *batch = sim_engine_sent(&e, AYNI_MESSAGE_BATCH, 2);
    ck_assert_ptr_nonnull(batch);
    ck_assert_uint_eq(batch->message.batch.packed.size, 0);
    ck_assert_uint_ge(batch->message.batch.later_s, 120);
    ck_assert_uint_le(batch->message.batch.later_s, 122);
    ck_assert_ptr_null(sim_engine_find(&e, AYNI_SYNC_READ, 2));
    ck_assert(is_held(2));
}
END_TEST

START_TEST(what_is_urgent_is_given_all_the_same)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(1, 1, AYNI_LANE_CONTROL, 1);

    sim_engine_head(&e, &feed, 50, 1);
    sim_engine_meet(&e, 2);
    tell(2, 0, 0, e.now + 120000);
    sim_engine_want(&e, 2, &feed, 0, 65536, 1);
    ck_assert_ptr_nonnull(sim_engine_find(&e, AYNI_SYNC_READ, 2));
}
END_TEST

START_TEST(what_is_written_here_does_not_ride_where_nothing_is_left)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(1, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    tell(2, 0, 0, e.now + 120000);
    sim_engine_forget(&e);
    sim_engine_head(&e, &feed, 1, 1);
    ck_assert_ptr_null(sim_engine_find(&e, AYNI_SYNC_READ, 2));
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2));
}
END_TEST

/* --- being told so --- */

static void say_later(uint8_t peer, const struct ayni_feed_descriptor *feed, uint64_t later_s)
{
    struct ayni_feed id = sim_engine_feed_id(feed);
    SCOPED_BUFFER message = { 0 };

    ayni_batch_encode(&(struct ayni_batch){ .feed = ayni_feed_prefix_of(&id), .later_s = later_s },
                      &message);
    sim_engine_say(&e, peer, &message);
}

START_TEST(what_comes_later_stays_wanted_and_is_asked_for_then)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_forget(&e);
    say_later(2, &feed, 100);
    sim_engine_time(&e, 90000);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    ck_assert_uint_eq(sim_engine_lag(&e, 2).behind, 5);
    sim_engine_time(&e, 11000);
    ck_assert_uint_eq(sim_engine_wanted(&e, 2).from, 0);
    ck_assert_uint_eq(ayni_sync_counters(e.sync)->stalls, 0);
}
END_TEST

/* However long it says. */
START_TEST(later_is_ten_minutes_at_most)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_forget(&e);
    say_later(2, &feed, UINT64_MAX);
    sim_engine_time(&e, 601000);
    ck_assert_uint_eq(sim_engine_wanted(&e, 2).from, 0);
}
END_TEST

START_TEST(another_peer_that_has_it_is_asked_at_once)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_note(&e, 3, &feed, 5, 10, 11);
    say_later(2, &feed, 100);
    sim_engine_time(&e, 3000);
    ck_assert_uint_eq(sim_engine_wanted(&e, 3).from, 0);
}
END_TEST

/* --- two of them, on a line of 8,000 bytes a second --- */

static void tell_pair(struct slow_pair *pair, unsigned node, uint64_t rate, uint64_t left)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_BUDGET, .peer = pair->nodes[!node].id };

    event.now.ms = pair->now;
    event.budget = (struct ayni_sync_budget){ rate, left, { pair->now + 7200000 } };
    ayni_sync_handle(pair->nodes[node].sync, &event);
}

static uint64_t bytes_of(const struct slow_pair *pair)
{
    return pair->nodes[0].bytes_sent + pair->nodes[1].bytes_sent;
}

/* Whoever has the budget, and whoever reads the other's clock. */
START_TEST(a_rate_is_kept_and_used)
{
    enum { RATE = 2000, SECONDS = 120 };
    struct slow_pair pair;

    slow_pair_init(&pair, 50, 8000, 350);
    slow_pair_write(&pair, AYNI_LANE_BULK, 20000);
    slow_pair_connect(&pair);
    slow_pair_run(&pair, 1);
    tell_pair(&pair, 1, RATE, UINT64_MAX);
    slow_pair_run(&pair, 800); /* the other is up */
    if (_i == 1)
        tell_pair(&pair, 1, 0, UINT64_MAX);
    if (_i == 1)
        tell_pair(&pair, 0, RATE, UINT64_MAX);
    slow_pair_run(&pair, 10000);
    uint64_t before = bytes_of(&pair);
    slow_pair_run(&pair, SECONDS * 1000);
    uint64_t used = bytes_of(&pair) - before;
    ck_assert_uint_le(used, RATE * SECONDS + 2 * AYNI_SYNC_WINDOW_MIN);
    ck_assert_uint_ge(used, RATE * SECONDS * 8 / 10);
    slow_pair_write(&pair, AYNI_LANE_CONTROL, 1);
    slow_pair_run(&pair, 5000);
    ck_assert_uint_eq(slow_pair_held(&pair, AYNI_LANE_CONTROL), 1);
    slow_pair_free(&pair);
}
END_TEST

/* An hour in which nothing may go but what is urgent: hardly a word is said. */
START_TEST(what_is_held_is_not_talked_about)
{
    struct slow_pair pair;

    slow_pair_init(&pair, 51, 8000, 350);
    slow_pair_connect(&pair);
    slow_pair_run(&pair, 10000);
    tell_pair(&pair, (unsigned)_i, 0, 0);
    slow_pair_write(&pair, AYNI_LANE_BULK, 1000);
    slow_pair_run(&pair, 60000);
    uint64_t before = bytes_of(&pair);
    slow_pair_run(&pair, 3600000);
    ck_assert_uint_eq(slow_pair_held(&pair, AYNI_LANE_BULK), 0);
    ck_assert_uint_le(bytes_of(&pair) - before, 20000);
    tell_pair(&pair, (unsigned)_i, 0, UINT64_MAX);
    slow_pair_run(&pair, 660000);
    ck_assert_uint_eq(slow_pair_held(&pair, AYNI_LANE_BULK), 1000);
    slow_pair_free(&pair);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sync_budget");
    TCase *one = tcase_create("one");
    TCase *pair = tcase_create("pair");

    tcase_add_checked_fixture(one, begin, end);
    tcase_add_test(one, what_can_wait_is_not_asked_for_where_nothing_is_left);
    tcase_add_loop_test(one, what_is_urgent_is_asked_for_all_the_same, 0, 2);
    tcase_add_test(one, what_one_peer_may_not_bring_is_asked_of_another);
    tcase_add_test(one, what_is_used_up_ends_the_asking);
    tcase_add_test(one, who_asks_for_what_is_held_is_told_when_to_come_back);
    tcase_add_test(one, what_is_urgent_is_given_all_the_same);
    tcase_add_test(one, what_is_written_here_does_not_ride_where_nothing_is_left);
    tcase_add_test(one, what_comes_later_stays_wanted_and_is_asked_for_then);
    tcase_add_test(one, later_is_ten_minutes_at_most);
    tcase_add_test(one, another_peer_that_has_it_is_asked_at_once);
    suite_add_tcase(suite, one);
    tcase_add_loop_test(pair, a_rate_is_kept_and_used, 0, 2);
    tcase_add_loop_test(pair, what_is_held_is_not_talked_about, 0, 2);
    suite_add_tcase(suite, pair);
    return test_run(suite);
}
