#ifndef AYNI_DAEMON_RECORDS_CLEAR_PROBLEM_H
#define AYNI_DAEMON_RECORDS_CLEAR_PROBLEM_H

#include "daemon/records/projection/puts.h"
#include "daemon/records/reader.h"

/*
 * List those of a record's versions that are in clear in a confidential space:
 * they are malformed there, and never count (docs/protocol.md, section 4.8).
 * `refs` names versions as RECORDS does.
 */
AYNI_CHECKED enum ayni_status clear_list_problems(struct reader *reader,
                                                  const struct record_key *key,
                                                  struct ayni_bytes refs, struct puts *problems);

#endif
