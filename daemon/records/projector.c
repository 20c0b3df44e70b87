#include "daemon/records/projector.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/records/projection.h"
#include "daemon/records/task.h"
#include "daemon/report.h"

enum {
    HOOKS_MAX = 4,
    RETRY_MS = 1000,
    ENTRIES_MIN = 1024,
    ENTRIES_MAX = 250000,
    /* Measured: a record dirties about half of two pages of 4 KiB, hooks not much more. */
    BYTES_PER_ENTRY = 4096,
};
static const uint64_t memory_limit = 512u << 20;

struct projector {
    struct projector_options options;
    struct projection_hook hooks[HOOKS_MAX];
    size_t hook_count;
    size_t entries_max;
    struct follow *followed;
    pthread_t thread;
    bool started;

    /* The thread's own: */
    struct charter_owner owner;
    struct charter *working; /* as views/ has it */
    bool published;          /* `working` is what standing shows */

    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    uint64_t last;     /* the log's last arrival */
    uint64_t ready_at; /* until views/ is here again, standing shows what it showed */
    uint64_t position;
    uint64_t tasks;
    enum ayni_status status;
    bool stop, rebuild, root_waits;
    struct ayni_node root;
};

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

static void init_cond(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

static struct timespec deadline_in(uint64_t ms)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += (time_t)(ms / 1000);
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
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
    init_cond(&made->changed);
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
    assert(projector->hook_count < HOOKS_MAX && !projector->started);
    projector->hooks[projector->hook_count++] = *hook;
}

/* --- charters --- */

static void publish(struct projector *projector, uint64_t position)
{
    if (projector->published || position < projector->ready_at)
        return;
    atomic_fetch_add(&projector->working->holders, 1);
    standing_replace(projector->options.standing, projector->working);
    projector->published = true;
}

static void set_working(struct projector *projector, struct charter *charter)
{
    if (projector->working != NULL)
        charter_release(projector->working);
    projector->working = charter;
    projector->published = false;
}

/* The charter as views/ has it now. */
static enum ayni_status load_working(struct projector *projector)
{
    SCOPED_VIEWS_SNAPSHOT *views = NULL;
    struct log_snapshot *log;
    struct charter *charter;
    uint64_t position, tasks, last;
    enum ayni_status status = views_snapshot_begin(projector->options.views, &views);

    if (status == AYNI_OK)
        status = log_snapshot_begin(projector->options.log, &log);
    if (status != AYNI_OK)
        return status;
    status = charter_from_views(&projector->owner, views, log, &charter);
    if (status == AYNI_OK)
        set_working(projector, charter);
    if (status == AYNI_OK)
        status = views_position(views, &position);
    if (status == AYNI_OK)
        status = tasks_count(views, &tasks);
    last = log_last_arrival(log);
    log_snapshot_end(log);
    if (status != AYNI_OK)
        return status;
    pthread_mutex_lock(&projector->mutex);
    projector->position = position;
    projector->tasks = tasks;
    if (last > projector->last)
        projector->last = last;
    pthread_mutex_unlock(&projector->mutex);
    return AYNI_OK;
}

/* While views/ is behind, the registry is read from the log itself, so that nobody is a stranger.
 */
static enum ayni_status show_from_log(struct projector *projector)
{
    struct log_snapshot *log;
    struct charter *charter;
    enum ayni_status status = log_snapshot_begin(projector->options.log, &log);

    if (status != AYNI_OK)
        return status;
    status = charter_from_log(&projector->owner, log, &charter);
    log_snapshot_end(log);
    if (status == AYNI_OK)
        standing_replace(projector->options.standing, charter);
    return status;
}

static enum ayni_status load(struct projector *projector)
{
    enum ayni_status status = load_working(projector);

    if (status != AYNI_OK)
        return status;
    projector->ready_at = projector->last;
    if (projector->position < projector->last)
        return show_from_log(projector);
    publish(projector, projector->position);
    return AYNI_OK;
}

/* --- the thread --- */

static void note_batch(struct projector *projector, const struct projection *projection,
                       enum ayni_status status)
{
    enum ayni_status before;

    pthread_mutex_lock(&projector->mutex);
    before = projector->status;
    projector->status = status;
    if (status == AYNI_OK) {
        projector->position = projection->position;
        projector->tasks = projection->tasks;
    }
    pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
    if (status != AYNI_OK && before != status)
        report(REPORT_ERROR, "projection_failed", "reason=%s position=%llu",
               ayni_status_name(status), (unsigned long long)projector->position);
}

/* Charter and hooks first: who waits for the position finds all that belongs to it. */
static void after_commit(struct projector *projector, const struct projection *projection)
{
    if (projection->charter != NULL)
        set_working(projector, projection->charter);
    publish(projector, projection->position);
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
    return arrivals_take(log, projector->position + 1, wanted > projector->position ? wanted : 0,
                         projector->entries_max, arrivals);
}

static enum ayni_status batch(struct projector *projector)
{
    struct arrivals arrivals = { 0 };
    struct projection projection = {
        .owner = &projector->owner,
        .before = projector->working,
        .arrivals = &arrivals,
        .hooks = projector->hooks,
        .hook_count = projector->hook_count,
    };
    enum ayni_status status = log_snapshot_begin(projector->options.log, &projection.log);

    if (status != AYNI_OK) {
        note_batch(projector, &projection, status);
        return status;
    }
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
    note_batch(projector, &projection, status);
    if (status == AYNI_OK)
        follow_advance(projector->followed, projection.position);
    return status;
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
        status = load_working(projector);
        publish(projector, projector->position);
    }
    if (status == AYNI_OK && rebuild) {
        status = views_update(projector->options.views, clear, NULL);
        if (status == AYNI_OK)
            status = load_working(projector);
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
    projector->status = status;
    pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
    return status;
}

static bool idle(const struct projector *projector)
{
    return !projector->stop && !projector->rebuild && !projector->root_waits &&
           projector->position >= projector->last && projector->tasks == 0;
}

static void *run(void *context)
{
    struct projector *projector = context;
    struct timespec retry;
    enum ayni_status status = AYNI_OK;
    bool stop, rebuild, root_waits;

    for (;;) {
        retry = deadline_in(RETRY_MS);
        pthread_mutex_lock(&projector->mutex);
        while (idle(projector))
            pthread_cond_wait(&projector->changed, &projector->mutex);
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
    }
}

enum ayni_status projector_start(struct projector *projector)
{
    enum ayni_status status = load(projector);

    if (status != AYNI_OK)
        return status;
    follow_advance(projector->followed, projector->position);
    if (pthread_create(&projector->thread, NULL, run, projector) != 0)
        return AYNI_E_MEMORY;
    projector->started = true;
    return AYNI_OK;
}

void projector_stop(struct projector *projector)
{
    if (!projector->started)
        return;
    pthread_mutex_lock(&projector->mutex);
    projector->stop = true;
    pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
    follow_stop(projector->followed);
    pthread_join(projector->thread, NULL);
    projector->started = false;
}

/* --- asking --- */

/* Until the thread has done what was asked by `flag`; the mutex is held. */
static enum ayni_status wait_done(struct projector *projector, const bool *flag)
{
    pthread_cond_broadcast(&projector->changed);
    while (*flag && !projector->stop)
        pthread_cond_wait(&projector->changed, &projector->mutex);
    return *flag ? AYNI_E_STOPPED : projector->status;
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

enum ayni_status projector_rebuild(struct projector *projector)
{
    enum ayni_status status;

    pthread_mutex_lock(&projector->mutex);
    projector->rebuild = true;
    status = wait_done(projector, &projector->rebuild);
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

enum ayni_status projector_wait_ready(struct projector *projector)
{
    return follow_wait(projector->followed, ready_at(projector), UINT64_MAX);
}

enum ayni_status projector_wait(struct projector *projector, uint64_t arrival)
{
    struct projector_progress progress = { .status = AYNI_OK };
    enum ayni_status status = AYNI_E_BUSY;

    while (status == AYNI_E_BUSY && progress.status == AYNI_OK) {
        status = follow_wait(projector->followed, arrival, RETRY_MS);
        projector_measure(projector, &progress);
    }
    return status;
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
    struct timespec deadline = deadline_in(timeout_ms);
    enum ayni_status status = AYNI_OK;
    uint64_t wanted;

    pthread_mutex_lock(&projector->mutex);
    wanted = projector->last;
    while (status == AYNI_OK && (projector->position < wanted || projector->tasks > 0)) {
        if (projector->stop)
            status = AYNI_E_STOPPED;
        else if (pthread_cond_timedwait(&projector->changed, &projector->mutex, &deadline) ==
                 ETIMEDOUT)
            status = AYNI_E_BUSY;
    }
    pthread_mutex_unlock(&projector->mutex);
    return status;
}

void projector_measure(struct projector *projector, struct projector_progress *progress)
{
    pthread_mutex_lock(&projector->mutex);
    *progress = (struct projector_progress){
        .position = projector->position,
        .last = projector->last,
        .tasks = projector->tasks,
        .status = projector->status,
    };
    pthread_mutex_unlock(&projector->mutex);
}
