#include "daemon/records/standing.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "daemon/records/charter.h"

enum { LISTENERS_MAX = 8 };

struct standing {
    pthread_mutex_t mutex;
    struct charter *charter;
    uint64_t edition;
    struct {
        standing_changed *changed;
        void *context;
    } listeners[LISTENERS_MAX];
    size_t listener_count;
};

enum ayni_status standing_new(struct standing **standing)
{
    struct standing *made = calloc(1, sizeof(*made));
    enum ayni_status status;

    if (made == NULL)
        return AYNI_E_MEMORY;
    status = charter_empty(&made->charter);
    if (status != AYNI_OK) {
        free(made);
        return status;
    }
    made->charter->edition = ++made->edition;
    pthread_mutex_init(&made->mutex, NULL);
    *standing = made;
    return AYNI_OK;
}

void standing_free(struct standing *standing)
{
    if (standing == NULL)
        return;
    charter_release(standing->charter);
    pthread_mutex_destroy(&standing->mutex);
    free(standing);
}

const struct charter *standing_hold(struct standing *standing)
{
    struct charter *charter;

    pthread_mutex_lock(&standing->mutex);
    charter = standing->charter;
    atomic_fetch_add(&charter->holders, 1);
    pthread_mutex_unlock(&standing->mutex);
    return charter;
}

void charter_release_scoped(const struct charter **charter)
{
    if (*charter != NULL)
        charter_release(*charter);
}

void standing_listen(struct standing *standing, standing_changed *changed, void *context)
{
    assert(standing->listener_count < LISTENERS_MAX);
    standing->listeners[standing->listener_count].changed = changed;
    standing->listeners[standing->listener_count++].context = context;
}

void standing_replace(struct standing *standing, struct charter *charter)
{
    struct charter *before;

    pthread_mutex_lock(&standing->mutex);
    before = standing->charter;
    charter->edition = ++standing->edition;
    standing->charter = charter;
    pthread_mutex_unlock(&standing->mutex);
    charter_release(before);
    for (size_t i = 0; i < standing->listener_count; i++)
        standing->listeners[i].changed(standing->listeners[i].context, charter);
}
