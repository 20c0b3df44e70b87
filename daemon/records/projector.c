#include "daemon/records/projector.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/records/drop.h"
#include "daemon/records/projection.h"
#include "daemon/records/projector_private.h"
#include "daemon/report.h"

enum {
    ENTRIES_MIN = 1024,
    ENTRIES_MAX = 250000,
    /* Measured: a record dirties about half of two pages of 4 KiB, hooks not much more. */
    BYTES_PER_ENTRY = 4096,
};
static const uint64_t memory_limit = 512u << 20;

static uint64_t default_memory(void)
{
    uint64_t pages = (uint64_t)sysconf(_SC_PHYS_PAGES);
    uint64_t quarter = pages * (uint64_t)sysconf(_SC_PAGESIZE) / 4;

    return quarter < memory_limit ? quarter : memory_limit;
}

static size_t entries_of(uint64_t memory)
{
    uint64_t entries = (memory == 0 ? default_memory() : memory) / BYTES_PER_ENTRY;

    return entries < ENTRIES_MIN ? ENTRIES_MIN : entries > ENTRIES_MAX ? ENTRIES_MAX : entries;
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
    made->entries_max = entries_of(options->memory_max);
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

static void note_batch(struct projector *projector, const struct projection *projection,
                       enum ayni_status status, uint64_t batch_ms)
{
    enum ayni_status before;

    pthread_mutex_lock(&projector->mutex);
    before = projector->status;
    projector->status = status;
    projector_pace(projector, batch_ms);
    projector->failures += status != AYNI_OK;
    if (status == AYNI_OK) {
        projector->position = projection->position;
        projector->tasks = projection->tasks;
    }
    pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
    if (status != AYNI_E_STOPPED)
        room_note(projector->options.room, ROOM_VIEWS, status, 0);
    if (status != AYNI_OK && status != AYNI_E_STOPPED && before != status)
        report(REPORT_ERROR, "projection_failed", "reason=%s position=%llu",
               ayni_status_name(status), (unsigned long long)projector->position);
}

/* Charter and hooks first: who waits for the position finds all that belongs to it. */
static void after_commit(struct projector *projector, const struct projection *projection)
{
    if (projection->charter != NULL)
        projector_set_working(projector, projection->charter);
    projector_publish(projector, projection->position);
    for (size_t i = 0; i < projector->hook_count; i++)
        if (projector->hooks[i].committed != NULL)
            projector->hooks[i].committed(projector->hooks[i].context, projection->position);
}

/* Whoever waits for an arrival is served first: the batch ends there. */
static enum ayni_status take(struct projector *projector, struct log_snapshot *log,
                             struct arrivals *arrivals)
{
    uint64_t wanted = follow_wanted(projector->followed);

    if (projector->position >= log_last_arrival(log))
        return AYNI_OK;
    struct arrivals_wish wish = { .root = &projector->owner.root,
                                  .from = projector->position + 1,
                                  .until = wanted > projector->position ? wanted : 0,
                                  .entries_max = projector->entries_max,
                                  .stop = &projector->stop };
    return arrivals_take(log, &wish, arrivals);
}

/* What this batch has found to be erased goes from the log before the next one. Where it can't, the
 * writer says so, and it is tried again. */
static enum ayni_status drop_erased(const struct projector *projector,
                                    const struct projection *projection)
{
    return projection->tasks == 0 ? AYNI_OK
                                  : drops_run(projector->options.views, projector->options.writer,
                                              projection->position >= projection->last);
}

static enum ayni_status batch(struct projector *projector)
{
    uint64_t start_ms = clock_ticks_ms();
    struct arrivals arrivals = { 0 };
    struct projection projection = {
        .owner = &projector->owner,
        .before = projector->working,
        .arrivals = &arrivals,
        .hooks = projector->hooks,
        .hook_count = projector->hook_count,
        .stop = &projector->stop,
    };
    struct room *room = projector->options.room;
    enum ayni_status status = room_enough(room) || room_gave_ballast(room) ? AYNI_OK : AYNI_E_FULL;

    if (status == AYNI_OK)
        status = log_snapshot_begin(projector->options.log, &projection.log);
    if (status != AYNI_OK) {
        note_batch(projector, &projection, status, 0);
        return status;
    }
    projection.last = log_last_arrival(projection.log);
    status = take(projector, projection.log, &arrivals);
    projection.refold_max = arrivals.entries > projector->entries_max / 2
                                ? projector->entries_max / 4
                                : projector->entries_max / 2;
    if (status == AYNI_OK)
        status = views_update(projector->options.views, projection_make, &projection);
    log_snapshot_end(projection.log);
    arrivals_free(&arrivals);
    if (status == AYNI_OK)
        after_commit(projector, &projection);
    else if (projection.charter != NULL)
        charter_release(projection.charter);
    note_batch(projector, &projection, status, clock_ticks_ms() - start_ms);
    if (status != AYNI_OK)
        return status;
    follow_advance(projector->followed, projection.position);
    return drop_erased(projector, &projection);
}

static enum ayni_status clear(void *context, struct views_txn *txn)
{
    (void)context;
    return views_clear(txn);
}

/* What others asked of the thread meanwhile. */
static enum ayni_status do_requests(struct projector *projector, bool rebuild, bool root_waits)
{
    enum ayni_status status = AYNI_OK;

    if (root_waits) {
        projector->owner.founded = true;
        projector->owner.root = projector->root;
        status = projector_load_working(projector);
        projector_publish(projector, projector->position);
    }
    if (status == AYNI_OK && rebuild) {
        status = views_update(projector->options.views, clear, NULL);
        if (status == AYNI_OK)
            status = projector_load_working(projector);
        if (status == AYNI_OK)
            follow_reset(projector->followed, 0);
    }
    pthread_mutex_lock(&projector->mutex);
    if (root_waits)
        projector->root_waits = false;
    if (rebuild && status == AYNI_OK)
        projector->ready_at = projector->last;
    if (rebuild)
        projector->rebuild = false;
    projector->answer = projector->status = status;
    pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
    return status;
}

static bool idle(const struct projector *projector)
{
    return !projector->stop && !projector->rebuild && !projector->root_waits &&
           projector->position >= projector->last && projector->tasks == 0;
}

/* What fails is tried again soon, then less and less often. */
static uint64_t longer(uint64_t pause_ms)
{
    return pause_ms * 2 < PROJECTOR_RETRY_MS ? pause_ms * 2 : PROJECTOR_RETRY_MS;
}

static void *run(void *context)
{
    struct projector *projector = context;
    struct timespec retry;
    uint64_t pause_ms = PROJECTOR_RETRY_MIN_MS;
    enum ayni_status status = AYNI_OK;
    bool stop, rebuild, root_waits;

    pthread_setname_np(pthread_self(), "projector");
    for (;;) {
        retry = clock_after_ms(pause_ms);
        pthread_mutex_lock(&projector->mutex);
        while (idle(projector))
            pthread_cond_wait(&projector->changed, &projector->mutex);
        projector_gather(projector);
        while (status != AYNI_OK && !projector->stop &&
               pthread_cond_timedwait(&projector->changed, &projector->mutex, &retry) != ETIMEDOUT)
            ;
        stop = projector->stop;
        rebuild = projector->rebuild;
        root_waits = projector->root_waits;
        pthread_mutex_unlock(&projector->mutex);
        if (stop)
            return NULL;
        status =
            rebuild || root_waits ? do_requests(projector, rebuild, root_waits) : batch(projector);
        pause_ms = status == AYNI_OK ? PROJECTOR_RETRY_MIN_MS : longer(pause_ms);
    }
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
