#include "proto/limits.h"
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

START_TEST(what_is_asked_for_is_read_and_sent)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_head(&e, &feed, 9, 1);
    sim_engine_meet(&e, 2);
    e.runs = (struct ayni_sync_runs){ .runs = TEST_BYTES("runs"), .to = 9 };
    sim_engine_want(&e, 2, &feed, 4, 65536, 1);
    const struct sim_action *read = sim_engine_find(&e, AYNI_SYNC_READ, 2);
    ck_assert_ptr_nonnull(read);
    ck_assert_uint_eq(read->action.read.from, 4);
    ck_assert(read->action.read.has_mark);
    ck_assert_uint_eq(read->action.read.size_max, 16384);
    ck_assert_uint_eq(read->action.read.seq_max, 9);
    const struct sim_action *batch = sim_engine_sent(&e, AYNI_MESSAGE_BATCH, 2);
    ck_assert_ptr_nonnull(batch);
    ck_assert_uint_eq(batch->message.batch.from, 4);
    ck_assert_uint_eq(batch->message.batch.to, 9);
}
END_TEST

START_TEST(no_more_is_sent_than_the_credit_allows)
{
    static const uint8_t runs[4096];
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_BULK, 1);

    sim_engine_head(&e, &feed, 1000000, 1);
    sim_engine_meet(&e, 2);
    e.runs = (struct ayni_sync_runs){ .runs = { runs, sizeof(runs) } };
    e.runs_step = 4;
    for (int times = 0; times < 9; times++)
        sim_engine_want(&e, 2, &feed, 0, 3 * sizeof(runs), 1);
    size_t batches = 0;
    for (size_t i = 0; i < e.action_count; i++)
        batches += e.actions[i].action.type == AYNI_SYNC_SEND &&
                   e.actions[i].message.type == AYNI_MESSAGE_BATCH &&
                   e.actions[i].message.batch.packed.size > 0;
    ck_assert_uint_eq(batches, 3);
}
END_TEST

START_TEST(what_was_taken_back_is_begun_anew)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_head(&e, &feed, 9, 1);
    sim_engine_meet(&e, 2);
    e.runs = (struct ayni_sync_runs){ .runs = TEST_BYTES("runs"), .to = 9 };
    sim_engine_want(&e, 2, &feed, 4, 65536, 1);
    sim_engine_want(&e, 2, &feed, 4, 0, 1);
    sim_engine_forget(&e);
    sim_engine_want(&e, 2, &feed, 4, 65536, 1); /* of the same round, in the same place */
    const struct sim_action *read = sim_engine_find(&e, AYNI_SYNC_READ, 2);
    ck_assert_ptr_nonnull(read);
    ck_assert_uint_eq(read->action.read.from, 4);
}
END_TEST

START_TEST(who_has_no_room_is_not_sent_to)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_sync_event room = { .type = AYNI_SYNC_PEER_ROOM, .peer = sim_engine_peer(2) };

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    sim_engine_tell(&e, &room);
    sim_engine_head(&e, &feed, 9, 1);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2));
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 3));
    room.room = true;
    sim_engine_tell(&e, &room);
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2));
}
END_TEST

START_TEST(heads_that_move_while_notes_are_on_their_way_go_into_the_next_one)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CONTROL, 1);
    size_t notes = 0;

    sim_engine_meet(&e, 2);
    for (uint64_t i = 1; i <= 100; i++)
        sim_engine_head(&e, &feed, i, i);
    for (size_t i = 0; i < e.action_count; i++)
        notes += e.actions[i].action.type == AYNI_SYNC_SEND &&
                 e.actions[i].message.type == AYNI_MESSAGE_NOTE;
    ck_assert_uint_eq(notes, 4);
    sim_engine_forget(&e);
    SCOPED_BUFFER ack = { 0 };
    ayni_ack_encode(&(struct ayni_ack){ 4, 0 }, &ack);
    sim_engine_say(&e, 2, &ack);
    const struct sim_action *note = sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2);
    ck_assert_ptr_nonnull(note);
    ck_assert_uint_eq(note->message.note.upto, 100);
    ck_assert_uint_eq(note->message.note.head_count, 1);
}
END_TEST

static const struct sim_action *own_write(bool metered, size_t size)
{
    static const uint8_t runs[AYNI_NOTE_RUN_SIZE_MAX + 1];
    struct ayni_feed_descriptor feed = sim_engine_feed(1, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_sync_event event = { .type = AYNI_SYNC_PEER_UP, .peer = sim_engine_peer(2) };

    event.up.dialled = true;
    event.up.metered = metered;
    sim_engine_tell(&e, &event);
    sim_engine_hello(&e, 2, false, false);
    sim_engine_forget(&e);
    e.runs = (struct ayni_sync_runs){ .runs = { runs, size }, .to = 1 };
    sim_engine_head(&e, &feed, 1, 1);
    return sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2);
}

static bool carries_runs(const struct sim_action *note)
{
    struct ayni_noted_head head;
    size_t position = 0;

    ck_assert_ptr_nonnull(note);
    ck_assert(ayni_note_next(&note->message.note, &position, &head));
    ck_assert(head.has_descriptor);
    return head.runs.size > 0;
}

START_TEST(a_small_run_that_was_written_here_rides_in_the_note)
{
    ck_assert(carries_runs(own_write(false, AYNI_NOTE_RUN_SIZE_MAX)));
}
END_TEST

START_TEST(a_larger_one_does_not)
{
    ck_assert(!carries_runs(own_write(false, AYNI_NOTE_RUN_SIZE_MAX + 1)));
}
END_TEST

START_TEST(nothing_rides_on_a_metered_link)
{
    ck_assert(!carries_runs(own_write(true, 100)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sync_serve");
    TCase *tcase = tcase_create("sync_serve");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, what_is_asked_for_is_read_and_sent);
    tcase_add_test(tcase, no_more_is_sent_than_the_credit_allows);
    tcase_add_test(tcase, what_was_taken_back_is_begun_anew);
    tcase_add_test(tcase, who_has_no_room_is_not_sent_to);
    tcase_add_test(tcase, heads_that_move_while_notes_are_on_their_way_go_into_the_next_one);
    tcase_add_test(tcase, a_small_run_that_was_written_here_rides_in_the_note);
    tcase_add_test(tcase, a_larger_one_does_not);
    tcase_add_test(tcase, nothing_rides_on_a_metered_link);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
