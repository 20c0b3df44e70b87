/*
 * A first sync: a node with records and one that has none yet, two real daemons
 * on this machine's loopback, over CURVE. The second one was granted the space and was away
 * while it was filled. The clock runs from the start of its process until its
 * views have followed and all records can be read there. The hand-written ceiling
 * (tests/support/ceiling.h) is measured before and after it. The two daemons
 * share the cores of one machine; the ceiling's two processes do, too.
 *
 *   bench_replicate [RECORDS 100000] [MIB]
 *
 * MIB is the receiver's `projection-memory`; 0, or none, its default. Over two million records the
 * ceiling, which slows down with its indexes, isn't measured: 0.
 */
#include <stdio.h>
#include <unistd.h>

#include "tests/support/bench.h"
#include "tests/support/bench_network.h"
#include "tests/support/bench_register.h"
#include "tests/support/ceiling.h"

enum {
    ASK_EVERY_US = 5000,
    SECONDS_PER_RECORD_MAX = 1000,
    CEILING_TWICE_MAX = 250000,
    CEILING_MAX = 2000000
};
static const char space[] = "bench";

/* What one replication cost. */
struct replicated {
    double started_s, seconds, cpu_s, sender_cpu_s, wire_bytes, message_bytes, disk_bytes;
    double compacted_bytes; /* the disk's after `compact` */
    double peak_kib, anonymous_kib, sender_peak_kib;
};

static uint64_t records_at(struct bench_node *node)
{
    struct ayni_control_value item;

    return bench_node_space(node, space, &item) ? bench_item_number(&item, "records") : 0;
}

static uint64_t message_bytes(struct bench_node *node)
{
    struct bench_traffic traffic = bench_node_traffic(node);

    return traffic.sent + traffic.received;
}

/* Until all can be read; the most memory that wasn't a mapped file meanwhile. */
static double await_all(struct bench_node *node, uint64_t count, double start)
{
    double most = 0;

    while (records_at(node) < count) {
        double now = (double)bench_memory_kib(node->process, "RssAnon");
        most = now > most ? now : most;
        bench_require(bench_now() - start < 60 + (double)count / SECONDS_PER_RECORD_MAX, node->name,
                      "did not get all records in time");
        usleep(ASK_EVERY_US);
    }
    return most;
}

static struct replicated replicate(struct bench_node *from, struct bench_node *to, uint64_t count)
{
    struct replicated measured = { 0 };
    struct ayni_record id;
    double disk = (double)bench_node_disk(to);
    double wire = (double)bench_network_bytes();
    double sender_cpu = bench_process_cpu(from->process);
    double start = bench_now();

    bench_node_start(to);
    measured.started_s = bench_now() - start;
    measured.anonymous_kib = await_all(to, count, start);
    measured.seconds = bench_now() - start;
    measured.cpu_s = bench_process_cpu(to->process);
    measured.sender_cpu_s = bench_process_cpu(from->process) - sender_cpu;
    measured.wire_bytes = (double)bench_network_bytes() - wire;
    measured.message_bytes = (double)message_bytes(to);
    measured.disk_bytes = (double)bench_node_disk(to) - disk;
    measured.peak_kib = (double)bench_memory_kib(to->process, "VmHWM");
    measured.sender_peak_kib = (double)bench_memory_kib(from->process, "VmHWM");
    bench_require(bench_register_list(from, space, &id, 1) == 1 && bench_register_get(to, &id),
                  to->name, "does not show a record");
    bench_node_ask(to, "compact", NULL);
    measured.compacted_bytes = (double)bench_node_disk(to) - disk;
    return measured;
}

static void set_memory(const struct bench_node *node, uint64_t mib)
{
    char path[400];

    if (mib == 0)
        return;
    snprintf(path, sizeof(path), "%s/aynid.conf", node->home);
    FILE *file = fopen(path, "a");
    bench_require(file != NULL, path, "can't be written");
    fprintf(file, "[store]\nprojection-memory = %lluM\n", (unsigned long long)mib);
    bench_require(fclose(file) == 0, path, "can't be written");
}

/* Two members, and a space that one may read and doesn't know the records of. */
static void prepare(struct bench_node *from, struct bench_node *to, const char *folder,
                    uint64_t count, uint64_t mib, double *imported_s)
{
    bench_node_init(from, folder, "from", true);
    bench_node_init(to, folder, "to", false);
    set_memory(to, mib);
    bench_node_start(from);
    bench_node_start(to);
    bench_node_join(to, from);
    bench_node_ask(from, "space.create", "name", space, NULL);
    bench_node_ask(from, "space.grant", "name", space, "node", to->name, "right", "reader", NULL);
    bench_node_await_role(to, space, "reader");
    bench_node_await_sync(to);
    bench_node_stop(to);
    double start = bench_now();
    bench_register_import(from, &bench_tests, space, count);
    *imported_s = bench_now() - start;
}

static struct replicated run(uint64_t count, uint64_t mib, double *imported_s)
{
    struct bench_node from, to;
    char folder[256];

    bench_folder_make(folder, sizeof(folder));
    prepare(&from, &to, folder, count, mib, imported_s);
    struct replicated measured = replicate(&from, &to, count);
    bench_node_free(&to);
    bench_node_free(&from);
    bench_folder_remove(folder);
    return measured;
}

static void print(double records, const struct replicated *measured, double imported_s,
                  double ceiling_per_s, bool own_network)
{
    struct bench_line line;

    bench_line_begin(&line, "replicate");
    bench_line_number(&line, "records", records);
    bench_line_number(&line, "records_per_s", records / measured->seconds);
    bench_line_number(&line, "ceiling_per_s", ceiling_per_s);
    if (ceiling_per_s > 0)
        bench_line_number(&line, "to_ceiling", records / measured->seconds / ceiling_per_s);
    bench_line_number(&line, "started_ms", measured->started_s * 1e3);
    bench_line_number(&line, "cpu_us_per_record", measured->cpu_s / records * 1e6);
    bench_line_number(&line, "sender_cpu_us_per_record", measured->sender_cpu_s / records * 1e6);
    if (own_network)
        bench_line_number(&line, "wire_bytes_per_record", measured->wire_bytes / records);
    bench_line_number(&line, "message_bytes_per_record", measured->message_bytes / records);
    bench_line_number(&line, "disk_bytes_per_record", measured->disk_bytes / records);
    bench_line_number(&line, "compacted_bytes_per_record", measured->compacted_bytes / records);
    bench_line_number(&line, "peak_rss_kib", measured->peak_kib);
    bench_line_number(&line, "peak_anonymous_kib", measured->anonymous_kib);
    bench_line_number(&line, "sender_peak_rss_kib", measured->sender_peak_kib);
    bench_line_number(&line, "import_per_s", records / imported_s);
    bench_line_end(&line);
}

int main(int argc, char **argv)
{
    uint64_t count = bench_argument(argc, argv, 1, 100000);
    uint64_t mib = bench_argument(argc, argv, 2, 0);
    struct ceiling before = { .seconds = 1 }, after;
    double imported_s;

    if (count <= CEILING_MAX)
        ceiling_measure(count, CEILING_PER_COMMIT, &before);
    after = before;
    bool own_network = bench_network_own();
    struct replicated measured = run(count, mib, &imported_s);
    if (count <= CEILING_TWICE_MAX)
        ceiling_measure(count, CEILING_PER_COMMIT, &after);
    print((double)count, &measured, imported_s,
          (before.entries + after.entries) / (before.seconds + after.seconds), own_network);
    return 0;
}
