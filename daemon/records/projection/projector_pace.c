#include <errno.h>

#include "daemon/clock.h"
#include "daemon/records/projection/projector_private.h"

enum { GATHER_SHORT_MS = 500, GATHER_MAX_MS = 2000 };

void projector_bulk_begin(struct projector *projector)
{
    pthread_mutex_lock(&projector->mutex);
    projector->bulk++;
    pthread_mutex_unlock(&projector->mutex);
}

void projector_bulk_end(struct projector *projector)
{
    pthread_mutex_lock(&projector->mutex);
    projector->bulk--;
    pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
}

/*
 * Twice as long as the last batch took, for a short while: so two thirds of
 * the time are the writer's. Longer where that isn't worth a commit at the rate at
 * which entries come: each writes pages that hold others' keys, too, up to all that there are.
 */
void projector_set_pace(struct projector *projector, uint64_t batch_ms)
{
    const struct projector_pace *pace = &projector->pace;
    uint64_t gather_ms = batch_ms * 2 < GATHER_SHORT_MS ? batch_ms * 2 : GATHER_SHORT_MS;
    uint64_t worth_ms =
        pace->entries == 0 ? 0 : pace->worth_entries * pace->cycle_ms / pace->entries;

    if (worth_ms > batch_ms + gather_ms)
        gather_ms = worth_ms - batch_ms;
    projector->gathers_until =
        clock_after_ms(gather_ms < GATHER_MAX_MS ? gather_ms : GATHER_MAX_MS);
}

void projector_gather(struct projector *projector)
{
    while (projector->bulk > 0 && projector->waiting == 0 && !projector->stop &&
           !projector_rebuilds(projector) && !projector->root_waits &&
           pthread_cond_timedwait(&projector->changed, &projector->mutex,
                                  &projector->gathers_until) != ETIMEDOUT)
        ;
}

void projector_note_waiting(struct projector *projector, int more)
{
    pthread_mutex_lock(&projector->mutex);
    projector->waiting = (unsigned)((int)projector->waiting + more);
    if (more > 0 && projector->bulk > 0) /* it may be gathering */
        pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
}
