/*
 * The same child twice: all pairs among the children of a register, and what a child that is
 * entered is compared with, as `duplicates` and `put` do it inside of a daemon. Names are of few
 * words, so more children are alike than in any country.
 *
 *   bench_duplicates [CHILDREN 200000] [ENTERED 2000]
 */
#include <stdlib.h>

#include "daemon/daemon.h"
#include "daemon/records/links/alike.h"
#include "daemon/records/walk.h"
#include "proto/crypto.h"
#include "tests/support/bench.h"
#include "tests/support/bench_register.h"
#include "tests/support/random.h"

static const char space[] = "bench";

static bool never_stops(void *context, uint64_t done, uint64_t total)
{
    (void)context, (void)done, (void)total;
    return true;
}

static void find_all(struct bench_line *line, const struct records *records)
{
    SCOPED_DUPLICATES duplicates = { 0 };
    const struct duplicates_listener listener = { never_stops, NULL };
    const struct duplicates_scope all = { 0 };
    double start = bench_now(), cpu = bench_cpu();
    enum ayni_status status = duplicates_find(records, &all, &listener, &duplicates);

    bench_require(status == AYNI_OK, "duplicates", ayni_status_name(status));
    bench_line_number(line, "all_s", bench_now() - start);
    bench_line_number(line, "all_cpu_s", bench_cpu() - cpu);
    bench_line_number(line, "pairs", (double)duplicates.count);
}

static size_t list_children(const struct records *records, struct ayni_record *ids, size_t max)
{
    SCOPED_READER *reader = NULL;
    SCOPED_WALK walk = { 0 };
    struct record_key key;
    size_t count = 0;

    bench_require(reader_begin(records, &reader) == AYNI_OK, "reader", "failed");
    walk_type(reader, NULL, LIKENESS_TYPE_CHILD, &walk);
    while (count < max && walk_next(&walk, &key))
        ids[count++] = key.record;
    return count;
}

/* As `put` asks after it has written: with a reader of its own each time. */
static void enter_one(const struct records *records, const struct ayni_record *child)
{
    SCOPED_READER *reader = NULL;
    SCOPED_LIKENESS_SEARCH *search = NULL;
    struct alike_list list;
    enum ayni_status status = reader_begin(records, &reader);

    if (status == AYNI_OK)
        status = likeness_search_new(reader, &likeness_at_entry, &search);
    if (status == AYNI_OK)
        status = alike_find(search, reader, child, &list);
    bench_require(status == AYNI_OK, "enter", ayni_status_name(status));
}

static void enter_some(struct bench_line *line, const struct records *records,
                       const struct ayni_record *ids, size_t count, uint64_t entered)
{
    struct test_random random = { 7 };
    struct bench_times times = { 0 };

    for (uint64_t i = 0; i < entered; i++) {
        double start = bench_now();
        enter_one(records, &ids[test_random_below(&random, count)]);
        bench_times_add(&times, bench_now() - start);
    }
    bench_line_number(line, "entry_p50_ms", bench_times_percentile(&times, 50) * 1e3);
    bench_line_number(line, "entry_p99_ms", bench_times_percentile(&times, 99) * 1e3);
    bench_times_free(&times);
}

static void measure(struct bench_line *line, const char *home, uint64_t children, uint64_t entered)
{
    struct ayni_record *ids = calloc(children + 1, sizeof(*ids));
    struct daemon daemon = { 0 };
    struct config config;
    char why[512] = "";

    config_init(&config);
    snprintf(config.home, sizeof(config.home), "%s", home);
    bench_require(ids != NULL, "start", "no memory");
    bench_require(daemon_open(&daemon, &config, false, why, sizeof(why)) == AYNI_OK, "open", why);
    size_t count = list_children(&daemon.records, ids, children);
    bench_require(count > 0, "list", "no child");
    bench_line_number(line, "children", (double)count);
    find_all(line, &daemon.records);
    enter_some(line, &daemon.records, ids, count, entered);
    daemon_close(&daemon);
    free(ids);
}

int main(int argc, char **argv)
{
    uint64_t children = bench_argument(argc, argv, 1, 200000);
    uint64_t entered = bench_argument(argc, argv, 2, 2000);
    struct bench_node node;
    struct bench_line line;
    char folder[256];

    bench_require(ayni_crypto_init() == AYNI_OK, "start", "failed");
    bench_folder_make(folder, sizeof(folder));
    bench_node_init(&node, folder, "register", true);
    bench_node_start(&node);
    bench_node_ask(&node, "space.create", "name", space, NULL);
    bench_line_begin(&line, "duplicates");
    double start = bench_now();
    bench_register_import(&node, &bench_padron, space, children);
    bench_line_number(&line, "import_s", bench_now() - start);
    bench_node_stop(&node);
    measure(&line, node.home, children, entered);
    bench_line_end(&line);
    bench_node_free(&node);
    return 0;
}
