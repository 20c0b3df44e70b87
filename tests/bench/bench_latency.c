/*
 * How long a change takes to be seen elsewhere: `put` on one real daemon, until
 * `get` shows it on another, over CURVE on loopback. Beside each, one durable
 * commit of LMDB in the same folder, so that the ratio is of the same moment.
 *
 *   bench_latency [PUTS 500]
 */
#include "tests/support/bench.h"
#include "tests/support/bench_commit.h"
#include "tests/support/bench_register.h"

enum { WARM_UP = 20, WAIT_S = 10 };
static const char space[] = "bench";

static void put_and_await(struct bench_node *from, struct bench_node *to, uint64_t number,
                          struct bench_times *put, struct bench_times *seen)
{
    struct ayni_record id;
    double start = bench_now();

    bench_register_put(from, space, number, &id);
    bench_times_add(put, bench_now() - start);
    while (!bench_register_get(to, &id))
        bench_require(bench_now() - start < WAIT_S, to->name, "did not see the record in time");
    bench_times_add(seen, bench_now() - start);
}

static void measure(struct bench_node *from, struct bench_node *to, const char *folder,
                    uint64_t count)
{
    struct bench_times put = { 0 }, seen = { 0 }, commit = { 0 };
    struct bench_commits *commits = bench_commits_open(folder, "commits");
    struct bench_line line;

    for (uint64_t i = 0; i < WARM_UP + count; i++) {
        if (i == WARM_UP)
            put.count = seen.count = commit.count = 0;
        bench_times_add(&commit, bench_commits_one(commits));
        put_and_await(from, to, i, &put, &seen);
    }
    double p50 = bench_times_percentile(&seen, 50) * 1e3;
    double p99 = bench_times_percentile(&seen, 99) * 1e3;
    double commit_ms = bench_times_percentile(&commit, 50) * 1e3;
    bench_line_begin(&line, "latency");
    bench_line_number(&line, "puts", (double)count);
    bench_line_number(&line, "put_p50_ms", bench_times_percentile(&put, 50) * 1e3);
    bench_line_number(&line, "seen_p50_ms", p50);
    bench_line_number(&line, "seen_p99_ms", p99);
    bench_line_number(&line, "commit_p50_ms", commit_ms);
    bench_line_number(&line, "commit_p99_ms", bench_times_percentile(&commit, 99) * 1e3);
    bench_line_number(&line, "aim_p50_ms", 4 * commit_ms + 2);
    bench_line_number(&line, "p50_to_aim", p50 / (4 * commit_ms + 2));
    bench_line_number(&line, "p99_to_p50", p99 / p50);
    bench_line_end(&line);
    bench_commits_close(commits);
    bench_times_free(&put);
    bench_times_free(&seen);
    bench_times_free(&commit);
}

int main(int argc, char **argv)
{
    struct bench_node from, to;
    char folder[256];

    bench_folder_make(folder, sizeof(folder));
    bench_node_init(&from, folder, "from", true);
    bench_node_init(&to, folder, "to", false);
    bench_node_start(&from);
    bench_node_start(&to);
    bench_node_join(&to, &from);
    bench_node_ask(&from, "space.create", "name", space, NULL);
    bench_node_ask(&from, "space.grant", "name", space, "node", to.name, "right", "writer", NULL);
    bench_node_await_role(&to, space, "writer");
    bench_node_await_sync(&to);
    measure(&from, &to, folder, bench_argument(argc, argv, 1, 500));
    bench_node_free(&to);
    bench_node_free(&from);
    bench_folder_remove(folder);
    return 0;
}
