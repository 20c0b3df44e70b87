#ifndef AYNI_DAEMON_RECORDS_PROVE_H
#define AYNI_DAEMON_RECORDS_PROVE_H

#include "daemon/records/reader.h"
#include "proto/entry.h"

/*
 * The exported proof (proto/proof.h) of one entry of the log: the entry, the
 * headers up to the next seal, and the seal. Appended to `proof`.
 *
 *   AYNI_E_NOT_FOUND  there is no such entry here
 */
AYNI_CHECKED enum ayni_status prove_entry(struct reader *reader, feed_no feed, uint64_t seq,
                                          struct ayni_buffer *proof);

#endif
