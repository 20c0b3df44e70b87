/*
 * Files of rows into a real daemon, as `ayni import` sends them: judged by the
 * rules of the catalogue, identifiers looked up, signed, durable, until all can be
 * read. A register with six to seven records a row, one with one, and items of HIS,
 * three records for two rows, about children of the first.
 *
 *   bench_import [ROWS 20000 [his]]
 *
 * With `his` its items alone, after as many children as they are about.
 */
#include <string.h>
#include <unistd.h>

#include "tests/support/bench.h"
#include "tests/support/bench_commit.h"
#include "tests/support/bench_register.h"

struct store {
    char path[400];
    uint64_t commits;
};

static struct store store_of(const struct bench_node *node, const char *name)
{
    struct store store;

    snprintf(store.path, sizeof(store.path), "%s/%s", node->home, name);
    store.commits = bench_commits_of(store.path);
    return store;
}

static double records_a_commit(const struct store *store, double records)
{
    return records / (double)(bench_commits_of(store->path) - store->commits);
}

/* The threads that an import keeps busy. */
static const struct {
    const char *name, *member;
} threads[] = {
    { "control", "control_us_per_row" },
    { "projector", "projector_us_per_row" },
    { "log-writer", "log_us_per_row" },
};
enum { THREAD_COUNT = sizeof(threads) / sizeof(threads[0]) };

static void read_threads(const struct bench_node *node, double cpu[THREAD_COUNT])
{
    for (size_t i = 0; i < THREAD_COUNT; i++)
        cpu[i] = bench_thread_cpu(node->process, threads[i].name);
}

static void put_threads(struct bench_line *line, const double before[THREAD_COUNT],
                        const double after[THREAD_COUNT], uint64_t rows)
{
    for (size_t i = 0; i < THREAD_COUNT; i++)
        bench_line_number(line, threads[i].member, (after[i] - before[i]) / (double)rows * 1e6);
}

/* `aim`: rows a second; `_to_aim` is how much of it that was, 1 or more is well. */
static void measure(struct bench_node *node, const struct bench_register *of, const char *space,
                    uint64_t rows, double aim)
{
    struct ayni_control_value item;
    struct bench_line line;

    bench_node_ask(node, "space.create", "name", space, NULL);
    struct store log = store_of(node, "log"), views = store_of(node, "views");
    double cpu = bench_process_cpu(node->process), own = bench_cpu();
    uint64_t written = bench_process_written(node->process);
    double threads_before[THREAD_COUNT], threads_after[THREAD_COUNT];
    read_threads(node, threads_before);
    double start = bench_now();
    bench_register_import(node, of, space, rows);
    double seconds = bench_now() - start;
    cpu = bench_process_cpu(node->process) - cpu;
    read_threads(node, threads_after);
    own = bench_cpu() - own;
    written = bench_process_written(node->process) - written;
    bench_require(bench_node_space(node, space, &item), node->name, "doesn't know the space");
    double records = (double)bench_item_number(&item, "records");
    bench_line_begin(&line, "import");
    bench_line_text(&line, "register", space);
    bench_line_number(&line, "rows", (double)rows);
    bench_line_number(&line, "records", records);
    bench_line_number(&line, "rows_per_s", (double)rows / seconds);
    bench_line_number(&line, "records_per_s", records / seconds);
    if (aim != 0)
        bench_line_number(&line, "rows_to_aim", (double)rows / seconds / aim);
    bench_line_number(&line, "cpu_us_per_record", cpu / records * 1e6);
    bench_line_number(&line, "cpu_us_per_row", cpu / (double)rows * 1e6);
    put_threads(&line, threads_before, threads_after, rows);
    bench_line_number(&line, "client_us_per_record", own / records * 1e6);
    /* What all cores would give that had nothing else to do and never waited. */
    bench_line_number(&line, "cpu_bound_per_s",
                      (double)sysconf(_SC_NPROCESSORS_ONLN) * records / (cpu + own));
    bench_line_number(&line, "to_cpu_bound",
                      (cpu + own) / seconds / (double)sysconf(_SC_NPROCESSORS_ONLN));
    bench_line_number(&line, "written_per_record", (double)written / records);
    bench_line_number(&line, "records_per_log_commit", records_a_commit(&log, records));
    bench_line_number(&line, "records_per_views_commit", records_a_commit(&views, records));
    bench_line_number(&line, "peak_rss_kib", (double)bench_memory_kib(node->process, "VmHWM"));
    bench_line_end(&line);
}

int main(int argc, char **argv)
{
    uint64_t rows = bench_argument(argc, argv, 1, 20000);
    bool his = argc > 2 && strcmp(argv[2], "his") == 0;
    bool few = his || rows / 2 < BENCH_HIS_CHILDREN;
    struct bench_node node;
    char folder[256];

    bench_folder_make(folder, sizeof(folder));
    bench_node_init(&node, folder, "importer", true);
    bench_node_start(&node);
    measure(&node, &bench_padron, "padron", few ? BENCH_HIS_CHILDREN : rows / 2, 0);
    if (!his)
        measure(&node, &bench_tests, "tests", rows, 0);
    measure(&node, &bench_his, "his", rows, 40000);
    bench_node_free(&node);
    bench_folder_remove(folder);
    return 0;
}
