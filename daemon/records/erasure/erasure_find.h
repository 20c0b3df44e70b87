#ifndef AYNI_DAEMON_RECORDS_ERASURE_FIND_H
#define AYNI_DAEMON_RECORDS_ERASURE_FIND_H

#include "daemon/records/erasure/erasure.h"

/*
 * Where an erased record was: all (space, type) in which an order is about it
 * and nothing of it is left. As reader_find().
 */
AYNI_CHECKED enum ayni_status erasure_find(struct reader *reader, const struct ayni_record *record,
                                           const struct ayni_space *space, struct record_key *keys,
                                           size_t max, size_t *count);
/* The erased record whose id begins so. As reader_find_prefix(). */
AYNI_CHECKED enum ayni_status erasure_find_prefix(struct reader *reader, struct ayni_bytes prefix,
                                                  uint32_t type, struct ayni_record *record);

#endif
