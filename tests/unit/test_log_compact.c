#include <pthread.h>
#include <stdatomic.h>

#include "daemon/store/log_writer.h"
#include "tests/support/listener.h"
#include "tests/support/log.h"
#include "tests/support/log_check.h"
#include "tests/support/suite.h"

/* Compaction of log/ while it grows: its chains tell whether all is there. */
enum { ROUNDS = 3 };

static atomic_bool over;

struct append {
    struct log_job job;
    struct test_feed feed;
    struct test_run run;
    struct log_writer *writer;
    struct test_random random;
};

static enum ayni_status run_append(struct log_job *job, struct log_txn *txn)
{
    struct append *a = (struct append *)job;

    return test_log_append_in(txn, &a->feed, &a->run, (struct ayni_instant){ 1 });
}

static void *append_on(void *context)
{
    struct append *a = context;

    do { /* once at least: the compactions may all be over before this thread runs */
        size_t count = 1 + (size_t)test_random_below(&a->random, 60);
        test_feed_next(&a->feed, count, (size_t)test_random_below(&a->random, 400), &a->random,
                       &a->run);
        ck_assert_int_eq(log_writer_run(a->writer, &a->job), AYNI_OK);
    } while (!over);
    return NULL;
}

START_TEST(a_log_is_compacted_while_it_grows)
{
    static struct append append;
    struct test_log log;
    struct compaction_result result;
    struct log_feed feed;
    pthread_t thread;

    test_log_make(&log, 1024 * 1024);
    struct ayni_incarnation instance = log_instance(log.store);
    append = (struct append){ .job.run = run_append, .random = { (uint64_t)_i } };
    test_feed_init(&append.feed, AYNI_LANE_BULK, &append.random);
    ck_assert_int_eq(log_writer_start(log.store, NULL, &append.writer), AYNI_OK);
    over = false;
    pthread_create(&thread, NULL, append_on, &append);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(log_compact(log.store, &test_quiet, &result), AYNI_OK);
    over = true;
    pthread_join(thread, NULL);
    log_writer_free(append.writer);
    test_log_check(log.store);
    test_log_reopen(&log);
    test_log_check(log.store);
    ck_assert(ayni_id_equal(&instance, &(struct ayni_incarnation[]){ log_instance(log.store) }[0]));
    struct log_snapshot *snapshot = test_log_snapshot(&log);
    ck_assert_int_eq(log_find_feed(snapshot, &append.feed.id, &feed), AYNI_OK);
    ck_assert_uint_eq(feed.head.seq, append.feed.head.seq);
    log_snapshot_end(snapshot);
    test_log_remove(&log);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log_compact");
    TCase *growing = tcase_create("growing");

    tcase_add_loop_test(growing, a_log_is_compacted_while_it_grows, 0, ROUNDS);
    suite_add_tcase(suite, growing);
    return test_run(suite);
}
