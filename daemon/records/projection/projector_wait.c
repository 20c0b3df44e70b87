#include <errno.h>

#include "daemon/clock.h"
#include "daemon/records/projection/projector_private.h"

/* Until the thread has done what was asked by `flag`; the mutex is held. */
static enum ayni_status wait_done(struct projector *projector, const bool *flag)
{
    pthread_cond_broadcast(&projector->changed);
    while (*flag && !projector->stop)
        pthread_cond_wait(&projector->changed, &projector->mutex);
    return *flag ? AYNI_E_STOPPED : projector->answer;
}

enum ayni_status projector_set_root(struct projector *projector, const struct ayni_node *root)
{
    enum ayni_status status;

    if (!projector->started) {
        projector->owner.founded = true;
        projector->owner.root = *root;
        return AYNI_OK;
    }
    pthread_mutex_lock(&projector->mutex);
    projector->root = *root;
    projector->root_waits = true;
    status = wait_done(projector, &projector->root_waits);
    pthread_mutex_unlock(&projector->mutex);
    return status;
}

static uint64_t ready_at(struct projector *projector)
{
    uint64_t at;

    pthread_mutex_lock(&projector->mutex);
    at = projector->ready_at;
    pthread_mutex_unlock(&projector->mutex);
    return at;
}

typedef enum ayni_status wait_by(struct follow *follow, uint64_t arrival, uint64_t timeout_ms);

/* Until the arrival is followed, or views/ can't follow: then why. */
static enum ayni_status wait_while_it_goes_on(struct projector *projector, uint64_t arrival,
                                              wait_by *wait)
{
    struct projector_progress progress = { .status = AYNI_OK };
    enum ayni_status status = AYNI_E_BUSY;

    projector_note_waiting(projector, 1);
    while (status == AYNI_E_BUSY && progress.status == AYNI_OK) {
        status = wait(projector->followed, arrival, PROJECTOR_RETRY_MS);
        projector_measure(projector, &progress);
    }
    projector_note_waiting(projector, -1);
    return status == AYNI_E_BUSY ? progress.status : status;
}

enum ayni_status projector_wait_ready(struct projector *projector)
{
    return projector_wait(projector, ready_at(projector));
}

enum ayni_status projector_wait(struct projector *projector, uint64_t arrival)
{
    return wait_while_it_goes_on(projector, arrival, follow_wait);
}

enum ayni_status projector_wait_unhurried(struct projector *projector, uint64_t arrival)
{
    return wait_while_it_goes_on(projector, arrival, follow_wait_unhurried);
}

struct follow *projector_follow(struct projector *projector)
{
    return projector->followed;
}

bool projector_is_caught_up(struct projector *projector)
{
    bool caught_up;

    pthread_mutex_lock(&projector->mutex);
    caught_up = projector->position >= projector->last && projector->tasks == 0;
    pthread_mutex_unlock(&projector->mutex);
    return caught_up;
}

enum ayni_status projector_catch_up(struct projector *projector, uint64_t timeout_ms)
{
    struct timespec deadline = clock_after_ms(timeout_ms);
    enum ayni_status status = AYNI_OK;
    uint64_t wanted, failures;

    pthread_mutex_lock(&projector->mutex);
    wanted = projector->last;
    projector->waiting++;
    pthread_cond_broadcast(&projector->changed);
    failures = projector->failures; /* what failed once may not fail again */
    while (status == AYNI_OK && (projector->position < wanted || projector->tasks > 0)) {
        if (projector->stop)
            status = AYNI_E_STOPPED;
        else if (projector->failures - failures > 1 && projector->status != AYNI_OK)
            status = projector->status;
        else if (pthread_cond_timedwait(&projector->changed, &projector->mutex, &deadline) ==
                 ETIMEDOUT)
            status = AYNI_E_BUSY;
    }
    projector->waiting--;
    pthread_mutex_unlock(&projector->mutex);
    return status;
}

void projector_measure(struct projector *projector, struct projector_progress *progress)
{
    pthread_mutex_lock(&projector->mutex);
    *progress = (struct projector_progress){
        .position = projector->opening && projector->position >= projector->ready_at
                        ? projector->ready_at - 1
                        : projector->position,
        .last = projector->last,
        .tasks = projector->tasks,
        .status = projector->status,
        .failures = projector->failures_in_row,
        .ready_at = projector->ready_at,
        .anew = projector->anew,
    };
    pthread_mutex_unlock(&projector->mutex);
}
