#include "daemon/view/tally.h"

#include <stdlib.h>
#include <string.h>

void counts_add(struct counts *to, const struct counts *from, int64_t times)
{
    to->numerator += times * from->numerator;
    to->denominator += times * from->denominator;
    to->excluded += times * from->excluded;
    to->unknown += times * from->unknown;
    to->contested += times * from->contested;
}

bool counts_are_zero(const struct counts *counts)
{
    return counts->numerator == 0 && counts->denominator == 0 && counts->excluded == 0 &&
           counts->unknown == 0 && counts->contested == 0;
}

void tally_free(struct tally *tally)
{
    free(tally->cells);
    free(tally->slots);
    *tally = (struct tally){ 0 };
}

/* FNV-1a; keys are ours, not a stranger's choice. */
static size_t hash_of(struct ayni_bytes key)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (size_t i = 0; i < key.size; i++)
        hash = (hash ^ key.data[i]) * 0x100000001b3;
    return (size_t)(hash ^ hash >> 32);
}

static struct ayni_bytes key_of(const struct tally_cell *cell)
{
    return (struct ayni_bytes){ cell->key, cell->key_size };
}

/* The slot that has the key, or the empty one where it belongs. */
static uint32_t *find_slot(const struct tally *tally, struct ayni_bytes key)
{
    size_t at = hash_of(key) & (tally->slot_count - 1);

    while (tally->slots[at] != 0 &&
           !ayni_bytes_equal(key_of(&tally->cells[tally->slots[at] - 1]), key))
        at = (at + 1) & (tally->slot_count - 1);
    return &tally->slots[at];
}

static bool grow(struct tally *tally)
{
    size_t room = tally->room == 0 ? 64 : 2 * tally->room;
    struct tally_cell *cells = realloc(tally->cells, room * sizeof(*cells));

    if (cells == NULL)
        return false;
    tally->cells = cells;
    uint32_t *slots = calloc(2 * room, sizeof(*slots));
    if (slots == NULL)
        return false;
    free(tally->slots);
    tally->slots = slots;
    tally->slot_count = 2 * room;
    tally->room = room;
    for (size_t i = 0; i < tally->count; i++)
        *find_slot(tally, key_of(&cells[i])) = (uint32_t)i + 1;
    return true;
}

void tally_add(struct tally *tally, struct ayni_bytes key, const struct counts *counts,
               int64_t times)
{
    if (key.size > TALLY_KEY_SIZE_MAX || tally->failed ||
        (tally->count == tally->room && !grow(tally))) {
        tally->failed = true;
        return;
    }
    uint32_t *slot = find_slot(tally, key);
    if (*slot == 0) {
        struct tally_cell *cell = &tally->cells[tally->count++];
        *cell = (struct tally_cell){ .key_size = key.size };
        memcpy(cell->key, key.data, key.size);
        *slot = (uint32_t)tally->count;
    }
    counts_add(&tally->cells[*slot - 1].counts, counts, times);
}

static int by_key(const void *a, const void *b)
{
    return ayni_bytes_compare(key_of(a), key_of(b));
}

enum ayni_status tally_sort(struct tally *tally)
{
    if (tally->count > 1)
        qsort(tally->cells, tally->count, sizeof(*tally->cells), by_key);
    return tally->failed ? AYNI_E_MEMORY : AYNI_OK;
}
