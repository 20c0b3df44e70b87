/*
 * A steward's desk that is full: open conflicts listed, looked through for a preview and settled by
 * one rule, on a real daemon through its control socket; and what rules merged, listed.
 *
 * Two registers say otherwise of the same children, in one field that waits for a steward and in
 * one that a rule settles.
 *
 *   bench_conflicts [CHILDREN 10000]
 */
#include "proto/crypto.h"
#include "tests/support/bench.h"
#include "tests/support/bench_register.h"

enum { ROUNDS = 5 };
static const char space[] = "bench";

static uint64_t items(struct bench_node *node)
{
    struct ayni_control_value item;
    uint64_t count = 0;

    while (bench_node_item(node, &item))
        count++;
    return count;
}

/* The quickest of some rounds, since what is read once is cached, in ms. */
static double list(struct bench_node *node, bool merged, uint64_t count)
{
    double best = 0;

    for (int i = 0; i < ROUNDS; i++) {
        struct ayni_control_writer writer = bench_node_request(node, "conflicts");
        double start = bench_now();
        ayni_control_open_object(&writer, NULL);
        if (merged)
            ayni_control_put_bool(&writer, "merged", true);
        ayni_control_close(&writer);
        bench_require(bench_node_exchange(node), "conflicts", "not found");
        double took = (bench_now() - start) * 1e3;
        bench_require(items(node) == count, "conflicts", "not as many as were made");
        best = i == 0 || took < best ? took : best;
    }
    return best;
}

/* One run, in ms. */
static double resolve(struct bench_node *node, bool dry_run, uint64_t count)
{
    struct ayni_control_writer writer = bench_node_request(node, "resolve");
    double start = bench_now();

    ayni_control_open_object(&writer, NULL);
    ayni_control_put_text(&writer, "prefer", "latest");
    ayni_control_put_text(&writer, "reason", "the newer register was checked at the door");
    if (dry_run)
        ayni_control_put_bool(&writer, "dry_run", true);
    ayni_control_close(&writer);
    bench_require(bench_node_exchange(node), "resolve", "not found");
    double took = (bench_now() - start) * 1e3;
    bench_require(items(node) == count, "resolve", "not as many as were open");
    return took;
}

int main(int argc, char **argv)
{
    uint64_t count = bench_argument(argc, argv, 1, 10000);
    struct bench_node node;
    struct bench_line line;
    char folder[256];

    bench_require(ayni_crypto_init() == AYNI_OK, "start", "failed");
    bench_folder_make(folder, sizeof(folder));
    bench_node_init(&node, folder, "desk", true);
    bench_node_start(&node);
    bench_node_ask(&node, "space.create", "name", space, NULL);
    bench_register_import(&node, &bench_padron, space, count);
    bench_register_contest(&node, &bench_padron_elsewhere, space, count);

    bench_line_begin(&line, "conflicts");
    bench_line_number(&line, "conflicts", (double)count);
    double listed = list(&node, false, count);
    bench_line_number(&line, "list_ms", listed);
    double merged = list(&node, true, count);
    bench_line_number(&line, "list_merged_ms", merged);
    double previewed = resolve(&node, true, count);
    bench_line_number(&line, "preview_ms", previewed);
    double cpu = -bench_process_cpu(node.process);
    double resolved = resolve(&node, false, count);
    cpu += bench_process_cpu(node.process);
    bench_line_number(&line, "resolve_ms", resolved);
    bench_line_number(&line, "resolve_cpu_ms", cpu * 1e3);
    bench_line_number(&line, "resolved_per_s", (double)count / resolved * 1e3);
    bench_line_number(&line, "list_of_200_ms", listed / 200);
    bench_line_number(&line, "resolve_of_2000_ms", resolved / 2000);
    list(&node, false, 0);
    bench_line_end(&line);
    bench_node_free(&node);
    return 0;
}
