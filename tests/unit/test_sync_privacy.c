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

START_TEST(a_head_is_noted_to_those_who_share_its_space)
{
    struct ayni_feed_descriptor shared = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_feed_descriptor own = sim_engine_feed(7, 3, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 9); /* a member of the federation, and of no space */
    sim_engine_head(&e, &own, 3, 1);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 0));
    sim_engine_head(&e, &shared, 3, 2);
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2));
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 9));
}
END_TEST

/* Nobody learns from the answer whether a feed exists that it must not know of. */
START_TEST(a_feed_that_is_not_shared_is_as_good_as_none)
{
    struct ayni_feed_descriptor hidden = sim_engine_feed(7, 3, AYNI_LANE_CURRENT, 1);
    struct ayni_feed_descriptor absent = sim_engine_feed(7, 3, AYNI_LANE_CURRENT, 2);
    const struct ayni_feed_descriptor *asked[] = { &hidden, &absent };
    struct ayni_buffer answers[2] = { { 0 }, { 0 } };

    sim_engine_head(&e, &hidden, 3, 1);
    sim_engine_meet(&e, 2);
    for (size_t i = 0; i < 2; i++) {
        struct ayni_feed id = sim_engine_feed_id(asked[i]);
        SCOPED_BUFFER wants = { 0 }, message = { 0 }, ask = { 0 }, trace = { 0 };
        struct ayni_want want = { .feed = ayni_feed_prefix_of(&id), .credit = 9999, .round = 1 };
        ayni_want_encode(&want, &wants);
        ayni_wants_encode(1, ayni_buffer_bytes(&wants), &message);
        sim_engine_say(&e, 2, &message);
        ck_assert_uint_eq(e.action_count, 1);
        ayni_buffer_append(&answers[i], e.actions[0].bytes.data + 19,
                           e.actions[0].bytes.size - 19); /* what follows the name */
        sim_engine_forget(&e);
        ayni_ask_encode(&want.feed, 1, &ask);
        sim_engine_say(&e, 2, &ask);
        ayni_trace_encode(&(struct ayni_trace){ want.feed, 0, 2 }, &trace);
        sim_engine_say(&e, 2, &trace);
        ck_assert_uint_eq(e.action_count, 0);
    }
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&answers[0]), ayni_buffer_bytes(&answers[1])));
    ayni_buffer_free(&answers[0]);
    ayni_buffer_free(&answers[1]);
}
END_TEST

/* The other may know more of the registry: no breach, and heard of again when we know it too. */
START_TEST(heads_of_a_space_not_known_yet_wait_for_the_registry)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(2, 8, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    ck_assert(sim_engine_is_up(&e, 2));
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    ck_assert_uint_eq(ayni_sync_counters(e.sync)->deferred_heads, 1);
    sim_engine_time(&e, 1000);
    const struct sim_action *ack = sim_engine_sent(&e, AYNI_MESSAGE_ACK, 2);
    ck_assert_ptr_nonnull(ack);
    ck_assert_uint_eq(ack->message.ack.heard, 11);
    ck_assert_uint_lt(ack->message.ack.stored, 11);
    sim_engine_members(&e, 8, 2);
    sim_engine_time(&e, 5000);
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2));
}
END_TEST

START_TEST(who_is_no_member_any_more_gets_nothing_more)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_members(&e, 1, 0);
    sim_engine_head(&e, &feed, 3, 1);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sync_privacy");
    TCase *tcase = tcase_create("sync_privacy");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, a_head_is_noted_to_those_who_share_its_space);
    tcase_add_test(tcase, a_feed_that_is_not_shared_is_as_good_as_none);
    tcase_add_test(tcase, heads_of_a_space_not_known_yet_wait_for_the_registry);
    tcase_add_test(tcase, who_is_no_member_any_more_gets_nothing_more);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
