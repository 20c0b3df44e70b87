#include "daemon/records/projection/projector.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/records/projection/projector_private.h"

static const uint64_t memory_limit = 512u << 20;

static uint64_t default_memory(void)
{
    uint64_t pages = (uint64_t)sysconf(_SC_PHYS_PAGES);
    uint64_t quarter = pages * (uint64_t)sysconf(_SC_PAGESIZE) / 4;

    return quarter < memory_limit ? quarter : memory_limit;
}

/* In the log writer's thread, after each commit. */
static void log_grew(void *context, uint64_t last_arrival)
{
    struct projector *projector = context;

    pthread_mutex_lock(&projector->mutex);
    if (last_arrival > projector->last)
        projector->last = last_arrival;
    pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
}

enum ayni_status projector_new(const struct projector_options *options,
                               struct projector **projector)
{
    struct projector *made = calloc(1, sizeof(*made));
    enum ayni_status status;

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->options = *options;
    made->owner = (struct charter_owner){ .node = options->node, .secret = options->secret };
    made->memory_max = options->memory_max == 0 ? default_memory() : options->memory_max;
    status = follow_new(&made->followed);
    if (status != AYNI_OK) {
        free(made);
        return status;
    }
    pthread_mutex_init(&made->mutex, NULL);
    clock_condition_init(&made->changed);
    log_writer_listen(options->writer, log_grew, made);
    *projector = made;
    return AYNI_OK;
}

void projector_free(struct projector *projector)
{
    if (projector == NULL)
        return;
    projector_stop(projector);
    if (projector->working != NULL)
        charter_release(projector->working);
    follow_free(projector->followed);
    pthread_cond_destroy(&projector->changed);
    pthread_mutex_destroy(&projector->mutex);
    free(projector);
}

void projector_add_hook(struct projector *projector, const struct projection_hook *hook)
{
    assert(projector->hook_count < PROJECTOR_HOOKS_MAX && !projector->started);
    projector->hooks[projector->hook_count++] = *hook;
}

/* --- the thread --- */

/* Which federation this is has become known. */
static enum ayni_status take_root(struct projector *projector)
{
    projector->owner.founded = true;
    projector->owner.root = projector->root;
    enum ayni_status status = projector_load_working(projector);
    projector_publish(projector, projector->position);

    pthread_mutex_lock(&projector->mutex);
    projector->root_waits = false;
    projector->answer = projector->status = status;
    pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
    return status;
}

static bool has_followed(const struct projector *projector)
{
    return projector->position >= projector->last && projector->tasks == 0;
}

static bool idle(const struct projector *projector)
{
    return !projector->stop && !projector->root_waits && has_followed(projector) &&
           !projector_rebuilds(projector) && projector->merges_asked == projector->merges_done;
}

/* What fails is tried again soon, then less and less often. */
static uint64_t longer(uint64_t pause_ms)
{
    return pause_ms * 2 < PROJECTOR_RETRY_MS ? pause_ms * 2 : PROJECTOR_RETRY_MS;
}

/* What there is to do next. */
struct work {
    bool stop, root, batch, rebuild, merge;
};

/* Waits until there is something to do, or for a while where there is something to tidy up. */
static void wait_idle(struct projector *projector)
{
    struct timespec soon = clock_after_ms(PROJECTOR_IDLE_MS);

    while (idle(projector))
        if (!projector->merge_when_idle)
            pthread_cond_wait(&projector->changed, &projector->mutex);
        else if (pthread_cond_timedwait(&projector->changed, &projector->mutex, &soon) == ETIMEDOUT)
            break;
}

/* Waits for it; after a failure for a while at least. */
static struct work next_work(struct projector *projector, enum ayni_status status,
                             uint64_t pause_ms)
{
    struct timespec retry = clock_after_ms(pause_ms);

    pthread_mutex_lock(&projector->mutex);
    wait_idle(projector);
    projector_gather(projector);
    while (status != AYNI_OK && !projector->stop &&
           pthread_cond_timedwait(&projector->changed, &projector->mutex, &retry) != ETIMEDOUT)
        ;
    struct work work = {
        .stop = projector->stop,
        .root = projector->root_waits,
        .batch = !has_followed(projector),
        .rebuild = projector_rebuilds(projector),
        .merge = idle(projector) || projector->merges_asked != projector->merges_done,
    };
    pthread_mutex_unlock(&projector->mutex);
    return work;
}

static void *run(void *context)
{
    struct projector *projector = context;
    uint64_t pause_ms = PROJECTOR_RETRY_MIN_MS;
    enum ayni_status status = AYNI_OK;

    pthread_setname_np(pthread_self(), "projector");
    for (;;) {
        struct work work = next_work(projector, status, pause_ms);
        if (work.stop)
            break;
        status = work.root ? take_root(projector) : AYNI_OK;
        if (status == AYNI_OK && work.batch)
            status = projector_batch(projector);
        if (status == AYNI_OK && work.batch)
            status = projector_merge_much(projector, projector->options.views);
        if (work.rebuild)
            projector_rebuild_step(projector);
        if (work.merge)
            projector_merge_step(projector);
        pause_ms = status == AYNI_OK ? PROJECTOR_RETRY_MIN_MS : longer(pause_ms);
    }
    pthread_mutex_lock(&projector->mutex);
    bool rebuilds = projector_rebuilds(projector);
    pthread_mutex_unlock(&projector->mutex);
    if (rebuilds)
        projector_rebuild_end(projector, AYNI_E_STOPPED);
    return NULL;
}

enum ayni_status projector_start(struct projector *projector)
{
    enum ayni_status status = projector_load(projector);

    if (status != AYNI_OK)
        return status;
    follow_advance(projector->followed, projector->position);
    if (pthread_create(&projector->thread, NULL, run, projector) != 0)
        return AYNI_E_MEMORY;
    projector->started = true;
    return AYNI_OK;
}

void projector_halt(struct projector *projector)
{
    pthread_mutex_lock(&projector->mutex);
    projector->stop = true;
    projector->rebuild.stop = true;
    pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
    follow_stop(projector->followed);
}

void projector_stop(struct projector *projector)
{
    if (!projector->started)
        return;
    projector_halt(projector);
    pthread_join(projector->thread, NULL);
    projector->started = false;
}
