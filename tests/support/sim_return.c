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
        mark->feeds[i].run_count = node->log.feeds[i]->run_count;
        mark->feeds[i].arrival = node->log.feeds[i]->arrival;
    }
    if (node->store != NULL)
        sim_store_copy(node->store);
    memcpy(mark->kept, node->kept, sizeof(mark->kept));
    mark->kept_count = node->kept_count;
}

/* Runs that came after the mark are gone. */
static void cut(struct sim_feed *feed, size_t run_count, uint64_t arrival)
{
    feed->run_count = run_count;
    feed->arrival = arrival;
    feed->head = run_count == 0 ? (struct ayni_head){ 0, ayni_chain_start(&feed->id) }
                                : feed->runs[run_count - 1]->after;
}

bool sim_node_return(struct sim_node *node, const struct sim_mark *mark)
{
    struct sim_log *log = &node->log;

    if (!mark->taken || has_forks(node))
        return false;
    log->lost = 0;
    for (size_t i = 0; i < log->feed_count; i++) {
        struct sim_feed *feed = log->feeds[i];
        bool known = i < mark->feed_count;
        cut(feed, known ? mark->feeds[i].run_count : 0, known ? mark->feeds[i].arrival : 0);
        for (size_t j = 0; j < feed->run_count; j++)
            log->lost += feed->runs[j]->hollow;
    }
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

void sim_node_renew(struct sim_node *node)
{
    struct ayni_hash next =
        ayni_hash_of_two((struct ayni_bytes){ node->incarnation.bytes, sizeof(node->incarnation) },
                         (struct ayni_bytes){ node->id.bytes, sizeof(node->id) });

    memcpy(node->incarnation.bytes, next.bytes, sizeof(node->incarnation.bytes));
}
