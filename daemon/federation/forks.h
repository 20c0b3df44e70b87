#ifndef AYNI_DAEMON_FEDERATION_FORKS_H
#define AYNI_DAEMON_FEDERATION_FORKS_H

#include "daemon/records/records.h"

/*
 * Bring the forks that this log knows and the proofs that entries have
 * together: what a proof entry tells of a feed stops that feed here, too, and
 * of a fork that this node found and nobody has told of yet it writes the
 * proof, into lane 0 of the space. docs/protocol.md, section 3.6.
 *
 * Of an author who has as many segments as are taken, no more are
 * (daemon/records/quotas.h).
 *
 * `stopped` is called for each feed that was stopped. What was done before a
 * failure stays done; what is left is found again the next time.
 */
AYNI_CHECKED enum ayni_status
forks_tend(struct records *records, void (*stopped)(void *context, const struct ayni_feed *feed),
           void *context);

#endif
