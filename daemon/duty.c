#include "daemon/duty.h"

#include <errno.h>

#include "daemon/clock.h"

void duty_init(struct duty *duty)
{
    *duty = (struct duty){ .due = true };
    pthread_mutex_init(&duty->lock, NULL);
    clock_condition_init(&duty->changed);
}

enum ayni_status duty_start(struct duty *duty, const char *name, void *(*run)(void *context),
                            void *context)
{
    if (pthread_create(&duty->thread, NULL, run, context) != 0)
        return AYNI_E_IO;
    duty->running = true;
    (void)pthread_setname_np(duty->thread, name); /* for those who look on */
    return AYNI_OK;
}

static void set(struct duty *duty, bool *flag)
{
    pthread_mutex_lock(&duty->lock);
    *flag = true;
    pthread_cond_signal(&duty->changed);
    pthread_mutex_unlock(&duty->lock);
}

void duty_note(struct duty *duty)
{
    set(duty, &duty->due);
}

static bool wait_for(struct duty *duty, uint64_t wait_ms, bool also_due)
{
    struct timespec end = clock_after_ms(wait_ms);
    int rc = 0;

    pthread_mutex_lock(&duty->lock);
    while (!(also_due && duty->due) && !duty->stopping && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&duty->changed, &duty->lock, &end);
    bool goes_on = !duty->stopping;
    pthread_mutex_unlock(&duty->lock);
    return goes_on;
}

bool duty_wait(struct duty *duty, uint64_t wait_ms)
{
    return wait_for(duty, wait_ms, true);
}

bool duty_pause(struct duty *duty, uint64_t pause_ms)
{
    return wait_for(duty, pause_ms, false);
}

bool duty_take(struct duty *duty)
{
    pthread_mutex_lock(&duty->lock);
    bool due = duty->due;
    duty->due = false;
    pthread_mutex_unlock(&duty->lock);
    return due;
}

bool duty_ends(struct duty *duty)
{
    pthread_mutex_lock(&duty->lock);
    bool ends = duty->stopping;
    pthread_mutex_unlock(&duty->lock);
    return ends;
}

void duty_stop(struct duty *duty)
{
    if (!duty->running)
        return;
    set(duty, &duty->stopping);
    pthread_join(duty->thread, NULL);
    duty->running = false;
}

void duty_done(struct duty *duty)
{
    pthread_cond_destroy(&duty->changed);
    pthread_mutex_destroy(&duty->lock);
}
