/*
 * What links cost, at a real daemon through its control socket: deciding and taking back, getting
 * a child of two records, counting children by `_child`, and importing and making views anew beside
 * what is linked.
 *
 *   bench_links [ROWS 20000] [LINKS 1000]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/crypto.h"
#include "tests/support/bench.h"
#include "tests/support/bench_register.h"

enum { ID_SIZE = AYNI_RECORD_TEXT_SIZE };
static const char space[] = "bench";

/* Ids of the first children. */
static size_t list_children(struct bench_node *node, char (*ids)[ID_SIZE], size_t max)
{
    char sql[128];
    struct ayni_control_value row, id;
    size_t count = 0;

    snprintf(sql, sizeof(sql), "SELECT _id FROM child LIMIT %zu", max);
    bench_node_ask(node, "query", "sql", sql, NULL);
    (void)bench_node_item(node, &row); /* the columns */
    while (count < max && bench_node_item(node, &row)) {
        struct ayni_control_cursor cursor = ayni_control_cursor(&row);
        if (ayni_control_next(&cursor, NULL, &id) && id.kind == AYNI_CONTROL_RECORD)
            ayni_record_text(&id.record, ids[count++]);
    }
    return count;
}

static void put_times(struct bench_line *line, const char *what, struct bench_times *times)
{
    char key[64];

    snprintf(key, sizeof(key), "%s_p50_ms", what);
    bench_line_number(line, key, bench_times_percentile(times, 50) * 1e3);
    snprintf(key, sizeof(key), "%s_p99_ms", what);
    bench_line_number(line, key, bench_times_percentile(times, 99) * 1e3);
    bench_times_free(times);
}

/* Each child with the one after it, in pairs. */
static void decide(struct bench_line *line, struct bench_node *node, const char *command,
                   char (*ids)[ID_SIZE], size_t pairs)
{
    struct bench_times times = { 0 };

    for (size_t i = 0; i < pairs; i++) {
        double start = bench_now();
        bench_node_ask(node, command, "one", ids[2 * i], "other", ids[2 * i + 1], "reason",
                       "same_names", NULL);
        bench_times_add(&times, bench_now() - start);
    }
    put_times(line, command, &times);
}

static void get(struct bench_line *line, struct bench_node *node, const char *what,
                char (*ids)[ID_SIZE], size_t count)
{
    struct bench_times times = { 0 };

    for (size_t i = 0; i < count; i++) {
        double start = bench_now();
        bench_node_ask(node, "get", "id", ids[i], NULL);
        bench_times_add(&times, bench_now() - start);
    }
    put_times(line, what, &times);
}

static void ask(struct bench_line *line, struct bench_node *node, const char *what,
                const char *command, const char *sql)
{
    double start = bench_now();

    if (sql == NULL)
        bench_node_ask(node, command, NULL);
    else
        bench_node_ask(node, command, "sql", sql, NULL);
    bench_line_number(line, what, (bench_now() - start) * 1e3);
}

static void measure(struct bench_line *line, struct bench_node *node, char (*ids)[ID_SIZE],
                    uint64_t pairs)
{
    static const char count[] = "SELECT count(DISTINCT _child) FROM child";

    ask(line, node, "count_alone_ms", "query", count);
    ask(line, node, "rebuild_alone_ms", "rebuild", NULL);
    get(line, node, "get_alone", ids, 2 * pairs);
    decide(line, node, "link", ids, pairs);
    get(line, node, "get_linked", ids, 2 * pairs);
    ask(line, node, "count_linked_ms", "query", count);
    ask(line, node, "rebuild_linked_ms", "rebuild", NULL);
    decide(line, node, "unlink", ids, pairs);
}

int main(int argc, char **argv)
{
    uint64_t rows = bench_argument(argc, argv, 1, 20000);
    uint64_t pairs = bench_argument(argc, argv, 2, 1000);
    char(*ids)[ID_SIZE] = calloc(2 * pairs + 1, sizeof(*ids));
    struct bench_node node;
    struct bench_line line;
    char folder[256];

    bench_require(ids != NULL && ayni_crypto_init() == AYNI_OK, "start", "failed");
    bench_folder_make(folder, sizeof(folder));
    bench_node_init(&node, folder, "steward", true);
    bench_node_start(&node);
    bench_node_ask(&node, "space.create", "name", space, NULL);
    bench_register_import(&node, &bench_padron, space, rows);
    bench_require(list_children(&node, ids, 2 * pairs) == 2 * pairs, "children", "too few");
    bench_line_begin(&line, "links");
    bench_line_number(&line, "rows", (double)rows);
    bench_line_number(&line, "links", (double)pairs);
    measure(&line, &node, ids, pairs);
    bench_line_end(&line);
    bench_node_stop(&node);
    bench_node_free(&node);
    bench_folder_remove(folder);
    free(ids);
    return 0;
}
