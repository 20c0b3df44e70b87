#include <stdlib.h>

#include "proto/fold_state.h"

/* What a field's surviving values come to: equal ones taken together, and their order. */

static int by_value(const void *a, const void *b, void *fold)
{
    const struct ayni_setting *x = *(struct ayni_setting *const *)a;
    const struct ayni_setting *y = *(struct ayni_setting *const *)b;
    int order = ayni_bytes_compare(x->field->value, y->field->value);

    if (order != 0)
        return order;
    if (x->preferred != y->preferred)
        return x->preferred ? -1 : 1;
    order = ayni_fold_item_order(ayni_fold_item_of(fold, y), ayni_fold_item_of(fold, x));
    return order != 0 ? order : (x->slot > y->slot) - (x->slot < y->slot);
}

/* An alternative while it is sorted. */
struct group {
    struct ayni_alternative alternative;
    const struct ayni_setting *newest;
};

static int by_rank(const void *a, const void *b, void *fold)
{
    const struct ayni_setting *x = ((const struct group *)a)->newest;
    const struct ayni_setting *y = ((const struct group *)b)->newest;

    if (x->preferred != y->preferred)
        return x->preferred ? -1 : 1;
    int order = ayni_fold_item_order(ayni_fold_item_of(fold, y), ayni_fold_item_of(fold, x));
    return order != 0 ? order : (x->slot > y->slot) - (x->slot < y->slot);
}

/*
 * The candidates with the value of the first one. Where a role's versions go
 * first and set it, theirs alone stand for it.
 */
static size_t take_group(const struct fold *fold, size_t first, size_t count, size_t *room,
                         struct group *group)
{
    struct ayni_setting *const *candidates = fold->candidates;
    struct ayni_bytes value = candidates[first]->field->value;
    size_t end = first;

    *group = (struct group){ { .value = value, .items = room }, candidates[first] };
    for (; end < count && ayni_bytes_equal(candidates[end]->field->value, value); end++)
        if (candidates[end]->preferred == candidates[first]->preferred)
            room[group->alternative.item_count++] =
                (size_t)(ayni_fold_item_of(fold, candidates[end]) - fold->folded->items);
    return end;
}

enum ayni_status ayni_fold_alternatives(struct fold *fold, size_t count,
                                        struct ayni_folded_field *field, size_t *preferred)
{
    struct ayni_arena *memory = &fold->folded->memory;
    size_t *room = ayni_arena_take(memory, count, sizeof(*room));
    struct group *groups = ayni_arena_take(&fold->scratch, count, sizeof(*groups));
    if (room == NULL || groups == NULL)
        return AYNI_E_MEMORY;

    qsort_r(fold->candidates, count, sizeof(*fold->candidates), by_value, fold);
    for (size_t i = 0; i < count;) {
        struct group *group = &groups[field->alternative_count++];
        i = take_group(fold, i, count, room, group);
        room += group->alternative.item_count;
    }
    qsort_r(groups, field->alternative_count, sizeof(*groups), by_rank, fold);

    field->alternatives =
        ayni_arena_take(memory, field->alternative_count, sizeof(*field->alternatives));
    if (field->alternatives == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < field->alternative_count; i++) {
        field->alternatives[i] = groups[i].alternative;
        *preferred += groups[i].newest->preferred;
    }
    return AYNI_OK;
}
