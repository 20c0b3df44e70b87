#include "proto/sync_table.h"

#include <stdlib.h>
#include <string.h>

uint64_t sync_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

static size_t home_of(const struct sync_table *table, const uint8_t *name)
{
    uint64_t parts[2];

    memcpy(parts, name, sizeof(parts));
    return (size_t)sync_mix(sync_mix(parts[0] ^ table->seed) + parts[1]) & (table->capacity - 1);
}

/* Where the name stands, or the free slot where it would. */
static size_t place_of(const struct sync_table *table, const uint8_t *name)
{
    size_t at = home_of(table, name);

    while (table->slots[at] != NULL && memcmp(table->slots[at], name, SYNC_NAME_SIZE) != 0)
        at = (at + 1) & (table->capacity - 1);
    return at;
}

void *sync_table_get(const struct sync_table *table, const uint8_t name[SYNC_NAME_SIZE])
{
    return table->count == 0 ? NULL : table->slots[place_of(table, name)];
}

static bool grow(struct sync_table *table)
{
    struct sync_table larger = { .capacity = table->capacity == 0 ? 64 : 2 * table->capacity,
                                 .count = table->count,
                                 .seed = table->seed };

    larger.slots = calloc(larger.capacity, sizeof(void *));
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < table->capacity; i++)
        if (table->slots[i] != NULL)
            larger.slots[place_of(&larger, table->slots[i])] = table->slots[i];
    free(table->slots);
    *table = larger;
    return true;
}

bool sync_table_put(struct sync_table *table, void *thing)
{
    if (4 * (table->count + 1) > 3 * table->capacity && !grow(table))
        return false;
    table->slots[place_of(table, thing)] = thing;
    table->count++;
    return true;
}

void sync_table_remove(struct sync_table *table, const uint8_t name[SYNC_NAME_SIZE])
{
    if (sync_table_get(table, name) == NULL)
        return;
    size_t hole = place_of(table, name);
    table->slots[hole] = NULL;
    table->count--;
    /* What stands behind the hole and would be found through it moves into it. */
    size_t mask = table->capacity - 1;
    for (size_t at = (hole + 1) & mask; table->slots[at] != NULL; at = (at + 1) & mask) {
        size_t home = home_of(table, table->slots[at]);
        if (((at - home) & mask) < ((at - hole) & mask))
            continue;
        table->slots[hole] = table->slots[at];
        table->slots[at] = NULL;
        hole = at;
    }
}

void sync_table_free(struct sync_table *table)
{
    free(table->slots);
    *table = (struct sync_table){ .seed = table->seed };
}
