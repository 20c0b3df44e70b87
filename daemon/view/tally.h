#ifndef AYNI_DAEMON_VIEW_TALLY_H
#define AYNI_DAEMON_VIEW_TALLY_H

#include "proto/bytes.h"

/* What is counted in one cell. */
struct counts {
    int64_t numerator, denominator, excluded, unknown, contested;
};
void counts_add(struct counts *to, const struct counts *from, int64_t times);
bool counts_are_zero(const struct counts *counts);

/* Counts by key, in memory: any order in, the keys' order out. All zero is an empty one. */
enum { TALLY_KEY_SIZE_MAX = 96 };
struct tally_cell {
    uint8_t key[TALLY_KEY_SIZE_MAX];
    size_t key_size;
    struct counts counts;
};
struct tally {
    struct tally_cell *cells;
    size_t count, room;
    uint32_t *slots; /* index + 1; 0 is empty */
    size_t slot_count;
    bool failed;
};

void tally_free(struct tally *tally);
/* Memory that runs out is remembered: tally_sort() tells. Keys up to TALLY_KEY_SIZE_MAX. */
void tally_add(struct tally *tally, struct ayni_bytes key, const struct counts *counts,
               int64_t times);
/* Sort the cells by key; nothing is added afterwards. AYNI_E_MEMORY if something wasn't counted. */
AYNI_CHECKED enum ayni_status tally_sort(struct tally *tally);

#define SCOPED_TALLY __attribute__((cleanup(tally_free))) struct tally

#endif
