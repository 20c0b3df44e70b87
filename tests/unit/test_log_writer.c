#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "daemon/store/follow.h"
#include "daemon/store/log_writer.h"
#include "tests/support/log.h"
#include "tests/support/suite.h"

/* A log with its writer, made in the child. */
static struct test_log store;
static struct log_writer *writer;
static struct test_random random_numbers;

/* What a listener heard. */
static struct heard {
    atomic_uint commits;
    atomic_uint_least64_t last_arrival;
} heard;

static void hear(void *context, uint64_t last_arrival)
{
    struct heard *h = context;

    atomic_fetch_add(&h->commits, 1);
    atomic_store(&h->last_arrival, last_arrival);
}

static void start(void)
{
    ck_assert_int_eq(log_writer_start(store.store, NULL, &writer), AYNI_OK);
    log_writer_listen(writer, hear, &heard);
}

static void setup(void)
{
    random_numbers = (struct test_random){ 7 };
    test_log_make(&store, 256 * 1024);
    start();
}

static void teardown(void)
{
    log_writer_free(writer);
    test_log_remove(&store);
}

/* --- a job that appends the next run of its feed --- */

struct append {
    struct log_job job;
    struct test_feed feed;
    struct test_run run;
    enum ayni_status instead; /* what the job answers, if not OK; */
    bool half_way;            /* and whether it does so after its first change */
    unsigned runs, dones;
    enum ayni_status status;
};

static enum ayni_status run_append(struct log_job *job, struct log_txn *txn)
{
    struct append *a = (struct append *)job;

    a->runs++;
    if (a->instead != AYNI_OK && !a->half_way)
        return a->instead;
    enum ayni_status status =
        test_log_append_in(txn, &a->feed, &a->run, (struct ayni_instant){ 1 });
    return status == AYNI_OK ? a->instead : status;
}

static void done_append(struct log_job *job, enum ayni_status status)
{
    struct append *a = (struct append *)job;

    a->dones++;
    a->status = status;
}

static struct append *new_append(size_t count, size_t payload_size)
{
    struct append *a = calloc(1, sizeof(*a));

    ck_assert_ptr_nonnull(a);
    a->job = (struct log_job){ .run = run_append, .done = done_append };
    test_feed_init(&a->feed, AYNI_LANE_BULK, &random_numbers);
    test_feed_next(&a->feed, count, payload_size, &random_numbers, &a->run);
    return a;
}

static uint64_t entries_stored(void)
{
    struct log_space space;

    ck_assert_int_eq(log_measure(store.store, &space), AYNI_OK);
    return space.entries;
}

START_TEST(a_job_is_durable_when_it_is_done)
{
    struct append *a = new_append(10, 100);

    ck_assert_int_eq(log_writer_run(writer, &a->job), AYNI_OK);
    ck_assert_uint_eq(a->dones, 1);
    ck_assert_int_eq(a->status, AYNI_OK);
    ck_assert_uint_eq(heard.commits, 1);
    ck_assert_uint_eq(heard.last_arrival, 1);
    log_writer_free(writer);
    test_log_reopen(&store);
    start();
    ck_assert_uint_eq(entries_stored(), 10);
    free(a);
}
END_TEST

START_TEST(a_wait_point_hears_of_commits)
{
    struct follow *follow;
    struct append *a = new_append(1, 10);

    ck_assert_int_eq(follow_new(&follow), AYNI_OK);
    log_writer_listen(writer, follow_advance, follow);
    ck_assert_int_eq(log_writer_submit(writer, &a->job), AYNI_OK);
    ck_assert_int_eq(follow_wait(follow, 1, 20000), AYNI_OK);
    log_writer_stop(writer);
    follow_free(follow);
    free(a);
}
END_TEST

/* --- groups --- */

/* A job that holds the writer until it is let go, so that others gather behind it. */
struct gate {
    struct log_job job;
    pthread_mutex_t mutex;
};

static enum ayni_status run_gate(struct log_job *job, struct log_txn *txn)
{
    struct gate *gate = (struct gate *)job;

    (void)txn;
    pthread_mutex_lock(&gate->mutex);
    pthread_mutex_unlock(&gate->mutex);
    return AYNI_OK;
}

static void close_gate(struct gate *gate)
{
    *gate = (struct gate){ .job.run = run_gate, .mutex = PTHREAD_MUTEX_INITIALIZER };
    pthread_mutex_lock(&gate->mutex);
    ck_assert_int_eq(log_writer_submit(writer, &gate->job), AYNI_OK);
}

/* Let the jobs that have gathered go, and wait for them all. */
static void open_gate(struct gate *gate)
{
    pthread_mutex_unlock(&gate->mutex);
    log_writer_stop(writer);
}

enum { JOBS = 20 };

static void submit_all(struct append **jobs)
{
    for (size_t i = 0; i < JOBS; i++)
        ck_assert_int_eq(log_writer_submit(writer, &jobs[i]->job), AYNI_OK);
}

static void make_jobs(struct append **jobs, size_t count, size_t payload_size)
{
    for (size_t i = 0; i < JOBS; i++)
        jobs[i] = new_append(count, payload_size);
}

static void free_jobs(struct append **jobs)
{
    for (size_t i = 0; i < JOBS; i++)
        free(jobs[i]);
}

START_TEST(what_has_gathered_goes_into_one_commit)
{
    struct append *jobs[JOBS];
    struct gate gate;

    make_jobs(jobs, 1, 100);
    close_gate(&gate);
    submit_all(jobs);
    open_gate(&gate);
    for (size_t i = 0; i < JOBS; i++) {
        ck_assert_uint_eq(jobs[i]->dones, 1);
        ck_assert_int_eq(jobs[i]->status, AYNI_OK);
    }
    /* The writer may have taken the gate with the first few: those are a group of their own. */
    ck_assert_uint_le(heard.commits, 2);
    ck_assert_uint_eq(heard.last_arrival, JOBS);
    ck_assert_uint_eq(entries_stored(), JOBS);
    free_jobs(jobs);
}
END_TEST

/* Every third job fails, before or after its first change: nothing of it is stored, and all of the
 * others. */
START_TEST(a_job_that_fails_is_alone_in_that)
{
    struct append *jobs[JOBS];
    struct gate gate;
    uint64_t stored = 0;

    make_jobs(jobs, 2, 100);
    for (size_t i = 0; i < JOBS; i += 3) {
        jobs[i]->instead = AYNI_E_RIGHT;
        jobs[i]->half_way = _i == 1;
    }
    close_gate(&gate);
    submit_all(jobs);
    open_gate(&gate);
    for (size_t i = 0; i < JOBS; i++) {
        ck_assert_uint_eq(jobs[i]->dones, 1);
        ck_assert_int_eq(jobs[i]->status, i % 3 == 0 ? AYNI_E_RIGHT : AYNI_OK);
        stored += i % 3 == 0 ? 0 : 2;
        ck_assert(jobs[i]->runs == 1 || _i == 1); /* failing early costs nobody a second run */
    }
    ck_assert_uint_eq(entries_stored(), stored);
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    struct log_feed feed;
    ck_assert_int_eq(log_snapshot_begin(store.store, &snapshot), AYNI_OK);
    ck_assert_int_eq(log_find_feed(snapshot, &jobs[0]->feed.id, &feed), AYNI_E_NOT_FOUND);
    free_jobs(jobs);
}
END_TEST

/* The map starts at 256 KiB and each job brings 32 KiB: it grows in the middle of groups, nothing
 * is stored twice. */
START_TEST(a_full_map_grows_under_a_group)
{
    struct append *jobs[JOBS];
    struct gate gate;
    unsigned runs = 0;

    make_jobs(jobs, 32, 1000);
    close_gate(&gate);
    submit_all(jobs);
    open_gate(&gate);
    for (size_t i = 0; i < JOBS; i++) {
        ck_assert_uint_eq(jobs[i]->dones, 1);
        ck_assert_int_eq(jobs[i]->status, AYNI_OK);
        runs += jobs[i]->runs;
    }
    ck_assert_uint_gt(runs, JOBS);
    ck_assert_uint_eq(entries_stored(), JOBS * 32);
    ck_assert_uint_eq(heard.last_arrival, JOBS);
    free_jobs(jobs);
}
END_TEST

START_TEST(the_same_run_from_two_is_stored_once)
{
    struct append *a = new_append(5, 100);
    struct append *b = calloc(1, sizeof(*b));
    struct gate gate;

    b->job = a->job;
    b->feed = a->feed;
    b->run = a->run; /* its entries are those of `a`, which lives as long */
    close_gate(&gate);
    ck_assert_int_eq(log_writer_submit(writer, &a->job), AYNI_OK);
    ck_assert_int_eq(log_writer_submit(writer, &b->job), AYNI_OK);
    open_gate(&gate);
    ck_assert_int_eq(a->status, AYNI_OK);
    ck_assert_int_eq(b->status, AYNI_E_EXISTS);
    ck_assert_uint_eq(entries_stored(), 5);
    free(a);
    free(b);
}
END_TEST

/* --- stopping --- */

START_TEST(stopping_finishes_what_was_taken_and_refuses_the_rest)
{
    struct append *jobs[JOBS];
    struct append *late = new_append(1, 10);
    struct gate gate;

    make_jobs(jobs, 1, 10);
    close_gate(&gate);
    submit_all(jobs);
    open_gate(&gate);
    ck_assert_uint_eq(entries_stored(), JOBS);
    ck_assert_int_eq(log_writer_submit(writer, &late->job), AYNI_E_STOPPED);
    ck_assert_int_eq(log_writer_run(writer, &late->job), AYNI_E_STOPPED);
    ck_assert_uint_eq(late->dones, 0);
    log_writer_stop(writer); /* twice is fine */
    free_jobs(jobs);
    free(late);
}
END_TEST

/* --- many threads --- */

enum { THREADS = 8, EACH = 50 };

struct client {
    pthread_t thread;
    struct append *append;
    unsigned failed;
};

static void *write_each(void *arg)
{
    struct client *client = arg;
    struct append *a = client->append;
    struct test_random random = { (uint64_t)(uintptr_t)client };

    for (unsigned i = 0; i < EACH; i++) {
        client->failed += log_writer_run(writer, &a->job) != AYNI_OK;
        test_feed_next(&a->feed, 1, 100, &random, &a->run);
    }
    return NULL;
}

START_TEST(many_threads_share_commits)
{
    struct client clients[THREADS];

    for (size_t i = 0; i < THREADS; i++)
        clients[i] = (struct client){ .append = new_append(1, 100) };
    for (size_t i = 0; i < THREADS; i++)
        pthread_create(&clients[i].thread, NULL, write_each, &clients[i]);
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(clients[i].thread, NULL);
        ck_assert_uint_eq(clients[i].failed, 0);
        free(clients[i].append);
    }
    ck_assert_uint_eq(entries_stored(), THREADS * EACH);
    ck_assert_uint_eq(heard.last_arrival, THREADS * EACH);
    ck_assert_uint_lt(heard.commits, THREADS * EACH);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log_writer");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, a_job_is_durable_when_it_is_done);
    tcase_add_test(core, a_wait_point_hears_of_commits);
    tcase_add_test(core, what_has_gathered_goes_into_one_commit);
    tcase_add_loop_test(core, a_job_that_fails_is_alone_in_that, 0, 2);
    tcase_add_test(core, a_full_map_grows_under_a_group);
    tcase_add_test(core, the_same_run_from_two_is_stored_once);
    tcase_add_test(core, stopping_finishes_what_was_taken_and_refuses_the_rest);
    tcase_add_test(core, many_threads_share_commits);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
