#ifndef AYNI_DAEMON_RECORDS_RULE_SETS_H
#define AYNI_DAEMON_RECORDS_RULE_SETS_H

#include "daemon/records/reader.h"

/*
 * The newest rule set (type 708) valid today that says something: `reads` is shown the
 * parameters of each that is newer than the one it took last, and takes what it wants of them, or
 * nothing at all where it answers false. AYNI_E_NOT_FOUND: none says it.
 */
typedef bool rule_set_reads(void *context, struct ayni_bytes parameters);
AYNI_CHECKED enum ayni_status rule_sets_newest(struct reader *reader, rule_set_reads *reads,
                                               void *context);

#endif
