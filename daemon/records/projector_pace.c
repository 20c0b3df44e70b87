#include <errno.h>

#include "daemon/clock.h"
#include "daemon/records/projector_private.h"

enum { GATHER_MAX_MS = 500 };

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

/* Twice as long: so two thirds of the time are the writer's, and batches grow where they are slow.
 */
void projector_pace(struct projector *projector, uint64_t batch_ms)
{
    uint64_t gather_ms = batch_ms * 2;

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
    pthread_cond_broadcast(&projector->changed);
    pthread_mutex_unlock(&projector->mutex);
}
