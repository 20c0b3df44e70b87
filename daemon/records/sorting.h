#ifndef AYNI_DAEMON_RECORDS_SORTING_H
#define AYNI_DAEMON_RECORDS_SORTING_H

#include "daemon/records/records.h"

/* The records of a type in another order than that of their keys. Held in memory: an id and a value
 * of each. */
struct sorting;

/* In place of a field's number. */
#define SORTING_BY_TIME UINT32_C(0)
#define SORTING_BY_ID UINT32_MAX

/*
 * By what is shown in `field`, records without a value first; of equal ones in the
 * order of ids. Records that are gone are left out. `space` NULL means any.
 */
AYNI_CHECKED enum ayni_status sorting_new(const struct records *records, uint32_t type,
                                          const struct ayni_space *space, uint32_t field,
                                          bool descending, struct sorting **sorting);
void sorting_free(struct sorting *sorting); /* NULL is fine */
/* NULL after the last. */
const struct record_key *sorting_key(const struct sorting *sorting, size_t index);

#endif
