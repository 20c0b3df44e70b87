#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/net/intake.h"
#include "daemon/store/log_writer.h"
#include "tests/support/log.h"
#include "tests/support/node.h"
#include "tests/support/suite.h"

/* What peers send, on its way into a log of its own. */
static struct test_log store;
static struct log_writer *writer;
static struct intake *intake;
static struct test_random random_numbers;
static struct test_feed feed;
static unsigned own_came_count;
static uint64_t number;

static void wake(void *context)
{
    (void)context;
}

static enum ayni_status own_came(void *context, const struct ayni_feed *id,
                                 const struct ayni_feed_descriptor *descriptor)
{
    (void)context;
    ck_assert(ayni_id_equal(id, &feed.id));
    (void)descriptor;
    own_came_count++;
    return AYNI_OK;
}

static void open_intake(const struct ayni_node *self)
{
    struct intake_options options = {
        .log = store.store,
        .writer = writer,
        .root = test_root().node,
        .own_came = own_came,
        .wake = wake,
    };

    if (self != NULL)
        options.self = *self;
    ck_assert_int_eq(intake_new(&options, &intake), AYNI_OK);
}

static void setup(void)
{
    random_numbers = (struct test_random){ 11 };
    test_log_make(&store, 1 << 20);
    ck_assert_int_eq(log_writer_start(store.store, NULL, &writer), AYNI_OK);
    test_feed_init(&feed, 1, &random_numbers);
    open_intake(NULL);
}

static void teardown(void)
{
    log_writer_stop(writer);
    intake_free(intake);
    log_writer_free(writer);
    test_log_remove(&store);
}

/* Runs on the wire, one after the other. */
struct sent {
    struct ayni_buffer bytes;
    uint64_t from;
};

static struct sent send_runs(size_t run_count, size_t entry_count)
{
    struct sent sent = { .from = feed.head.seq };
    struct test_run *run = malloc(sizeof(*run));

    ck_assert_ptr_nonnull(run);
    for (size_t i = 0; i < run_count; i++) {
        test_feed_next(&feed, entry_count, 40, &random_numbers, run);
        ayni_run_encode(&run->run, &sent.bytes);
    }
    free(run);
    return sent;
}

static enum ayni_status take_from(const struct sent *sent, uint64_t from, struct ayni_bytes runs)
{
    struct ayni_sync_store batch = {
        .number = ++number,
        .feed = feed.id,
        .descriptor = feed.descriptor,
        .from = from,
        .runs = runs,
    };

    (void)sent;
    return intake_take(intake, &batch);
}

static enum ayni_status take(const struct sent *sent)
{
    return take_from(sent, sent->from, ayni_buffer_bytes(&sent->bytes));
}

static struct intake_result wait_for_result(void)
{
    struct intake_result result;
    uint64_t end_ms = clock_ticks_ms() + 20000;

    while (!intake_next(intake, &result)) {
        ck_assert_uint_lt(clock_ticks_ms(), end_ms);
        sched_yield();
    }
    return result;
}

static uint64_t held(void)
{
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    struct log_feed found;

    return log_find_feed(snapshot, &feed.id, &found) == AYNI_OK ? found.head.seq : 0;
}

START_TEST(a_batch_is_in_the_log_when_it_is_done)
{
    struct sent sent = send_runs(3, 5);

    ck_assert_int_eq(take(&sent), AYNI_OK);
    struct intake_result result = wait_for_result();
    ck_assert_uint_eq(result.number, number);
    ck_assert_int_eq(result.status, AYNI_OK);
    ck_assert(!result.is_fork);
    ck_assert_uint_eq(held(), 15);
    ck_assert_uint_eq(own_came_count, 0);
    ayni_buffer_free(&sent.bytes);
}
END_TEST

START_TEST(a_batch_continues_those_under_way)
{
    struct sent sent[8];

    for (size_t i = 0; i < 8; i++) {
        sent[i] = send_runs(2, 3);
        ck_assert_int_eq(take(&sent[i]), AYNI_OK);
    }
    for (size_t i = 0; i < 8; i++) {
        struct intake_result result = wait_for_result();
        ck_assert_int_eq(result.status, AYNI_OK);
        ck_assert_uint_eq(result.number, i + 1);
        ayni_buffer_free(&sent[i].bytes);
    }
    ck_assert_uint_eq(held(), 48);
}
END_TEST

START_TEST(a_batch_that_leaves_a_gap_is_not_taken)
{
    struct sent first = send_runs(1, 2), second = send_runs(1, 2);

    ck_assert_int_eq(take(&second), AYNI_E_CHAIN);
    ck_assert_int_eq(take(&first), AYNI_OK);
    ck_assert_int_eq(take(&second), AYNI_OK);
    ayni_buffer_free(&first.bytes);
    ayni_buffer_free(&second.bytes);
}
END_TEST

/* The same again, from the start or from inside a run: what is held is skipped. */
START_TEST(entries_that_are_held_are_skipped)
{
    struct sent first = send_runs(2, 4), second = send_runs(1, 4);
    SCOPED_BUFFER both = { 0 };

    ck_assert_int_eq(take(&first), AYNI_OK);
    ck_assert_int_eq(wait_for_result().status, AYNI_OK);
    ayni_buffer_append(&both, first.bytes.data, first.bytes.size);
    ayni_buffer_append(&both, second.bytes.data, second.bytes.size);
    ck_assert_int_eq(take_from(&first, 0, ayni_buffer_bytes(&both)), AYNI_OK);
    ck_assert_int_eq(wait_for_result().status, AYNI_OK);
    ck_assert_uint_eq(held(), 12);
    ck_assert_int_eq(take_from(&first, 0, ayni_buffer_bytes(&first.bytes)), AYNI_OK);
    ck_assert_int_eq(wait_for_result().status, AYNI_OK);
    ck_assert_uint_eq(held(), 12);
    ayni_buffer_free(&first.bytes);
    ayni_buffer_free(&second.bytes);
}
END_TEST

static bool is_peers_fault(enum ayni_status status)
{
    return status == AYNI_E_SIGNATURE || status == AYNI_E_MALFORMED || status == AYNI_E_INVALID ||
           status == AYNI_E_LIMIT;
}

/* Every bit of a batch: whichever is changed, it is the peer's fault and nothing is stored; and the
 * right one is taken afterwards, so nothing was left behind. */
START_TEST(a_batch_with_one_bit_changed_is_refused)
{
    struct sent sent = send_runs(1, 2);

    for (size_t bit = (size_t)_i; bit < sent.bytes.size * 8; bit += 8) {
        sent.bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        enum ayni_status status = take(&sent);
        ck_assert_msg(is_peers_fault(status), "bit %zu: %s", bit, ayni_status_name(status));
        sent.bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    ck_assert_uint_eq(held(), 0);
    ck_assert_int_eq(take(&sent), AYNI_OK);
    ck_assert_int_eq(wait_for_result().status, AYNI_OK);
    ck_assert_uint_eq(held(), 2);
    ayni_buffer_free(&sent.bytes);
}
END_TEST

START_TEST(a_batch_that_was_cut_off_is_refused)
{
    struct sent sent = send_runs(1, 2);

    for (size_t size = 1; size < sent.bytes.size; size++)
        ck_assert(
            is_peers_fault(take_from(&sent, 0, (struct ayni_bytes){ sent.bytes.data, size })));
    ck_assert_uint_eq(held(), 0);
    ayni_buffer_free(&sent.bytes);
}
END_TEST

START_TEST(runs_of_another_feed_are_refused)
{
    struct test_feed other;
    struct sent sent = send_runs(1, 2);

    test_feed_init(&other, 1, &random_numbers);
    struct ayni_sync_store batch = { .number = ++number,
                                     .feed = other.id,
                                     .descriptor = other.descriptor,
                                     .runs = ayni_buffer_bytes(&sent.bytes) };
    ck_assert_int_eq(intake_take(intake, &batch), AYNI_E_SIGNATURE);
    ayni_buffer_free(&sent.bytes);
}
END_TEST

START_TEST(after_a_refusal_the_log_is_asked_again_where_it_stands)
{
    struct sent first = send_runs(1, 2), second = send_runs(1, 2);

    first.bytes.data[first.bytes.size - 1] ^= 1;
    ck_assert_int_eq(take(&first), AYNI_E_SIGNATURE);
    first.bytes.data[first.bytes.size - 1] ^= 1;
    ck_assert_int_eq(take(&first), AYNI_OK);
    ck_assert_int_eq(take(&second), AYNI_OK);
    (void)wait_for_result();
    (void)wait_for_result();
    ck_assert_uint_eq(held(), 4);
    ayni_buffer_free(&first.bytes);
    ayni_buffer_free(&second.bytes);
}
END_TEST

/* Garbage in this node's name is nobody's word; what it has really signed is. */
START_TEST(what_this_node_wrote_elsewhere_is_told_once_it_is_verified)
{
    struct sent sent = send_runs(1, 2);

    intake_free(intake);
    open_intake(&feed.descriptor.node);
    own_came_count = 0;
    sent.bytes.data[sent.bytes.size - 1] ^= 1;
    ck_assert_int_eq(take(&sent), AYNI_E_SIGNATURE);
    ck_assert_uint_eq(own_came_count, 0);
    sent.bytes.data[sent.bytes.size - 1] ^= 1;
    ck_assert_int_eq(take(&sent), AYNI_OK);
    ck_assert_uint_eq(own_came_count, 1);
    ck_assert_int_eq(wait_for_result().status, AYNI_OK);
    ayni_buffer_free(&sent.bytes);
}
END_TEST

START_TEST(nothing_is_taken_once_the_writer_has_stopped)
{
    struct sent first = send_runs(1, 2), second = send_runs(1, 2);

    ck_assert_int_eq(take(&first), AYNI_OK);
    log_writer_stop(writer);
    ck_assert_int_eq(take(&second), AYNI_E_STOPPED);
    /* What was taken is finished, and freed by teardown whether or not anybody asks. */
    ayni_buffer_free(&first.bytes);
    ayni_buffer_free(&second.bytes);
}
END_TEST

/* --- forks --- */

static enum ayni_status take_evidence(uint64_t from, const struct sent *sent)
{
    struct ayni_sync_store evidence = { .number = ++number,
                                        .feed = feed.id,
                                        .descriptor = feed.descriptor,
                                        .from = from,
                                        .runs = ayni_buffer_bytes(&sent->bytes) };

    return intake_take_fork(intake, &evidence);
}

/* A feed of four entries here, and another third entry that its writer has signed as well. */
static struct sent fork_after_two(void)
{
    struct sent first = send_runs(1, 2);
    struct test_feed rolled_back = feed;
    struct sent own = send_runs(1, 2);

    ck_assert_int_eq(take(&first), AYNI_OK);
    ck_assert_int_eq(take(&own), AYNI_OK);
    (void)wait_for_result();
    (void)wait_for_result();
    feed = rolled_back;
    ayni_buffer_free(&first.bytes);
    ayni_buffer_free(&own.bytes);
    return send_runs(1, 1);
}

START_TEST(evidence_of_a_fork_is_kept_as_a_proof)
{
    struct sent other = fork_after_two();
    struct log_segment found;

    ck_assert_int_eq(take_evidence(2, &other), AYNI_OK);
    struct intake_result result = wait_for_result();
    ck_assert_int_eq(result.status, AYNI_OK);
    ck_assert(result.is_fork);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_int_eq(log_find_segment(snapshot, &feed.id, &found), AYNI_OK);
    ck_assert(found.ended);
    ck_assert_uint_eq(found.head.seq, 2);
    ayni_buffer_free(&other.bytes);
}
END_TEST

static struct ayni_feed branch_of(const struct sent *sent)
{
    struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run run = { .entries = entries };
    struct log_segment before;
    struct log_snapshot *snapshot = test_log_snapshot(&store);
    size_t used;

    ck_assert_int_eq(log_find_segment(snapshot, &feed.id, &before), AYNI_OK);
    log_snapshot_end(snapshot);
    ck_assert_int_eq(ayni_run_read(ayni_buffer_bytes(&sent->bytes), &used, &run), AYNI_OK);
    struct ayni_hash first = ayni_chain_next(&before.head.chain, &run.entries[0]);
    return ayni_feed_branch(&feed.id, before.head.seq + 1, &first);
}

static enum ayni_status take_in(const struct ayni_feed *segment, const struct sent *sent)
{
    struct ayni_sync_store batch = { .number = ++number,
                                     .feed = *segment,
                                     .descriptor = feed.descriptor,
                                     .from = sent->from,
                                     .runs = ayni_buffer_bytes(&sent->bytes) };

    return intake_take(intake, &batch);
}

/* Under the branch's name, once it is known; under the feed's own nothing follows any more. */
START_TEST(a_branch_is_taken_once_its_proof_is_here)
{
    struct sent other = fork_after_two();
    struct ayni_feed early = { { 7 } };
    struct log_segment found;

    ck_assert_int_eq(take_in(&early, &other), AYNI_E_CHAIN);
    ck_assert_int_eq(take_evidence(2, &other), AYNI_OK);
    ck_assert_int_eq(wait_for_result().status, AYNI_OK);
    struct ayni_feed branch = branch_of(&other);
    ck_assert_int_eq(take_in(&branch, &other), AYNI_OK);
    ck_assert_int_eq(wait_for_result().status, AYNI_OK);
    SCOPED_LOG_SNAPSHOT *snapshot = test_log_snapshot(&store);
    ck_assert_int_eq(log_find_segment(snapshot, &branch, &found), AYNI_OK);
    ck_assert_uint_eq(found.start.seq, 2);
    ck_assert_uint_eq(found.head.seq, 3);
    ck_assert_int_eq(log_find_segment(snapshot, &feed.id, &found), AYNI_OK);
    ck_assert_uint_eq(found.head.seq, 2);
    ayni_buffer_free(&other.bytes);
}
END_TEST

START_TEST(evidence_that_proves_nothing_is_refused)
{
    struct sent other = fork_after_two();

    ck_assert_int_ne(take_evidence(1, &other), AYNI_OK);
    ck_assert_int_ne(take_evidence(3, &other), AYNI_OK);
    ck_assert_int_ne(take_evidence(4, &other), AYNI_OK);
    ck_assert_int_ne(take_evidence(UINT64_MAX, &other), AYNI_OK);
    other.bytes.data[other.bytes.size - 1] ^= 1;
    ck_assert_int_eq(take_evidence(2, &other), AYNI_E_SIGNATURE);
    ayni_buffer_free(&other.bytes);
}
END_TEST

START_TEST(the_same_history_is_no_fork)
{
    struct sent first = send_runs(1, 2);

    ck_assert_int_eq(take(&first), AYNI_OK);
    (void)wait_for_result();
    ck_assert_int_eq(take_evidence(0, &first), AYNI_E_CHAIN);
    ayni_buffer_free(&first.bytes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("intake");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, a_batch_is_in_the_log_when_it_is_done);
    tcase_add_test(core, a_batch_continues_those_under_way);
    tcase_add_test(core, a_batch_that_leaves_a_gap_is_not_taken);
    tcase_add_test(core, entries_that_are_held_are_skipped);
    tcase_add_loop_test(core, a_batch_with_one_bit_changed_is_refused, 0, 8);
    tcase_add_test(core, a_batch_that_was_cut_off_is_refused);
    tcase_add_test(core, runs_of_another_feed_are_refused);
    tcase_add_test(core, after_a_refusal_the_log_is_asked_again_where_it_stands);
    tcase_add_test(core, what_this_node_wrote_elsewhere_is_told_once_it_is_verified);
    tcase_add_test(core, nothing_is_taken_once_the_writer_has_stopped);
    tcase_add_test(core, evidence_of_a_fork_is_kept_as_a_proof);
    tcase_add_test(core, a_branch_is_taken_once_its_proof_is_here);
    tcase_add_test(core, evidence_that_proves_nothing_is_refused);
    tcase_add_test(core, the_same_history_is_no_fork);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
