#include <assert.h>
#include <stdlib.h>

#include "tests/support/sim_log.h"

/*
 * Where feeds fork, the slow and simple way: segments are found anew from all
 * histories and all proofs whenever somebody asks.
 */
enum { FORKS_MAX = 128 };

struct sim_tree {
    struct {
        struct ayni_head common;
        struct ayni_hash chains[2];
        struct ayni_buffer proof;
    } forks[FORKS_MAX];
    size_t fork_count;
    struct sim_log *log; /* whose histories these are */
    struct ayni_feed id;
};

void sim_tree_free(struct sim_tree *tree)
{
    for (size_t i = 0; tree != NULL && i < tree->fork_count; i++)
        ayni_buffer_free(&tree->forks[i].proof);
    free(tree);
}

static bool goes_through(const struct sim_feed *history, uint64_t seq,
                         const struct ayni_hash *chain)
{
    struct ayni_hash held;

    return sim_log_chain(history, seq, &held) && ayni_id_equal(&held, chain);
}

/* The next history of the feed after `at`; NULL after the last. */
static struct sim_feed *next_history(const struct sim_tree *tree, size_t *at)
{
    while (*at < tree->log->feed_count) {
        struct sim_feed *feed = tree->log->feeds[(*at)++];
        if (feed->tree == tree)
            return feed;
    }
    return NULL;
}

/* The history that has the entry under its own name. */
static struct sim_feed *find_holder(const struct sim_tree *tree, uint64_t seq,
                                    const struct ayni_hash *chain)
{
    struct sim_feed *history;

    for (size_t at = 0; (history = next_history(tree, &at)) != NULL;)
        if ((seq >= history->first || (seq == 0 && history->parent == NULL)) &&
            goes_through(history, seq, chain))
            return history;
    return NULL;
}

/* Up to the first fork point of the history at `from` or after. */
static void measure(const struct sim_tree *tree, uint64_t from, struct sim_segment *segment)
{
    segment->head = segment->history->head;
    for (size_t i = 0; i < tree->fork_count; i++) {
        const struct ayni_head *common = &tree->forks[i].common;
        if (common->seq >= from && common->seq <= segment->head.seq &&
            find_holder(tree, common->seq, &common->chain) == segment->history) {
            segment->head = *common;
            segment->ended = true;
        }
    }
}

static void add_branch(const struct sim_tree *tree, struct sim_feed *parent,
                       const struct ayni_head *start, const struct ayni_hash *first,
                       struct sim_segment *segments, size_t *count)
{
    struct sim_segment made = { .id = ayni_feed_branch(&tree->id, start->seq + 1, first),
                                .history = find_holder(tree, start->seq + 1, first),
                                .branch = true,
                                .start = *start,
                                .head = *start,
                                .first = *first };

    for (size_t i = 0; i < *count; i++)
        if (ayni_id_equal(&segments[i].id, &made.id))
            return;
    made.held = made.history != NULL;
    if (made.held)
        measure(tree, start->seq + 1, &made);
    else
        made.history = parent;
    assert(*count < SIM_SEGMENTS_MAX);
    segments[(*count)++] = made;
}

size_t sim_segments(const struct sim_feed *root, struct sim_segment *segments)
{
    const struct sim_tree *tree = root->tree;
    struct sim_feed *own = (struct sim_feed *)(uintptr_t)root;
    size_t count = 1;

    segments[0] = (struct sim_segment){ .id = root->id,
                                        .history = own,
                                        .held = root->head.seq > 0,
                                        .start = { 0, ayni_chain_start(&root->id) },
                                        .head = root->head };
    if (tree == NULL)
        return count;
    measure(tree, 0, &segments[0]);
    for (size_t i = 0; i < tree->fork_count; i++) {
        const struct ayni_head *common = &tree->forks[i].common;
        struct sim_feed *holder = find_holder(tree, common->seq, &common->chain);
        struct ayni_hash next;
        if (holder == NULL)
            continue; /* what it follows isn't here yet */
        for (int side = 0; side < 2; side++)
            add_branch(tree, holder, common, &tree->forks[i].chains[side], segments, &count);
        if (sim_log_chain(holder, common->seq + 1, &next))
            add_branch(tree, holder, common, &next, segments, &count);
    }
    return count;
}

bool sim_segment_find(const struct sim_log *log, const struct ayni_feed *id,
                      struct sim_segment *segment)
{
    static struct sim_segment segments[SIM_SEGMENTS_MAX];
    const struct sim_feed *root = sim_log_find(log, id);

    if (root != NULL && root->tree == NULL)
        return sim_segments(root, segment) > 0;
    for (size_t i = 0; i < log->feed_count; i++) {
        if (log->feeds[i]->tree == NULL || log->feeds[i]->parent != NULL)
            continue;
        size_t count = sim_segments(log->feeds[i], segments);
        for (size_t at = 0; at < count; at++)
            if (ayni_id_equal(&segments[at].id, id)) {
                *segment = segments[at];
                return true;
            }
    }
    return false;
}

/* --- proofs --- */

static bool names(const struct sim_tree *tree, uint64_t first, const struct ayni_hash *chain)
{
    for (size_t i = 0; i < tree->fork_count; i++)
        if (tree->forks[i].common.seq + 1 == first &&
            (ayni_id_equal(&tree->forks[i].chains[0], chain) ||
             ayni_id_equal(&tree->forks[i].chains[1], chain)))
            return true;
    return false;
}

bool sim_log_put_fork(struct sim_log *log, const struct ayni_fork_proof *proof,
                      struct ayni_bytes bytes)
{
    struct sim_feed *root = sim_log_add(log, &proof->feed, &proof->descriptor);
    struct sim_tree *tree = root->tree;

    if (tree != NULL && names(tree, proof->seq, &proof->chains[0]) &&
        names(tree, proof->seq, &proof->chains[1]))
        return false;
    if (tree == NULL) {
        tree = root->tree = calloc(1, sizeof(*tree));
        tree->log = log;
        tree->id = root->id;
    }
    assert(tree->fork_count < FORKS_MAX);
    tree->forks[tree->fork_count].common = (struct ayni_head){ proof->seq - 1, proof->before };
    for (int side = 0; side < 2; side++) {
        struct ayni_feed id = ayni_feed_branch(&root->id, proof->seq, &proof->chains[side]);
        tree->forks[tree->fork_count].chains[side] = proof->chains[side];
        sim_press_know(log->press, &id, &root->descriptor.space);
    }
    ayni_buffer_append(&tree->forks[tree->fork_count].proof, bytes.data, bytes.size);
    tree->fork_count++;
    root->arrival = ++log->arrival; /* it is told again */
    return true;
}

bool sim_log_unproven(const struct sim_feed *root, struct sim_feed **history,
                      struct ayni_bytes *proof)
{
    const struct sim_tree *tree = root->tree;

    for (size_t i = 0; tree != NULL && i < tree->fork_count; i++) {
        const struct ayni_head *common = &tree->forks[i].common;
        struct sim_feed *holder = find_holder(tree, common->seq, &common->chain);
        struct ayni_hash next;
        if (holder == NULL || !sim_log_chain(holder, common->seq + 1, &next) ||
            names(tree, common->seq + 1, &next))
            continue;
        *history = holder;
        *proof = ayni_buffer_bytes(&tree->forks[i].proof);
        return true;
    }
    return false;
}
