#include "daemon/net/fork_evidence.h"

#include "proto/limits.h"

/* The place up to which both histories agree, as the log here has it. */
struct place {
    struct log_segment segment;
    struct ayni_head head;
    struct ayni_instant time;
};

static enum ayni_status find_place(struct log_snapshot *snapshot,
                                   const struct ayni_sync_store *evidence, struct place *place)
{
    struct log_entry entry;

    enum ayni_status status = log_find_segment(snapshot, &evidence->feed, &place->segment);
    if (status != AYNI_OK)
        return status;
    if (evidence->from < place->segment.start.seq || evidence->from >= place->segment.head.seq)
        return AYNI_E_CHAIN;
    place->head.seq = evidence->from;
    place->time = (struct ayni_instant){ 0 };
    status = log_get_chain(snapshot, place->segment.no, evidence->from, &place->head.chain);
    if (status == AYNI_OK && evidence->from > 0) {
        status = log_find_entry(snapshot, place->segment.no, evidence->from, &entry);
        if (status == AYNI_OK)
            place->time = entry.entry.time;
    }
    return status;
}

/* The run of the other history, verified after the place. */
static enum ayni_status read_other(const struct ayni_sync_store *evidence,
                                   const struct place *place, struct ayni_run *run)
{
    const struct ayni_feed_descriptor *descriptor = &place->segment.descriptor;
    struct ayni_head after;
    struct ayni_hash chains[AYNI_RUN_ENTRIES_MAX];
    size_t used;

    enum ayni_status status = ayni_run_read(evidence->runs, &used, run);
    if (status == AYNI_OK)
        status = ayni_run_verify(run, &place->segment.feed, &descriptor->node, descriptor->lane,
                                 &place->head, place->time, &after, chains);
    return status;
}

static enum ayni_status prove(struct log_snapshot *snapshot, const struct ayni_node *root,
                              const struct ayni_sync_store *evidence, struct ayni_fork_proof *fork,
                              struct ayni_buffer *proof)
{
    struct ayni_entry own_entries[AYNI_RUN_ENTRIES_MAX], other_entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_run other = { .entries = other_entries };
    struct ayni_fork_side own_side;
    struct place place;

    enum ayni_status status = find_place(snapshot, evidence, &place);
    if (status == AYNI_OK)
        status = read_other(evidence, &place, &other);
    if (status == AYNI_OK)
        status =
            log_get_side(snapshot, place.segment.no, evidence->from + 1, own_entries, &own_side);
    if (status != AYNI_OK)
        return status;
    struct ayni_hash own_next = ayni_chain_next(&place.head.chain, &own_entries[0]);
    struct ayni_hash other_next = ayni_chain_next(&place.head.chain, &other_entries[0]);
    if (ayni_id_equal(&own_next, &other_next))
        return AYNI_E_CHAIN;
    struct ayni_fork_side other_side = { other.entries, other.count, other.signature };
    struct ayni_fork_proof facts = {
        .root = *root,
        .descriptor = place.segment.descriptor,
        .seq = evidence->from + 1,
        .before = place.head.chain,
    };
    ayni_fork_proof_encode(&facts, &own_side, &other_side, proof);
    status = ayni_buffer_status(proof);
    return status == AYNI_OK ? ayni_fork_proof_decode(ayni_buffer_bytes(proof), fork) : status;
}

enum ayni_status fork_evidence_prove(struct log_store *log, const struct ayni_node *root,
                                     const struct ayni_sync_store *evidence,
                                     struct ayni_fork_proof *fork, struct ayni_buffer *proof)
{
    struct log_snapshot *snapshot;

    enum ayni_status status = log_snapshot_begin(log, &snapshot);
    if (status != AYNI_OK)
        return status;
    status = prove(snapshot, root, evidence, fork, proof);
    log_snapshot_end(snapshot);
    return status == AYNI_E_TRUNCATED ? AYNI_E_MALFORMED : status;
}
