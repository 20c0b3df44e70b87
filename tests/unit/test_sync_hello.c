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

START_TEST(who_dialled_speaks_first_and_the_other_waits)
{
    sim_engine_up(&e, 2, true);
    sim_engine_up(&e, 3, false);
    const struct sim_action *hello = sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2);
    ck_assert_ptr_nonnull(hello);
    ck_assert(hello->message.hello.asks);
    ck_assert_uint_le(hello->bytes.size, 150);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 3));
}
END_TEST

START_TEST(a_question_is_answered_once_and_an_answer_not_at_all)
{
    sim_engine_up(&e, 2, false);
    sim_engine_hello(&e, 2, true, true);
    const struct sim_action *hello = sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2);
    ck_assert_ptr_nonnull(hello);
    ck_assert(!hello->message.hello.asks);
    sim_engine_forget(&e);
    sim_engine_hello(&e, 2, false, true);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2));
}
END_TEST

START_TEST(questions_that_cross_answer_each_other)
{
    sim_engine_up(&e, 2, true);
    size_t said = e.action_count;
    sim_engine_hello(&e, 2, true, false);
    ck_assert_uint_eq(e.action_count, said + 1); /* ACKED alone */
    ck_assert_ptr_nonnull(sim_engine_find(&e, AYNI_SYNC_ACKED, 2));
    ck_assert(sim_engine_lag(&e, 2).in_sync);
}
END_TEST

START_TEST(a_hello_without_answer_is_said_again_ever_less_often)
{
    sim_engine_up(&e, 2, true);
    sim_engine_time(&e, 10 * 60 * 1000);
    ck_assert_uint_ge(e.action_count, 8);
    ck_assert_uint_le(e.action_count, 20);
}
END_TEST

START_TEST(equal_fingerprints_end_it_and_stay_quiet)
{
    sim_engine_meet(&e, 2);
    ck_assert(sim_engine_lag(&e, 2).in_sync);
    sim_engine_time(&e, 60 * 60 * 1000);
    ck_assert_uint_eq(e.action_count, 0);
    ck_assert_uint_eq(ayni_sync_deadline(e.sync).ms, UINT64_MAX);
}
END_TEST

/* The registry is told again with each change of it, late or soon: what doesn't change what two
 * nodes share leaves them in sync, and what does is compared at once. */
START_TEST(membership_of_others_leaves_two_nodes_in_sync)
{
    sim_engine_meet(&e, 2);
    sim_engine_members(&e, 1, 2); /* others lose a space that these two share */
    sim_engine_members(&e, 1, 2); /* the same again */
    sim_engine_members(&e, 3, 3); /* and get one that they don't */
    ck_assert(sim_engine_lag(&e, 2).in_sync);
    sim_engine_forget(&e);
    sim_engine_members(&e, 3, 2);
    ck_assert(!sim_engine_lag(&e, 2).in_sync);
    sim_engine_time(&e, 20 * 1000);
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2));
}
END_TEST

/* Which of two hears of a right last nobody knows: both say what they hold, and one is understood.
 */
START_TEST(what_two_share_from_now_on_is_compared_at_once)
{
    struct ayni_node others[] = { sim_engine_peer(2), sim_engine_peer(3) };
    struct ayni_sync_event event = { .type = AYNI_SYNC_SPACE };
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 9, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    event.space = (struct ayni_sync_space){ sim_engine_space(9), others, 2 };
    sim_engine_tell(&e, &event);
    if (_i == 1)
        sim_engine_head(&e, &feed, 3, 1);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_RANGES, 2));
    sim_engine_members(&e, 9, 2);
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_RANGES, 2));
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_RANGES, 3));
    sim_engine_forget(&e);
    sim_engine_members(&e, 9, 2);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_RANGES, 2));
}
END_TEST

/* What was written a moment before is noted, heard, and asked about. */
START_TEST(where_somebody_waits_a_note_that_was_heard_is_enough)
{
    struct ayni_feed_descriptor own = sim_engine_feed(1, 1, AYNI_LANE_CURRENT, 1);
    SCOPED_BUFFER ack = { 0 };

    sim_engine_meet(&e, 2);
    sim_engine_head(&e, &own, 1, 1);
    sim_engine_tell(&e, &(struct ayni_sync_event){ .type = AYNI_SYNC_HURRY });
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2));
    ayni_ack_encode(&(struct ayni_ack){ 1, 1 }, &ack);
    sim_engine_say(&e, 2, &ack);
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2));
}
END_TEST

/* Not only when its turn would have come: it may be minutes away. */
START_TEST(where_somebody_waits_it_is_asked_at_once)
{
    sim_engine_up(&e, 2, true);
    sim_engine_hello(&e, 2, false, true);
    for (unsigned i = 0; i < 20; i++) {
        sim_engine_forget(&e);
        sim_engine_tell(&e, &(struct ayni_sync_event){ .type = AYNI_SYNC_HURRY });
        ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2));
        sim_engine_hello(&e, 2, false, true);
    }
}
END_TEST

/* The peer goes on holding something else; `seconds` of it. How many checks there were. */
static unsigned checks_of_who_differs(uint64_t seconds)
{
    unsigned count = 0;

    for (uint64_t i = 0; i < seconds; i++) {
        sim_engine_time(&e, 1000);
        if (sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2) != NULL) {
            sim_engine_hello(&e, 2, false, true);
            count++;
        }
        sim_engine_forget(&e);
    }
    return count;
}

START_TEST(who_never_agrees_is_asked_ever_less_often)
{
    sim_engine_up(&e, 2, true);
    sim_engine_hello(&e, 2, false, true);
    sim_engine_forget(&e);
    checks_of_who_differs(20 * 60);
    unsigned rest = checks_of_who_differs(60 * 60);
    ck_assert_uint_ge(rest, 8); /* every five minutes and a quarter more at most */
    ck_assert_uint_le(rest, 12);
}
END_TEST

/* A head moves here, the peer tells of one, rights change, or somebody waits. */
START_TEST(a_change_is_compared_soon_also_where_two_rested)
{
    struct ayni_feed_descriptor own = sim_engine_feed(1, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_feed_descriptor other = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 2);

    sim_engine_up(&e, 2, true);
    sim_engine_hello(&e, 2, false, true);
    sim_engine_forget(&e);
    checks_of_who_differs(60 * 60);
    if (_i == 0)
        sim_engine_head(&e, &own, 1, 1);
    else if (_i == 1)
        sim_engine_note(&e, 2, &other, 1, 10, 11);
    else if (_i == 2)
        sim_engine_members(&e, 3, 4);
    else
        sim_engine_tell(&e, &(struct ayni_sync_event){ .type = AYNI_SYNC_HURRY });
    ck_assert_uint_ge(checks_of_who_differs(60), 1);
}
END_TEST

START_TEST(another_federation_or_major_version_is_dropped)
{
    struct ayni_hello hello = { .major = AYNI_PROTOCOL_MAJOR, .root = sim_engine_peer(9) };
    SCOPED_BUFFER message = { 0 };

    sim_engine_up(&e, 2, true);
    ayni_hello_encode(&hello, &message);
    sim_engine_say(&e, 2, &message);
    ck_assert_int_eq(sim_engine_dropped(&e, 2), AYNI_SYNC_DROP_FEDERATION);
    ck_assert(!sim_engine_is_up(&e, 2));
    sim_engine_up(&e, 3, true);
    hello.major++;
    ayni_buffer_clear(&message);
    ayni_hello_encode(&hello, &message);
    sim_engine_say(&e, 3, &message);
    ck_assert_int_eq(sim_engine_dropped(&e, 3), AYNI_SYNC_DROP_VERSION);
    ck_assert_uint_eq(ayni_sync_counters(e.sync)->dropped[AYNI_SYNC_DROP_VERSION], 1);
}
END_TEST

/* Both are to know why: who hasn't said anything yet says its version before it goes. */
START_TEST(who_is_dropped_for_its_version_hears_ours_first)
{
    struct ayni_hello hello = { .major = AYNI_PROTOCOL_MAJOR + 1, .asks = true };
    SCOPED_BUFFER message = { 0 };

    sim_engine_up(&e, 2, _i == 1);
    size_t said = e.action_count;
    ayni_hello_encode(&hello, &message);
    sim_engine_say(&e, 2, &message);
    ck_assert_uint_eq(said, _i == 1 ? 1 : 0);
    ck_assert_uint_eq(e.action_count, 2);
    const struct sim_action *ours = sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2);
    ck_assert_ptr_eq(ours, &e.actions[0]);
    ck_assert_uint_eq(ours->message.hello.major, AYNI_PROTOCOL_MAJOR);
    ck_assert_int_eq(sim_engine_dropped(&e, 2), AYNI_SYNC_DROP_VERSION);
}
END_TEST

START_TEST(what_was_refused_is_counted_by_node_and_outlives_the_connection)
{
    struct ayni_node node = sim_engine_peer(2), other = sim_engine_peer(3);
    SCOPED_BUFFER ack = { 0 }, garbage = { 0 };

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    ayni_ack_encode(&(struct ayni_ack){ 1000, 1000 }, &ack); /* of what was never said */
    sim_engine_say(&e, 2, &ack);
    ayni_buffer_append_text(&garbage, "\x83garbage");
    sim_engine_say(&e, 2, &garbage);
    ck_assert(!sim_engine_is_up(&e, 2));
    sim_engine_meet(&e, 2);
    struct ayni_sync_refusals refused = ayni_sync_get_refusals(e.sync, &node);
    ck_assert_uint_eq(refused.ignored, 1);
    ck_assert_uint_eq(refused.drops, 1);
    ck_assert_int_eq(refused.last_drop, AYNI_SYNC_DROP_MALFORMED);
    refused = ayni_sync_get_refusals(e.sync, &other);
    ck_assert_uint_eq(refused.ignored + refused.drops, 0);
}
END_TEST

/* Its HELLO was lost, or we have started anew: we ask. */
START_TEST(who_speaks_before_its_hello_is_asked_for_it)
{
    SCOPED_BUFFER message = { 0 };

    sim_engine_up(&e, 2, false);
    ayni_ack_encode(&(struct ayni_ack){ 0, 0 }, &message);
    sim_engine_say(&e, 2, &message);
    ck_assert(sim_engine_is_up(&e, 2));
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2));
}
END_TEST

START_TEST(garbage_ends_the_connection)
{
    SCOPED_BUFFER message = { 0 };

    sim_engine_meet(&e, 2);
    ayni_buffer_append_text(&message, "\x83garbage");
    sim_engine_say(&e, 2, &message);
    ck_assert_int_eq(sim_engine_dropped(&e, 2), AYNI_SYNC_DROP_MALFORMED);
}
END_TEST

START_TEST(a_message_of_a_newer_version_is_ignored)
{
    SCOPED_BUFFER message = { 0 };

    sim_engine_meet(&e, 2);
    ayni_buffer_append_text(&message, "\x81\x18\x63"); /* [99] */
    sim_engine_say(&e, 2, &message);
    ck_assert(sim_engine_is_up(&e, 2));
    ck_assert_uint_eq(ayni_sync_counters(e.sync)->ignored_messages, 1);
}
END_TEST

/* It would send us all that others wrote, which others send now, too. */
START_TEST(whose_only_peer_it_was_is_said_when_it_is_so_no_more)
{
    sim_engine_up(&e, 2, true);
    ck_assert(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2)->message.hello.alone);
    sim_engine_forget(&e);
    sim_engine_up(&e, 3, true);
    const struct sim_action *again = sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2);
    ck_assert_ptr_nonnull(again);
    ck_assert(!again->message.hello.alone);
    sim_engine_forget(&e);
    sim_engine_up(&e, 4, true);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2));
}
END_TEST

/* One note says many heads; what is one's own, and what can't wait, is said at once. */
START_TEST(what_others_wrote_is_gathered)
{
    struct ayni_feed_descriptor others[] = { sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1),
                                             sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 2),
                                             sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 3) };
    struct ayni_feed_descriptor urgent = sim_engine_feed(7, 1, AYNI_LANE_CONTROL, 4);

    sim_engine_meet(&e, 2);
    sim_engine_head(&e, &others[0], 1, 1);
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2));
    sim_engine_forget(&e);
    sim_engine_head(&e, &others[1], 1, 2);
    sim_engine_head(&e, &others[2], 1, 3);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2));
    sim_engine_time(&e, 200);
    ck_assert_uint_eq(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2)->message.note.head_count, 2);
    sim_engine_forget(&e);
    sim_engine_head(&e, &urgent, 1, 4);
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sync_hello");
    TCase *tcase = tcase_create("sync_hello");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, who_dialled_speaks_first_and_the_other_waits);
    tcase_add_test(tcase, a_question_is_answered_once_and_an_answer_not_at_all);
    tcase_add_test(tcase, questions_that_cross_answer_each_other);
    tcase_add_test(tcase, a_hello_without_answer_is_said_again_ever_less_often);
    tcase_add_test(tcase, equal_fingerprints_end_it_and_stay_quiet);
    tcase_add_test(tcase, membership_of_others_leaves_two_nodes_in_sync);
    tcase_add_loop_test(tcase, what_two_share_from_now_on_is_compared_at_once, 0, 2);
    tcase_add_test(tcase, where_somebody_waits_a_note_that_was_heard_is_enough);
    tcase_add_test(tcase, where_somebody_waits_it_is_asked_at_once);
    tcase_add_test(tcase, who_never_agrees_is_asked_ever_less_often);
    tcase_add_loop_test(tcase, a_change_is_compared_soon_also_where_two_rested, 0, 4);
    tcase_add_test(tcase, another_federation_or_major_version_is_dropped);
    tcase_add_loop_test(tcase, who_is_dropped_for_its_version_hears_ours_first, 0, 2);
    tcase_add_test(tcase, what_was_refused_is_counted_by_node_and_outlives_the_connection);
    tcase_add_test(tcase, who_speaks_before_its_hello_is_asked_for_it);
    tcase_add_test(tcase, garbage_ends_the_connection);
    tcase_add_test(tcase, a_message_of_a_newer_version_is_ignored);
    tcase_add_test(tcase, whose_only_peer_it_was_is_said_when_it_is_so_no_more);
    tcase_add_test(tcase, what_others_wrote_is_gathered);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
