#include "daemon/records/epoch_keys.h"

#include <stdlib.h>
#include <string.h>

#include "proto/registry.h"

struct epoch_keys {
    struct epoch_key *keys; /* secret memory; by space, epoch, key, each once */
    size_t count;
};

static int by_epoch(const struct epoch_key *a, const struct ayni_space *space,
                    const struct ayni_epoch *epoch)
{
    int order = ayni_id_compare(&a->space, space);

    return order != 0 ? order : ayni_id_compare(&a->epoch, epoch);
}

static int compare(const void *left, const void *right)
{
    const struct epoch_key *a = left, *b = right;
    int order = by_epoch(a, &b->space, &b->epoch);

    return order != 0 ? order : memcmp(a->key, b->key, sizeof(a->key));
}

/* --- opening boxes --- */

/* AYNI_E_SIGNATURE: the box isn't for this node, or holds something else than a key. */
static enum ayni_status open_box(const struct ayni_wrapped_key *wrapped,
                                 const struct ayni_node *node,
                                 const struct ayni_signing_key *secret, struct epoch_key *key)
{
    uint8_t room[sizeof(key->key)];
    struct ayni_buffer plain = ayni_buffer_over(room, sizeof(room));
    enum ayni_status status = wrapped->box.size == sizeof(room) + AYNI_SEALED_BOX_EXTRA
                                  ? ayni_sealed_box_open(node, secret, wrapped->box, &plain)
                                  : AYNI_E_SIGNATURE;

    if (status == AYNI_OK) {
        key->space = wrapped->space;
        memcpy(key->epoch.bytes, wrapped->epoch, sizeof(key->epoch.bytes));
        memcpy(key->key, room, sizeof(key->key));
    }
    ayni_wipe(room, sizeof(room));
    return status;
}

static bool is_wanted(const struct ayni_registry *registry, const struct ayni_wrapped_key *wrapped)
{
    const struct ayni_space_info *space = wrapped->purpose == AYNI_KEY_SPACE
                                              ? ayni_registry_space_info(registry, &wrapped->space)
                                              : NULL;

    return space != NULL && space->confidential;
}

static void unite(struct epoch_keys *keys)
{
    size_t kept = 0;

    if (keys->count > 1)
        qsort(keys->keys, keys->count, sizeof(*keys->keys), compare);
    for (size_t i = 0; i < keys->count; i++)
        if (kept == 0 || compare(&keys->keys[kept - 1], &keys->keys[i]) != 0)
            keys->keys[kept++] = keys->keys[i];
    keys->count = kept;
}

enum ayni_status epoch_keys_of(const struct ayni_registry *registry, const struct ayni_node *node,
                               const struct ayni_signing_key *secret, struct epoch_keys **keys)
{
    size_t count;
    const struct ayni_wrapped_key *wrapped = ayni_registry_wrapped_keys(registry, node, &count);
    struct epoch_keys *made = calloc(1, sizeof(*made));
    enum ayni_status status = AYNI_OK;

    if (made != NULL)
        made->keys = ayni_secret_new((count + 1) * sizeof(*made->keys));
    if (made == NULL || made->keys == NULL) {
        free(made);
        return AYNI_E_MEMORY;
    }
    for (size_t i = 0; secret != NULL && status != AYNI_E_MEMORY && i < count; i++) {
        if (!is_wanted(registry, &wrapped[i]))
            continue;
        status = open_box(&wrapped[i], node, secret, &made->keys[made->count]);
        made->count += status == AYNI_OK;
    }
    if (status == AYNI_E_MEMORY) {
        epoch_keys_free(made);
        return status;
    }
    unite(made);
    *keys = made;
    return AYNI_OK;
}

void epoch_keys_free(struct epoch_keys *keys)
{
    if (keys == NULL)
        return;
    ayni_secret_free(keys->keys);
    free(keys);
}

/* --- asking --- */

const struct epoch_key *epoch_keys_find(const struct epoch_keys *keys,
                                        const struct ayni_space *space,
                                        const struct ayni_epoch *epoch)
{
    size_t from = 0, to = keys == NULL ? 0 : keys->count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (by_epoch(&keys->keys[middle], space, epoch) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return keys != NULL && from < keys->count && by_epoch(&keys->keys[from], space, epoch) == 0
               ? &keys->keys[from]
               : NULL;
}

const struct epoch_key *epoch_keys_next(const struct epoch_keys *keys, const struct epoch_key *key)
{
    const struct epoch_key *next = key + 1;

    return next < keys->keys + keys->count && by_epoch(next, &key->space, &key->epoch) == 0 ? next
                                                                                            : NULL;
}

const struct epoch_key *epoch_keys_newest(const struct epoch_keys *keys,
                                          const struct ayni_registry *registry,
                                          const struct ayni_space *space)
{
    size_t count;
    const struct ayni_space_epoch *epochs = ayni_registry_epochs(registry, space, &count);
    const struct epoch_key *newest = NULL;

    for (size_t i = count; i > 0; i--) {
        struct ayni_epoch epoch;
        memcpy(epoch.bytes, epochs[i - 1].epoch, sizeof(epoch.bytes));
        const struct epoch_key *key = epoch_keys_find(keys, space, &epoch);
        if (key != NULL && epochs[i - 1].clean)
            return key;
        if (newest == NULL)
            newest = key;
    }
    return newest;
}

bool epoch_keys_grew(const struct epoch_keys *before, const struct epoch_keys *after,
                     const struct ayni_space *space)
{
    for (size_t i = 0; after != NULL && i < after->count; i++) {
        const struct epoch_key *key = &after->keys[i];
        if (ayni_id_equal(&key->space, space) &&
            (before == NULL || before->count == 0 ||
             bsearch(key, before->keys, before->count, sizeof(*key), compare) == NULL))
            return true;
    }
    return false;
}
