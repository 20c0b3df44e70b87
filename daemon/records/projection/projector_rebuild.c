/*
 * views/ made anew: beside the one that everybody reads and that goes on
 * following the log, from the first arrival to where the other stands; then it
 * takes its place. Whatever ends it before leaves the old one.
 */
#include <errno.h>

#include "daemon/clock.h"
#include "daemon/records/projection/projector_private.h"
#include "daemon/report.h"

enum { TELL_MS = 100, REPLACE_TRIES = 10 };

/* --- who asks --- */

static bool tell(const struct store_listener *listener, uint64_t done, uint64_t total)
{
    return listener == NULL || listener->progress(listener->context, done, total);
}

/* The mutex is held, but for while the listener is told. */
static void wait_for_end(struct projector *projector, const struct store_listener *listener)
{
    struct projector_rebuild *rebuild = &projector->rebuild;

    while (!rebuild->ended) {
        struct timespec until = clock_after_ms(TELL_MS);
        while (!rebuild->ended &&
               pthread_cond_timedwait(&projector->changed, &projector->mutex, &until) != ETIMEDOUT)
            ;
        uint64_t done = rebuild->position;
        uint64_t total = projector->last;
        pthread_mutex_unlock(&projector->mutex);
        if (!tell(listener, done, total))
            rebuild->stop = true;
        pthread_mutex_lock(&projector->mutex);
    }
}

enum ayni_status projector_rebuild(struct projector *projector,
                                   const struct store_listener *listener)
{
    struct projector_rebuild *rebuild = &projector->rebuild;
    enum ayni_status status = AYNI_OK;

    pthread_mutex_lock(&projector->mutex);
    if (projector->stop)
        status = AYNI_E_STOPPED;
    else if (rebuild->wanted)
        status = AYNI_E_BUSY;
    if (status == AYNI_OK) {
        rebuild->wanted = true;
        rebuild->ended = false;
        rebuild->stop = false;
        rebuild->position = 0;
        pthread_cond_broadcast(&projector->changed);
        wait_for_end(projector, listener);
        status = rebuild->answer;
        rebuild->wanted = false;
    }
    pthread_mutex_unlock(&projector->mutex);
    return status;
}

/* --- the thread --- */

bool projector_rebuilds(const struct projector *projector)
{
    return projector->rebuild.wanted && !projector->rebuild.ended;
}

bool projector_is_rebuilding(struct projector *projector)
{
    pthread_mutex_lock(&projector->mutex);
    bool rebuilds = projector_rebuilds(projector);
    pthread_mutex_unlock(&projector->mutex);
    return rebuilds;
}

void projector_rebuild_end(struct projector *projector, enum ayni_status status)
{
    struct projector_rebuild *rebuild = &projector->rebuild;

    if (rebuild->views != NULL)
        views_discard_beside(projector->options.views, rebuild->views);
    if (rebuild->working != NULL)
        charter_release(rebuild->working);
    rebuild->views = NULL;
    rebuild->working = NULL;
    pthread_mutex_lock(&projector->mutex);
    rebuild->answer = status;
    rebuild->ended = true;
    pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
    report(REPORT_INFO, "views_rebuilt", "answer=%s", ayni_status_name(status));
}

static enum ayni_status begin(struct projector *projector)
{
    struct projector_rebuild *rebuild = &projector->rebuild;

    rebuild->tasks = 0;
    rebuild->tries = 0;
    return views_open_beside(projector->options.views, &rebuild->views);
}

/* The charter of the first batch, of nothing. */
static enum ayni_status load_first(struct projector *projector)
{
    SCOPED_VIEWS_SNAPSHOT *views = NULL;
    SCOPED_LOG_SNAPSHOT *log = NULL;
    enum ayni_status status = views_snapshot_begin(projector->rebuild.views, &views);

    if (status == AYNI_OK)
        status = log_snapshot_begin(projector->options.log, &log);
    return status == AYNI_OK
               ? charter_from_views(&projector->owner, views, log, &projector->rebuild.working)
               : status;
}

/* Not past where the other stands, whose hooks have heard of what came until then; unless that
 * can't go on. */
static uint64_t follow_until(const struct projector *projector)
{
    return projector->status == AYNI_OK ? projector->position : 0;
}

static enum ayni_status follow_some(struct projector *projector)
{
    struct projector_rebuild *rebuild = &projector->rebuild;
    struct projection projection;
    const struct projector_place place = {
        .views = rebuild->views,
        .working = rebuild->working,
        .position = rebuild->position,
        .until = follow_until(projector),
        .beside = true,
        .stop = &rebuild->stop,
    };
    enum ayni_status status = projector_make(projector, &place, &projection);

    if (status != AYNI_OK)
        return status;
    if (projection.charter != NULL) {
        charter_release(rebuild->working);
        rebuild->working = projection.charter;
    }
    rebuild->tasks = projection.tasks;
    pthread_mutex_lock(&projector->mutex);
    rebuild->position = projection.position;
    pthread_mutex_unlock(&projector->mutex);
    /* Before it knows all that the other one knows, an order may look as if it counted. */
    if (rebuild->position >= projector->position)
        status = projector_drop_erased(projector, rebuild->views, rebuild->working, &projection);
    return status == AYNI_OK ? projector_merge_much(projector, rebuild->views) : status;
}

static void take_over(struct projector *projector)
{
    struct projector_rebuild *rebuild = &projector->rebuild;

    rebuild->views = NULL;
    projector_set_working(projector, rebuild->working);
    rebuild->working = NULL;
    projector_publish(projector, rebuild->position);
    pthread_mutex_lock(&projector->mutex);
    projector->position = rebuild->position;
    projector->tasks = 0;
    follow_advance(projector->followed, rebuild->position);
    pthread_mutex_unlock(&projector->mutex);
}

static bool is_complete(const struct projector *projector)
{
    return projector->rebuild.position >= projector->position && projector->rebuild.tasks == 0;
}

/* AYNI_E_BUSY where readers hold the old one for longer than anybody should. */
static enum ayni_status replace(struct projector *projector, bool *ends)
{
    struct projector_rebuild *rebuild = &projector->rebuild;
    enum ayni_status status = projector_merge_all(projector, rebuild->views);

    if (status == AYNI_OK)
        status = views_replace(projector->options.views, rebuild->views);

    *ends = status != AYNI_E_BUSY || ++rebuild->tries == REPLACE_TRIES;
    if (status == AYNI_OK)
        take_over(projector);
    return status;
}

void projector_rebuild_step(struct projector *projector)
{
    struct projector_rebuild *rebuild = &projector->rebuild;
    enum ayni_status status = rebuild->stop ? AYNI_E_STOPPED : AYNI_OK;
    bool ends = false;

    if (status == AYNI_OK && rebuild->views == NULL)
        status = begin(projector);
    if (status == AYNI_OK && rebuild->working == NULL)
        status = load_first(projector);
    if (status == AYNI_OK)
        status = follow_some(projector);
    if (status == AYNI_OK && is_complete(projector))
        status = replace(projector, &ends);
    else
        ends = status != AYNI_OK;
    if (ends)
        projector_rebuild_end(projector, status);
}
