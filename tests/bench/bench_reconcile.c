/*
 * What two nodes say to find out what differs, and how often they wait for each
 * other: the sync engine by itself, on a faultless line in virtual time. One line
 * for each way to meet again. Overhead is all that is said but runs, from the
 * dial until both know that they are in sync; round trips are told until each
 * knows of all that it lacks, or holds it, and until both hold the same.
 *
 *   bench_reconcile [FEEDS 5000] [RECORDS 1000000] [CHANGED 100]
 */
#include <stdlib.h>

#include "tests/support/bench.h"
#include "tests/support/sim_pair.h"

enum { VIRTUAL_MS = 600000, HOPS_MAX = 1000, RUN_MAX = 200 };

struct meeting {
    const char *name;
    unsigned feeds, changed; /* feeds that changed on one side or the other */
    unsigned sides;          /* 1: the dialled one's, 2: the dialler's, 3: both in turn */
    bool restarted;          /* both, meanwhile */
    unsigned renewed;        /* bits: whose log came out of a backup */
};

static struct sim_pair *new_pair(void)
{
    struct sim_pair *pair = calloc(1, sizeof(*pair));

    bench_require(pair != NULL, "pair", "no memory");
    sim_pair_init(pair, 4242);
    return pair;
}

static void free_pair(struct sim_pair *pair)
{
    sim_pair_free(pair);
    free(pair);
}

static void fill(struct sim_pair *pair, unsigned node, unsigned feeds, uint64_t records)
{
    for (unsigned i = 0; i < feeds; i++) {
        uint64_t left = records * (i + 1) / feeds - records * i / feeds;
        for (; left > 0; left -= left < RUN_MAX ? left : RUN_MAX)
            sim_pair_write_of(pair, node, i, left < RUN_MAX ? left : RUN_MAX);
    }
}

static void change(struct sim_pair *pair, const struct meeting *meeting)
{
    for (unsigned i = 0; i < meeting->changed; i++) {
        unsigned node = meeting->sides == 3 ? i % 2 : meeting->sides == 1;
        sim_pair_write_of(pair, node, i * (meeting->feeds / meeting->changed), 1);
    }
}

static void agree(struct sim_pair *pair, const char *name)
{
    sim_pair_run(pair, VIRTUAL_MS);
    bench_require(sim_pair_in_sync(pair), name, "the two don't agree");
}

static bool has_heard(const struct sim_pair *pair, unsigned node)
{
    struct ayni_sync_peer_status status;

    return ayni_sync_get_peer(pair->nodes[node].sync, &pair->nodes[!node].id, &status) == AYNI_OK &&
           status.messages_received > 0;
}

/* What it lacks of the other's entries, and doesn't know of. */
static uint64_t unknown_to(const struct sim_pair *pair, unsigned node, const uint64_t lacked[2],
                           const uint64_t stored[2])
{
    struct ayni_sync_peer_status status = { 0 };

    if (ayni_sync_get_peer(pair->nodes[node].sync, &pair->nodes[!node].id, &status) != AYNI_OK)
        return lacked[node];
    return lacked[node] + stored[node] - pair->nodes[node].entries_stored - status.lag.behind;
}

/* From the dial on, in messages that wait for each other. */
static void count_hops(struct sim_pair *pair, const struct meeting *meeting, unsigned *known,
                       unsigned *held)
{
    unsigned half = meeting->changed / 2;
    const uint64_t lacked[2] = {
        meeting->sides == 3   ? half
        : meeting->sides == 1 ? meeting->changed
                              : 0,
        meeting->sides == 3   ? meeting->changed - half
        : meeting->sides == 2 ? meeting->changed
                              : 0,
    };
    const uint64_t stored[2] = { pair->nodes[0].entries_stored, pair->nodes[1].entries_stored };

    *known = *held = 0;
    sim_pair_connect(pair);
    for (unsigned hops = 1; hops < HOPS_MAX && *held == 0; hops++) {
        sim_pair_run(pair, SIM_PAIR_LATENCY);
        if (*known == 0 && has_heard(pair, 0) && unknown_to(pair, 0, lacked, stored) == 0 &&
            unknown_to(pair, 1, lacked, stored) == 0)
            *known = hops;
        if (*known > 0 && sim_pair_holds_same(pair))
            *held = hops;
    }
}

static void measure(struct sim_pair *pair, const struct meeting *meeting, uint64_t records)
{
    uint64_t bytes = sim_pair_bytes(pair), messages = sim_pair_messages(pair);
    uint64_t content = pair->content_bytes;
    struct bench_line line;
    unsigned known, held;

    double start = bench_cpu();
    count_hops(pair, meeting, &known, &held);
    agree(pair, meeting->name);
    bytes = sim_pair_bytes(pair) - bytes;
    content = pair->content_bytes - content;
    bench_line_begin(&line, "reconcile");
    bench_line_text(&line, "meeting", meeting->name);
    bench_line_number(&line, "feeds", meeting->feeds);
    bench_line_number(&line, "records", (double)records);
    bench_line_number(&line, "changed", meeting->changed);
    bench_line_number(&line, "overhead_bytes", (double)(bytes - content));
    bench_line_number(&line, "content_bytes", (double)content);
    bench_line_number(&line, "messages", (double)(sim_pair_messages(pair) - messages));
    bench_line_number(&line, "round_trips", known / 2.0);
    bench_line_number(&line, "round_trips_held", held / 2.0);
    bench_line_number(&line, "cpu_ms", (bench_cpu() - start) * 1e3);
    bench_line_end(&line);
}

/* They have met before. */
static void meet_again(struct sim_pair *pair, const struct meeting *meeting, uint64_t records)
{
    if (meeting->restarted)
        sim_pair_restart(pair);
    else
        sim_pair_cut(pair);
    for (unsigned i = 0; i < 2; i++)
        if (meeting->renewed & (1u << i))
            sim_pair_renew_log(pair, i);
    change(pair, meeting);
    measure(pair, meeting, records);
}

/* Both have what they hold from others. */
static void meet_first(const struct meeting *meeting)
{
    struct sim_pair *pair = new_pair();

    for (unsigned node = 0; node < 2; node++) {
        pair->random = (struct test_random){ 99 };
        fill(pair, node, meeting->feeds, meeting->feeds);
    }
    change(pair, meeting);
    measure(pair, meeting, meeting->feeds);
    free_pair(pair);
}

int main(int argc, char **argv)
{
    unsigned feeds = (unsigned)bench_argument(argc, argv, 1, 5000);
    uint64_t records = bench_argument(argc, argv, 2, 1000000);
    unsigned changed = (unsigned)bench_argument(argc, argv, 3, 100);
    const struct meeting again[] = {
        { "idle", feeds, 0, 0, true, 0 },
        { "changed there", feeds, changed, 1, false, 0 },
        { "changed here", feeds, changed, 2, false, 0 },
        { "changed on both sides", feeds, changed, 3, false, 0 },
        { "changed, both restarted", feeds, changed, 3, true, 0 },
        { "here out of a backup, nothing changed", feeds, 0, 0, true, 1 },
        { "here out of a backup", feeds, changed, 3, true, 1 },
        { "there out of a backup", feeds, changed, 3, true, 2 },
    };
    const struct meeting first = { "first contact", feeds, changed, 3, false, 0 };
    struct sim_pair *pair = new_pair();

    bench_require(changed > 0 && changed <= feeds, "CHANGED", "1 to FEEDS");
    fill(pair, 1, feeds, records);
    sim_pair_connect(pair);
    agree(pair, "before");
    for (size_t i = 0; i < sizeof(again) / sizeof(again[0]); i++)
        meet_again(pair, &again[i], records);
    free_pair(pair);
    meet_first(&first);
    return 0;
}
