#include "daemon/records/writing/author_keys.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/order.h"
#include "daemon/records/tables.h"

void author_keys_free(struct author_keys *keys)
{
    free(keys->keys);
    *keys = (struct author_keys){ 0 };
}

static struct ayni_bytes name_of(const void *keys, size_t index)
{
    const struct author_key *key = (const struct author_key *)keys + index;

    return (struct ayni_bytes){ key->name, sizeof(key->name) };
}

static enum ayni_status sort(struct author_keys *keys)
{
    struct author_keys sorted = { calloc(keys->count, sizeof(*sorted.keys)), keys->count };
    uint32_t *order = NULL;
    enum ayni_status status = sorted.keys == NULL
                                  ? AYNI_E_MEMORY
                                  : order_by_key(keys->keys, keys->count, name_of, &order);

    if (status != AYNI_OK) {
        author_keys_free(&sorted);
        return status;
    }
    for (size_t i = 0; i < keys->count; i++)
        sorted.keys[i] = keys->keys[order[i]];
    free(order);
    author_keys_free(keys);
    *keys = sorted;
    return AYNI_OK;
}

enum ayni_status author_keys_of(const struct author_change *changes, size_t count,
                                struct author_keys *keys)
{
    struct author_keys made = { calloc(count + 1, sizeof(*made.keys)), count };

    if (made.keys == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const struct record_key key = { changes[i].space, changes[i].type, changes[i].record };
        record_key_encode(&key, made.keys[i].name);
    }
    enum ayni_status status = count > 1 ? sort(&made) : AYNI_OK;
    if (status != AYNI_OK) {
        author_keys_free(&made);
        return status;
    }
    *keys = made;
    return AYNI_OK;
}

static int compare(const struct author_key *a, const struct author_key *b)
{
    return memcmp(a->name, b->name, sizeof(a->name));
}

/*
 * The first from `at` on that isn't below `key`. By steps that double: two
 * lists of one size are gone through as one, and a short one leaps through a long one.
 */
static size_t seek(const struct author_keys *keys, size_t at, const struct author_key *key)
{
    size_t step = 1;

    while (step <= keys->count - at && compare(&keys->keys[at + step - 1], key) < 0) {
        at += step;
        step *= 2;
    }
    size_t to = step <= keys->count - at ? at + step - 1 : keys->count;
    while (at < to) {
        size_t middle = at + (to - at) / 2;
        if (compare(&keys->keys[middle], key) < 0)
            at = middle + 1;
        else
            to = middle;
    }
    return at;
}

bool author_keys_meet(const struct author_keys *a, const struct author_keys *b)
{
    size_t i = 0, j = 0;

    while (i < a->count && j < b->count) {
        int order = compare(&a->keys[i], &b->keys[j]);
        if (order == 0)
            return true;
        if (order < 0)
            i = seek(a, i + 1, &b->keys[j]);
        else
            j = seek(b, j + 1, &a->keys[i]);
    }
    return false;
}
