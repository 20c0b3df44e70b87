#include "daemon/federation/forks.h"

#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/records/fork.h"
#include "daemon/records/quotas.h"
#include "daemon/records/writing/author.h"

/* What there is to do, gathered under one reader and done without it. */
struct work {
    struct reader *reader;
    struct ayni_buffer told;   /* struct named_branch, all that proof entries name, in order */
    struct ayni_buffer unheld; /* struct fork_told: what the log doesn't know */
    struct ayni_buffer untold; /* struct fork_place: what nobody told of */
    struct quotas quotas;      /* of whom unheld ones may still be taken */
};

/* A branch by its first entry. */
struct named_branch {
    struct ayni_feed feed;
    struct ayni_hash chain;
};

struct fork_place {
    struct ayni_feed feed;
    struct ayni_space space;
    uint64_t seq;
    struct ayni_hash chains[2];
};

static void work_done(struct work *work)
{
    ayni_buffer_free(&work->told);
    ayni_buffer_free(&work->unheld);
    ayni_buffer_free(&work->untold);
    quotas_free(&work->quotas);
}
#define SCOPED_WORK __attribute__((cleanup(work_done))) struct work

/* --- what there is to do --- */

static int by_branch(const void *a, const void *b)
{
    const struct named_branch *x = a;
    const struct named_branch *y = b;
    int order = ayni_id_compare(&x->feed, &y->feed);

    return order != 0 ? order : ayni_id_compare(&x->chain, &y->chain);
}

static bool gather_told(void *context, const struct fork_told *told)
{
    struct work *work = context;

    for (int side = 0; side < 2; side++) {
        struct named_branch named = { told->feed, told->chains[side] };
        ayni_buffer_append(&work->told, &named, sizeof(named));
    }
    if (!log_knows_fork(reader_log(work->reader), &told->feed, told->common.seq, told->chains) &&
        fork_told_counts(work->reader, told))
        ayni_buffer_append(&work->unheld, told, sizeof(*told));
    return true;
}

static bool is_told(const struct work *work, const struct ayni_feed *feed,
                    const struct ayni_hash *chain)
{
    struct named_branch key = { *feed, *chain };

    return work->told.size > 0 && bsearch(&key, work->told.data, work->told.size / sizeof(key),
                                          sizeof(key), by_branch) != NULL;
}

/* A proof of branches that others' proofs name says nothing new. */
static bool gather_untold(void *context, const struct log_fork *fork)
{
    struct work *work = context;
    struct fork_place place = {
        fork->feed, fork->descriptor.space, fork->common.seq, { fork->chains[0], fork->chains[1] }
    };

    if (!is_told(work, &fork->feed, &fork->chains[0]) ||
        !is_told(work, &fork->feed, &fork->chains[1]))
        ayni_buffer_append(&work->untold, &place, sizeof(place));
    return true;
}

static enum ayni_status gather(struct records *records, struct work *work)
{
    SCOPED_READER *reader = NULL;
    enum ayni_status status = reader_begin(records, &reader);

    if (status != AYNI_OK)
        return status;
    work->reader = reader;
    status = forks_each_told(reader, NULL, gather_told, work);
    if (work->told.size > 0)
        qsort(work->told.data, work->told.size / sizeof(struct named_branch),
              sizeof(struct named_branch), by_branch);
    if (status == AYNI_OK)
        status = log_each_fork(reader_log(reader), gather_untold, work);
    if (status == AYNI_OK && work->unheld.size > 0)
        status = quotas_read(reader_log(reader), &work->quotas);
    if (work->told.failed || work->unheld.failed || work->untold.failed)
        return AYNI_E_MEMORY;
    return status;
}

/* --- proofs that came: the feed ends here, too --- */

struct stop_job {
    struct log_job job; /* first */
    const struct fork_told *told;
    struct ayni_instant now;
};

static enum ayni_status put_fork(struct log_job *job, struct log_txn *txn)
{
    const struct stop_job *stop = (struct stop_job *)job;
    const struct fork_told *told = stop->told;
    struct ayni_fork_proof proof;
    SCOPED_BUFFER bytes = { 0 }; /* what is read may move when something is put */
    struct log_entry entry;
    enum ayni_status status =
        log_get_entry(log_txn_snapshot(txn), told->entry.feed, told->entry.seq, &entry);

    if (status != AYNI_OK)
        return status;
    ayni_buffer_append(&bytes, entry.entry.payload.data, entry.entry.payload.size);
    status = ayni_buffer_status(&bytes);
    if (status == AYNI_OK)
        status = ayni_fork_proof_decode(ayni_buffer_bytes(&bytes), &proof);
    if (status == AYNI_OK)
        status = log_txn_put_fork(txn, &proof, ayni_buffer_bytes(&bytes), stop->now);
    return status == AYNI_E_EXISTS ? AYNI_OK : status;
}

static enum ayni_status stop(struct records *records, const struct fork_told *told)
{
    struct stop_job job = { .job = { .run = put_fork }, .told = told, .now = clock_now() };

    return log_writer_run(records->writer, &job.job);
}

/* --- forks found here: write the proof --- */

static enum ayni_status copy_proof(struct records *records, const struct fork_place *place,
                                   struct ayni_buffer *proof)
{
    SCOPED_LOG_SNAPSHOT *log = NULL;
    struct log_fork fork;
    enum ayni_status status = log_snapshot_begin(records->log, &log);

    if (status == AYNI_OK)
        status = log_get_fork(log, &place->feed, place->seq, place->chains, &fork);
    if (status != AYNI_OK)
        return status;
    ayni_buffer_append(proof, fork.proof.data, fork.proof.size);
    return ayni_buffer_status(proof);
}

static enum ayni_status tell(struct records *records, const struct fork_place *place)
{
    SCOPED_BUFFER proof = { 0 };
    enum ayni_status status = copy_proof(records, place, &proof);

    if (status != AYNI_OK)
        return status;
    return author_write_entry(records->author, &place->space, AYNI_KIND_FORK_PROOF,
                              ayni_buffer_bytes(&proof), NULL);
}

enum ayni_status forks_tend(struct records *records,
                            void (*stopped)(void *context, const struct ayni_feed *feed),
                            void *context)
{
    SCOPED_WORK work = { 0 };
    /* Before views/ has all that the log held, proofs that are there would seem to be missing. */
    enum ayni_status status = projector_wait_ready(records->projector);

    if (status == AYNI_OK)
        status = gather(records, &work);
    for (size_t at = 0; status == AYNI_OK && at < work.unheld.size;
         at += sizeof(struct fork_told)) {
        const struct fork_told *told = (const struct fork_told *)(work.unheld.data + at);
        if (!quotas_take(&work.quotas, &told->descriptor, 2))
            continue; /* its author has as many segments as are taken */
        status = stop(records, told);
        if (status == AYNI_OK)
            stopped(context, &told->feed);
    }
    for (size_t at = 0; status == AYNI_OK && at < work.untold.size; at += sizeof(struct fork_place))
        status = tell(records, (const struct fork_place *)(work.untold.data + at));
    return status;
}
