#ifndef AYNI_PROTO_SYNC_TABLE_H
#define AYNI_PROTO_SYNC_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Things by a name of 16 bytes, which is what each thing begins with: open
 * addressing, for the sync engine. All zero but `seed` is an empty one. The seed
 * keeps who chooses names from choosing where they stand.
 */
enum { SYNC_NAME_SIZE = 16 };

struct sync_table {
    void **slots;    /* things; NULL: free */
    size_t capacity; /* 0, or a power of two */
    size_t count;
    uint64_t seed;
};

/* A number in which each bit of another counts. */
uint64_t sync_mix(uint64_t number);

void *sync_table_get(const struct sync_table *table, const uint8_t name[SYNC_NAME_SIZE]);
/* Add what isn't there; it keeps its name. False where there is no memory. */
bool sync_table_put(struct sync_table *table, void *thing);
void sync_table_remove(struct sync_table *table, const uint8_t name[SYNC_NAME_SIZE]);
void sync_table_free(struct sync_table *table);

#endif
