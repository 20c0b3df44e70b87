#include "daemon/store/log_private.h"
#include "proto/limits.h"

/* Where feeds fork, and what goes on there: how proofs and entries make segments. */

/* --- branches and points --- */

static enum ayni_status put_branch(struct log_txn *txn, const struct ayni_feed *feed,
                                   const struct log_branch *branch)
{
    struct ayni_feed id = ayni_feed_branch(feed, branch->first, &branch->chain);
    uint8_t name[1 + LOG_BRANCH_KEY_SIZE] = { LOG_NAME_BRANCH };
    uint8_t value[LOG_BRANCH_SIZE];
    struct ayni_bytes key = { name + 1, LOG_BRANCH_KEY_SIZE };

    log_branch_key(branch, name + 1);
    ayni_put_u32(value, branch->no);
    value[4] = branch->held;
    enum ayni_status status = log_txn_put(txn, txn->snapshot.store->branches, key,
                                          (struct ayni_bytes){ value, sizeof(value) });
    if (status != AYNI_OK)
        return status;
    return log_txn_put(txn, txn->snapshot.store->feed_ids,
                       (struct ayni_bytes){ id.bytes, sizeof(id.bytes) },
                       (struct ayni_bytes){ name, sizeof(name) });
}

static enum ayni_status put_point(struct log_txn *txn, feed_no no, uint64_t seq)
{
    uint8_t place[LOG_SEQ_KEY_SIZE];

    log_seq_key(no, seq, place);
    return log_txn_put(txn, txn->snapshot.store->points,
                       (struct ayni_bytes){ place, sizeof(place) }, (struct ayni_bytes){ 0 });
}

/* A branch that begins after the entry `first` - 1 of the history: known, and held if the history
 * goes on with it. */
static enum ayni_status add_branch(struct log_txn *txn, const struct log_feed *root,
                                   const struct log_feed *history, uint64_t first,
                                   const struct ayni_hash *chain)
{
    struct log_branch branch;
    struct log_entry next;
    enum ayni_status status = log_get_branch(&txn->snapshot, root->no, first, chain, &branch);

    if (status == AYNI_OK && branch.held)
        return AYNI_OK;
    if (status == AYNI_E_NOT_FOUND)
        branch = (struct log_branch){ root->no, first, *chain, history->no, false };
    else if (status != AYNI_OK)
        return status;
    if (history->head.seq >= first) {
        status = log_get_entry(&txn->snapshot, history->no, first, &next);
        if (status != AYNI_OK)
            return status;
        branch.held = ayni_id_equal(&next.chain, chain);
        if (branch.held)
            branch.no = history->no;
    }
    return put_branch(txn, &root->id, &branch);
}

/* --- a third way: what is held goes on in neither of the ways that a proof names --- */

static enum ayni_status prove_third(struct log_txn *txn, const struct log_feed *root,
                                    const struct log_feed *history, const struct log_fork *fork,
                                    struct ayni_instant now)
{
    struct ayni_entry named_entries[AYNI_RUN_ENTRIES_MAX], own_entries[AYNI_RUN_ENTRIES_MAX];
    struct ayni_fork_side named, own;
    struct ayni_fork_proof proof;
    SCOPED_BUFFER bytes = { 0 };
    enum ayni_status status = ayni_fork_proof_decode(fork->proof, &proof);

    if (status == AYNI_OK)
        status = ayni_fork_proof_side(fork->proof, 0, named_entries, &named);
    if (status == AYNI_OK)
        status = log_get_side(&txn->snapshot, history->no, proof.seq, own_entries, &own);
    if (status != AYNI_OK)
        return status;
    ayni_fork_proof_encode(&proof, &named, &own, &bytes);
    status = ayni_buffer_status(&bytes);
    if (status == AYNI_OK)
        status = ayni_fork_proof_decode(ayni_buffer_bytes(&bytes), &proof);
    return status == AYNI_OK
               ? log_txn_put_fork_row(txn, root, &proof, ayni_buffer_bytes(&bytes), now)
               : status;
}

/* The history goes on after the fork's common part, in a way of its own unless a branch is known.
 */
static enum ayni_status name_continuation(struct log_txn *txn, const struct log_feed *root,
                                          const struct log_feed *history,
                                          const struct log_fork *fork, struct ayni_instant now)
{
    struct log_branch branch;
    struct log_entry next;
    uint64_t first = fork->common.seq + 1;
    enum ayni_status status = log_get_entry(&txn->snapshot, history->no, first, &next);

    if (status != AYNI_OK)
        return status;
    status = log_get_branch(&txn->snapshot, root->no, first, &next.chain, &branch);
    if (status == AYNI_E_NOT_FOUND)
        status = prove_third(txn, root, history, fork, now);
    return status == AYNI_OK ? add_branch(txn, root, history, first, &next.chain) : status;
}

/* --- a fork in its place --- */

/* The common part is held by the history, which has it under its own number: it forks there. */
static enum ayni_status attach(struct log_txn *txn, const struct log_feed *root,
                               const struct log_feed *history, const struct log_fork *fork,
                               struct ayni_instant now)
{
    uint64_t first = fork->common.seq + 1;
    enum ayni_status status = put_point(txn, history->no, fork->common.seq);

    for (int side = 0; status == AYNI_OK && side < 2; side++)
        status = add_branch(txn, root, history, first, &fork->chains[side]);
    if (status == AYNI_OK && history->head.seq >= first)
        status = name_continuation(txn, root, history, fork, now);
    return status;
}

struct placing {
    struct log_txn *txn;
    const struct log_feed *root;
    const struct log_feed *history; /* that grew */
    struct ayni_instant now;
    enum ayni_status status;
};

/* Whether the history itself has the end of the common part. */
static bool has_common(struct log_snapshot *snapshot, const struct log_feed *history,
                       const struct ayni_head *common)
{
    struct log_entry entry;

    if (common->seq == 0)
        return history->parent == 0;
    return common->seq >= history->first && common->seq <= history->head.seq &&
           log_get_entry(snapshot, history->no, common->seq, &entry) == AYNI_OK &&
           ayni_id_equal(&entry.chain, &common->chain);
}

static bool place_passed(void *context, const struct log_fork *fork)
{
    struct placing *placing = context;
    struct log_fork copy = *fork;
    SCOPED_BUFFER proof = { 0 };

    if (!has_common(&placing->txn->snapshot, placing->history, &fork->common))
        return true;
    /* What is read may move when something is put. */
    ayni_buffer_append(&proof, fork->proof.data, fork->proof.size);
    copy.proof = ayni_buffer_bytes(&proof);
    placing->status = ayni_buffer_status(&proof);
    if (placing->status == AYNI_OK)
        placing->status =
            attach(placing->txn, placing->root, placing->history, &copy, placing->now);
    return placing->status == AYNI_OK;
}

enum ayni_status log_txn_pass_points(struct log_txn *txn, const struct log_feed *feed,
                                     uint64_t from, struct ayni_instant now)
{
    struct log_feed root;
    struct placing placing = { txn, &root, feed, now, AYNI_OK };
    enum ayni_status status = log_find_feed(&txn->snapshot, &feed->id, &root);

    /* From the entry before: a history that ended at a fork point may have gone on. */
    if (status == AYNI_OK)
        status = log_each_fork_at(&txn->snapshot, &root, from - 1, feed->head.seq, place_passed,
                                  &placing);
    return status == AYNI_OK ? placing.status : status;
}

/* --- proofs that come --- */

bool log_knows_fork(struct log_snapshot *snapshot, const struct ayni_feed *feed, uint64_t seq,
                    const struct ayni_hash chains[2])
{
    struct log_feed root;
    struct log_branch branch;
    struct log_fork fork;

    if (log_find_feed(snapshot, feed, &root) != AYNI_OK)
        return false;
    if (log_get_fork(snapshot, feed, seq, chains, &fork) == AYNI_OK)
        return true;
    return log_get_branch(snapshot, root.no, seq + 1, &chains[0], &branch) == AYNI_OK &&
           log_get_branch(snapshot, root.no, seq + 1, &chains[1], &branch) == AYNI_OK;
}

/* All histories of the feed are histories of a forked one. */
static bool mark_forked(void *context, const struct log_feed *feed)
{
    struct placing *placing = context;
    struct log_feed marked = *feed;

    marked.forked = true;
    if (!feed->forked)
        placing->status = log_txn_put_feed(placing->txn, &marked);
    return placing->status == AYNI_OK;
}

struct holder {
    struct log_snapshot *snapshot;
    struct ayni_head common;
    struct log_feed history;
    bool found;
};

static bool find_holder(void *context, const struct log_feed *feed)
{
    struct holder *holder = context;

    if (!has_common(holder->snapshot, feed, &holder->common))
        return true;
    holder->history = *feed;
    holder->found = true;
    return false;
}

static enum ayni_status place(struct log_txn *txn, const struct log_feed *root,
                              const struct log_fork *fork, struct ayni_instant now)
{
    struct holder holder = { .snapshot = &txn->snapshot, .common = fork->common };
    enum ayni_status status = log_each_history(&txn->snapshot, &root->id, find_holder, &holder);

    return status == AYNI_OK && holder.found ? attach(txn, root, &holder.history, fork, now)
                                             : status;
}

enum ayni_status log_txn_put_fork(struct log_txn *txn, const struct ayni_fork_proof *proof,
                                  struct ayni_bytes bytes, struct ayni_instant now)
{
    struct log_feed root;
    struct placing placing = { .txn = txn };
    struct log_fork fork = { .feed = proof->feed,
                             .common = { proof->seq - 1, proof->before },
                             .chains = { proof->chains[0], proof->chains[1] },
                             .proof = bytes };
    enum ayni_status status = AYNI_OK;

    if (log_knows_fork(&txn->snapshot, &proof->feed, proof->seq - 1, proof->chains))
        return AYNI_E_EXISTS;
    status = log_txn_feed(txn, &proof->feed, &proof->descriptor, &root);
    if (status == AYNI_OK)
        status = log_txn_put_fork_row(txn, &root, proof, bytes, now);
    if (status == AYNI_OK)
        status = log_each_history(&txn->snapshot, &root.id, mark_forked, &placing);
    if (status == AYNI_OK)
        status = placing.status;
    root.forked = true;
    return status == AYNI_OK ? place(txn, &root, &fork, now) : status;
}

/* --- entries that come --- */

/* What the run is appended to: the history that has the segment, or one that begins with it. */
static enum ayni_status open_history(struct log_txn *txn, const struct log_segment *segment,
                                     struct log_feed *history)
{
    enum ayni_status status = log_get_feed(&txn->snapshot, segment->no, history);

    if (status != AYNI_OK || history->head.seq == segment->head.seq)
        return status;
    struct log_feed made = {
        .id = segment->feed,
        .descriptor = segment->descriptor,
        .first = segment->start.seq + 1,
        .parent = history->no,
        .head = segment->start,
        .last_time = segment->last_time,
        .forked = true,
    };
    status = log_txn_add_history(txn, &made);
    if (status == AYNI_OK)
        *history = made;
    return status;
}

/* Whether the run is what comes next in the segment. */
static enum ayni_status check_next(struct log_snapshot *snapshot, const struct log_segment *segment,
                                   const struct ayni_head *head, const struct ayni_hash *chains,
                                   const struct ayni_head *after)
{
    struct ayni_hash held;
    bool is_branch = !ayni_id_equal(&segment->id, &segment->feed);

    if (after->seq <= segment->head.seq) {
        enum ayni_status status = log_get_chain(snapshot, segment->no, after->seq, &held);
        if (status != AYNI_OK)
            return status;
        return ayni_id_equal(&held, &after->chain) ? AYNI_E_EXISTS : AYNI_E_CHAIN;
    }
    if (segment->ended && head->seq >= segment->head.seq)
        return AYNI_E_FORK;
    if (head->seq != segment->head.seq || !ayni_id_equal(&head->chain, &segment->head.chain))
        return AYNI_E_CHAIN;
    if (is_branch && head->seq == segment->start.seq && !ayni_id_equal(&chains[0], &segment->first))
        return AYNI_E_CHAIN;
    return AYNI_OK;
}

/* The history begins with the branch. */
static enum ayni_status hold_branch(struct log_txn *txn, const struct log_segment *segment,
                                    const struct log_feed *history)
{
    struct log_feed root;
    enum ayni_status status = log_find_feed(&txn->snapshot, &segment->feed, &root);

    return status == AYNI_OK ? add_branch(txn, &root, history, history->first, &segment->first)
                             : status;
}

enum ayni_status log_txn_extend(struct log_txn *txn, const struct ayni_feed *id,
                                const struct ayni_feed *feed,
                                const struct ayni_feed_descriptor *descriptor,
                                const struct ayni_head *head, const struct ayni_run *run,
                                const struct ayni_hash *chains, const struct ayni_head *after,
                                struct ayni_instant now)
{
    struct log_segment segment;
    struct log_feed history;
    enum ayni_status status = AYNI_OK;

    if (ayni_id_equal(id, feed))
        status = log_txn_feed(txn, feed, descriptor, &history);
    if (status == AYNI_OK)
        status = log_find_segment(&txn->snapshot, id, &segment);
    if (status == AYNI_OK)
        status = check_next(&txn->snapshot, &segment, head, chains, after);
    if (status == AYNI_OK)
        status = open_history(txn, &segment, &history);
    if (status == AYNI_OK)
        status = log_txn_append_to(txn, &history, head, run, chains, after, now);
    if (status == AYNI_OK && history.first > segment.start.seq && history.parent != 0)
        status = hold_branch(txn, &segment, &history);
    return status;
}
