#ifndef AYNI_DAEMON_RECORDS_HELD_CHAINS_H
#define AYNI_DAEMON_RECORDS_HELD_CHAINS_H

#include "daemon/store/log.h"
#include "proto/fold.h"
#include "proto/registry.h"

/*
 * What the fold and the registry ask about chains, answered by what the log
 * holds. Good for the snapshot's life.
 */
struct ayni_fold_chains held_chains(struct log_snapshot *log);
struct ayni_chain_lookup held_lookup(struct log_snapshot *log);

/* Whether `item` lies on the chain that the pair names; on a feed that hasn't forked it does. */
bool held_on_chain(struct log_snapshot *log, const struct ayni_feed *feed,
                   const struct ayni_seen *seen, const struct ayni_fold_item *item);
/* The history of the feed that the pair fits. AYNI_E_NOT_FOUND. */
AYNI_CHECKED enum ayni_status held_history(struct log_snapshot *log, const struct ayni_feed *feed,
                                           const struct ayni_seen *seen, struct log_feed *history);

#endif
