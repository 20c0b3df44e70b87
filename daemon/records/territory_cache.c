#include "daemon/records/territory_cache.h"

#include <pthread.h>
#include <stdlib.h>

struct territory_cache {
    pthread_mutex_t mutex;
    const struct territories *table; /* NULL: none was read yet */
    uint64_t table_changes;          /* `changes` when it was read */
    uint64_t changes;                /* batches with territories so far */
    uint64_t changed_at;             /* position of the last of them */
    bool batch_changes;              /* the batch being projected has some; the projector's */
};

enum ayni_status territory_cache_new(struct territory_cache **cache)
{
    struct territory_cache *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    pthread_mutex_init(&made->mutex, NULL);
    *cache = made;
    return AYNI_OK;
}

void territory_cache_free(struct territory_cache *cache)
{
    if (cache == NULL)
        return;
    territories_release(cache->table);
    pthread_mutex_destroy(&cache->mutex);
    free(cache);
}

static enum ayni_status note_batch(void *context, const struct projection_batch *batch)
{
    struct territory_cache *cache = context;

    /* Rights may have changed with the charter, and with them what is shown. */
    cache->batch_changes = batch->new_charter || batch->empty_views;
    for (size_t i = 0; i < batch->key_count && !cache->batch_changes; i++)
        cache->batch_changes = batch->keys[i].type == TERRITORY_TYPE;
    return AYNI_OK;
}

static void note_commit(void *context, uint64_t position)
{
    struct territory_cache *cache = context;

    if (!cache->batch_changes)
        return;
    pthread_mutex_lock(&cache->mutex);
    cache->changed_at = position;
    cache->changes++;
    pthread_mutex_unlock(&cache->mutex);
}

struct projection_hook territory_cache_hook(struct territory_cache *cache)
{
    return (struct projection_hook){ .project = note_batch,
                                     .committed = note_commit,
                                     .context = cache };
}

/* The table, held once more, if nothing has changed since it was read; else NULL, and how many
 * changes there were. A batch may change what is shown without new arrivals. */
static const struct territories *hold_fresh(struct territory_cache *cache, uint64_t *changes)
{
    struct territories *table;

    pthread_mutex_lock(&cache->mutex);
    table = (struct territories *)(uintptr_t)cache->table; /* the count alone changes */
    *changes = cache->changes;
    if (table != NULL &&
        (table->position < cache->changed_at || cache->table_changes != cache->changes))
        table = NULL;
    if (table != NULL)
        table->holders++;
    pthread_mutex_unlock(&cache->mutex);
    return table;
}

/* Keep what was read, unless a newer one is kept already. */
static void keep(struct territory_cache *cache, const struct territories *table, uint64_t changes)
{
    const struct territories *old = table;

    ((struct territories *)(uintptr_t)table)->holders++;
    pthread_mutex_lock(&cache->mutex);
    if (cache->table == NULL || cache->table->position <= table->position) {
        old = cache->table;
        cache->table = table;
        cache->table_changes = changes;
    }
    pthread_mutex_unlock(&cache->mutex);
    territories_release(old);
}

enum ayni_status territory_cache_hold(struct territory_cache *cache, struct reader *reader,
                                      const struct territories **table)
{
    uint64_t changes;
    enum ayni_status status;

    *table = hold_fresh(cache, &changes);
    if (*table != NULL)
        return AYNI_OK;
    status = territories_load(reader, table);
    if (status == AYNI_OK)
        keep(cache, *table, changes);
    return status;
}
