/*
 * Thousands of nodes, one entry each: what it costs until all of them hold all
 * of it and know it of one another. The real engine under virtual time; nothing
 * goes wrong, and lines take 5 to 100 ms. One line of JSON for each number of nodes.
 *
 *   bench_crowd [NODES ...]     by default 100 300 1000; 5000 takes some 8 GiB of memory
 */
#include <stdlib.h>

#include "tests/support/bench.h"
#include "tests/support/sim_crowd.h"

enum { DIAL_MS = 5000, WRITE_MS = 10000, LOOK_MS = 1000, WITHIN_MS = 30 * 60 * 1000 };

/* Virtual ms until it holds; 0: it doesn't. */
static uint64_t run_until(struct sim_crowd *crowd, bool (*holds)(const struct sim_crowd *))
{
    while (crowd->now < WITHIN_MS) {
        uint64_t look = crowd->now + LOOK_MS;
        while (sim_crowd_step(crowd, look))
            ;
        if (crowd->written == crowd->count && holds(crowd))
            return crowd->now;
    }
    return 0;
}

static void measure(uint32_t count)
{
    struct bench_line line;
    struct sim_crowd crowd;
    uint64_t messages = 0, bytes = 0, entries = 0, most = 0;
    double cpu = bench_cpu();
    double needed = (double)count * (count - 1);

    sim_crowd_init(&crowd, count, count);
    sim_crowd_plan(&crowd, DIAL_MS, WRITE_MS);
    uint64_t agreed = run_until(&crowd, sim_crowd_agrees);
    uint64_t said = run_until(&crowd, sim_crowd_says_so);
    cpu = bench_cpu() - cpu;
    bench_require(agreed > 0 && said > 0, "crowd", "they don't agree");
    for (uint32_t i = 0; i < count; i++) {
        const struct sim_crowd_node *node = &crowd.nodes[i];
        messages += node->messages_sent;
        bytes += node->bytes_sent;
        entries += node->entries_sent;
        most = node->bytes_sent > most ? node->bytes_sent : most;
    }
    bench_line_begin(&line, "crowd");
    bench_line_number(&line, "nodes", count);
    bench_line_number(&line, "lines", (double)crowd.lines);
    bench_line_number(&line, "cpu_s", cpu);
    bench_line_number(&line, "messages", (double)messages);
    bench_line_number(&line, "messages_per_payload", (double)messages / needed);
    bench_line_number(&line, "bytes", (double)bytes);
    bench_line_number(&line, "bytes_per_payload", (double)bytes / needed);
    bench_line_number(&line, "payloads_to_minimum", (double)entries / needed);
    bench_line_number(&line, "most_bytes_of_a_node", (double)most);
    bench_line_number(&line, "agreed_after_last_write_ms", (double)agreed - DIAL_MS - WRITE_MS);
    bench_line_number(&line, "said_so_after_last_write_ms", (double)said - DIAL_MS - WRITE_MS);
    bench_line_number(&line, "peak_rss_kib", (double)bench_peak_rss_kib());
    bench_line_end(&line);
    sim_crowd_free(&crowd);
}

int main(int argc, char **argv)
{
    static const uint32_t usual[] = { 100, 300, 1000 };

    for (int i = 1; i < argc; i++)
        measure((uint32_t)bench_argument(argc, argv, i, 100));
    for (size_t i = 0; argc == 1 && i < sizeof(usual) / sizeof(*usual); i++)
        measure(usual[i]);
    return 0;
}
