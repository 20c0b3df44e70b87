#include "daemon/store/follow.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "daemon/clock.h"

/* A thread that waits, on its own stack, in a list. */
struct waiter {
    uint64_t arrival;
    struct waiter *next;
};

struct follow {
    pthread_mutex_t mutex; /* over all below */
    pthread_cond_t changed;
    uint64_t reached;
    bool stopped;
    struct waiter *waiters;
};

enum ayni_status follow_new(struct follow **follow)
{
    struct follow *f = calloc(1, sizeof(*f));

    if (f == NULL)
        return AYNI_E_MEMORY;
    clock_condition_init(&f->changed);
    pthread_mutex_init(&f->mutex, NULL);
    *follow = f;
    return AYNI_OK;
}

void follow_free(struct follow *follow)
{
    if (follow == NULL)
        return;
    pthread_cond_destroy(&follow->changed);
    pthread_mutex_destroy(&follow->mutex);
    free(follow);
}

static void leave(struct follow *follow, const struct waiter *waiter)
{
    struct waiter **at = &follow->waiters;

    while (*at != waiter)
        at = &(*at)->next;
    *at = waiter->next;
}

static enum ayni_status wait_until(struct follow *follow, uint64_t arrival,
                                   const struct timespec *deadline)
{
    int rc = 0;

    while (follow->reached < arrival && !follow->stopped && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&follow->changed, &follow->mutex, deadline);
    if (follow->reached >= arrival)
        return AYNI_OK;
    return follow->stopped ? AYNI_E_STOPPED : AYNI_E_BUSY;
}

enum ayni_status follow_wait(struct follow *follow, uint64_t arrival, uint64_t timeout_ms)
{
    struct timespec deadline = clock_after_ms(timeout_ms);
    struct waiter waiter = { .arrival = arrival };

    pthread_mutex_lock(&follow->mutex);
    waiter.next = follow->waiters;
    follow->waiters = &waiter; // cppcheck-suppress autoVariables ; leave() takes it out again
    enum ayni_status status = wait_until(follow, arrival, &deadline);
    leave(follow, &waiter);
    pthread_mutex_unlock(&follow->mutex);
    return status;
}

enum ayni_status follow_wait_unhurried(struct follow *follow, uint64_t arrival, uint64_t timeout_ms)
{
    struct timespec deadline = clock_after_ms(timeout_ms);

    pthread_mutex_lock(&follow->mutex);
    enum ayni_status status = wait_until(follow, arrival, &deadline);
    pthread_mutex_unlock(&follow->mutex);
    return status;
}

void follow_advance(void *follow, uint64_t arrival)
{
    struct follow *f = follow;

    pthread_mutex_lock(&f->mutex);
    if (arrival > f->reached) {
        f->reached = arrival;
        pthread_cond_broadcast(&f->changed);
    }
    pthread_mutex_unlock(&f->mutex);
}

void follow_stop(struct follow *follow)
{
    pthread_mutex_lock(&follow->mutex);
    follow->stopped = true;
    pthread_cond_broadcast(&follow->changed);
    pthread_mutex_unlock(&follow->mutex);
}

uint64_t follow_reached(struct follow *follow)
{
    pthread_mutex_lock(&follow->mutex);
    uint64_t reached = follow->reached;
    pthread_mutex_unlock(&follow->mutex);
    return reached;
}

uint64_t follow_wanted(struct follow *follow)
{
    uint64_t wanted = 0;

    pthread_mutex_lock(&follow->mutex);
    for (const struct waiter *w = follow->waiters; w != NULL; w = w->next)
        if (w->arrival > follow->reached && w->arrival > wanted)
            wanted = w->arrival;
    pthread_mutex_unlock(&follow->mutex);
    return wanted;
}
