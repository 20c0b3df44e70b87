#include "daemon/records/rules/kept.h"

#include <pthread.h>
#include <stdlib.h>

struct kept_cache {
    const struct kept_source *source; /* lent for ever */
    pthread_mutex_t mutex;
    const struct kept *kept; /* NULL: none was read yet */
    uint64_t kept_changes;   /* `changes` when it was read */
    uint64_t changes;        /* batches that changed it so far */
    uint64_t changed_at;     /* position of the last of them */
    bool batch_changes;      /* the batch being projected does; the projector's */
};

/* What is kept is constant but for the count of those who hold it. */
static struct kept *counted(const struct kept *kept)
{
    return (struct kept *)(uintptr_t)kept;
}

void kept_release(const struct kept *kept)
{
    if (kept != NULL && atomic_fetch_sub(&counted(kept)->holders, 1) == 1)
        kept->free(counted(kept));
}

enum ayni_status kept_cache_new(const struct kept_source *source, struct kept_cache **cache)
{
    struct kept_cache *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->source = source;
    pthread_mutex_init(&made->mutex, NULL);
    *cache = made;
    return AYNI_OK;
}

void kept_cache_free(struct kept_cache *cache)
{
    if (cache == NULL)
        return;
    kept_release(cache->kept);
    pthread_mutex_destroy(&cache->mutex);
    free(cache);
}

static bool has_type(const struct kept_cache *cache, uint32_t type)
{
    const uint32_t *at = cache->source->types;

    while (*at != 0 && *at != type)
        at++;
    return *at != 0;
}

static enum ayni_status note_batch(void *context, const struct projection_batch *batch)
{
    struct kept_cache *cache = context;

    /* Rights may have changed with the charter, and with them what is shown. */
    cache->batch_changes = batch->new_charter || batch->empty_views;
    for (size_t i = 0; i < batch->key_count && !cache->batch_changes; i++)
        cache->batch_changes = has_type(cache, batch->keys[i].type);
    return AYNI_OK;
}

static void note_commit(void *context, uint64_t position)
{
    struct kept_cache *cache = context;

    if (!cache->batch_changes)
        return;
    pthread_mutex_lock(&cache->mutex);
    cache->changed_at = position;
    cache->changes++;
    pthread_mutex_unlock(&cache->mutex);
}

struct projection_hook kept_cache_hook(struct kept_cache *cache)
{
    return (struct projection_hook){ .project = note_batch,
                                     .committed = note_commit,
                                     .context = cache };
}

/* Held once more, if nothing has changed since it was read; else NULL, and how many changes there
 * were. A batch may change what is shown without new arrivals. */
static const struct kept *hold_fresh(struct kept_cache *cache, uint64_t *changes)
{
    const struct kept *kept;

    pthread_mutex_lock(&cache->mutex);
    kept = cache->kept;
    *changes = cache->changes;
    if (kept != NULL &&
        (kept->position < cache->changed_at || cache->kept_changes != cache->changes))
        kept = NULL;
    if (kept != NULL)
        counted(kept)->holders++;
    pthread_mutex_unlock(&cache->mutex);
    return kept;
}

/* Keep what was read, unless a newer one is kept already. */
static void keep(struct kept_cache *cache, const struct kept *kept, uint64_t changes)
{
    const struct kept *old = kept;

    counted(kept)->holders++;
    pthread_mutex_lock(&cache->mutex);
    if (cache->kept == NULL || cache->kept->position <= kept->position) {
        old = cache->kept;
        cache->kept = kept;
        cache->kept_changes = changes;
    }
    pthread_mutex_unlock(&cache->mutex);
    kept_release(old);
}

enum ayni_status kept_cache_hold(struct kept_cache *cache, struct reader *reader,
                                 const struct kept **kept)
{
    struct kept *read;
    uint64_t changes, position;
    enum ayni_status status = AYNI_OK;

    *kept = hold_fresh(cache, &changes);
    if (*kept == NULL)
        status = views_position(reader_views(reader), &position);
    if (*kept != NULL || status != AYNI_OK)
        return status;
    status = cache->source->load(reader, &read);
    if (status != AYNI_OK)
        return status;
    read->position = position;
    read->holders = 1;
    *kept = read;
    keep(cache, *kept, changes);
    return AYNI_OK;
}
