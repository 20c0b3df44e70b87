/* Jobs for whose end a thread waits. */
#include <semaphore.h>
#include <stddef.h>

#include "daemon/store/log_writer.h"

/* A job in whose place a thread waits. */
struct waited {
    struct log_job job;
    struct log_job *inner;
    sem_t finished;
};

static struct waited *waited_of(struct log_job *job)
{
    return (struct waited *)((char *)job - offsetof(struct waited, job));
}

static enum ayni_status run_inner(struct log_job *job, struct log_txn *txn)
{
    struct log_job *inner = waited_of(job)->inner;

    return inner->run(inner, txn);
}

static void done_inner(struct log_job *job, enum ayni_status status)
{
    struct waited *waited = waited_of(job);

    waited->inner->status = status;
    if (waited->inner->done != NULL)
        waited->inner->done(waited->inner, status);
    sem_post(&waited->finished);
}

enum ayni_status log_writer_run(struct log_writer *writer, struct log_job *job)
{
    struct waited waited = { .job = { .run = run_inner, .done = done_inner, .urgent = job->urgent },
                             .inner = job };

    sem_init(&waited.finished, 0, 0);
    enum ayni_status status = log_writer_submit(writer, &waited.job);
    if (status == AYNI_OK) {
        while (sem_wait(&waited.finished) != 0) /* a signal */
            ;
        status = waited.job.status;
    }
    sem_destroy(&waited.finished);
    return status;
}
