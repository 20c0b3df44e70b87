/*
 * Reading single records in no order: `get` through the control socket of a
 * real daemon, and inside of one, from the same stores, with a reader of its own for
 * each record, as requests have it, and with one for many; by one thread, and by as many as
 * there are cores, as connections have it.
 *
 *   bench_get [RECORDS 100000] [GETS 20000]
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "proto/crypto.h"
#include "tests/support/bench.h"
#include "tests/support/bench_register.h"
#include "tests/support/random.h"

enum { READER_RECORDS = 64, THREADS_MAX = 64 };
static const char space[] = "bench";

/* Which of them to get, one after the other. */
struct picks {
    const struct ayni_record *ids;
    size_t count;
    struct test_random random;
};

static const struct ayni_record *pick(struct picks *picks)
{
    return &picks->ids[test_random_below(&picks->random, picks->count)];
}

static void get_by_socket(struct bench_line *line, struct bench_node *node, struct picks *picks,
                          uint64_t gets)
{
    struct bench_times times = { 0 };

    for (uint64_t i = 0; i < gets; i++) {
        const struct ayni_record *id = pick(picks);
        double start = bench_now();
        bench_require(bench_register_get(node, id), "get", "not found");
        bench_times_add(&times, bench_now() - start);
    }
    bench_line_number(line, "socket_p50_us", bench_times_percentile(&times, 50) * 1e6);
    bench_line_number(line, "socket_p99_us", bench_times_percentile(&times, 99) * 1e6);
    bench_times_free(&times);
}

static void fold_one(struct reader *reader, const struct ayni_record *id)
{
    SCOPED_STATE state = { 0 };
    struct record_key key;
    size_t count;
    enum ayni_status status = reader_find(reader, id, 0, NULL, &key, 1, &count);

    if (status == AYNI_OK)
        status = reader_fold(reader, &key, &state);
    bench_require(status == AYNI_OK && count == 1, "get", ayni_status_name(status));
}

/* Records a second, `per_reader` of them with one state of the store. */
static double get_inside(const struct records *records, struct picks *picks, uint64_t gets,
                         uint64_t per_reader)
{
    double start = bench_now();

    for (uint64_t i = 0; i < gets;) {
        SCOPED_READER *reader = NULL;
        bench_require(reader_begin(records, &reader) == AYNI_OK, "reader", "failed");
        for (uint64_t j = 0; j < per_reader && i < gets; j++, i++)
            fold_one(reader, pick(picks));
    }
    return (double)gets / (bench_now() - start);
}

/* What each of several threads gets. */
struct getter {
    pthread_t thread;
    const struct records *records;
    struct picks picks;
    uint64_t gets, per_reader;
};

static void *get_of(void *context)
{
    struct getter *getter = context;

    (void)get_inside(getter->records, &getter->picks, getter->gets, getter->per_reader);
    return NULL;
}

/* The same by a thread for each core. */
static double get_by_all(const struct records *records, const struct picks *picks, uint64_t gets,
                         uint64_t per_reader)
{
    struct getter getters[THREADS_MAX];
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t count = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (size_t)cores;
    double start = bench_now();

    for (size_t i = 0; i < count; i++) {
        getters[i] = (struct getter){ .records = records,
                                      .picks = { picks->ids, picks->count, { i + 11 } },
                                      .gets = gets,
                                      .per_reader = per_reader };
        bench_require(pthread_create(&getters[i].thread, NULL, get_of, &getters[i]) == 0, "thread",
                      "failed");
    }
    for (size_t i = 0; i < count; i++)
        pthread_join(getters[i].thread, NULL);
    return (double)(gets * count) / (bench_now() - start);
}

static void get_in_process(struct bench_line *line, const char *home, struct picks *picks,
                           uint64_t gets)
{
    struct daemon daemon = { 0 };
    struct config config;
    char why[512] = "";

    config_init(&config);
    snprintf(config.home, sizeof(config.home), "%s", home);
    bench_require(daemon_open(&daemon, &config, false, why, sizeof(why)) == AYNI_OK, "open", why);
    (void)get_inside(&daemon.records, picks, gets,
                     READER_RECORDS); /* what is read once is cached */
    double cpu = bench_cpu();
    bench_line_number(line, "inside_per_s", get_inside(&daemon.records, picks, gets, 1));
    bench_line_number(line, "inside_cpu_us", (bench_cpu() - cpu) / (double)gets * 1e6);
    bench_line_number(line, "inside_one_reader_per_s",
                      get_inside(&daemon.records, picks, gets, READER_RECORDS));
    bench_line_number(line, "inside_all_cores_per_s", get_by_all(&daemon.records, picks, gets, 1));
    bench_line_number(line, "inside_all_cores_one_reader_per_s",
                      get_by_all(&daemon.records, picks, gets, READER_RECORDS));
    daemon_close(&daemon);
}

int main(int argc, char **argv)
{
    uint64_t count = bench_argument(argc, argv, 1, 100000);
    uint64_t gets = bench_argument(argc, argv, 2, 20000);
    struct ayni_record *ids = calloc(count, sizeof(*ids));
    struct bench_node node;
    struct bench_line line;
    char folder[256];

    bench_require(ids != NULL && ayni_crypto_init() == AYNI_OK, "start", "failed");
    bench_folder_make(folder, sizeof(folder));
    bench_node_init(&node, folder, "reader", true);
    bench_node_start(&node);
    bench_node_ask(&node, "space.create", "name", space, NULL);
    bench_register_import(&node, &bench_tests, space, count);
    struct picks picks = { ids, bench_register_list(&node, space, ids, count), { 7 } };
    bench_require(picks.count == count, "list", "not all are there");
    bench_line_begin(&line, "get");
    bench_line_number(&line, "records", (double)count);
    get_by_socket(&line, &node, &picks, gets);
    bench_node_stop(&node);
    get_in_process(&line, node.home, &picks, gets * 10);
    bench_line_end(&line);
    bench_node_free(&node);
    bench_folder_remove(folder);
    free(ids);
    return 0;
}
