#ifndef AYNI_DAEMON_RECORDS_ERASURE_DROPS_H
#define AYNI_DAEMON_RECORDS_ERASURE_DROPS_H

#include "daemon/records/erasure/erasure.h"

/*
 * What was dropped here because of an order, perhaps with more of the record
 * that was dropped because of others.
 */
struct erasure_drops {
    bool pending;  /* something is still to be */
    uint64_t last; /* the number of the last drop (struct log_stub); 0: nothing was here */
};
AYNI_CHECKED enum ayni_status erasure_drops_of(struct reader *reader,
                                               const struct erasure_order *order,
                                               struct erasure_drops *drops);
/* How many versions of the record that this reader may see were here, and were erased since. */
AYNI_CHECKED enum ayni_status erasure_dropped_of(struct reader *reader,
                                                 const struct record_key *key, size_t *count);
/* Of all records of a space (NULL: of all) and type (0: any), likewise. */
AYNI_CHECKED enum ayni_status erasure_dropped_in(struct reader *reader,
                                                 const struct ayni_space *space, uint32_t type,
                                                 size_t *count);

#endif
