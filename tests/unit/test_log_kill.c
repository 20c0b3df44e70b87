#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/report.h"
#include "daemon/store/log_writer.h"
#include "tests/support/listener.h"
#include "tests/support/log.h"
#include "tests/support/log_check.h"
#include "tests/support/suite.h"

/*
 * A process that writes with several threads is killed at a random moment, and
 * the store is opened again: all that was acknowledged is there, and all of it
 * holds together. The same store goes through several lives.
 */
enum { WRITERS = 4, LIVES = 5, LIFE_US_MAX = 60000, ROUNDS = 4 };

static struct test_folder folder;
static char path[512];
static char why[256];

static void setup(void)
{
    report_set_level(REPORT_ERROR);
    test_folder_make(&folder);
    test_folder_path(&folder, "log", path, sizeof(path));
}

static void teardown(void)
{
    test_folder_remove(&folder);
}

static struct log_store *open_log(void)
{
    /* A small map: it also grows while it is being killed. */
    struct log_options options = { path, 1024 * 1024 };
    struct log_store *store = NULL;
    enum ayni_status status = log_store_open(&options, &store, why, sizeof(why));

    ck_assert_msg(status == AYNI_OK, "%s", why);
    return store;
}

/* --- the process that is killed --- */

/* One thread with a feed of its own; what it says on the pipe is acknowledged. */
struct author {
    struct log_job job;
    struct log_writer *writer;
    int pipe;
    unsigned number;
    struct test_random random;
    struct test_feed feed;
    struct test_run run;
};

struct acknowledged {
    unsigned number;
    uint64_t seq;
};

static enum ayni_status append(struct log_job *job, struct log_txn *txn)
{
    struct author *a = (struct author *)job;

    return test_log_append_in(txn, &a->feed, &a->run, (struct ayni_instant){ 1 });
}

static void *write_until_killed(void *arg)
{
    struct author *a = arg;

    for (;;) {
        size_t count = 1 + test_random_below(&a->random, 40);
        test_feed_next(&a->feed, count, test_random_below(&a->random, 200), &a->random, &a->run);
        if (log_writer_run(a->writer, &a->job) != AYNI_OK)
            _exit(1);
        struct acknowledged said = { a->number, a->run.after.seq };
        if (write(a->pipe, &said, sizeof(said)) != sizeof(said))
            _exit(2);
    }
}

static void init_author(struct author *a, unsigned number)
{
    a->number = number;
    a->random.state = number;
    a->job.run = append;
    test_feed_init(&a->feed, AYNI_LANE_BULK, &a->random);
}

/* Go on where the store says. */
static void resume(struct author *a, struct log_store *store)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    struct log_feed stored;

    ck_assert_int_eq(log_snapshot_begin(store, &snapshot), AYNI_OK);
    if (log_find_feed(snapshot, &a->feed.id, &stored) != AYNI_OK)
        return;
    a->feed.head = stored.head;
    a->feed.last_time = stored.last_time;
}

static void *compact_until_killed(void *arg)
{
    struct compaction_result result;

    for (;;)
        if (log_compact(arg, &test_quiet, &result) != AYNI_OK)
            _exit(4);
}

/* In every second life the file is written anew and replaced all the time. */
static void live(int pipe, bool compacts)
{
    struct author *authors = calloc(WRITERS, sizeof(*authors));
    struct log_store *store = open_log();
    struct log_writer *writer = NULL;
    pthread_t thread;

    if (authors == NULL || log_writer_start(store, NULL, &writer) != AYNI_OK)
        _exit(3);
    for (unsigned i = 0; i < WRITERS; i++) {
        init_author(&authors[i], i);
        resume(&authors[i], store);
        authors[i].writer = writer;
        authors[i].pipe = pipe;
    }
    for (unsigned i = 0; i < WRITERS; i++)
        pthread_create(&thread, NULL, write_until_killed, &authors[i]);
    if (compacts)
        pthread_create(&thread, NULL, compact_until_killed, store);
    pthread_join(thread, NULL);
}

/* --- the one that watches --- */

static void read_acknowledged(int pipe, uint64_t *seqs)
{
    struct acknowledged said;

    while (read(pipe, &said, sizeof(said)) == sizeof(said))
        seqs[said.number] = said.seq;
}

static void live_and_die(struct test_random *random, bool compacts, uint64_t *seqs)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        live(ends[1], compacts);
    }
    close(ends[1]);
    usleep((useconds_t)test_random_below(random, LIFE_US_MAX));
    kill(child, SIGKILL);
    read_acknowledged(ends[0], seqs);
    close(ends[0]);
    int how;
    ck_assert_int_eq(waitpid(child, &how, 0), child);
    ck_assert_msg(WIFSIGNALED(how), "the writing process ended by itself: %d", WEXITSTATUS(how));
}

static void check_acknowledged(struct log_store *store, const uint64_t *seqs)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    static struct author author;

    ck_assert_int_eq(log_snapshot_begin(store, &snapshot), AYNI_OK);
    for (unsigned i = 0; i < WRITERS; i++) {
        struct log_feed stored = { 0 };
        init_author(&author, i);
        enum ayni_status status = log_find_feed(snapshot, &author.feed.id, &stored);
        ck_assert(status == AYNI_OK || seqs[i] == 0);
        ck_assert_uint_ge(stored.head.seq, seqs[i]);
    }
}

START_TEST(nothing_acknowledged_is_lost_to_a_kill)
{
    struct test_random random = { (uint64_t)_i + 1 };
    uint64_t seqs[WRITERS] = { 0 };

    for (unsigned i = 0; i < LIVES; i++) {
        live_and_die(&random, i % 2 == 1, seqs);
        struct log_store *store = open_log();
        check_acknowledged(store, seqs);
        test_log_check(store);
        log_store_close(store);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log_kill");
    TCase *core = tcase_create("core");

    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_loop_test(core, nothing_acknowledged_is_lost_to_a_kill, 0, ROUNDS);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
