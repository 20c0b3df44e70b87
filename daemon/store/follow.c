#include "daemon/store/follow.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "daemon/clock.h"

/* A thread that waits, on its own stack, in a list. Each is woken for itself alone: of many the
 * others would wake for nothing, at every commit. */
struct waiter {
    uint64_t arrival;
    bool hurries;
    pthread_cond_t woken;
    struct waiter *next;
};

struct follow {
    pthread_mutex_t mutex; /* over all below */
    uint64_t reached;
    bool stopped;
    struct waiter *waiters;
};

enum ayni_status follow_new(struct follow **follow)
{
    struct follow *f = calloc(1, sizeof(*f));

    if (f == NULL)
        return AYNI_E_MEMORY;
    pthread_mutex_init(&f->mutex, NULL);
    *follow = f;
    return AYNI_OK;
}

void follow_free(struct follow *follow)
{
    if (follow == NULL)
        return;
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

/* With the mutex held. */
static enum ayni_status wait_as(struct follow *follow, struct waiter *waiter, uint64_t timeout_ms)
{
    struct timespec deadline = clock_after_ms(timeout_ms);
    int rc = 0;

    clock_condition_init(&waiter->woken);
    waiter->next = follow->waiters;
    follow->waiters = waiter;
    while (follow->reached < waiter->arrival && !follow->stopped && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&waiter->woken, &follow->mutex, &deadline);
    leave(follow, waiter);
    pthread_cond_destroy(&waiter->woken);
    if (follow->reached >= waiter->arrival)
        return AYNI_OK;
    return follow->stopped ? AYNI_E_STOPPED : AYNI_E_BUSY;
}

static enum ayni_status wait_for(struct follow *follow, uint64_t arrival, bool hurries,
                                 uint64_t timeout_ms)
{
    struct waiter waiter = { .arrival = arrival, .hurries = hurries };
    enum ayni_status status = AYNI_OK;

    pthread_mutex_lock(&follow->mutex);
    if (follow->reached < arrival)
        status = wait_as(follow, &waiter, timeout_ms);
    pthread_mutex_unlock(&follow->mutex);
    return status;
}

enum ayni_status follow_wait(struct follow *follow, uint64_t arrival, uint64_t timeout_ms)
{
    return wait_for(follow, arrival, true, timeout_ms);
}

enum ayni_status follow_wait_unhurried(struct follow *follow, uint64_t arrival, uint64_t timeout_ms)
{
    return wait_for(follow, arrival, false, timeout_ms);
}

/* With the mutex held: those who have what they wait for. */
static void wake(const struct follow *follow)
{
    for (struct waiter *w = follow->waiters; w != NULL; w = w->next)
        if (follow->stopped || w->arrival <= follow->reached)
            pthread_cond_signal(&w->woken);
}

void follow_advance(void *follow, uint64_t arrival)
{
    struct follow *f = follow;

    pthread_mutex_lock(&f->mutex);
    if (arrival > f->reached) {
        f->reached = arrival;
        wake(f);
    }
    pthread_mutex_unlock(&f->mutex);
}

void follow_stop(struct follow *follow)
{
    pthread_mutex_lock(&follow->mutex);
    follow->stopped = true;
    wake(follow);
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
        if (w->hurries && w->arrival > follow->reached && w->arrival > wanted)
            wanted = w->arrival;
    pthread_mutex_unlock(&follow->mutex);
    return wanted;
}
