#include <inttypes.h>

#include "daemon/records/projection/projector_private.h"
#include "daemon/records/task.h"
#include "daemon/report.h"

void projector_publish(struct projector *projector, uint64_t position)
{
    if (projector->published || position < projector->ready_at)
        return;
    atomic_fetch_add(&projector->working->holders, 1);
    standing_replace(projector->options.standing, projector->working);
    projector->published = true;
}

void projector_set_working(struct projector *projector, struct charter *charter)
{
    if (projector->working != NULL)
        charter_release(projector->working);
    projector->working = charter;
    projector->published = false;
}

/* The charter as views/ has it now. */
enum ayni_status projector_load_working(struct projector *projector)
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
        projector_set_working(projector, charter);
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

static enum ayni_status clear(void *context, struct views_txn *txn)
{
    (void)context;
    return views_clear(txn);
}

/* A log that was put back to where it had been: views/ knows what isn't there any more. */
static enum ayni_status begin_anew(struct projector *projector)
{
    report(REPORT_WARNING, "views_ahead_of_log", "position=%" PRIu64 " last=%" PRIu64,
           projector->position, projector->last);
    enum ayni_status status = views_update(projector->options.views, clear, NULL);
    return status == AYNI_OK ? projector_load_working(projector) : status;
}

enum ayni_status projector_load(struct projector *projector)
{
    enum ayni_status status = projector_load_working(projector);

    if (status == AYNI_OK && projector->position > projector->last)
        status = begin_anew(projector);
    if (status != AYNI_OK)
        return status;
    projector->ready_at = projector->last;
    projector->anew = projector->position == 0;
    if (projector->position < projector->last)
        return show_from_log(projector);
    projector_publish(projector, projector->position);
    return AYNI_OK;
}
