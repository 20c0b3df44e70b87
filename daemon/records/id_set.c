#include "daemon/records/id_set.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_FEW = 16 };

/* Ids end in hashed or random bits. */
static size_t start_of(const struct id_set *set, const struct ayni_record *record)
{
    return (size_t)ayni_get_u64(record->bytes + 8) & (set->slot_count - 1);
}

/* The slot that has it, or the free one where it would stand. */
static size_t slot_of(const struct id_set *set, const struct ayni_record *record)
{
    size_t at = start_of(set, record);

    while (set->slots[at] != 0 && !ayni_id_equal(&set->items[set->slots[at] - 1], record))
        at = (at + 1) & (set->slot_count - 1);
    return at;
}

static enum ayni_status grow(struct id_set *set)
{
    size_t slot_count = set->slot_count == 0 ? SLOTS_FEW : 2 * set->slot_count;
    struct ayni_record *items = realloc(set->items, slot_count / 2 * sizeof(*items));
    uint32_t *slots = items == NULL ? NULL : calloc(slot_count, sizeof(*slots));

    if (items != NULL)
        set->items = items;
    if (slots == NULL)
        return AYNI_E_MEMORY;
    free(set->slots);
    set->slots = slots;
    set->slot_count = slot_count;
    for (size_t i = 0; i < set->count; i++)
        set->slots[slot_of(set, &set->items[i])] = (uint32_t)i + 1;
    return AYNI_OK;
}

enum ayni_status id_set_add(struct id_set *set, const struct ayni_record *record, bool *added)
{
    enum ayni_status status = 2 * set->count >= set->slot_count ? grow(set) : AYNI_OK;

    if (status != AYNI_OK)
        return status;
    size_t slot = slot_of(set, record);
    if (added != NULL)
        *added = set->slots[slot] == 0;
    if (set->slots[slot] != 0)
        return AYNI_OK;
    set->items[set->count++] = *record;
    set->slots[slot] = (uint32_t)set->count;
    return AYNI_OK;
}

bool id_set_has(const struct id_set *set, const struct ayni_record *record)
{
    return set->count > 0 && set->slots[slot_of(set, record)] != 0;
}

static int by_record(const void *a, const void *b)
{
    return ayni_id_compare((const struct ayni_record *)a, (const struct ayni_record *)b);
}

void id_set_sort(struct id_set *set)
{
    if (set->count > 1)
        qsort(set->items, set->count, sizeof(*set->items), by_record);
}

void id_set_free(struct id_set *set)
{
    free(set->items);
    free(set->slots);
    memset(set, 0, sizeof(*set));
}
