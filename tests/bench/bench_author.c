/*
 * Writing through the control socket of a real daemon: `put` one by one, each
 * answered when it is durable and can be read; and the same by 16 clients at once,
 * whose writes share commits.
 *
 * A put waits for a commit of the log and one of the views. So beside it stands
 * what the disk allows: pairs of LMDB commits a second, times the writes that
 * shared a commit of the log. And what the machine allows, where clients share its
 * cores: a program of sockets, threads and commits that does nothing else
 * (tests/support/bench_clients.h).
 *
 *   bench_author [PUTS 3000]
 */
#include <pthread.h>

#include "tests/support/bench.h"
#include "tests/support/bench_clients.h"
#include "tests/support/bench_commit.h"
#include "tests/support/bench_register.h"

enum { CLIENTS = 16, PAIRS = 500 };
static const char space[] = "bench";

struct author {
    struct bench_node node;
    pthread_t thread;
    uint64_t from, to;
    struct bench_times times;
};

static void *put_each(void *arg)
{
    struct author *author = arg;
    struct ayni_record id;

    for (uint64_t i = author->from; i < author->to; i++) {
        double start = bench_now();
        bench_register_put(&author->node, space, i, &id);
        bench_times_add(&author->times, bench_now() - start);
    }
    return NULL;
}

struct authored {
    double per_s, p50_ms, group;
    double daemon_us, client_us; /* of CPU, a put */
};

static struct authored write_all(const struct bench_node *node, size_t client_count, uint64_t from,
                                 uint64_t count)
{
    static struct author authors[CLIENTS];
    struct authored authored;
    char log[400];

    snprintf(log, sizeof(log), "%s/log", node->home);
    for (size_t i = 0; i < client_count; i++) {
        authors[i] = (struct author){ .from = from + count * i / client_count,
                                      .to = from + count * (i + 1) / client_count };
        bench_node_connect(&authors[i].node, node);
    }
    uint64_t commits = bench_commits_of(log);
    double daemon = bench_process_cpu(node->process), own = bench_cpu();
    double start = bench_now();
    for (size_t i = 0; i < client_count; i++)
        bench_require(pthread_create(&authors[i].thread, NULL, put_each, &authors[i]) == 0,
                      "thread", "failed");
    for (size_t i = 0; i < client_count; i++)
        pthread_join(authors[i].thread, NULL);
    authored.per_s = (double)count / (bench_now() - start);
    authored.daemon_us = (bench_process_cpu(node->process) - daemon) / (double)count * 1e6;
    authored.client_us = (bench_cpu() - own) / (double)count * 1e6;
    authored.group = (double)count / (double)(bench_commits_of(log) - commits);
    authored.p50_ms = bench_times_percentile(&authors[0].times, 50) * 1e3;
    for (size_t i = 0; i < client_count; i++) {
        bench_node_free(&authors[i].node);
        bench_times_free(&authors[i].times);
    }
    return authored;
}

/* Pairs of durable commits a second, in two stores one after the other. */
static double pairs_per_s(struct bench_commits *log, struct bench_commits *views)
{
    double seconds = 0;

    for (size_t i = 0; i < PAIRS; i++)
        seconds += bench_commits_one(log) + bench_commits_one(views);
    return PAIRS / seconds;
}

static void measure(struct bench_line *line, struct bench_node *node, const char *folder,
                    uint64_t puts)
{
    struct bench_commits *log = bench_commits_open(folder, "log-commits");
    struct bench_commits *views = bench_commits_open(folder, "views-commits");
    double before = pairs_per_s(log, views);
    struct authored one = write_all(node, 1, 0, puts / 3);
    struct authored many = write_all(node, CLIENTS, puts / 3, puts - puts / 3);
    struct bench_clients limit = bench_clients_run(folder, CLIENTS, puts - puts / 3);
    double pairs = (before + pairs_per_s(log, views)) / 2;

    bench_line_number(line, "commit_pairs_per_s", pairs);
    bench_line_number(line, "one_client_per_s", one.per_s);
    bench_line_number(line, "one_client_p50_ms", one.p50_ms);
    bench_line_number(line, "one_client_to_pairs", one.per_s / pairs);
    bench_line_number(line, "clients", CLIENTS);
    bench_line_number(line, "clients_per_s", many.per_s);
    bench_line_number(line, "clients_p50_ms", many.p50_ms);
    bench_line_number(line, "puts_per_commit", many.group);
    bench_line_number(line, "clients_to_pairs", many.per_s / (pairs * many.group));
    bench_line_number(line, "daemon_us_per_put", many.daemon_us);
    bench_line_number(line, "client_us_per_put", many.client_us);
    bench_line_number(line, "limit_per_s", limit.per_s);
    bench_line_number(line, "limit_puts_per_commit", limit.group);
    bench_line_number(line, "limit_to_pairs", limit.per_s / (pairs * limit.group));
    bench_line_number(line, "clients_to_limit", many.per_s / limit.per_s);
    bench_commits_close(log);
    bench_commits_close(views);
}

int main(int argc, char **argv)
{
    uint64_t puts = bench_argument(argc, argv, 1, 3000);
    struct bench_node node;
    struct bench_line line;
    char folder[256];

    bench_require(puts >= 3 * CLIENTS, "arguments", "at least 48 puts");
    bench_folder_make(folder, sizeof(folder));
    bench_node_init(&node, folder, "author", true);
    bench_node_start(&node);
    bench_node_ask(&node, "space.create", "name", space, NULL);
    bench_line_begin(&line, "author");
    measure(&line, &node, folder, puts);
    bench_line_end(&line);
    bench_node_free(&node);
    bench_folder_remove(folder);
    return 0;
}
