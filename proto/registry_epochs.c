#include "proto/registry_state.h"

#include <stdlib.h>
#include <string.h>

/* A key of an epoch that was given to somebody, and when. */
struct given {
    struct ayni_space_epoch of;
    struct place place;
};

static int by_epoch(const void *left, const void *right)
{
    const struct given *a = left, *b = right;
    int order = ayni_id_compare(&a->of.space, &b->of.space);

    if (order == 0)
        order = memcmp(a->of.epoch, b->of.epoch, sizeof(a->of.epoch));
    return order != 0 ? order : place_order(&a->place, &b->place);
}

static int by_age(const void *left, const void *right)
{
    const struct given *a = left, *b = right;
    int order = ayni_id_compare(&a->of.space, &b->of.space);

    if (order == 0)
        order = place_order(&a->place, &b->place);
    return order != 0 ? order : memcmp(a->of.epoch, b->of.epoch, sizeof(a->of.epoch));
}

static int order_space(const void *thing, const void *key)
{
    const struct ayni_space_epoch *epoch = thing;
    return ayni_id_compare(&epoch->space, (const struct ayni_space *)key);
}

static size_t list_given(const struct ayni_registry *registry, struct given *given)
{
    size_t count = 0;

    for (size_t i = 0; i < registry->wrapped_count; i++) {
        const struct ayni_wrapped_key *key = &registry->wrapped[i];
        size_t space =
            key->purpose == AYNI_KEY_SPACE ? space_index(registry, &key->space) : SIZE_MAX;
        if (space == SIZE_MAX || !key->counts || !registry->spaces[space].confidential)
            continue;
        given[count] =
            (struct given){ .of.space = key->space,
                            .of.clean = ayni_registry_may_read(registry, &key->node, &key->space),
                            .place = registry->wrapped_places[i] };
        memcpy(given[count++].of.epoch, key->epoch, sizeof(key->epoch));
    }
    return count;
}

/* One for each epoch: its first place, and whether all who were given it may read. */
static size_t unite(struct given *given, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        struct given *last = kept == 0 ? NULL : &given[kept - 1];
        bool same = last != NULL && ayni_id_equal(&last->of.space, &given[i].of.space) &&
                    memcmp(last->of.epoch, given[i].of.epoch, sizeof(last->of.epoch)) == 0;
        if (same)
            last->of.clean = last->of.clean && given[i].of.clean;
        else
            given[kept++] = given[i];
    }
    return kept;
}

enum ayni_status epochs_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    SCOPED_ARENA memory = { 0 };
    struct given *given = ayni_arena_take(&memory, registry->wrapped_count + 1, sizeof(*given));

    if (given == NULL)
        return AYNI_E_MEMORY;
    size_t count = list_given(registry, given);
    qsort(given, count, sizeof(*given), by_epoch);
    count = unite(given, count);
    qsort(given, count, sizeof(*given), by_age);
    registry->epochs = state_take(registry, count, sizeof(*registry->epochs));
    if (registry->epochs == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < count; i++)
        registry->epochs[i] = given[i].of;
    registry->epoch_count = count;
    return AYNI_OK;
}

const struct ayni_space_epoch *ayni_registry_epochs(const struct ayni_registry *registry,
                                                    const struct ayni_space *space, size_t *count)
{
    size_t from = state_lower(registry->epochs, registry->epoch_count, sizeof(*registry->epochs),
                              space, order_space);
    size_t to = from;

    while (to < registry->epoch_count && ayni_id_equal(&registry->epochs[to].space, space))
        to++;
    *count = to - from;
    return registry->epochs + from;
}
