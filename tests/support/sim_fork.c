#include <assert.h>
#include <stdlib.h>

#include "proto/fork_proof.h"
#include "proto/limits.h"
#include "tests/support/sim_node.h"

/* The proof of a fork is an entry of kind 4 in lane 0 of the space, as of any other writer. */

static void write_proof(struct sim_node *node, const struct ayni_space *space,
                        struct ayni_bytes proof)
{
    struct sim_feed *lane = sim_node_feed(node, space, AYNI_LANE_CONTROL, NULL);
    struct ayni_entry entry = { .kind = AYNI_KIND_FORK_PROOF,
                                .time = sim_node_clock(node),
                                .payload = proof };

    assert(proof.size <= AYNI_RUN_PAYLOAD_URGENT_MAX); /* forked feeds have short runs here */
    sim_node_seal(node, &node->secret, lane, &entry, 1);
}

/* A proof, of one's own or that came: the feed goes on in branches from now on. */
static enum ayni_status take_proof(struct sim_node *node, struct ayni_bytes bytes, bool *is_new)
{
    struct ayni_fork_proof proof;

    enum ayni_status status = ayni_fork_proof_decode(bytes, &proof);
    if (status != AYNI_OK)
        return status;
    *is_new = sim_log_put_fork(&node->log, &proof, bytes);
    node->forks += *is_new;
    if (node->store != NULL)
        sim_store_put_fork(node->store, &proof, bytes);
    return AYNI_OK;
}

void sim_node_read_proofs(struct sim_node *node)
{
    for (size_t i = 0; i < node->log.fresh_count; i++) {
        struct ayni_entry room[AYNI_RUN_ENTRIES_MAX];
        struct ayni_run run = { .entries = room };
        size_t used = 0;
        bool is_new;
        if (ayni_run_read(ayni_buffer_bytes(&node->log.fresh[i]->bytes), &used, &run) != AYNI_OK)
            abort();
        if (run.entries[0].kind == AYNI_KIND_FORK_PROOF)
            (void)!take_proof(node, run.entries[0].payload, &is_new);
    }
}

static struct ayni_fork_side side_of(const struct ayni_run *run)
{
    return (struct ayni_fork_side){ run->entries, run->count, run->signature };
}

/* What goes on after the fork's common part in a way that no proof names. */
static void prove_third(struct sim_node *node, const struct sim_feed *history,
                        struct ayni_bytes known)
{
    struct ayni_entry named_entries[AYNI_RUN_ENTRIES_MAX], our_entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run ours = { .entries = our_entries };
    struct ayni_fork_side named;
    struct ayni_fork_proof proof;
    SCOPED_BUFFER held = { 0 }, bytes = { 0 };
    bool is_new = false;

    if (ayni_fork_proof_decode(known, &proof) != AYNI_OK ||
        ayni_fork_proof_side(known, 0, named_entries, &named) != AYNI_OK ||
        !sim_log_run_after(history, proof.seq - 1, &held, &ours))
        abort();
    struct ayni_fork_side own = side_of(&ours);
    ayni_fork_proof_encode(&proof, &named, &own, &bytes);
    if (take_proof(node, ayni_buffer_bytes(&bytes), &is_new) != AYNI_OK || !is_new)
        abort();
    write_proof(node, &history->descriptor.space, ayni_buffer_bytes(&bytes));
}

void sim_node_name_branches(struct sim_node *node)
{
    struct sim_feed *history;
    struct ayni_bytes known;

    for (size_t i = 0; i < node->log.feed_count; i++)
        while (node->log.feeds[i]->parent == NULL &&
               sim_log_unproven(node->log.feeds[i], &history, &known))
            prove_third(node, history, known);
}

enum ayni_status sim_node_prove_fork(struct sim_node *node, const struct ayni_sync_store *store)
{
    struct ayni_entry our_entries[AYNI_RUN_ENTRIES_MAX], their_entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run ours = { .entries = our_entries }, theirs = { .entries = their_entries };
    struct ayni_fork_proof proof = { .root = node->root,
                                     .descriptor = store->descriptor,
                                     .seq = store->from + 1 };
    SCOPED_BUFFER held = { 0 }, bytes = { 0 };
    struct sim_segment segment;
    bool is_new = false;
    size_t used = 0;

    if (!sim_segment_find(&node->log, &store->feed, &segment) || store->from < segment.start.seq ||
        store->from >= segment.head.seq ||
        !sim_log_chain(segment.history, store->from, &proof.before) ||
        !sim_log_run_after(segment.history, store->from, &held, &ours))
        return AYNI_E_CHAIN;
    if (ayni_run_read(store->runs, &used, &theirs) != AYNI_OK)
        return AYNI_E_MALFORMED;
    struct ayni_fork_side one = side_of(&ours), other = side_of(&theirs);
    ayni_fork_proof_encode(&proof, &one, &other, &bytes);
    enum ayni_status status = take_proof(node, ayni_buffer_bytes(&bytes), &is_new);
    if (status == AYNI_E_INVALID)
        return AYNI_E_CHAIN; /* the same entry: no fork there */
    if (status == AYNI_OK && is_new)
        write_proof(node, &store->descriptor.space, ayni_buffer_bytes(&bytes));
    return status;
}
