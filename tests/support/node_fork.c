#include "tests/support/node_fork.h"

#include "proto/limits.h"

/* --- proofs --- */

struct putting {
    struct log_job job; /* first */
    struct ayni_bytes bytes;
};

static enum ayni_status put(struct log_job *job, struct log_txn *txn)
{
    const struct putting *putting = (struct putting *)job;
    struct ayni_fork_proof proof;
    enum ayni_status status = ayni_fork_proof_decode(putting->bytes, &proof);

    if (status == AYNI_OK)
        status = log_txn_put_fork(txn, &proof, putting->bytes, (struct ayni_instant){ 5 });
    return status == AYNI_E_EXISTS ? AYNI_OK : status;
}

static void put_proof(struct test_node *to, struct ayni_bytes bytes)
{
    struct putting putting = { { .run = put }, bytes };
    struct log_txn *txn;

    if (to->writer != NULL) {
        test_must(log_writer_run(to->writer, &putting.job), "proof");
        return;
    }
    test_must(log_txn_begin(to->log, &txn), "transaction");
    test_must(put(&putting.job, txn), "proof");
    test_must(log_txn_commit(txn), "proof");
}

static bool keep_proof(void *context, const struct log_fork *fork)
{
    struct ayni_buffer *proofs = context;
    size_t size = fork->proof.size;

    ayni_buffer_append(proofs, &size, sizeof(size));
    ayni_buffer_append(proofs, fork->proof.data, size);
    return true;
}

void test_node_share_proofs(const struct test_node *from, struct test_node *to)
{
    SCOPED_BUFFER proofs = { 0 };
    struct log_snapshot *log;
    size_t size;

    test_must(log_snapshot_begin(from->log, &log), "snapshot");
    test_must(log_each_fork(log, keep_proof, &proofs), "forks");
    log_snapshot_end(log);
    for (size_t at = 0; at < proofs.size; at += size) {
        memcpy(&size, proofs.data + at, sizeof(size));
        at += sizeof(size);
        put_proof(to, (struct ayni_bytes){ proofs.data + at, size });
    }
}

/* --- comparing --- */

struct comparing {
    struct log_snapshot *from, *to;
    struct ayni_buffer proof; /* of the first fork that is found */
};

static struct ayni_hash chain_at(struct log_snapshot *log, const struct log_segment *segment,
                                 uint64_t seq)
{
    struct ayni_hash chain = { { 0 } };

    test_must(log_get_chain(log, segment->no, seq, &chain), "chain");
    return chain;
}

static void prove(struct comparing *comparing, const struct log_segment *theirs,
                  const struct log_segment *ours, uint64_t seq)
{
    struct ayni_entry one[AYNI_RUN_ENTRIES_MAX], other[AYNI_RUN_ENTRIES_MAX];
    struct ayni_fork_side own_side, other_side;
    struct ayni_fork_proof proof = { .root = test_root().node,
                                     .descriptor = ours->descriptor,
                                     .seq = seq,
                                     .before = chain_at(comparing->to, ours, seq - 1) };

    test_must(log_get_side(comparing->to, ours->no, seq, one, &own_side), "side");
    test_must(log_get_side(comparing->from, theirs->no, seq, other, &other_side), "side");
    ayni_fork_proof_encode(&proof, &own_side, &other_side, &comparing->proof);
}

/* The first entry in which the two differ, if there is one. */
static bool compare_segment(void *context, const struct log_segment *theirs)
{
    struct comparing *comparing = context;
    struct log_segment ours;

    if (log_find_segment(comparing->to, &theirs->id, &ours) != AYNI_OK)
        return true;
    for (uint64_t seq = ours.start.seq + 1; seq <= ours.head.seq && seq <= theirs->head.seq;
         seq++) {
        struct ayni_hash a = chain_at(comparing->from, theirs, seq);
        struct ayni_hash b = chain_at(comparing->to, &ours, seq);
        if (ayni_id_equal(&a, &b))
            continue;
        prove(comparing, theirs, &ours, seq);
        return false;
    }
    return true;
}

void test_node_compare(const struct test_node *from, struct test_node *to)
{
    struct comparing comparing = { 0 };

    do {
        ayni_buffer_clear(&comparing.proof);
        test_must(log_snapshot_begin(from->log, &comparing.from), "snapshot");
        test_must(log_snapshot_begin(to->log, &comparing.to), "snapshot");
        test_must(log_each_segment(comparing.from, compare_segment, &comparing), "segments");
        log_snapshot_end(comparing.from);
        log_snapshot_end(comparing.to);
        if (comparing.proof.size > 0)
            put_proof(to, ayni_buffer_bytes(&comparing.proof));
    } while (comparing.proof.size > 0);
    ayni_buffer_free(&comparing.proof);
}
