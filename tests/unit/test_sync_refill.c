/* Payloads that the log lacks: who is asked for them, when, and when again. */
#include "tests/support/sim_engine.h"
#include "tests/support/suite.h"

static struct sim_engine e;
static struct ayni_feed_descriptor feed;

static void tell_lost(uint64_t lost)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_LOST };

    event.lost = lost;
    sim_engine_tell(&e, &event);
}

/* Entries 3 to 5 of 9 have no payload. */
static void begin(void)
{
    struct ayni_hash chain;

    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    sim_engine_start(&e, 5);
    feed = sim_engine_feed(1, 1, AYNI_LANE_CURRENT, 1);
    chain = sim_engine_chain(&feed, 2);
    sim_engine_head(&e, &feed, 9, 1);
    e.hole = (struct ayni_sync_hole){ .found = true,
                                      .place = { 1, 3 },
                                      .feed = sim_engine_feed_id(&feed),
                                      .from = 2,
                                      .to = 5,
                                      .mark = ayni_chain_mark_of(&chain) };
}

static void end(void)
{
    sim_engine_stop(&e);
}

static bool asked(uint8_t peer)
{
    return sim_engine_sent(&e, AYNI_MESSAGE_WANT, peer) != NULL;
}

static uint64_t filled_by(uint8_t peer)
{
    const struct sim_action *fill = sim_engine_find(&e, AYNI_SYNC_FILL, peer);

    ck_assert_ptr_nonnull(fill);
    ck_assert_uint_eq(fill->action.store.from, 2);
    return fill->action.store.number;
}

START_TEST(what_is_lost_is_asked_of_a_peer_and_put_in_its_place)
{
    sim_engine_meet(&e, 2);
    ck_assert(!asked(2));
    tell_lost(3);
    struct ayni_want want = sim_engine_wanted(&e, 2);
    ck_assert_uint_eq(want.from, 2);
    ck_assert_mem_eq(want.mark.bytes, e.hole.mark.bytes, sizeof(want.mark.bytes));
    ck_assert_uint_eq(want.credit, 3 * 1024);
    sim_engine_batch(&e, 2, &feed, 2, 6);
    uint64_t number = filled_by(2);
    ck_assert_ptr_null(sim_engine_find(&e, AYNI_SYNC_STORE, 2));
    sim_engine_forget(&e);
    e.hole.found = false;
    tell_lost(0);
    sim_engine_stored(&e, number, AYNI_OK);
    sim_engine_time(&e, 3600 * 1000);
    ck_assert(!asked(2));
}
END_TEST

START_TEST(who_comes_later_is_asked_too)
{
    tell_lost(3);
    sim_engine_up(&e, 2, true);
    ck_assert(!asked(2));
    sim_engine_hello(&e, 2, false, false);
    ck_assert(asked(2));
}
END_TEST

START_TEST(one_peer_is_asked_at_a_time)
{
    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    tell_lost(3);
    ck_assert(asked(2) != asked(3));
}
END_TEST

START_TEST(what_a_peer_has_not_is_asked_of_another)
{
    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    tell_lost(3);
    uint8_t first = asked(2) ? 2 : 3;
    uint8_t other = 5 - first;
    sim_engine_forget(&e);
    sim_engine_batch(&e, first, &feed, 2, 2); /* nothing */
    sim_engine_time(&e, 2000);
    ck_assert(asked(other));
    ck_assert(!asked(first));
}
END_TEST

/* A batch whose payloads are hollow there too is stored as nothing, and the walk goes on. */
START_TEST(what_a_peer_lacks_as_well_is_asked_of_another)
{
    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    tell_lost(3);
    uint8_t first = asked(2) ? 2 : 3;
    sim_engine_batch(&e, first, &feed, 2, 5);
    uint64_t number = filled_by(first);
    sim_engine_forget(&e);
    sim_engine_stored(&e, number, AYNI_OK);
    sim_engine_time(&e, 2000);
    ck_assert(asked(5 - first));
}
END_TEST

START_TEST(who_does_not_answer_keeps_nobody_from_being_asked)
{
    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    tell_lost(3);
    uint8_t first = asked(2) ? 2 : 3;
    sim_engine_forget(&e);
    sim_engine_time(&e, 10 * 1000);
    ck_assert(asked(5 - first));
}
END_TEST

START_TEST(whose_connection_ends_keeps_nobody_from_being_asked)
{
    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    tell_lost(3);
    uint8_t first = asked(2) ? 2 : 3;
    sim_engine_forget(&e);
    sim_engine_down(&e, first);
    sim_engine_time(&e, 2000);
    ck_assert(asked(5 - first));
}
END_TEST

/* Ever less often: in a week fewer than fifty times. */
START_TEST(what_nobody_has_is_asked_for_again_ever_less_often)
{
    size_t times = 0;

    sim_engine_meet(&e, 2);
    tell_lost(3);
    for (unsigned hour = 0; hour < 7 * 24 * 60; hour++) {
        if (asked(2)) {
            times++;
            sim_engine_forget(&e);
            sim_engine_batch(&e, 2, &feed, 2, 2);
        }
        sim_engine_forget(&e);
        sim_engine_hello(&e, 2, false, false); /* it is still there */
        sim_engine_time(&e, 60 * 1000);
    }
    ck_assert_uint_gt(times, 20);
    ck_assert_uint_lt(times, 50);
}
END_TEST

START_TEST(more_that_is_lost_is_asked_for_at_once)
{
    sim_engine_meet(&e, 2);
    tell_lost(3);
    sim_engine_batch(&e, 2, &feed, 2, 2);
    sim_engine_time(&e, 1000);
    sim_engine_forget(&e);
    tell_lost(2);
    ck_assert(!asked(2));
    tell_lost(4);
    ck_assert(asked(2));
}
END_TEST

START_TEST(in_sync_is_said_only_when_the_peer_was_asked_for_all)
{
    sim_engine_meet(&e, 2);
    ck_assert(sim_engine_lag(&e, 2).in_sync);
    tell_lost(3);
    ck_assert(!sim_engine_lag(&e, 2).in_sync);
    sim_engine_batch(&e, 2, &feed, 2, 2);
    ck_assert(sim_engine_lag(&e, 2).in_sync);
}
END_TEST

START_TEST(nothing_is_asked_of_who_may_not_have_it)
{
    struct ayni_feed_descriptor own = sim_engine_feed(1, 3, AYNI_LANE_CURRENT, 1);

    sim_engine_head(&e, &own, 9, 2);
    e.hole.feed = sim_engine_feed_id(&own);
    sim_engine_meet(&e, 2);
    tell_lost(3);
    sim_engine_time(&e, 60 * 1000);
    ck_assert(!asked(2));
}
END_TEST

START_TEST(payloads_of_another_history_are_no_breach)
{
    sim_engine_meet(&e, 2);
    tell_lost(3);
    sim_engine_batch(&e, 2, &feed, 2, 5);
    sim_engine_stored(&e, filled_by(2), AYNI_E_CHAIN);
    ck_assert(sim_engine_is_up(&e, 2));
}
END_TEST

START_TEST(runs_that_are_none_end_the_connection)
{
    sim_engine_meet(&e, 2);
    tell_lost(3);
    sim_engine_batch(&e, 2, &feed, 2, 5);
    sim_engine_stored(&e, filled_by(2), AYNI_E_MALFORMED);
    ck_assert_int_eq(sim_engine_dropped(&e, 2), AYNI_SYNC_DROP_MALFORMED);
}
END_TEST

/* Its HELLO with our own fingerprints, and payloads that it lacks. */
static void hear_of_lacking(struct ayni_hello hello, uint64_t lacks)
{
    SCOPED_BUFFER message = { 0 };

    hello.asks = false;
    hello.lacks = lacks;
    hello.instance = (struct ayni_incarnation){ { 2 } };
    ayni_hello_encode(&hello, &message);
    sim_engine_say(&e, 2, &message);
}

START_TEST(who_lacks_payloads_and_has_not_asked_for_them_is_not_in_sync)
{
    sim_engine_up(&e, 2, true);
    struct ayni_hello hello = sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2)->message.hello;
    hear_of_lacking(hello, 3);
    struct ayni_sync_lag lag = sim_engine_lag(&e, 2);
    ck_assert(!lag.in_sync);
    ck_assert_uint_eq(lag.ahead, 3);
    hear_of_lacking(hello, UINT64_MAX);
    ck_assert_uint_lt(sim_engine_lag(&e, 2).ahead, 1ull << 53);
    hear_of_lacking(hello, 0);
    ck_assert(sim_engine_lag(&e, 2).in_sync);
}
END_TEST

START_TEST(peers_hear_that_payloads_are_lacking_and_when_they_were_asked_for)
{
    sim_engine_meet(&e, 2);
    tell_lost(3);
    sim_engine_forget(&e);
    sim_engine_time(&e, 4000);
    const struct sim_action *hello = sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2);
    ck_assert_ptr_nonnull(hello);
    ck_assert_uint_eq(hello->message.hello.lacks, 3);
    sim_engine_hello(&e, 2, false, false);
    e.hole.found = false;
    sim_engine_forget(&e);
    sim_engine_time(&e, 60 * 1000);
    hello = sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2);
    ck_assert_ptr_nonnull(hello);
    ck_assert_uint_eq(hello->message.hello.lacks, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sync_refill");
    TCase *tcase = tcase_create("sync_refill");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, what_is_lost_is_asked_of_a_peer_and_put_in_its_place);
    tcase_add_test(tcase, who_comes_later_is_asked_too);
    tcase_add_test(tcase, one_peer_is_asked_at_a_time);
    tcase_add_test(tcase, what_a_peer_has_not_is_asked_of_another);
    tcase_add_test(tcase, what_a_peer_lacks_as_well_is_asked_of_another);
    tcase_add_test(tcase, who_does_not_answer_keeps_nobody_from_being_asked);
    tcase_add_test(tcase, whose_connection_ends_keeps_nobody_from_being_asked);
    tcase_add_test(tcase, what_nobody_has_is_asked_for_again_ever_less_often);
    tcase_add_test(tcase, more_that_is_lost_is_asked_for_at_once);
    tcase_add_test(tcase, in_sync_is_said_only_when_the_peer_was_asked_for_all);
    tcase_add_test(tcase, who_lacks_payloads_and_has_not_asked_for_them_is_not_in_sync);
    tcase_add_test(tcase, peers_hear_that_payloads_are_lacking_and_when_they_were_asked_for);
    tcase_add_test(tcase, nothing_is_asked_of_who_may_not_have_it);
    tcase_add_test(tcase, payloads_of_another_history_are_no_breach);
    tcase_add_test(tcase, runs_that_are_none_end_the_connection);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
