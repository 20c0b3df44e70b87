/* One batch: taken from the log, made, committed. */
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/records/batch_size.h"
#include "daemon/records/erasure/drop.h"
#include "daemon/records/projection/projector_private.h"
#include "daemon/report.h"

static enum ayni_status measure(struct projector *projector, struct views *views,
                                size_t *entries_max)
{
    SCOPED_VIEWS_SNAPSHOT *snapshot = NULL;
    struct views_pages pages;
    enum ayni_status status = views_snapshot_begin(views, &snapshot);

    if (status == AYNI_OK)
        status = views_count_pages(snapshot, &pages);
    if (status != AYNI_OK)
        return status;
    *entries_max = batch_size(projector->memory_max, &pages);
    projector->pace.worth_entries = batch_worth(&pages);
    if (projector->pace.worth_entries > *entries_max)
        projector->pace.worth_entries = *entries_max;
    return AYNI_OK;
}

/* Whoever waits for an arrival is served first: the batch ends there. */
static enum ayni_status take(struct projector *projector, const struct projector_place *place,
                             size_t entries_max, struct log_snapshot *log,
                             struct arrivals *arrivals)
{
    SCOPED_VIEWS_SNAPSHOT *views = NULL;
    bool none = place->position >= log_last_arrival(log) ||
                (place->until != 0 && place->position >= place->until);
    struct arrivals_wish wish = { .root = &projector->owner.root,
                                  .epoch_keys = place->working->epoch_keys,
                                  .from = none ? 0 : place->position + 1,
                                  .until = place->until,
                                  .entries_max = entries_max,
                                  .stop = place->stop };
    enum ayni_status status = views_snapshot_begin(place->views, &views);

    wish.views = views;
    return status == AYNI_OK ? arrivals_take(log, &wish, arrivals) : status;
}

enum ayni_status projector_make(struct projector *projector, const struct projector_place *place,
                                struct projection *projection)
{
    struct arrivals arrivals = { 0 };
    size_t entries_max;

    *projection = (struct projection){
        .owner = &projector->owner,
        .before = place->working,
        .arrivals = &arrivals,
        .hooks = projector->hooks,
        .hook_count = projector->hook_count,
        .beside = place->beside,
        .elsewhere = projector->made != place->views,
        .stop = place->stop,
    };
    enum ayni_status status = measure(projector, place->views, &entries_max);
    if (status == AYNI_OK)
        status = log_snapshot_begin(projector->options.log, &projection->log);
    if (status != AYNI_OK)
        return status;
    projector->made = place->views;
    projection->last = log_last_arrival(projection->log);
    status = take(projector, place, entries_max, projection->log, &arrivals);
    projector->pace.entries = arrivals.entries;
    projection->refold_max = arrivals.entries > entries_max / 2 ? entries_max / 4 : entries_max / 2;
    if (status == AYNI_OK)
        status = views_update(place->views, projection_make, projection);
    log_snapshot_end(projection->log);
    arrivals_free(&arrivals);
    if (status != AYNI_OK && projection->charter != NULL)
        charter_release(projection->charter);
    return status;
}

static void note_batch(struct projector *projector, const struct projection *projection,
                       enum ayni_status status, uint64_t batch_ms)
{
    enum ayni_status before;

    pthread_mutex_lock(&projector->mutex);
    before = projector->status;
    projector->status = status;
    projector_set_pace(projector, batch_ms);
    projector->failures += status != AYNI_OK;
    projector->failures_in_row = status == AYNI_OK ? 0 : projector->failures_in_row + 1;
    if (status == AYNI_OK) {
        bool starts = projector->opening || projector->position < projector->ready_at;
        projector->opening = starts && projection->unseals;
        projector->position = projection->position;
        projector->tasks = projection->tasks;
        if (!projector->opening) /* whoever waits by either count finds both */
            follow_advance(projector->followed, projection->position);
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

/* What this batch has found to be erased goes from the log before the next one. Where it can't, the
 * writer says so, and it is tried again. */
enum ayni_status projector_drop_erased(const struct projector *projector, struct views *views,
                                       const struct charter *charter,
                                       const struct projection *projection)
{
    return projection->tasks == 0 ? AYNI_OK
                                  : drops_run(views, projector->options.writer, charter->epoch_keys,
                                              projection->position >= projection->last);
}

/* On a full disk what is urgent is followed at the price of the ballast. */
static enum ayni_status make_where_room(struct projector *projector,
                                        const struct projector_place *place,
                                        struct projection *projection)
{
    struct room *room = projector->options.room;
    enum ayni_status status = room_enough(room) || room_gave_ballast(room)
                                  ? projector_make(projector, place, projection)
                                  : AYNI_E_FULL;

    return status == AYNI_E_FULL && room_give_ballast_after(room, place->position)
               ? projector_make(projector, place, projection)
               : status;
}

enum ayni_status projector_batch(struct projector *projector)
{
    struct projector_pace *pace = &projector->pace;
    uint64_t start_ms = clock_ticks_ms();
    uint64_t wanted = follow_wanted(projector->followed);
    struct projection projection = { 0 };
    const struct projector_place place = {
        .views = projector->options.views,
        .working = projector->working,
        .position = projector->position,
        .until = wanted > projector->position ? wanted : 0,
        .stop = &projector->stop,
    };
    pace->cycle_ms = start_ms - pace->started_ms;
    pace->started_ms = start_ms;
    enum ayni_status status = make_where_room(projector, &place, &projection);

    if (status == AYNI_OK)
        after_commit(projector, &projection);
    note_batch(projector, &projection, status, clock_ticks_ms() - start_ms);
    return status != AYNI_OK ? status
                             : projector_drop_erased(projector, projector->options.views,
                                                     projector->working, &projection);
}
