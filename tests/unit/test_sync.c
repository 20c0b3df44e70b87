#include <stdlib.h>

#include "proto/limits.h"
#include "tests/support/federation.h"
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

static enum ayni_sync_drop dropped(uint8_t peer)
{
    const struct sim_action *drop = sim_engine_find(&e, AYNI_SYNC_DROP, peer);

    ck_assert_ptr_nonnull(drop);
    return drop->action.reason;
}

static bool is_up(uint8_t peer)
{
    struct ayni_sync_peer_status status;
    struct ayni_node node = sim_engine_peer(peer);

    return ayni_sync_get_peer(e.sync, &node, &status) == AYNI_OK;
}

static struct ayni_sync_lag lag(uint8_t peer)
{
    struct ayni_sync_peer_status status;
    struct ayni_node node = sim_engine_peer(peer);

    ck_assert_int_eq(ayni_sync_get_peer(e.sync, &node, &status), AYNI_OK);
    return status.lag;
}

/* The only thing that a WANT to the peer asks for. */
static struct ayni_want wanted(uint8_t peer)
{
    const struct sim_action *sent = sim_engine_sent(&e, AYNI_MESSAGE_WANT, peer);
    struct ayni_want want;
    size_t position = 0;

    ck_assert_ptr_nonnull(sent);
    ck_assert(ayni_wants_next(&sent->message.wants, &position, &want));
    return want;
}

/* --- greeting --- */

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
    ck_assert(lag(2).in_sync);
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
    ck_assert(lag(2).in_sync);
    sim_engine_time(&e, 60 * 60 * 1000);
    ck_assert_uint_eq(e.action_count, 0);
    ck_assert_uint_eq(ayni_sync_deadline(e.sync).ms, UINT64_MAX);
}
END_TEST

START_TEST(another_federation_or_major_version_is_dropped)
{
    struct ayni_hello hello = { .major = AYNI_PROTOCOL_MAJOR, .root = sim_engine_peer(9) };
    SCOPED_BUFFER message = { 0 };

    sim_engine_up(&e, 2, true);
    ayni_hello_encode(&hello, &message);
    sim_engine_say(&e, 2, &message);
    ck_assert_int_eq(dropped(2), AYNI_SYNC_DROP_FEDERATION);
    ck_assert(!is_up(2));
    sim_engine_up(&e, 3, true);
    hello.major++;
    ayni_buffer_clear(&message);
    ayni_hello_encode(&hello, &message);
    sim_engine_say(&e, 3, &message);
    ck_assert_int_eq(dropped(3), AYNI_SYNC_DROP_VERSION);
    ck_assert_uint_eq(ayni_sync_counters(e.sync)->dropped[AYNI_SYNC_DROP_VERSION], 1);
}
END_TEST

/* Its HELLO was lost, or we have started anew: we ask. */
START_TEST(who_speaks_before_its_hello_is_asked_for_it)
{
    SCOPED_BUFFER message = { 0 };

    sim_engine_up(&e, 2, false);
    ayni_ack_encode(&(struct ayni_ack){ 0, 0 }, &message);
    sim_engine_say(&e, 2, &message);
    ck_assert(is_up(2));
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_HELLO, 2));
}
END_TEST

START_TEST(garbage_ends_the_connection)
{
    SCOPED_BUFFER message = { 0 };

    sim_engine_meet(&e, 2);
    ayni_buffer_append_text(&message, "\x83garbage");
    sim_engine_say(&e, 2, &message);
    ck_assert_int_eq(dropped(2), AYNI_SYNC_DROP_MALFORMED);
}
END_TEST

START_TEST(a_message_of_a_newer_version_is_ignored)
{
    SCOPED_BUFFER message = { 0 };

    sim_engine_meet(&e, 2);
    ayni_buffer_append_text(&message, "\x81\x18\x63"); /* [99] */
    sim_engine_say(&e, 2, &message);
    ck_assert(is_up(2));
    ck_assert_uint_eq(ayni_sync_counters(e.sync)->ignored_messages, 1);
}
END_TEST

/* --- who may know what --- */

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
    ck_assert(is_up(2));
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

/* --- pulling --- */

START_TEST(what_is_missing_is_asked_of_one_peer)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_note(&e, 3, &feed, 5, 10, 11);
    ck_assert_uint_eq(wanted(2).from, 0);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 3));
    ck_assert_uint_eq(lag(2).behind, 5);
    ck_assert_uint_eq(lag(3).behind, 5);
    ck_assert(!lag(2).in_sync);
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

START_TEST(when_its_connection_ends_another_peer_is_asked)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_note(&e, 3, &feed, 5, 10, 11);
    sim_engine_down(&e, 2);
    ck_assert_uint_eq(wanted(3).from, 0);
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
    ck_assert_uint_eq(wanted(2).from, 3);
    ck_assert_uint_eq(lag(2).behind, 2);
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
    ck_assert(is_up(2));
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
    ck_assert_int_eq(dropped(2), AYNI_SYNC_DROP_SEAL);
}
END_TEST

START_TEST(a_right_that_is_not_known_is_no_breach_and_tried_again_with_the_registry)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    sim_engine_batch(&e, 2, &feed, 0, 5);
    uint64_t number = sim_engine_find(&e, AYNI_SYNC_STORE, 2)->action.store.number;
    sim_engine_forget(&e);
    sim_engine_stored(&e, number, AYNI_E_RIGHT);
    ck_assert(is_up(2));
    sim_engine_time(&e, 500);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    sim_engine_members(&e, 5, 2);
    sim_engine_note(&e, 2, &feed, 5, 11, 12);
    sim_engine_time(&e, 5000);
    ck_assert_uint_eq(wanted(2).from, 0);
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
    ck_assert_uint_eq(wanted(2).from, 0);
    ck_assert(is_up(2));
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
    ck_assert_uint_eq(lag(2).behind, 0);
    ck_assert(!lag(2).in_sync);
    const struct sim_action *ack = sim_engine_sent(&e, AYNI_MESSAGE_ACK, 2);
    ck_assert_ptr_nonnull(ack);
    ck_assert_uint_lt(ack->message.ack.stored, 11);
}
END_TEST

/* --- serving --- */

static void want_from_us(uint8_t peer, const struct ayni_feed_descriptor *feed, uint64_t from,
                         uint64_t credit, uint64_t round)
{
    struct ayni_feed id = sim_engine_feed_id(feed);
    struct ayni_hash chain = sim_engine_chain(feed, from);
    struct ayni_want want = { ayni_feed_prefix_of(&id), from, ayni_chain_mark_of(&chain), credit,
                              round };
    SCOPED_BUFFER wants = { 0 }, message = { 0 };

    ayni_want_encode(&want, &wants);
    ayni_wants_encode(1, ayni_buffer_bytes(&wants), &message);
    sim_engine_say(&e, peer, &message);
}

START_TEST(what_is_asked_for_is_read_and_sent)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_head(&e, &feed, 9, 1);
    sim_engine_meet(&e, 2);
    e.runs = (struct ayni_sync_runs){ .runs = TEST_BYTES("runs"), .to = 9 };
    want_from_us(2, &feed, 4, 65536, 1);
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
    e.runs = (struct ayni_sync_runs){ .runs = { runs, sizeof(runs) }, .to = 4 };
    for (uint64_t to = 4; to < 40; to += 4) {
        e.runs.to = to;
        want_from_us(2, &feed, 0, 3 * sizeof(runs), 1);
    }
    size_t batches = 0;
    for (size_t i = 0; i < e.action_count; i++)
        batches += e.actions[i].action.type == AYNI_SYNC_SEND &&
                   e.actions[i].message.type == AYNI_MESSAGE_BATCH &&
                   e.actions[i].message.batch.packed.size > 0;
    ck_assert_uint_eq(batches, 3);
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
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
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

/* --- bounds --- */

static void many_heads(uint8_t peer, uint16_t first, uint16_t count, uint8_t space)
{
    SCOPED_BUFFER heads = { 0 }, message = { 0 };

    for (uint16_t i = 0; i < count; i++) {
        struct ayni_feed_descriptor feed = sim_engine_feed(7, space, AYNI_LANE_CURRENT, 0);
        ayni_put_u16(feed.incarnation.bytes, (uint16_t)(first + i));
        feed.node.bytes[0] = (uint8_t)(i / 500); /* of several authors */
        struct ayni_feed id = sim_engine_feed_id(&feed);
        struct ayni_noted_head head = { .feed = ayni_feed_prefix_of(&id),
                                        .seq = 5,
                                        .has_mark = true,
                                        .has_descriptor = true,
                                        .descriptor = feed };
        ayni_noted_head_encode(&head, &heads);
    }
    ayni_note_encode(10, 11, count, ayni_buffer_bytes(&heads), &message);
    sim_engine_say(&e, peer, &message);
}

START_TEST(a_peer_that_claims_without_end_costs_no_more_than_its_share)
{
    struct ayni_sync_peer_status status;
    struct ayni_node peer = sim_engine_peer(2);

    sim_engine_meet(&e, 2);
    for (uint16_t i = 0; i < 20; i++) {
        many_heads(2, (uint16_t)(i * 1000), 1000, (uint8_t)(1 + i % 2));
        sim_engine_time(&e, 100);
        ck_assert_int_eq(ayni_sync_get_peer(e.sync, &peer, &status), AYNI_OK);
        ck_assert_uint_le(status.memory, AYNI_SYNC_PEER_MEMORY_MAX);
    }
}
END_TEST

START_TEST(a_flood_ends_the_connection_and_costs_others_nothing)
{
    SCOPED_BUFFER hello = { 0 };
    struct ayni_hello h = { .major = AYNI_PROTOCOL_MAJOR, .root = test_root().node };

    sim_engine_meet(&e, 2);
    sim_engine_meet(&e, 3);
    ayni_hello_encode(&h, &hello);
    for (size_t i = 0; i < 100000 && is_up(2); i++) {
        sim_engine_say(&e, 2, &hello);
        if (sim_engine_find(&e, AYNI_SYNC_DROP, 2) == NULL)
            sim_engine_forget(&e);
    }
    ck_assert_int_eq(dropped(2), AYNI_SYNC_DROP_FLOOD);
    ck_assert(is_up(3));
    ck_assert(lag(3).in_sync);
}
END_TEST

START_TEST(an_author_has_so_many_feeds_and_no_more)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 0);

    for (uint16_t i = 0; i < AYNI_FEEDS_PER_AUTHOR_MAX; i++) {
        ayni_put_u16(feed.incarnation.bytes, i);
        sim_engine_head(&e, &feed, 1, 1 + i);
    }
    sim_engine_meet(&e, 2);
    ayni_put_u16(feed.incarnation.bytes, AYNI_FEEDS_PER_AUTHOR_MAX);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    ck_assert_uint_eq(ayni_sync_counters(e.sync)->refused_heads, 1);
}
END_TEST

/* A head whose descriptor hashes to another name is not taken. */
START_TEST(a_descriptor_proves_its_name)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_noted_head head = { .seq = 3, .has_mark = true, .has_descriptor = true };
    SCOPED_BUFFER heads = { 0 }, message = { 0 };

    sim_engine_meet(&e, 2);
    head.descriptor = feed;
    ayni_noted_head_encode(&head, &heads);
    ayni_note_encode(10, 11, 1, ayni_buffer_bytes(&heads), &message);
    sim_engine_say(&e, 2, &message);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    ck_assert_uint_eq(ayni_sync_counters(e.sync)->refused_heads, 1);
}
END_TEST

/* --- forks --- */

/* Same seq, another chain: looked for from both ends until the first different entry is known. */
START_TEST(another_history_is_traced_to_its_first_entry)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_feed id = sim_engine_feed_id(&feed);
    struct ayni_noted_head head = { .feed = ayni_feed_prefix_of(&id), .seq = 2, .has_mark = true };
    struct ayni_forked forked = { .feed = head.feed,
                                  .points = { { 1, { { 9 } } } },
                                  .point_count = 1 };
    SCOPED_BUFFER heads = { 0 }, note = { 0 }, fork = { 0 };

    sim_engine_head(&e, &feed, 2, 1);
    sim_engine_meet(&e, 2);
    ayni_noted_head_encode(&head, &heads);
    ayni_note_encode(10, 11, 1, ayni_buffer_bytes(&heads), &note);
    sim_engine_say(&e, 2, &note);
    const struct sim_action *trace = sim_engine_sent(&e, AYNI_MESSAGE_TRACE, 2);
    ck_assert_ptr_nonnull(trace);
    ck_assert_uint_eq(trace->message.trace.low, 0);
    ck_assert_uint_eq(trace->message.trace.high, 2);
    sim_engine_forget(&e);
    ayni_forked_encode(&forked, &fork);
    sim_engine_say(&e, 2, &fork);
    trace = sim_engine_sent(&e, AYNI_MESSAGE_TRACE, 2);
    ck_assert_ptr_nonnull(trace);
    ck_assert_uint_eq(trace->message.trace.high, 1);
    sim_engine_batch(&e, 2, &feed, 0, 1);
    const struct sim_action *evidence = sim_engine_find(&e, AYNI_SYNC_FORK, 2);
    ck_assert_ptr_nonnull(evidence);
    ck_assert_uint_eq(evidence->action.store.from, 0);
    ck_assert(is_up(2));
    sim_engine_stored(&e, evidence->action.store.number, AYNI_E_SIGNATURE);
    ck_assert_int_eq(dropped(2), AYNI_SYNC_DROP_SEAL); /* a false alarm is a breach */
}
END_TEST

START_TEST(a_fork_that_is_only_said_does_not_keep_anybody_busy)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_feed id = sim_engine_feed_id(&feed);
    struct ayni_noted_head head = { .feed = ayni_feed_prefix_of(&id), .seq = 2, .has_mark = true };
    SCOPED_BUFFER heads = { 0 }, note = { 0 };

    sim_engine_head(&e, &feed, 2, 1);
    sim_engine_meet(&e, 2);
    ayni_noted_head_encode(&head, &heads);
    ayni_note_encode(10, 11, 1, ayni_buffer_bytes(&heads), &note);
    sim_engine_say(&e, 2, &note);
    sim_engine_time(&e, 60 * 60 * 1000);
    size_t traces = 0;
    for (size_t i = 0; i < e.action_count; i++)
        traces += e.actions[i].action.type == AYNI_SYNC_SEND &&
                  e.actions[i].message.type == AYNI_MESSAGE_TRACE;
    ck_assert_uint_ge(traces, 2);
    ck_assert_uint_le(traces, 6);
    ck_assert(is_up(2));
}
END_TEST

START_TEST(a_forked_feed_is_neither_given_nor_taken_past_the_fork)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_sync_event event = { .type = AYNI_SYNC_HEAD };

    sim_engine_meet(&e, 2);
    event.head = (struct ayni_sync_head){ .feed = sim_engine_feed_id(&feed),
                                          .descriptor = feed,
                                          .seq = 4,
                                          .chain = sim_engine_chain(&feed, 4),
                                          .arrival = 1,
                                          .forked = true,
                                          .fork_seq = 4,
                                          .fork_chain = sim_engine_chain(&feed, 4) };
    sim_engine_tell(&e, &event);
    sim_engine_forget(&e);
    sim_engine_note(&e, 2, &feed, 9, 10, 11);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    e.runs = (struct ayni_sync_runs){ .runs = TEST_BYTES("runs"), .to = 4 };
    want_from_us(2, &feed, 1, 65536, 1);
    ck_assert_uint_eq(sim_engine_find(&e, AYNI_SYNC_READ, 2)->action.read.seq_max, 4);
}
END_TEST

/* --- the machine --- */

/* Whatever is told, in whatever order: the same again gives the same again, and the seed changes no
 * byte. */
static void tell_story(struct sim_engine *engine)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_feed_descriptor own = sim_engine_feed(1, 2, AYNI_LANE_BULK, 1);

    sim_engine_stored(engine, 77, AYNI_OK);
    sim_engine_down(engine, 3);
    sim_engine_up(engine, 2, true);
    sim_engine_up(engine, 3, false);
    sim_engine_hello(engine, 2, false, true);
    sim_engine_hello(engine, 3, true, true);
    for (uint8_t i = 0; i < 40; i++) {
        struct ayni_feed_descriptor other = sim_engine_feed(6, 1, AYNI_LANE_CURRENT, i);
        sim_engine_head(engine, &other, 1 + i % 5, 1 + i);
    }
    sim_engine_note(engine, 2, &feed, 7, 10, 12);
    sim_engine_head(engine, &own, 3, 50);
    sim_engine_batch(engine, 2, &feed, 0, 7);
    sim_engine_time(engine, 30000);
    sim_engine_up(engine, 2, true); /* a new connection, without an end of the old one */
    sim_engine_time(engine, 30000);
}

START_TEST(the_same_events_give_the_same_actions)
{
    static struct sim_engine other;

    sim_engine_start(&other, 999);
    tell_story(&e);
    tell_story(&other);
    ck_assert_uint_eq(e.action_count, other.action_count);
    ck_assert_uint_gt(e.action_count, 20);
    for (size_t i = 0; i < e.action_count; i++) {
        ck_assert_int_eq(e.actions[i].action.type, other.actions[i].action.type);
        ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&e.actions[i].bytes),
                                   ayni_buffer_bytes(&other.actions[i].bytes)));
    }
    sim_engine_stop(&other);
}
END_TEST

START_TEST(answers_that_nobody_asked_for_change_nothing)
{
    static const enum ayni_sync_event_type types[] = { AYNI_SYNC_RUNS, AYNI_SYNC_CHAINS,
                                                       AYNI_SYNC_COMPARED, AYNI_SYNC_STORED,
                                                       AYNI_SYNC_REFUSED };
    struct ayni_sync_event event = { .type = types[_i] };

    sim_engine_tell(&e, &event);
    sim_engine_meet(&e, 2);
    sim_engine_tell(&e, &event);
    ck_assert_uint_eq(e.action_count, 0);
    ck_assert(is_up(2));
}
END_TEST

START_TEST(every_reason_has_a_name)
{
    for (int i = AYNI_SYNC_DROP_VERSION; i <= AYNI_SYNC_DROP_FLOOD; i++)
        ck_assert_str_ne(ayni_sync_drop_name((enum ayni_sync_drop)i), "unknown");
}
END_TEST

static TCase *tests(const char *name)
{
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_set_timeout(tcase, 60);
    return tcase;
}

static Suite *make_suite(void)
{
    Suite *suite = suite_create("sync");
    TCase *greeting = tests("greeting"), *privacy = tests("privacy"), *pull = tests("pull"),
          *serve = tests("serve"), *bounds = tests("bounds"), *forks = tests("forks"),
          *machine = tests("machine");

    tcase_add_test(greeting, who_dialled_speaks_first_and_the_other_waits);
    tcase_add_test(greeting, a_question_is_answered_once_and_an_answer_not_at_all);
    tcase_add_test(greeting, questions_that_cross_answer_each_other);
    tcase_add_test(greeting, a_hello_without_answer_is_said_again_ever_less_often);
    tcase_add_test(greeting, equal_fingerprints_end_it_and_stay_quiet);
    tcase_add_test(greeting, another_federation_or_major_version_is_dropped);
    tcase_add_test(greeting, who_speaks_before_its_hello_is_asked_for_it);
    tcase_add_test(greeting, garbage_ends_the_connection);
    tcase_add_test(greeting, a_message_of_a_newer_version_is_ignored);
    tcase_add_test(privacy, a_head_is_noted_to_those_who_share_its_space);
    tcase_add_test(privacy, a_feed_that_is_not_shared_is_as_good_as_none);
    tcase_add_test(privacy, heads_of_a_space_not_known_yet_wait_for_the_registry);
    tcase_add_test(privacy, who_is_no_member_any_more_gets_nothing_more);
    tcase_add_test(pull, what_is_missing_is_asked_of_one_peer);
    tcase_add_test(pull, when_it_stalls_another_peer_is_asked);
    tcase_add_test(pull, when_its_connection_ends_another_peer_is_asked);
    tcase_add_test(pull, a_batch_is_stored_and_more_is_asked_for_after_it);
    tcase_add_test(pull, what_came_from_a_peer_is_noted_on_but_not_back);
    tcase_add_test(pull, what_nobody_asked_for_is_not_stored);
    tcase_add_test(pull, runs_that_do_not_verify_end_the_connection);
    tcase_add_test(pull, a_right_that_is_not_known_is_no_breach_and_tried_again_with_the_registry);
    tcase_add_test(pull, a_full_disk_here_is_not_the_fault_of_the_peer);
    tcase_add_test(pull, what_is_urgent_is_asked_for_first);
    tcase_add_test(pull, a_head_that_is_never_delivered_is_given_up);
    tcase_add_test(serve, what_is_asked_for_is_read_and_sent);
    tcase_add_test(serve, no_more_is_sent_than_the_credit_allows);
    tcase_add_test(serve, who_has_no_room_is_not_sent_to);
    tcase_add_test(serve, heads_that_move_while_notes_are_on_their_way_go_into_the_next_one);
    tcase_add_test(serve, a_small_run_that_was_written_here_rides_in_the_note);
    tcase_add_test(serve, a_larger_one_does_not);
    tcase_add_test(serve, nothing_rides_on_a_metered_link);
    tcase_add_test(bounds, a_peer_that_claims_without_end_costs_no_more_than_its_share);
    tcase_add_test(bounds, a_flood_ends_the_connection_and_costs_others_nothing);
    tcase_add_test(bounds, an_author_has_so_many_feeds_and_no_more);
    tcase_add_test(bounds, a_descriptor_proves_its_name);
    tcase_add_test(forks, another_history_is_traced_to_its_first_entry);
    tcase_add_test(forks, a_fork_that_is_only_said_does_not_keep_anybody_busy);
    tcase_add_test(forks, a_forked_feed_is_neither_given_nor_taken_past_the_fork);
    tcase_add_test(machine, the_same_events_give_the_same_actions);
    tcase_add_loop_test(machine, answers_that_nobody_asked_for_change_nothing, 0, 5);
    tcase_add_test(machine, every_reason_has_a_name);
    TCase *all[] = { greeting, privacy, pull, serve, bounds, forks, machine };
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        suite_add_tcase(suite, all[i]);
    return suite;
}

int main(void)
{
    return test_run(make_suite());
}
