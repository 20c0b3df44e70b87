#include "proto/limits.h"
#include "tests/support/sim_engine.h"
#include "tests/support/suite.h"

/* What rides in notes, and what a peer is counted to lack. */

static struct sim_engine e;
static const uint8_t runs[AYNI_NOTE_RUN_SIZE_MAX];

static void begin(void)
{
    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    sim_engine_start(&e, 5);
}

static void end(void)
{
    sim_engine_stop(&e);
}

/* It greets, as one who knows nobody else or not, and has stored our log up to `stored`. */
static void greet(uint8_t peer, bool alone, bool metered, uint64_t stored)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_PEER_UP, .peer = sim_engine_peer(peer) };
    SCOPED_BUFFER message = { 0 };
    struct ayni_hello hello = { .major = AYNI_PROTOCOL_MAJOR,
                                .alone = alone,
                                .root = sim_engine_peer(0),
                                .instance = { { peer } },
                                .ack_instance = { { 1 } },
                                .ack_arrival = stored,
                                .shared = { { 1 } } };

    event.up.dialled = true;
    event.up.metered = metered;
    sim_engine_tell(&e, &event);
    ayni_hello_encode(&hello, &message);
    sim_engine_say(&e, peer, &message);
}

/* Feeds 1 to `count` of node 7 in space 1 now end at `seq`. */
static void others_write(uint8_t count, uint64_t seq, uint64_t arrival)
{
    for (uint8_t i = 1; i <= count; i++) {
        struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, i);
        sim_engine_head(&e, &feed, seq, arrival + i);
    }
}

struct told {
    size_t notes, heads, riders, riders_size;
};

static struct told told_to(uint8_t peer)
{
    struct ayni_node node = sim_engine_peer(peer);
    struct told told = { 0 };

    for (size_t i = 0; i < e.action_count; i++) {
        const struct sim_action *action = &e.actions[i];
        struct ayni_noted_head head;
        size_t position = 0;
        if (action->action.type != AYNI_SYNC_SEND || action->message.type != AYNI_MESSAGE_NOTE ||
            !ayni_id_equal(&action->action.peer, &node))
            continue;
        told.notes++;
        while (ayni_note_next(&action->message.note, &position, &head)) {
            told.heads++;
            told.riders += head.runs.size > 0;
            told.riders_size += head.runs.size;
        }
    }
    return told;
}

static void answer_reads_with(size_t size)
{
    e.runs = (struct ayni_sync_runs){ .runs = { runs, size } };
    e.runs_step = 1;
}

START_TEST(what_others_wrote_rides_to_who_is_connected_to_nobody_else)
{
    others_write(20, 1, 0);
    answer_reads_with(100);
    others_write(20, 2, 20);
    greet(2, true, false, 20);
    struct told told = told_to(2);
    ck_assert_uint_eq(told.notes, 1);
    ck_assert_uint_eq(told.heads, 20);
    ck_assert_uint_eq(told.riders, 20);
}
END_TEST

START_TEST(nothing_of_others_rides_to_who_may_get_it_elsewhere_or_pays_for_it)
{
    others_write(20, 1, 0);
    answer_reads_with(100);
    others_write(20, 2, 20);
    greet(2, _i == 1, _i == 1, 20);
    ck_assert_uint_eq(told_to(2).heads, 20);
    ck_assert_uint_eq(told_to(2).riders, 0);
}
END_TEST

/* A slow link isn't filled with what nobody asked for: urgent things come behind it. */
START_TEST(no_more_rides_than_half_of_a_first_window)
{
    others_write(200, 1, 0);
    answer_reads_with(sizeof(runs));
    others_write(200, 2, 200);
    greet(2, true, false, 200);
    struct told told = told_to(2);
    ck_assert_uint_eq(told.heads, 200);
    ck_assert_uint_gt(told.riders_size, 16 * 1024);
    ck_assert_uint_le(told.riders_size, 34 * 1024);
}
END_TEST

START_TEST(who_has_one_connection_says_so_and_who_has_two_does_not)
{
    sim_engine_up(&e, 2, true);
    ck_assert(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2)->message.hello.alone);
    sim_engine_up(&e, 3, false);
    sim_engine_hello(&e, 3, true, true);
    ck_assert(!sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 3)->message.hello.alone);
    sim_engine_forget(&e);
    sim_engine_down(&e, 2);
    sim_engine_hello(&e, 3, true, true);
    ck_assert(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 3)->message.hello.alone);
}
END_TEST

/* --- what is counted --- */

START_TEST(all_that_was_written_since_the_acknowledgement_is_ahead)
{
    others_write(2, 1, 0);
    others_write(2, 4, 10);
    others_write(2, 9, 20);
    others_write(2, 30, 30);
    greet(2, false, false, 12);
    ck_assert_uint_eq(sim_engine_lag(&e, 2).ahead, 2 * (30 - 4));
    greet(3, false, false, 22);
    ck_assert_uint_eq(sim_engine_lag(&e, 3).ahead, 2 * (30 - 9));
}
END_TEST

static void say_list(uint8_t peer, const struct ayni_feed_descriptor *feed, uint64_t seq)
{
    struct ayni_feed id = sim_engine_feed_id(feed);
    struct ayni_hash chain = sim_engine_chain(feed, seq);
    struct ayni_listed_head head = { ayni_feed_prefix_of(&id), seq, ayni_chain_mark_of(&chain) };
    SCOPED_BUFFER list = { 0 }, range = { 0 }, message = { 0 };

    ayni_listed_head_encode(&head, &list);
    ayni_range_encode(&(struct ayni_range){ .form = AYNI_RANGE_LIST,
                                            .list = ayni_buffer_bytes(&list),
                                            .list_count = 1 },
                      &range);
    ayni_ranges_encode(&(struct ayni_ranges){ .space = sim_engine_space(1),
                                              .ranges = ayni_buffer_bytes(&range),
                                              .range_count = 1 },
                       &message);
    sim_engine_say(&e, peer, &message);
}

START_TEST(what_a_liar_says_to_have_is_a_number_that_anybody_can_read)
{
    greet(2, false, false, 0);
    for (uint8_t i = 1; i <= 5; i++) {
        struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, i);
        sim_engine_note(&e, 2, &feed, UINT64_MAX - i, 0, 0);
    }
    struct ayni_sync_lag lag = sim_engine_lag(&e, 2);
    ck_assert_uint_ge(lag.behind, 1ull << 50);
    ck_assert_uint_lt(lag.behind, 1ull << 53);
}
END_TEST

START_TEST(what_comparing_shows_to_be_missing_is_ahead_and_told)
{
    struct ayni_feed_descriptor first = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    others_write(2, 40, 0);
    greet(2, false, false, 0);
    ck_assert_uint_eq(sim_engine_lag(&e, 2).ahead, 0); /* nothing is known yet */
    sim_engine_forget(&e);
    say_list(2, &first, 33);
    ck_assert_uint_eq(told_to(2).heads, 2);
    ck_assert_uint_eq(sim_engine_lag(&e, 2).ahead, 7 + 40);
    answer_reads_with(100);
    sim_engine_want(&e, 2, &first, 38, 4096, 1);
    ck_assert_uint_eq(sim_engine_lag(&e, 2).ahead, 2 + 40);
    sim_engine_head(&e, &first, 41, 50);
    ck_assert_uint_eq(sim_engine_lag(&e, 2).ahead, 3 + 40);
}
END_TEST

START_TEST(what_rides_in_an_answer_begins_where_the_receiver_has_it)
{
    struct ayni_feed_descriptor first = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_noted_head head;
    size_t position = 0;

    others_write(1, 40, 0);
    greet(2, true, false, 0);
    sim_engine_forget(&e);
    answer_reads_with(100);
    e.runs_step = 7;
    say_list(2, &first, 33);
    const struct sim_action *note = sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2);
    ck_assert_ptr_nonnull(note);
    ck_assert_uint_eq(note->message.note.upto, 0);
    ck_assert(ayni_note_next(&note->message.note, &position, &head));
    ck_assert_uint_eq(head.from, 33);
    ck_assert_uint_eq(head.seq, 40);
    ck_assert(!head.has_descriptor && head.runs.size == 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sync_notes");
    TCase *riding = tcase_create("riding");
    TCase *counting = tcase_create("counting");

    tcase_add_checked_fixture(riding, begin, end);
    tcase_add_test(riding, what_others_wrote_rides_to_who_is_connected_to_nobody_else);
    tcase_add_loop_test(riding, nothing_of_others_rides_to_who_may_get_it_elsewhere_or_pays_for_it,
                        0, 2);
    tcase_add_test(riding, no_more_rides_than_half_of_a_first_window);
    tcase_add_test(riding, who_has_one_connection_says_so_and_who_has_two_does_not);
    tcase_add_test(riding, what_rides_in_an_answer_begins_where_the_receiver_has_it);
    suite_add_tcase(suite, riding);
    tcase_add_checked_fixture(counting, begin, end);
    tcase_add_test(counting, all_that_was_written_since_the_acknowledgement_is_ahead);
    tcase_add_test(counting, what_a_liar_says_to_have_is_a_number_that_anybody_can_read);
    tcase_add_test(counting, what_comparing_shows_to_be_missing_is_ahead_and_told);
    suite_add_tcase(suite, counting);
    return test_run(suite);
}
