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
    ck_assert(sim_engine_is_up(&e, 2));
    sim_engine_stored(&e, evidence->action.store.number, AYNI_E_SIGNATURE);
    ck_assert_int_eq(sim_engine_dropped(&e, 2),
                     AYNI_SYNC_DROP_SEAL); /* a false alarm is a breach */
}
END_TEST

/* Found in simulation (seeds 110, 212, 216): a feed of which the first entries differ already. */
START_TEST(a_want_after_another_first_entry_is_answered_by_a_fork)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_head(&e, &feed, 5, 1);
    sim_engine_meet(&e, 2);
    e.runs = (struct ayni_sync_runs){ .status = AYNI_E_FORK, .to = 1 };
    sim_engine_want(&e, 2, &feed, 1, 65536, 1);
    const struct sim_action *forked = sim_engine_sent(&e, AYNI_MESSAGE_FORK, 2);
    ck_assert_ptr_nonnull(forked);
    ck_assert_uint_eq(forked->message.forked.point_count, 0);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_BATCH, 2));
}
END_TEST

START_TEST(a_fork_without_points_leads_to_the_evidence)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_feed id = sim_engine_feed_id(&feed);
    struct ayni_forked forked = { .feed = ayni_feed_prefix_of(&id) };
    SCOPED_BUFFER fork = { 0 };

    sim_engine_head(&e, &feed, 1, 1);
    sim_engine_meet(&e, 2);
    sim_engine_note(&e, 2, &feed, 5, 10, 11);
    ck_assert_uint_eq(sim_engine_wanted(&e, 2).from, 1);
    ayni_forked_encode(&forked, &fork);
    sim_engine_say(&e, 2, &fork);
    const struct sim_action *trace = sim_engine_sent(&e, AYNI_MESSAGE_TRACE, 2);
    ck_assert_ptr_nonnull(trace);
    ck_assert_uint_eq(trace->message.trace.low, 0);
    ck_assert_uint_eq(trace->message.trace.high, 1);
    sim_engine_batch(&e, 2, &feed, 0, 5);
    ck_assert_ptr_nonnull(sim_engine_find(&e, AYNI_SYNC_FORK, 2));
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
    ck_assert(sim_engine_is_up(&e, 2));
}
END_TEST

static void tell_ended(const struct ayni_feed_descriptor *feed, uint64_t seq)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_HEAD };

    event.head = (struct ayni_sync_head){ .feed = sim_engine_feed_id(feed),
                                          .descriptor = *feed,
                                          .seq = seq,
                                          .chain = sim_engine_chain(feed, seq),
                                          .arrival = 1,
                                          .ended = true };
    sim_engine_tell(&e, &event);
}

START_TEST(a_forked_feed_is_neither_given_nor_taken_past_the_fork)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);

    sim_engine_meet(&e, 2);
    tell_ended(&feed, 4);
    sim_engine_forget(&e);
    sim_engine_note(&e, 2, &feed, 9, 10, 11);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    e.runs = (struct ayni_sync_runs){ .runs = TEST_BYTES("runs"), .to = 4 };
    sim_engine_want(&e, 2, &feed, 1, 65536, 1);
    ck_assert_uint_eq(sim_engine_find(&e, AYNI_SYNC_READ, 2)->action.read.seq_max, 4);
}
END_TEST

/* A branch is pulled under its own name, from where it leaves the rest. */
START_TEST(a_branch_is_pulled_once_its_proof_is_known)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_sync_event event = { .type = AYNI_SYNC_HEAD };
    struct ayni_hash start = sim_engine_chain(&feed, 4);
    struct ayni_feed id = sim_engine_feed_id(&feed);
    SCOPED_BUFFER heads = { 0 }, note = { 0 };

    event.head = (struct ayni_sync_head){ .feed = ayni_feed_branch(&id, 5, &start),
                                          .descriptor = feed,
                                          .branch = true,
                                          .start = 4,
                                          .seq = 4,
                                          .chain = start };
    struct ayni_noted_head head = { .feed = ayni_feed_prefix_of(&event.head.feed),
                                    .seq = 9,
                                    .has_mark = true };
    sim_engine_meet(&e, 2);
    ayni_noted_head_encode(&head, &heads);
    ayni_note_encode(10, 11, 1, ayni_buffer_bytes(&heads), &note);
    sim_engine_say(&e, 2, &note);
    ck_assert_ptr_nonnull(sim_engine_sent(&e, AYNI_MESSAGE_ASK, 2)); /* nobody answers that */
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_WANT, 2));
    tell_ended(&feed, 4);
    sim_engine_tell(&e, &event);
    sim_engine_forget(&e);
    sim_engine_say(&e, 2, &note);
    struct ayni_want want = sim_engine_wanted(&e, 2);
    ck_assert(ayni_id_equal(&want.feed, &head.feed));
    ck_assert_uint_eq(want.from, 4);
    struct ayni_chain_mark mark = ayni_chain_mark_of(&start);
    ck_assert(ayni_id_equal(&want.mark, &mark));
}
END_TEST

/* Nothing of it is held, so it isn't among the heads here; a list names it, and no note ever did.
 */
START_TEST(a_branch_is_pulled_that_a_list_of_heads_names)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_sync_event event = { .type = AYNI_SYNC_HEAD };
    struct ayni_hash start = sim_engine_chain(&feed, 4);
    struct ayni_feed id = sim_engine_feed_id(&feed);
    SCOPED_BUFFER list = { 0 }, line = { 0 }, ranges = { 0 };

    event.head = (struct ayni_sync_head){ .feed = ayni_feed_branch(&id, 5, &start),
                                          .descriptor = feed,
                                          .branch = true,
                                          .start = 4,
                                          .seq = 4,
                                          .chain = start };
    struct ayni_listed_head head = { .feed = ayni_feed_prefix_of(&event.head.feed), .seq = 9 };
    tell_ended(&feed, 4);
    sim_engine_tell(&e, &event);
    sim_engine_meet(&e, 2);
    ayni_listed_head_encode(&head, &list);
    ayni_range_encode(&(struct ayni_range){ .form = AYNI_RANGE_LIST,
                                            .list = ayni_buffer_bytes(&list),
                                            .list_count = 1 },
                      &line);
    ayni_ranges_encode(&(struct ayni_ranges){ .space = feed.space,
                                              .ranges = ayni_buffer_bytes(&line),
                                              .range_count = 1 },
                       &ranges);
    sim_engine_say(&e, 2, &ranges);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_ASK, 2)); /* nobody answers that */
    struct ayni_want want = sim_engine_wanted(&e, 2);
    ck_assert(ayni_id_equal(&want.feed, &head.feed));
    ck_assert_uint_eq(want.from, 4);
}
END_TEST

START_TEST(what_a_branch_is_nobody_is_told_who_asks)
{
    struct ayni_feed_descriptor feed = sim_engine_feed(7, 1, AYNI_LANE_CURRENT, 1);
    struct ayni_sync_event event = { .type = AYNI_SYNC_HEAD };
    struct ayni_hash start = sim_engine_chain(&feed, 4);
    struct ayni_feed id = sim_engine_feed_id(&feed);
    SCOPED_BUFFER ask = { 0 };

    event.head = (struct ayni_sync_head){ .feed = ayni_feed_branch(&id, 5, &start),
                                          .descriptor = feed,
                                          .branch = true,
                                          .start = 4,
                                          .seq = 9,
                                          .chain = sim_engine_chain(&feed, 9),
                                          .arrival = 3 };
    struct ayni_feed_prefix name = ayni_feed_prefix_of(&event.head.feed);
    sim_engine_tell(&e, &event);
    sim_engine_meet(&e, 2);
    sim_engine_forget(&e);
    ayni_ask_encode(&name, 1, &ask);
    sim_engine_say(&e, 2, &ask);
    ck_assert_ptr_null(sim_engine_sent(&e, AYNI_MESSAGE_NOTE, 2));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sync_trace");
    TCase *tcase = tcase_create("sync_trace");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, another_history_is_traced_to_its_first_entry);
    tcase_add_test(tcase, a_want_after_another_first_entry_is_answered_by_a_fork);
    tcase_add_test(tcase, a_fork_without_points_leads_to_the_evidence);
    tcase_add_test(tcase, a_fork_that_is_only_said_does_not_keep_anybody_busy);
    tcase_add_test(tcase, a_forked_feed_is_neither_given_nor_taken_past_the_fork);
    tcase_add_test(tcase, a_branch_is_pulled_once_its_proof_is_known);
    tcase_add_test(tcase, a_branch_is_pulled_that_a_list_of_heads_names);
    tcase_add_test(tcase, what_a_branch_is_nobody_is_told_who_asks);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
