#ifndef AYNI_DAEMON_NET_FORK_EVIDENCE_H
#define AYNI_DAEMON_NET_FORK_EVIDENCE_H

#include "daemon/store/log.h"
#include "proto/sync.h"

/*
 * Make the proof of a fork of a run that a peer showed: it follows entry
 * `evidence->from` of a feed or segment, up to which both histories agree, and
 * the log here goes on otherwise. Appends the proof; `*fork` is what it says.
 *
 *   AYNI_E_CHAIN      the log doesn't go on from there, or goes on with the same entry
 *   AYNI_E_NOT_FOUND  there is no such feed or segment
 *   AYNI_E_SIGNATURE  the run isn't sealed by the feed's node after that entry: no evidence
 *   AYNI_E_MALFORMED, AYNI_E_INVALID, AYNI_E_LIMIT  likewise
 *   AYNI_E_MEMORY, AYNI_E_IO
 */
AYNI_CHECKED enum ayni_status fork_evidence_prove(struct log_store *log,
                                                  const struct ayni_node *root,
                                                  const struct ayni_sync_store *evidence,
                                                  struct ayni_fork_proof *fork,
                                                  struct ayni_buffer *proof);

#endif
