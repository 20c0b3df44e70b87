#include "daemon/records/rules/check_pool.h"

#include <pthread.h>
#include <stdlib.h>

/* As many as ask at once, where many do; each takes some 200 KiB. */
enum { IDLE_MAX = 16 };

struct check_pool {
    pthread_mutex_t mutex;         /* over all below */
    const struct charter *charter; /* of the idle ones, held; NULL while there are none */
    struct check *idle[IDLE_MAX];
    size_t count;
};

enum ayni_status check_pool_new(struct check_pool **pool)
{
    struct check_pool *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    pthread_mutex_init(&made->mutex, NULL);
    *pool = made;
    return AYNI_OK;
}

/* With the mutex held: keep none of another charter any more. */
static void turn_to(struct check_pool *pool, const struct charter *charter)
{
    if (pool->charter == charter)
        return;
    while (pool->count > 0)
        check_free(pool->idle[--pool->count]);
    if (pool->charter != NULL)
        charter_release(pool->charter);
    pool->charter = charter == NULL ? NULL : charter_hold(charter);
}

void check_pool_free(struct check_pool *pool)
{
    if (pool == NULL)
        return;
    turn_to(pool, NULL);
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
}

enum ayni_status check_pool_take(struct check_pool *pool, const struct charter *charter,
                                 struct check **check)
{
    struct check *idle = NULL;

    pthread_mutex_lock(&pool->mutex);
    if (pool->charter == charter && pool->count > 0)
        idle = pool->idle[--pool->count];
    pthread_mutex_unlock(&pool->mutex);
    if (idle == NULL)
        return check_new(charter->catalogue, check);
    *check = idle;
    return AYNI_OK;
}

void check_pool_give(struct check_pool *pool, const struct charter *charter, struct check *check)
{
    if (check == NULL)
        return;
    pthread_mutex_lock(&pool->mutex);
    turn_to(pool, charter);
    if (pool->count < IDLE_MAX) {
        pool->idle[pool->count++] = check;
        check = NULL;
    }
    pthread_mutex_unlock(&pool->mutex);
    check_free(check);
}
