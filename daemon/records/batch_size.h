#ifndef AYNI_DAEMON_RECORDS_BATCH_SIZE_H
#define AYNI_DAEMON_RECORDS_BATCH_SIZE_H

#include "daemon/store/views.h"

enum { BATCH_ENTRIES_MIN = 1024, BATCH_ENTRIES_MAX = 250000 };

/*
 * How many entries a batch of the projector may take, so that what it holds in
 * memory stays within `memory` bytes. Until it commits, LMDB keeps each page that
 * was written: keys in no order take one page each in each table, as long as there are so many.
 * From BATCH_ENTRIES_MIN, also where that is over the bound, to BATCH_ENTRIES_MAX.
 */
size_t batch_size(uint64_t memory, const struct views_pages *pages);
/* How many entries are worth a commit where nobody waits for it: as many as there are pages, all of
 * which it may write. */
uint64_t batch_worth(const struct views_pages *pages);

#endif
