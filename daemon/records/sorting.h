#ifndef AYNI_DAEMON_RECORDS_SORTING_H
#define AYNI_DAEMON_RECORDS_SORTING_H

#include "daemon/records/records.h"

/*
 * The records of a type in another order than that of their keys, piece by piece: of each record
 * its key and a value are held in memory, of as many as fit. For each further piece all records
 * are looked at again. One that changes meanwhile may come twice, or not at all.
 */
struct sorting;

/* In place of a field's number. */
#define SORTING_BY_TIME UINT32_C(0)
#define SORTING_BY_ID UINT32_MAX

/* By what is shown in `field`, records without a value first; of equal ones in the order of ids.
 * Records that are gone are left out. */
struct sorting_wish {
    uint32_t type;
    const struct ayni_space *space; /* NULL means any; lent for the sorting's life */
    uint32_t field;
    bool descending;
    size_t memory_max; /* bytes that a piece may take; 0: 64 MiB */
};

/* Makes the first piece. No reader is open, here and in sorting_go_on(). */
AYNI_CHECKED enum ayni_status sorting_new(const struct records *records,
                                          const struct sorting_wish *wish,
                                          struct sorting **sorting);
void sorting_free(struct sorting *sorting); /* NULL is fine */
/* Of the piece at hand; NULL after its last. */
const struct record_key *sorting_key(const struct sorting *sorting, size_t index);
/* Whether records come after this piece, which sorting_go_on() makes then. */
bool sorting_has_more(const struct sorting *sorting);
AYNI_CHECKED enum ayni_status sorting_go_on(struct sorting *sorting);

#endif
