#ifndef AYNI_DAEMON_RECORDS_HELD_CHAINS_H
#define AYNI_DAEMON_RECORDS_HELD_CHAINS_H

#include "daemon/store/log.h"
#include "proto/fold.h"

/* What the fold asks about chains, answered by what the log holds. Good for the snapshot's life. */
struct ayni_fold_chains held_chains(struct log_snapshot *log);

/* Its answer: on the chain of that feed that is held, the hash at seen->seq begins with
 * seen->chain. */
bool held_chain_fits(struct log_snapshot *log, feed_no feed, const struct ayni_seen *seen);

#endif
