/*
 * Two nodes that hold the same meet again. Bytes and round trips of the sync
 * engine by itself, with many feeds, on a faultless line in virtual time; and bytes
 * of messages between two real daemons, one of which was started anew.
 *
 *   bench_idle [FEEDS 1000] [SPACES 40]
 */
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/bench.h"
#include "tests/support/bench_register.h"
#include "tests/support/sim_pair.h"

enum { VIRTUAL_MS = 600000, QUIET_MS = 500 };

static void measure_engine(struct bench_line *line, uint64_t feeds)
{
    struct sim_pair *pair = calloc(1, sizeof(*pair));

    bench_require(pair != NULL, "engine", "no memory");
    sim_pair_init(pair, 4242);
    for (uint64_t i = 0; i < feeds; i++)
        sim_pair_write_new_feed(pair, i % 2);
    sim_pair_connect(pair);
    sim_pair_run(pair, VIRTUAL_MS);
    bench_require(sim_pair_in_sync(pair), "engine", "the two don't agree at first");
    sim_pair_restart(pair);
    uint64_t bytes = sim_pair_bytes(pair);
    uint64_t messages = sim_pair_messages(pair);
    sim_pair_connect(pair);
    sim_pair_run(pair, VIRTUAL_MS);
    bench_require(sim_pair_in_sync(pair), "engine", "the two don't agree again");
    bench_line_number(line, "feeds", (double)feeds);
    bench_line_number(line, "engine_bytes", (double)(sim_pair_bytes(pair) - bytes));
    bench_line_number(line, "engine_round_trips", (double)(sim_pair_messages(pair) - messages) / 2);
    sim_pair_free(pair);
    free(pair);
}

/* A feed of each node in every space. */
static void fill(struct bench_node *from, struct bench_node *to, uint64_t spaces)
{
    struct ayni_record id;
    char name[32];

    for (uint64_t i = 0; i < spaces; i++) {
        snprintf(name, sizeof(name), "space-%u", (unsigned)i);
        bench_node_ask(from, "space.create", "name", name, NULL);
        bench_node_ask(from, "space.grant", "name", name, "node", to->name, "right", "writer",
                       NULL);
        bench_node_await_role(to, name, "writer");
        bench_register_put(from, name, i, &id);
        bench_register_put(to, name, spaces + i, &id);
    }
    bench_node_await_sync(from);
    bench_node_await_sync(to);
}

/* A moment for what would still come, had the first exchange not been all. */
static void settle(struct bench_node *node)
{
    bench_node_await_sync(node);
    usleep(QUIET_MS * 1000);
    bench_node_await_sync(node);
}

static void measure_daemons(struct bench_line *line, uint64_t spaces)
{
    struct bench_node from, to;
    struct bench_traffic before, traffic;
    char folder[256];

    bench_folder_make(folder, sizeof(folder));
    bench_node_init(&from, folder, "from", true);
    bench_node_init(&to, folder, "to", false);
    bench_node_start(&from);
    bench_node_start(&to);
    bench_node_join(&to, &from);
    fill(&from, &to, spaces);
    /* What was acknowledged is written down when a daemon ends. */
    bench_node_stop(&to);
    bench_node_start(&to);
    settle(&to);
    before = bench_node_traffic(&to);
    bench_node_stop(&to);
    bench_node_start(&to);
    settle(&to);
    traffic = bench_node_traffic(&to);
    traffic.sent -= before.sent;
    traffic.received -= before.received;
    bench_line_number(line, "daemon_spaces", (double)spaces);
    bench_line_number(line, "daemon_bytes", (double)(traffic.sent + traffic.received));
    bench_line_number(line, "daemon_sent_bytes", (double)traffic.sent);
    bench_line_number(line, "daemon_received_bytes", (double)traffic.received);
    bench_node_free(&to);
    bench_node_free(&from);
    bench_folder_remove(folder);
}

int main(int argc, char **argv)
{
    struct bench_line line;

    bench_line_begin(&line, "idle");
    measure_engine(&line, bench_argument(argc, argv, 1, 1000));
    measure_daemons(&line, bench_argument(argc, argv, 2, 40));
    bench_line_end(&line);
    return 0;
}
