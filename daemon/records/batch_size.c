#include "daemon/records/batch_size.h"

/* Measured: what arrived, by whom it is named, and what is put of it, in memory of the heap. */
enum { HEAP_PER_ENTRY = 1024 };

static uint64_t memory_of(uint64_t entries, const struct views_pages *pages)
{
    uint64_t written = 0;

    for (size_t i = 0; i < pages->table_count; i++)
        written += pages->leaves[i] < entries ? pages->leaves[i] : entries;
    return written * pages->page_size + entries * HEAP_PER_ENTRY;
}

size_t batch_size(uint64_t memory, const struct views_pages *pages)
{
    size_t least = BATCH_ENTRIES_MIN, most = BATCH_ENTRIES_MAX;

    while (least < most) {
        size_t middle = least + (most - least + 1) / 2;
        if (memory_of(middle, pages) <= memory)
            least = middle;
        else
            most = middle - 1;
    }
    return least;
}

uint64_t batch_worth(const struct views_pages *pages)
{
    uint64_t all = 0;

    for (size_t i = 0; i < pages->table_count; i++)
        all += pages->leaves[i];
    return all < BATCH_ENTRIES_MAX ? all : BATCH_ENTRIES_MAX;
}
