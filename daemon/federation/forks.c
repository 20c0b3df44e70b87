#include "daemon/federation/forks.h"

#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/records/author.h"
#include "daemon/records/fork.h"

/* What there is to do, gathered under one reader and done without it. */
struct work {
    struct reader *reader;
    struct ayni_buffer told;   /* struct fork_told, all there are, by feed and seq */
    struct ayni_buffer unheld; /* struct fork_told: those that the log doesn't know */
    struct ayni_buffer untold; /* struct fork_place: those that nobody told of */
};

struct fork_place {
    struct ayni_feed feed;
    struct ayni_space space;
    uint64_t seq;
};

static void work_done(struct work *work)
{
    ayni_buffer_free(&work->told);
    ayni_buffer_free(&work->unheld);
    ayni_buffer_free(&work->untold);
}
#define SCOPED_WORK __attribute__((cleanup(work_done))) struct work

/* --- what there is to do --- */

static int by_place(const void *a, const void *b)
{
    const struct fork_told *x = a;
    const struct fork_told *y = b;
    int order = ayni_id_compare(&x->feed, &y->feed);

    return order != 0 ? order : (x->common.seq > y->common.seq) - (x->common.seq < y->common.seq);
}

static bool is_held(struct reader *reader, const struct fork_told *told)
{
    struct log_feed feed;
    struct log_fork fork;

    return log_find_feed(reader_log(reader), &told->feed, &feed) == AYNI_OK &&
           log_get_fork(reader_log(reader), &feed, told->common.seq, &fork) == AYNI_OK;
}

static bool gather_told(void *context, const struct fork_told *told)
{
    struct work *work = context;

    ayni_buffer_append(&work->told, told, sizeof(*told));
    if (!is_held(work->reader, told) && fork_told_counts(work->reader, told))
        ayni_buffer_append(&work->unheld, told, sizeof(*told));
    return true;
}

static bool gather_untold(void *context, const struct log_fork *fork)
{
    struct work *work = context;
    struct fork_told key = { .feed = fork->feed.id, .common = { .seq = fork->seq } };
    struct fork_place place = { fork->feed.id, fork->feed.descriptor.space, fork->seq };

    if (work->told.size == 0 || bsearch(&key, work->told.data, work->told.size / sizeof(key),
                                        sizeof(key), by_place) == NULL)
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
        qsort(work->told.data, work->told.size / sizeof(struct fork_told), sizeof(struct fork_told),
              by_place);
    if (status == AYNI_OK)
        status = log_each_fork(reader_log(reader), gather_untold, work);
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
    struct log_entry entry;
    struct log_feed feed;
    enum ayni_status status =
        log_get_entry(log_txn_snapshot(txn), told->entry.feed, told->entry.seq, &entry);

    if (status == AYNI_OK)
        status = log_txn_feed(txn, &told->feed, &told->descriptor, &feed);
    if (status == AYNI_OK)
        status = log_txn_put_fork(txn, feed.no, &told->common, entry.entry.payload, stop->now);
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
    struct log_feed feed;
    struct log_fork fork;
    enum ayni_status status = log_snapshot_begin(records->log, &log);

    if (status == AYNI_OK)
        status = log_find_feed(log, &place->feed, &feed);
    if (status == AYNI_OK)
        status = log_get_fork(log, &feed, place->seq, &fork);
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
        status = stop(records, told);
        if (status == AYNI_OK)
            stopped(context, &told->feed);
    }
    for (size_t at = 0; status == AYNI_OK && at < work.untold.size; at += sizeof(struct fork_place))
        status = tell(records, (const struct fork_place *)(work.untold.data + at));
    return status;
}
