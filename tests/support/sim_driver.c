#include <assert.h>
#include <stdlib.h>

#include "daemon/net/sync_reads.h"
#include "proto/limits.h"
#include "tests/support/sim_node.h"
#include "tests/support/sim_reads.h"

/* What a node does when its engine asks for it. */

static void answer_read(struct sim_node *node, const struct ayni_sync_read *read)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_RUNS);

    if (node->store != NULL)
        sync_read_runs(node->store->log, read, &node->runs, &event.runs);
    else
        sim_read_runs(&node->log, read, &node->runs, &event.runs);
    ayni_sync_handle(node->sync, &event);
}

static void answer_chains(struct sim_node *node, const struct ayni_sync_trace *trace)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_CHAINS);
    struct ayni_chain_point points[AYNI_CHAIN_POINTS_MAX];

    if (node->store != NULL)
        sync_read_chains(node->store->log, trace, points, &event.chains);
    else
        sim_read_chains(&node->log, trace, points, &event.chains);
    ayni_sync_handle(node->sync, &event);
}

static void answer_compare(struct sim_node *node, const struct ayni_sync_compare *compare)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_COMPARED);

    if (node->store != NULL)
        sync_read_compared(node->store->log, compare, &event.compared);
    else
        sim_read_compared(&node->log, compare, &event.compared);
    ayni_sync_handle(node->sync, &event);
}

static void answer_holes(struct sim_node *node, const struct ayni_sync_place *after)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_HOLE);

    sim_log_find_hole(&node->log, after, &event.hole);
    ayni_sync_handle(node->sync, &event);
}

/* --- storing --- */

static enum ayni_status commit(struct sim_node *node, enum ayni_sync_action_type type,
                               const struct ayni_sync_store *store, size_t *entries)
{
    if (type == AYNI_SYNC_FILL)
        return sim_log_fill(&node->log, store);
    if (type == AYNI_SYNC_FORK)
        return sim_node_prove_fork(node, store);
    return sim_log_store(&node->log, store, entries);
}

/* Another place of this key, or what it wrote before it was put back: it goes on elsewhere. */
static bool is_from_elsewhere(const struct sim_node *node,
                              const struct ayni_feed_descriptor *descriptor)
{
    return !node->hostile && ayni_id_equal(&descriptor->node, &node->id) &&
           ayni_id_equal(&descriptor->incarnation, &node->incarnation);
}

enum ayni_status sim_node_commit(struct sim_node *node, enum ayni_sync_action_type type,
                                 const struct ayni_sync_store *store)
{
    size_t entries = 0;

    if (node->full && (node->store == NULL || type == AYNI_SYNC_FILL)) {
        node->disk_refused++;
        return AYNI_E_FULL;
    }
    if (node->host->asks_rights && !sim_node_knows_writer(node, &store->descriptor)) {
        node->rights_unknown++;
        return AYNI_E_RIGHT;
    }
    if (node->store != NULL && type != AYNI_SYNC_FILL) {
        enum ayni_status taken = sim_store_take(node->store, type, store, node->full);
        node->disk_refused += taken == AYNI_E_IO || taken == AYNI_E_FULL;
        if (taken != AYNI_OK)
            return taken;
    }
    struct ayni_feed id = ayni_feed_of(&node->root, &store->descriptor);
    struct sim_feed *feed = sim_log_add(&node->log, &id, &store->descriptor);
    uint64_t before = feed->head.seq;
    node->log.fresh_count = 0;
    enum ayni_status status = commit(node, type, store, &entries);
    assert(feed->head.seq >= before); /* no head goes back */
    node->entries_stored += entries;
    if (entries > 0 && is_from_elsewhere(node, &store->descriptor))
        sim_node_renew(node);
    node->refused += status != AYNI_OK;
    if (feed->descriptor.lane == AYNI_LANE_CONTROL)
        sim_node_read_proofs(node);
    sim_node_read_orders(node);
    sim_node_name_branches(node);
    if (node->store != NULL) {
        assert(status == AYNI_OK ||
               type == AYNI_SYNC_FILL); /* what the store has taken, the log in memory takes */
        sim_store_check_feed(node->store, feed);
    }
    return status;
}

static void store(struct sim_node *node, const struct ayni_sync_action *action)
{
    struct sim_pending pending = { .type = action->type, .store = action->store };

    assert(sim_node_shares(node, &action->store.descriptor.space, &action->peer));
    assert(action->store.runs.size > 0 && action->store.runs.size <= AYNI_BATCH_SIZE_MAX);
    if (node->pending_count == node->pending_capacity) {
        node->pending_capacity = node->pending_capacity == 0 ? 8 : 2 * node->pending_capacity;
        node->pending = realloc(node->pending, node->pending_capacity * sizeof(*node->pending));
    }
    ayni_buffer_append(&pending.runs, action->store.runs.data, action->store.runs.size);
    pending.store.runs = ayni_buffer_bytes(&pending.runs);
    node->pending[node->pending_count++] = pending;
    node->host->store_later(node->host->context, node, pending.store.number);
}

/* Count the entries that a message carries. */
static void count_entries(struct sim_node *node, struct ayni_bytes bytes)
{
    struct ayni_message message;
    struct ayni_noted_head head;
    uint64_t riders = 0;
    size_t position = 0;

    if (ayni_message_decode(bytes, &message) != AYNI_OK)
        abort(); /* the engine never makes such a one */
    if (message.type == AYNI_MESSAGE_BATCH)
        node->entries_sent += message.batch.to - message.batch.from;
    while (message.type == AYNI_MESSAGE_NOTE && ayni_note_next(&message.note, &position, &head))
        riders += head.runs.size > 0 ? head.seq - head.from : 0;
    node->riders_sent += riders;
    node->entries_sent += riders;
}

void sim_node_perform(struct sim_node *node, const struct ayni_sync_action *action)
{
    switch (action->type) {
    case AYNI_SYNC_SEND:
        node->bytes_sent += action->bytes.size;
        node->messages_sent++;
        count_entries(node, action->bytes);
        node->host->send(node->host->context, node, &action->peer, action->bytes);
        break;
    case AYNI_SYNC_READ:
        answer_read(node, &action->read);
        break;
    case AYNI_SYNC_CHAINS_OF:
        answer_chains(node, &action->trace);
        break;
    case AYNI_SYNC_COMPARE:
        answer_compare(node, &action->compare);
        break;
    case AYNI_SYNC_HOLES:
        answer_holes(node, &action->place);
        break;
    case AYNI_SYNC_STORE:
    case AYNI_SYNC_FILL:
    case AYNI_SYNC_FORK:
        store(node, action);
        break;
    case AYNI_SYNC_ACKED:
        if (sim_node_kept(node, &action->peer) != NULL)
            sim_node_kept(node, &action->peer)->acked = action->acked;
        break;
    case AYNI_SYNC_HEARD:
        node->hearing = false;
        break;
    case AYNI_SYNC_DROP:
        node->drops++;
        node->host->drop(node->host->context, node, &action->peer, action->reason);
        break;
    }
}
