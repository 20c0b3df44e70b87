#include "tests/support/sim_engine.h"
#include "tests/support/suite.h"

static struct sim_engine e;

static void begin(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    sim_engine_start(&e, 5);
}

static void end(void)
{
    sim_engine_stop(&e);
}

START_TEST(what_is_missing_is_asked_of_one_peer)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_note(&e, 3, &feed, 5, 10, 11);
    ck_assert_uint_eq(sim_engine_wanted(&e, 2).from, 0);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 3));
    ck_assert_uint_eq(sim_engine_lag(&e, 2).behind, 5);
    ck_assert_uint_eq(sim_engine_lag(&e, 3).behind, 5);
    ck_assert(!sim_engine_lag(&e, 2).in_sync);
}
END_TEST

START_TEST(when_it_stalls_another_peer_is_asked)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_note(&e, 3, &feed, 5, 10, 11);
    sim_engine_time(&e, 8000);
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 3));
    ck_assert_uint_ge(ayni_sync_counters(e.sync)->stalls, 1);
}
END_TEST

/* What made room for something more urgent is free for others when nothing comes of that. */
START_TEST(what_a_silent_peer_keeps_parked_is_asked_of_another)
{
    struct ayni_feed_descriptor bulk = sim_engine_feed(7, 1, AYNI_LANE_BULK, 1);
    struct ayni_feed_descriptor urgent = sim_engine_feed(7, 1, AYNI_LANE_CONTROL, 2);
    struct ayni_feed id = sim_engine_feed_id(&bulk);
    struct ayni_feed_prefix name = ayni_feed_prefix_of(&id);

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    sim_engine_note(&e, 2, &bulk, 5000, 10, 11);
    sim_engine_note(&e, 2, &urgent, 5000, 11, 12);
    sim_engine_note(&e, 3, &bulk, 5000, 10, 11);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 3));
    sim_engine_time(&e, 8000);
    struct ayni_want want = sim_engine_wanted(&e, 3);
    ck_assert(ayni_id_equal(&want.feed, &name));
}
END_TEST

START_TEST(when_its_connection_ends_another_peer_is_asked)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_note(&e, 3, &feed, 5, 10, 11);
    sim_engine_down(&e, 2);
    ck_assert_uint_eq(sim_engine_wanted(&e, 3).from, 0);
}
END_TEST

START_TEST(a_batch_is_stored_and_more_is_asked_for_after_it)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_forget(&e);
    sim_engine_batch(&e, 2, &feed, 0, 3);
    const struct sim_action *store = sim_engine_find(&e, AYNI_SYNC_STORE, 2);
    ck_assert_ptr_nonnull(store);
    ck_assert_uint_eq(store->action.store.from, 0);
    ck_assert_uint_eq(store->bytes.size, 8);
    uint64_t number = store->action.store.number;
    sim_engine_head(&e, &feed, 3, 1);
    sim_engine_stored(&e, number, AYNI_OK);
    ck_assert_uint_eq(sim_engine_wanted(&e, 2).from, 3);
    ck_assert_uint_eq(sim_engine_lag(&e, 2).behind, 2);
}
END_TEST

/* Who brought it isn't told of it; everybody else is. */
START_TEST(what_came_from_a_peer_is_noted_on_but_not_back)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_batch(&e, 2, &feed, 0, 5);
    uint64_t number = sim_engine_find(&e, AYNI_SYNC_STORE, 2)->action.store.number;
    sim_engine_forget(&e);
    sim_engine_head(&e, &feed, 5, 1);
    sim_engine_stored(&e, number, AYNI_OK);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2));
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 3));
    const struct sim_action *ack = sim_engine_sent(&e, AYNI_MESSAGE_ACK, 2);
    ck_assert_ptr_nonnull(ack);
    ck_assert_uint_eq(ack->message.ack.stored, 11);
}
END_TEST

START_TEST(what_nobody_asked_for_is_not_stored)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_batch(&e, 2, &feed, 0, 5);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_batch(&e, 2, &feed, 2, 5); /* not after what is held */
    ck_assert_ptr_null(sim_engine_find(&e, AYNI_SYNC_STORE, 2));
    ck_assert(sim_engine_is_up(&e, 2));
}
END_TEST

START_TEST(runs_that_do_not_verify_end_the_connection)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_batch(&e, 2, &feed, 0, 5);
    sim_engine_stored(&e, sim_engine_find(&e, AYNI_SYNC_STORE, 2)->action.store.number,
                      AYNI_E_SIGNATURE);
    ck_assert_int_eq(sim_engine_dropped(&e, 2), AYNI_SYNC_DROP_SEAL);
}
END_TEST

START_TEST(a_right_that_is_not_known_is_no_breach_and_tried_again_when_the_space_is_told_anew)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_batch(&e, 2, &feed, 0, 5);
    uint64_t number = sim_engine_find(&e, AYNI_SYNC_STORE, 2)->action.store.number;
    sim_engine_forget(&e);
    sim_engine_stored(&e, number, AYNI_E_RIGHT);
    ck_assert(sim_engine_is_up(&e, 2));
    ck_assert_uint_eq(sim_engine_lag(&e, 2).untaken, 5);
    sim_engine_time(&e, 500);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    sim_engine_members(&e, 5, 2); /* another one */
    sim_engine_note(&e, 2, &feed, 5, 11, 12);
    sim_engine_time(&e, 5000);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    ck_assert_uint_eq(sim_engine_lag(&e, 2).behind, 0);
    ck_assert_uint_eq(sim_engine_lag(&e, 2).untaken, 5);
    sim_engine_members(&e, 1, 2);
    ck_assert_uint_eq(sim_engine_lag(&e, 2).untaken, 0); /* it is judged anew */
    sim_engine_note(&e, 2, &feed, 5, 12, 13);
    sim_engine_time(&e, 5000);
    ck_assert_uint_eq(sim_engine_wanted(&e, 2).from, 0);
}
END_TEST

/* What it was refused by was so before: nothing more may be told of the space. */
START_TEST(what_is_told_while_a_store_is_under_way_makes_it_tried_again)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_batch(&e, 2, &feed, 0, 5);
    uint64_t number = sim_engine_find(&e, AYNI_SYNC_STORE, 2)->action.store.number;
    sim_engine_members(&e, 1, 2);
    sim_engine_forget(&e);
    sim_engine_stored(&e, number, AYNI_E_RIGHT);
    sim_engine_time(&e, 5000);
    ck_assert_uint_eq(sim_engine_wanted(&e, 2).from, 0);
}
END_TEST

START_TEST(a_full_disk_here_is_not_the_fault_of_the_peer)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_batch(&e, 2, &feed, 0, 5);
    uint64_t number = sim_engine_find(&e, AYNI_SYNC_STORE, 2)->action.store.number;
    sim_engine_forget(&e);
    sim_engine_stored(&e, number, AYNI_E_FULL);
    ck_assert_uint_eq(e.action_count, 0);
    sim_engine_time(&e, 3000);
    ck_assert_uint_eq(sim_engine_wanted(&e, 2).from, 0);
    ck_assert(sim_engine_is_up(&e, 2));
}
END_TEST

/* No batch is fetched every two seconds that finds no room; where there is some again, it is soon.
 */
START_TEST(a_full_disk_asks_ever_less_often)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    uint64_t end = e.now + 600 * 1000;
    unsigned asked = 0;

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_note(&e, 3, &feed, 5, 10, 11);
    while (e.now < end) {
        for (uint8_t peer = 2; peer <= 3; peer++) {
            if (sim_engine_sent(&e, AYNI_MESSAGE_WANT, peer) == NULL)
                continue;
            asked++;
            sim_engine_forget(&e);
            sim_engine_batch(&e, peer, &feed, 0, 5);
            sim_engine_stored(&e, sim_engine_find(&e, AYNI_SYNC_STORE, peer)->action.store.number,
                              AYNI_E_FULL);
        }
        sim_engine_forget(&e);
        sim_engine_time(&e, 500);
    }
    ck_assert_uint_ge(asked, 15);
    ck_assert_uint_le(asked, 25);
}
END_TEST

/* The registry before erasures, these before what is current, the short before the long, imports
 * last. */
START_TEST(what_is_urgent_is_asked_for_first)
{
    const struct ayni_feed_descriptor feeds[] = {
        sim_engine_feed(7, 1, AYNI_LANE_BULK, 1),    sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 2),
        sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 3), sim_engine_feed(7, 1, AYNI_LANE_CONTROL, 4),
        sim_engine_feed(7, 0, AYNI_LANE_CURRENT, 5),
    };
    const uint64_t seqs[] = { 3, 9, 3, 9, 9 };
    const size_t expected[] = { 4, 3, 2, 1, 0 };
    SCOPED_BUFFER heads = { 0 }, message = { 0 };

    sim_engine_meet(&e, 2);
    for (size_t i = 0; i < 5; i++) {
        struct ayni_feed id = sim_engine_feed_id(&feeds[i]);
        struct ayni_noted_head head = { .feed = ayni_feed_prefix_of(&id),
                                        .seq = seqs[i],
                                        .has_mark = true,
                                        .has_descriptor = true,
                                        .descriptor = feeds[i] };
        ayni_noted_head_encode(&head, &heads);
    }
    ayni_note_encode(10, 11, 5, ayni_buffer_bytes(&heads), &message);
    sim_engine_say(&e, 2, &message);
    const struct sim_action *sent = sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2);
    ck_assert_ptr_nonnull(sent);
    struct ayni_want want;
    size_t position = 0;
    for (size_t i = 0; i < 5; i++) {
        struct ayni_feed id = sim_engine_feed_id(&feeds[expected[i]]);
        struct ayni_feed_prefix name = ayni_feed_prefix_of(&id);
        ck_assert(ayni_wants_next(&sent->message.wants, &position, &want));
        ck_assert_mem_eq(want.feed.bytes, name.bytes, sizeof(name.bytes));
    }
}
END_TEST

/* A claim that nothing comes of is not believed for ever, and never acknowledged. */
START_TEST(a_head_that_is_never_delivered_is_given_up)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_note(&e, 2, &feed, 5000000, 10, 11);
    sim_engine_time(&e, 20 * 60 * 1000);
    ck_assert_uint_eq(sim_engine_lag(&e, 2).behind, 0);
    ck_assert(!sim_engine_lag(&e, 2).in_sync);
    const struct sim_action *ack = sim_engine_sent(&e, AYNI_MESSAGE_ACK, 2);
    ck_assert_ptr_nonnull(ack);
    ck_assert_uint_lt(ack->message.ack.stored, 11);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sync_pull");
    TCase *tcase = tcase_create("sync_pull");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, what_is_missing_is_asked_of_one_peer);
    tcase_add_test(tcase, when_it_stalls_another_peer_is_asked);
    tcase_add_test(tcase, what_a_silent_peer_keeps_parked_is_asked_of_another);
    tcase_add_test(tcase, when_its_connection_ends_another_peer_is_asked);
    tcase_add_test(tcase, a_batch_is_stored_and_more_is_asked_for_after_it);
    tcase_add_test(tcase, what_came_from_a_peer_is_noted_on_but_not_back);
    tcase_add_test(tcase, what_nobody_asked_for_is_not_stored);
    tcase_add_test(tcase, runs_that_do_not_verify_end_the_connection);
    tcase_add_test(
        tcase, a_right_that_is_not_known_is_no_breach_and_tried_again_when_the_space_is_told_anew);
    tcase_add_test(tcase, what_is_told_while_a_store_is_under_way_makes_it_tried_again);
    tcase_add_test(tcase, a_full_disk_here_is_not_the_fault_of_the_peer);
    tcase_add_test(tcase, a_full_disk_asks_ever_less_often);
    tcase_add_test(tcase, what_is_urgent_is_asked_for_first);
    tcase_add_test(tcase, a_head_that_is_never_delivered_is_given_up);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
