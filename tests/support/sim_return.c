/* Homes that are put back to what they were: restored from a backup, or rolled back with their
 * disk. */
#include <stdlib.h>

#include "tests/support/sim_node.h"

/* What forked is put back by nobody here: tests/unit/test_log_segments.c has that. */
static bool has_forks(const struct sim_node *node)
{
    for (size_t i = 0; i < node->log.feed_count; i++)
        if (node->log.feeds[i]->tree != NULL)
            return true;
    return false;
}

void sim_mark_free(struct sim_mark *mark)
{
    for (size_t i = 0; i < mark->feed_count; i++)
        free(mark->feeds[i].runs);
    free(mark->feeds);
    *mark = (struct sim_mark){ 0 };
}

void sim_node_mark(const struct sim_node *node, struct sim_mark *mark)
{
    if (has_forks(node))
        return;
    sim_mark_free(mark);
    mark->taken = true;
    mark->arrival = node->log.arrival;
    mark->feed_count = node->log.feed_count;
    mark->feeds = calloc(mark->feed_count + 1, sizeof(*mark->feeds));
    for (size_t i = 0; i < mark->feed_count; i++) {
        const struct sim_feed *feed = node->log.feeds[i];
        size_t size = feed->run_count * sizeof(struct sim_run *);
        mark->feeds[i].runs = malloc(size + 1);
        memcpy(mark->feeds[i].runs, feed->runs, size);
        mark->feeds[i].run_count = feed->run_count;
        mark->feeds[i].arrival = feed->arrival;
    }
    if (node->store != NULL)
        sim_store_copy(node->store);
    memcpy(mark->kept, node->kept, sizeof(mark->kept));
    mark->kept_count = node->kept_count;
}

/* Its runs are those of the mark, with the payloads that they had; what came after it is gone. */
static void put_back(struct sim_feed *feed, const struct sim_mark_feed *marked)
{
    if (marked->run_count > 0)
        memcpy(feed->runs, marked->runs, marked->run_count * sizeof(struct sim_run *));
    feed->run_count = marked->run_count;
    feed->arrival = marked->arrival;
    feed->head = feed->run_count == 0 ? (struct ayni_head){ 0, ayni_chain_start(&feed->id) }
                                      : feed->runs[feed->run_count - 1]->after;
}

bool sim_node_return(struct sim_node *node, const struct sim_mark *mark)
{
    struct sim_log *log = &node->log;

    if (!mark->taken || has_forks(node))
        return false;
    for (size_t i = 0; i < log->feed_count; i++) {
        const struct sim_mark_feed none = { 0 };
        put_back(log->feeds[i], i < mark->feed_count ? &mark->feeds[i] : &none);
    }
    sim_log_read_orders(log);
    for (size_t i = 0; i < log->feed_count; i++)
        sim_log_count_lost(log, log->feeds[i]);
    log->change_count = 0;
    log->arrival = mark->arrival;
    if (node->store != NULL)
        sim_store_put_back(node->store);
    memcpy(node->kept, mark->kept, sizeof(node->kept));
    node->kept_count = mark->kept_count;
    return true;
}

void sim_node_restored(struct sim_node *node)
{
    node->hearing = true;
    sim_node_renew(node);
    node->instance = node->incarnation;
    node->kept_count = 0;
    if (node->store != NULL)
        node->store->renews = true;
}

/* Another one than any copy of its home draws. */
void sim_node_renew(struct sim_node *node)
{
    struct ayni_hash next =
        ayni_hash_of_two((struct ayni_bytes){ node->incarnation.bytes, sizeof(node->incarnation) },
                         (struct ayni_bytes){ (const uint8_t *)&node->seed, sizeof(node->seed) });

    memcpy(node->incarnation.bytes, next.bytes, sizeof(node->incarnation.bytes));
}
