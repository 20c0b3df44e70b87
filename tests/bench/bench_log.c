/*
 * The log by itself: appending sealed runs in durable commits, single durable
 * appends through the writer beside what LMDB does with a put and a commit, and
 * reading runs back. Everything is built and sealed before the clock starts.
 *
 *   bench_log [ENTRIES 100000] [SINGLES 2000]
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/store/log_writer.h"
#include "tests/support/bench.h"
#include "tests/support/bench_commit.h"
#include "tests/support/feed.h"

enum { PAYLOAD_SIZE = 300, RUN_COUNT = 100, THREADS_MAX = 16, MAP_SIZE_MIB = 16 * 1024 };

static const struct ayni_instant now = { 1800000000000 };

/* --- runs that are ready to append --- */

struct ready {
    struct test_feed feed;
    struct ayni_entry *entries;
    struct ayni_hash *chains;
    uint8_t *payloads;
    struct ayni_run *runs;
    struct ayni_head *heads; /* heads[i] is before runs[i] */
    size_t run_count;
};

static void *require_memory(void *memory)
{
    bench_require(memory != NULL, "building", "no memory");
    return memory;
}

static void build(struct ready *ready, size_t run_count, size_t per_run, struct test_random *random)
{
    size_t count = run_count * per_run;

    test_feed_init(&ready->feed, AYNI_LANE_BULK, random);
    ready->entries = require_memory(calloc(count, sizeof(*ready->entries)));
    ready->chains = require_memory(calloc(count, sizeof(*ready->chains)));
    ready->payloads = require_memory(calloc(count, PAYLOAD_SIZE));
    ready->runs = require_memory(calloc(run_count, sizeof(*ready->runs)));
    ready->heads = require_memory(calloc(run_count + 1, sizeof(*ready->heads)));
    ready->run_count = run_count;
    test_random_fill(random, ready->payloads, count * PAYLOAD_SIZE);
    for (size_t i = 0; i < count; i++)
        ready->entries[i] = (struct ayni_entry){
            .kind = AYNI_KIND_VERSION,
            .time = now,
            .payload = { ready->payloads + i * PAYLOAD_SIZE, PAYLOAD_SIZE },
        };
    ready->heads[0] = ready->feed.head;
    for (size_t i = 0; i < run_count; i++) {
        ready->runs[i] =
            (struct ayni_run){ .entries = ready->entries + i * per_run, .count = per_run };
        ayni_run_seal(&ready->runs[i], &ready->feed.id, &ready->feed.secret, &ready->heads[i],
                      &ready->heads[i + 1], ready->chains + i * per_run);
    }
}

static void discard(struct ready *ready)
{
    free(ready->entries);
    free(ready->chains);
    free(ready->payloads);
    free(ready->runs);
    free(ready->heads);
}

static enum ayni_status append(const struct ready *ready, size_t run, struct log_txn *txn)
{
    struct log_feed stored;
    const struct ayni_run *r = &ready->runs[run];
    enum ayni_status status = log_txn_feed(txn, &ready->feed.id, &ready->feed.descriptor, &stored);

    return status != AYNI_OK ? status
                             : log_txn_append(txn, stored.no, &ready->heads[run], r,
                                              ready->chains + (r->entries - ready->entries),
                                              &ready->heads[run + 1], now);
}

static void require(enum ayni_status status, const char *what)
{
    bench_require(status == AYNI_OK, what, ayni_status_name(status));
}

static struct log_store *open_log(const char *folder)
{
    struct log_options options = { folder, (uint64_t)MAP_SIZE_MIB << 20 };
    struct log_store *store = NULL;
    char why[256] = "";

    bench_require(log_store_open(&options, &store, why, sizeof(why)) == AYNI_OK, "open", why);
    return store;
}

/* --- in bulk --- */

/* Entries a second, `per_commit` of them to a durable commit. */
static double append_all(struct log_store *store, const struct ready *ready, size_t per_commit)
{
    size_t runs_per_commit = per_commit / RUN_COUNT;
    struct log_txn *txn = NULL;
    double start = bench_now();

    for (size_t i = 0; i < ready->run_count; i++) {
        if (i % runs_per_commit == 0)
            require(log_txn_begin(store, &txn), "begin");
        require(append(ready, i, txn), "append");
        if ((i + 1) % runs_per_commit == 0 || i + 1 == ready->run_count)
            require(log_txn_commit(txn), "commit");
    }
    return (double)(ready->run_count * RUN_COUNT) / (bench_now() - start);
}

/* Megabytes a second, as a peer that pulls would have them read. */
static double read_all(struct log_store *store, const struct ready *ready)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    SCOPED_BUFFER runs = { 0 };
    uint64_t end = ready->heads[ready->run_count].seq;
    double bytes = 0;
    double start = bench_now();

    require(log_snapshot_begin(store, &snapshot), "snapshot");
    for (uint64_t next = 1; next <= end; bytes += (double)runs.size) {
        ayni_buffer_clear(&runs);
        require(log_read_runs(snapshot, 1, next, UINT64_MAX, 512 * 1024, &runs, &next), "read");
    }
    return bytes / (bench_now() - start) / 1e6;
}

static double get_some(struct log_store *store, const struct ready *ready, size_t count)
{
    SCOPED_LOG_SNAPSHOT *snapshot = NULL;
    struct test_random random = { 3 };
    struct log_entry entry;
    double start = bench_now();

    require(log_snapshot_begin(store, &snapshot), "snapshot");
    for (size_t i = 0; i < count; i++) {
        uint64_t seq = 1 + test_random_below(&random, ready->heads[ready->run_count].seq);
        require(log_get_entry(snapshot, 1, seq, &entry), "get");
    }
    return (double)count / (bench_now() - start);
}

static void bench_bulk(struct bench_line *line, size_t entries, size_t per_commit)
{
    struct test_random random = { 1 };
    struct ready ready;
    char folder[256], name[64];

    bench_folder_make(folder, sizeof(folder));
    build(&ready, entries / RUN_COUNT, RUN_COUNT, &random);
    struct log_store *store = open_log(folder);
    snprintf(name, sizeof(name), "append_%zu_per_commit_entries_per_s", per_commit);
    bench_line_number(line, name, append_all(store, &ready, per_commit));
    if (per_commit >= 10000) {
        bench_line_number(line, "read_runs_mb_per_s", read_all(store, &ready));
        bench_line_number(line, "random_gets_per_s", get_some(store, &ready, entries));
        bench_line_number(line, "disk_bytes_per_entry",
                          (double)bench_folder_bytes(folder) / (double)entries);
    }
    log_store_close(store);
    discard(&ready);
    bench_folder_remove(folder);
}

/* --- one by one --- */

/* One feed, as a node's own is, whose runs threads append in order, each waiting for its own. */
struct line_up {
    struct ready ready;
    struct log_writer *writer;
    pthread_mutex_t mutex; /* over `next`, and so that jobs are submitted in its order */
    size_t next;
};

struct client {
    struct log_job job;
    pthread_t thread;
    struct line_up *line_up;
    size_t run;
    sem_t stored;
};

static enum ayni_status append_one(struct log_job *job, struct log_txn *txn)
{
    struct client *client = (struct client *)job;

    return append(&client->line_up->ready, client->run, txn);
}

static void stored(struct log_job *job, enum ayni_status status)
{
    require(status, "append");
    sem_post(&((struct client *)job)->stored);
}

static void *append_each(void *arg)
{
    struct client *client = arg;
    struct line_up *line_up = client->line_up;

    for (;;) {
        pthread_mutex_lock(&line_up->mutex);
        bool more = line_up->next < line_up->ready.run_count;
        if (more) {
            client->run = line_up->next++;
            require(log_writer_submit(line_up->writer, &client->job), "submit");
        }
        pthread_mutex_unlock(&line_up->mutex);
        if (!more)
            return NULL;
        sem_wait(&client->stored);
    }
}

static void count_commit(void *context, uint64_t last_arrival)
{
    size_t *commits = context;

    (void)last_arrival;
    ++*commits;
}

static double append_singles(struct line_up *line_up, size_t thread_count)
{
    static struct client clients[THREADS_MAX];
    double start = bench_now();

    for (size_t i = 0; i < thread_count; i++) {
        clients[i] =
            (struct client){ .job = { .run = append_one, .done = stored }, .line_up = line_up };
        sem_init(&clients[i].stored, 0, 0);
        bench_require(pthread_create(&clients[i].thread, NULL, append_each, &clients[i]) == 0,
                      "thread", "failed");
    }
    for (size_t i = 0; i < thread_count; i++)
        pthread_join(clients[i].thread, NULL);
    return bench_now() - start;
}

static void bench_singles(struct bench_line *line, size_t count, size_t thread_count)
{
    struct line_up line_up = { .mutex = PTHREAD_MUTEX_INITIALIZER };
    struct test_random random = { 2 };
    size_t commits = 0;
    char folder[256], name[64];

    bench_folder_make(folder, sizeof(folder));
    struct log_store *store = open_log(folder);
    build(&line_up.ready, count, 1, &random);
    require(log_writer_start(store, NULL, &line_up.writer), "writer");
    log_writer_listen(line_up.writer, count_commit, &commits);
    double seconds = append_singles(&line_up, thread_count);
    log_writer_free(line_up.writer);
    snprintf(name, sizeof(name), "singles_%zu_threads_per_s", thread_count);
    bench_line_number(line, name, (double)count / seconds);
    snprintf(name, sizeof(name), "singles_%zu_threads_per_commit", thread_count);
    bench_line_number(line, name, (double)count / (double)commits);
    log_store_close(store);
    discard(&line_up.ready);
    bench_folder_remove(folder);
}

/* --- what LMDB does with one put and one commit --- */

static void bench_lmdb(struct bench_line *line, size_t count)
{
    char folder[256];

    bench_folder_make(folder, sizeof(folder));
    struct bench_commits *commits = bench_commits_open(folder, "commits");
    double start = bench_now();
    for (size_t i = 0; i < count; i++)
        (void)bench_commits_one(commits);
    bench_line_number(line, "lmdb_commits_per_s", (double)count / (bench_now() - start));
    bench_commits_close(commits);
    bench_folder_remove(folder);
}

int main(int argc, char **argv)
{
    size_t entries = bench_argument(argc, argv, 1, 100000);
    size_t singles = bench_argument(argc, argv, 2, 2000);
    struct bench_line line;

    bench_require(entries >= 10000 && singles >= THREADS_MAX, "arguments",
                  "at least 10000 entries and 16 singles");
    bench_line_begin(&line, "log");
    bench_line_number(&line, "entries", (double)entries);
    bench_bulk(&line, entries, 1000);
    bench_bulk(&line, entries, 10000);
    bench_lmdb(&line, singles);
    bench_singles(&line, singles, 1);
    bench_singles(&line, singles, THREADS_MAX);
    bench_line_number(&line, "peak_rss_kib", (double)bench_peak_rss_kib());
    bench_line_end(&line);
    return 0;
}
