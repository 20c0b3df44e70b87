/* The author: contexts, chains, runs, incarnations, and many threads at once. */
#include <pthread.h>
#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/limits.h"
#include "tests/support/fork.h"
#include "tests/support/node_pair.h"

enum { SURNAME_1 = 1, THREADS = 6, WRITES = 20, MANY = 1000 };

static struct ayni_field field;

static struct author_change change_of(const struct ayni_record *record, const char *surname)
{
    field = (struct ayni_field){ SURNAME_1, test_text_value(&test_midis, surname) };
    return (struct author_change){ .space = test_visits,
                                   .record = *record,
                                   .type = 103,
                                   .fields = &field,
                                   .field_count = 1,
                                   .steward = TEST_BYTES("maria") };
}

static struct ayni_record record_of(uint8_t number)
{
    return (struct ayni_record){ { number, 1, 2, 3, 4, 5, 6, 7, 8, 9 } };
}

static struct record_key key_of(const struct ayni_record *record)
{
    return (struct record_key){ test_visits, 103, *record };
}

START_TEST(one_call_sees_its_own_earlier_changes)
{
    struct ayni_record record = record_of(1);
    struct ayni_field fields[3];
    struct author_change changes[3];
    struct author_result results[3];
    struct record_key key = key_of(&record);
    char text[128];

    for (size_t i = 0; i < 3; i++) {
        const char *const surnames[] = { "A", "B", "C" };
        fields[i] = (struct ayni_field){ SURNAME_1, test_text_value(&test_midis, surnames[i]) };
        changes[i] = change_of(&record, "x");
        changes[i].fields = &fields[i];
    }
    test_must(author_write(test_midis.records.author, changes, 3, AYNI_LANE_CURRENT, results),
              "write");
    ck_assert_uint_eq(results[2].name.seq, results[0].name.seq + 2);
    ck_assert_uint_eq(test_alternatives(&test_midis, &key, SURNAME_1), 1);
    test_shown(&test_midis, &key, SURNAME_1, text);
    ck_assert_str_eq(text, "C");
}
END_TEST

START_TEST(what_was_appended_and_is_not_followed_yet_is_seen)
{
    struct ayni_record record = record_of(1);
    struct record_key key = key_of(&record);

    for (int i = 0; i < 20; i++) {
        struct author_change change = change_of(&record, i % 2 == 0 ? "A" : "B");
        test_must(author_append(test_midis.records.author, &change, 1, AYNI_LANE_CURRENT, NULL),
                  "append");
    }
    test_node_settle(&test_midis);
    ck_assert_uint_eq(test_alternatives(&test_midis, &key, SURNAME_1), 1);
}
END_TEST

static uint64_t count_versions(const struct record_key *key)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };

    test_must(reader_begin(&test_midis.records, &reader), "read");
    test_must(reader_fold(reader, key, &state), "fold");
    return state.total;
}

START_TEST(a_change_that_expects_another_state_is_refused)
{
    struct ayni_record record = record_of(1);
    struct author_change change = change_of(&record, "A");
    struct record_key key = key_of(&record);

    change.expects = true;
    change.expected = 1;
    ck_assert_int_eq(author_write(test_midis.records.author, &change, 1, AYNI_LANE_CURRENT, NULL),
                     AYNI_E_CHANGED);
    change.expected = 0;
    test_must(author_write(test_midis.records.author, &change, 1, AYNI_LANE_CURRENT, NULL),
              "first");
    ck_assert_uint_eq(count_versions(&key), 1);
    ck_assert_int_eq(author_write(test_midis.records.author, &change, 1, AYNI_LANE_CURRENT, NULL),
                     AYNI_E_CHANGED);
}
END_TEST

START_TEST(all_or_none)
{
    struct ayni_record first = record_of(1), second = record_of(2);
    struct author_change changes[] = { change_of(&first, "A"), change_of(&second, "B") };
    struct record_key key = key_of(&first);
    SCOPED_READER *reader = NULL;

    changes[1].space = (struct ayni_space){ { 9 } };
    ck_assert_int_eq(author_write(test_midis.records.author, changes, 2, AYNI_LANE_CURRENT, NULL),
                     AYNI_E_RIGHT);
    test_must(reader_begin(&test_midis.records, &reader), "read");
    ck_assert(!reader_has(reader, &key));
}
END_TEST

START_TEST(a_payload_that_is_too_large_is_refused)
{
    static char large[AYNI_PAYLOAD_SIZE_MAX + 1];
    struct ayni_record record = record_of(1);
    struct author_change change;

    memset(large, 'x', sizeof(large) - 1);
    change = change_of(&record, large);
    ck_assert_int_eq(author_write(test_midis.records.author, &change, 1, AYNI_LANE_BULK, NULL),
                     AYNI_E_LIMIT);
}
END_TEST

/* --- feeds --- */

struct feed_list {
    size_t count;
    struct log_feed feeds[64];
};

static bool keep_feed(void *context, const struct log_feed *feed)
{
    struct feed_list *list = context;

    if (ayni_id_equal(&feed->descriptor.space, &test_visits))
        list->feeds[list->count++] = *feed;
    return true;
}

static struct feed_list feeds_of(struct test_node *node)
{
    struct feed_list list = { 0 };
    struct log_snapshot *log;

    test_must(log_snapshot_begin(node->log, &log), "log");
    test_must(log_each_feed(log, keep_feed, &list), "feeds");
    log_snapshot_end(log);
    return list;
}

static void write_one(uint8_t number, uint8_t lane)
{
    struct ayni_record record = record_of(number);
    struct author_change change = change_of(&record, "A");

    test_must(author_write(test_midis.records.author, &change, 1, lane, NULL), "write");
}

START_TEST(a_lane_is_a_feed_that_goes_on_after_a_restart)
{
    write_one(1, AYNI_LANE_CURRENT);
    write_one(2, AYNI_LANE_BULK);
    ck_assert_uint_eq(feeds_of(&test_midis).count, 2);
    test_node_reopen(&test_midis, false);
    write_one(3, AYNI_LANE_CURRENT);
    ck_assert_uint_eq(feeds_of(&test_midis).count, 2);
    ck_assert_uint_eq(feeds_of(&test_midis).feeds[0].head.seq, 2);
}
END_TEST

START_TEST(renewed_it_never_goes_on_in_what_it_wrote)
{
    write_one(1, AYNI_LANE_CURRENT);
    test_node_renew(&test_midis);
    write_one(2, AYNI_LANE_CURRENT);
    test_node_reopen(&test_midis, false);
    write_one(3, AYNI_LANE_CURRENT);
    ck_assert_uint_eq(feeds_of(&test_midis).count, 2);
    ck_assert_uint_eq(feeds_of(&test_midis).feeds[0].head.seq, 1);
    ck_assert_uint_eq(feeds_of(&test_midis).feeds[1].head.seq, 2);
}
END_TEST

/* The same home twice: what a clone wrote into a feed comes back by gossip, and the feed is left.
 */
START_TEST(a_feed_that_another_hand_wrote_in_is_left_alone)
{
    struct test_node clone = { 0 };
    struct ayni_node root = test_root().node;
    struct ayni_record record = record_of(7);
    struct author_change change;

    write_one(1, AYNI_LANE_CURRENT);
    test_node_open(&clone, 1);
    clone.in_federation = true;
    test_must(projector_set_root(clone.records.projector, &root), "root");
    test_node_clone_author(&test_midis, &clone);
    test_node_hand(&test_midis, &clone, SIZE_MAX, false);
    change = change_of(&record, "clone");
    test_must(author_write(clone.records.author, &change, 1, AYNI_LANE_CURRENT, NULL), "clone");
    test_node_hand(&clone, &test_midis, SIZE_MAX, false);
    write_one(2, AYNI_LANE_CURRENT);
    ck_assert_uint_eq(feeds_of(&test_midis).count, 2);
    ck_assert_uint_eq(feeds_of(&test_midis).feeds[0].head.seq, 2);
    test_node_close(&clone);
}
END_TEST

struct proving {
    struct log_job job; /* first */
    struct ayni_bytes bytes;
};

static enum ayni_status put_proof(struct log_job *job, struct log_txn *txn)
{
    const struct proving *proving = (struct proving *)job;
    struct ayni_fork_proof proof;
    enum ayni_status status = ayni_fork_proof_decode(proving->bytes, &proof);

    return status == AYNI_OK
               ? log_txn_put_fork(txn, &proof, proving->bytes, (struct ayni_instant){ 5 })
               : status;
}

/* The same, and all that came of it is the proof. */
START_TEST(a_feed_that_is_proven_to_have_forked_is_left_alone)
{
    struct proving proving = { .job = { .run = put_proof } };
    struct test_fork fork;
    struct log_feed own;
    SCOPED_BUFFER proof = { 0 };

    write_one(1, AYNI_LANE_CURRENT);
    own = feeds_of(&test_midis).feeds[0];
    test_fork_after(&fork, 1, &own.descriptor, &own.head);
    test_fork_prove(&fork, 0, 1, &proof);
    proving.bytes = ayni_buffer_bytes(&proof);
    test_must(log_writer_run(test_midis.writer, &proving.job), "proof");
    write_one(2, AYNI_LANE_CURRENT);
    write_one(3, AYNI_LANE_CURRENT);
    ck_assert_uint_eq(feeds_of(&test_midis).count, 2);
    ck_assert_uint_eq(feeds_of(&test_midis).feeds[0].head.seq, 1);
    ck_assert_uint_eq(feeds_of(&test_midis).feeds[1].head.seq, 2);
}
END_TEST

/* --- many --- */

START_TEST(many_changes_are_runs_that_verify)
{
    struct author_change *changes = calloc(MANY, sizeof(*changes));
    struct author_result *results = calloc(MANY, sizeof(*results));
    struct test_node other = { 0 };
    struct ayni_node root = test_root().node;

    ck_assert_ptr_nonnull(changes);
    ck_assert_ptr_nonnull(results);
    for (size_t i = 0; i < MANY; i++) {
        struct ayni_record record = { { (uint8_t)(i >> 8), (uint8_t)i, 5 } };
        changes[i] = change_of(&record, "A");
    }
    test_must(author_write(test_midis.records.author, changes, MANY, AYNI_LANE_BULK, results),
              "write");
    ck_assert_uint_eq(results[MANY - 1].name.seq, MANY);
    test_node_open(&other, 3);
    other.in_federation = true;
    test_must(projector_set_root(other.records.projector, &root), "root");
    test_node_hand(&test_midis, &other, SIZE_MAX, false); /* verifies each run */
    test_same_answers(&test_midis, &other);
    test_node_close(&other);
    free(changes);
    free(results);
}
END_TEST

static void *write_some(void *context)
{
    uint8_t thread = *(const uint8_t *)context;
    struct ayni_bytes value = TEST_BYTES("\x61x");
    struct ayni_field own = { SURNAME_1, value };

    for (uint8_t i = 0; i < WRITES; i++) {
        struct ayni_record record = record_of(i % 3 == 0 ? 200 : (uint8_t)(thread * WRITES + i));
        struct author_change change = { .space = test_visits,
                                        .record = record,
                                        .type = 103,
                                        .fields = &own,
                                        .field_count = 1,
                                        .steward = TEST_BYTES("maria") };
        if (author_write(test_midis.records.author, &change, 1, AYNI_LANE_CURRENT, NULL) != AYNI_OK)
            abort();
    }
    return NULL;
}

START_TEST(threads_share_a_feed_and_its_records)
{
    pthread_t threads[THREADS];
    uint8_t numbers[THREADS];
    struct ayni_record shared = record_of(200);
    struct record_key key = key_of(&shared);

    for (uint8_t i = 0; i < THREADS; i++) {
        numbers[i] = i;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, write_some, &numbers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_uint_eq(feeds_of(&test_midis).count, 1);
    ck_assert_uint_eq(feeds_of(&test_midis).feeds[0].head.seq, THREADS * WRITES);
    ck_assert_uint_eq(test_alternatives(&test_midis, &key, SURNAME_1), 1);
    ck_assert_uint_eq(count_versions(&key), THREADS * 7);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("author");
    TCase *one = tcase_create("one node");

    tcase_add_checked_fixture(one, test_one_open, test_one_close);
    tcase_add_test(one, one_call_sees_its_own_earlier_changes);
    tcase_add_test(one, what_was_appended_and_is_not_followed_yet_is_seen);
    tcase_add_test(one, a_change_that_expects_another_state_is_refused);
    tcase_add_test(one, all_or_none);
    tcase_add_test(one, a_payload_that_is_too_large_is_refused);
    tcase_add_test(one, a_lane_is_a_feed_that_goes_on_after_a_restart);
    tcase_add_test(one, renewed_it_never_goes_on_in_what_it_wrote);
    tcase_add_test(one, a_feed_that_another_hand_wrote_in_is_left_alone);
    tcase_add_test(one, a_feed_that_is_proven_to_have_forked_is_left_alone);
    tcase_add_test(one, many_changes_are_runs_that_verify);
    tcase_add_test(one, threads_share_a_feed_and_its_records);
    suite_add_tcase(suite, one);
    return test_run(suite);
}
