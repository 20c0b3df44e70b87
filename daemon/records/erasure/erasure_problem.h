#ifndef AYNI_DAEMON_RECORDS_ERASURE_PROBLEM_H
#define AYNI_DAEMON_RECORDS_ERASURE_PROBLEM_H

#include "daemon/records/erasure/erasure.h"
#include "daemon/records/projection/puts.h"

/*
 * List what is to be told of a record's erasure: versions that were erased
 * though nobody knew them when that was ordered, until their writer enters the
 * record anew; orders whose giver has no right, or one that ended without a
 * cut. `state` is all zero where nothing of the record is left.
 */
AYNI_CHECKED enum ayni_status erasure_list_problems(struct reader *reader,
                                                    const struct record_key *key,
                                                    const struct record_state *state,
                                                    struct puts *problems);

#endif
