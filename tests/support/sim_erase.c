/* Orders of erasure: entries whose ranges everybody reads, and payloads that go because of them. */
#include <assert.h>
#include <stdlib.h>

#include "proto/erase.h"
#include "proto/limits.h"
#include "tests/support/sim_node.h"

/* --- in a log --- */

static bool reaches(const struct sim_erased *erased, const struct sim_feed *history, uint64_t seq)
{
    const struct ayni_erase_range *range = &erased->range;
    struct ayni_hash chain;

    return seq >= range->from && seq <= range->to && ayni_id_equal(&range->feed, &history->id) &&
           ayni_id_equal(&erased->giver, &history->descriptor.node) &&
           sim_log_chain(history, range->to, &chain) &&
           memcmp(chain.bytes, range->chain.bytes, sizeof(range->chain.bytes)) == 0;
}

bool sim_log_is_erased(const struct sim_log *log, const struct sim_feed *history, uint64_t seq)
{
    for (size_t i = 0; i < log->erased_count; i++)
        if (reaches(&log->erased[i], history, seq))
            return true;
    return false;
}

static void drop_in_run(struct sim_log *log, struct sim_feed *history, size_t at)
{
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    const struct sim_run *run = history->runs[at];
    struct ayni_run content;
    bool any = false;

    sim_run_read(run, room, &content);
    for (size_t i = 0; i < content.count; i++) {
        uint64_t seq = run->before.seq + 1 + i;
        if (content.entries[i].hollow != AYNI_HOLLOW_NONE || !sim_log_is_erased(log, history, seq))
            continue;
        content.entries[i].hollow = AYNI_HOLLOW_ERASED;
        content.entries[i].payload = (struct ayni_bytes){ 0 };
        sim_log_note_change(log, history, seq);
        log->dropped++;
        any = true;
    }
    if (any)
        sim_log_replace(log, history, at, &content);
}

void sim_log_drop_erased(struct sim_log *log, struct sim_feed *history)
{
    for (size_t i = 0; log->erased_count > 0 && i < history->run_count; i++)
        drop_in_run(log, history, i);
    sim_log_count_lost(log, history);
}

static bool is_known(const struct sim_log *log, const struct sim_erased *erased)
{
    for (size_t i = 0; i < log->erased_count; i++)
        if (ayni_id_equal(&log->erased[i].giver, &erased->giver) &&
            ayni_id_equal(&log->erased[i].range.feed, &erased->range.feed) &&
            log->erased[i].range.from == erased->range.from &&
            log->erased[i].range.to == erased->range.to &&
            ayni_id_equal(&log->erased[i].range.chain, &erased->range.chain))
            return true;
    return false;
}

static void take_range(struct sim_log *log, const struct sim_erased *erased)
{
    if (is_known(log, erased))
        return;
    log->erased = realloc(log->erased, (log->erased_count + 1) * sizeof(*log->erased));
    log->erased[log->erased_count++] = *erased;
    for (size_t i = 0; i < log->feed_count; i++)
        if (ayni_id_equal(&log->feeds[i]->id, &erased->range.feed))
            sim_log_drop_erased(log, log->feeds[i]);
}

static void read_run(struct sim_log *log, const struct sim_run *run)
{
    const struct sim_feed *feed = sim_log_find(log, &run->feed);
    struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
    struct ayni_erase erase;
    struct ayni_run content;

    if (feed->descriptor.lane != AYNI_LANE_CONTROL)
        return;
    sim_run_read(run, room, &content);
    for (size_t i = 0; i < content.count; i++) {
        if (content.entries[i].kind != AYNI_KIND_ERASE ||
            content.entries[i].hollow != AYNI_HOLLOW_NONE ||
            ayni_erase_decode(content.entries[i].payload, &erase) != AYNI_OK)
            continue;
        for (size_t j = 0; j < erase.range_count; j++)
            take_range(log, &(struct sim_erased){ erase.ranges[j], feed->descriptor.node });
        ayni_erase_free(&erase);
    }
}

void sim_log_read_orders(struct sim_log *log)
{
    log->erased_count = 0;
    for (size_t i = 0; i < log->feed_count; i++)
        for (size_t j = 0; j < log->feeds[i]->run_count; j++)
            read_run(log, log->feeds[i]->runs[j]);
}

/* --- at a node --- */

void sim_node_read_orders(struct sim_node *node)
{
    for (size_t i = 0; i < node->log.fresh_count; i++)
        read_run(&node->log, node->log.fresh[i]);
    sim_node_put_changes(node);
}

void sim_node_erase(struct sim_node *node, const struct sim_feed *feed, uint64_t from, uint64_t to)
{
    struct ayni_erase_range range = { .feed = feed->id, .from = from, .to = to };
    struct ayni_erase erase = { .ranges = &range, .range_count = 1 };
    struct ayni_hash chain;
    SCOPED_BUFFER payload = { 0 };

    if (!sim_log_chain(feed, to, &chain))
        abort();
    memcpy(range.chain.bytes, chain.bytes, sizeof(range.chain.bytes));
    ayni_erase_encode(&erase, &payload);
    struct ayni_entry entry = { .kind = AYNI_KIND_ERASE,
                                .time = sim_node_clock(node),
                                .payload = ayni_buffer_bytes(&payload) };
    node->log.fresh_count = 0;
    sim_node_seal(node, &node->secret,
                  sim_node_feed(node, &feed->descriptor.space, AYNI_LANE_CONTROL, NULL), &entry, 1);
    sim_node_read_orders(node);
    sim_node_tell(node);
}
