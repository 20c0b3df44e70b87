#ifndef AYNI_DAEMON_NET_SYNC_READS_H
#define AYNI_DAEMON_NET_SYNC_READS_H

#include "daemon/store/log.h"
#include "proto/sync.h"

/*
 * What the sync engine asks of the log, answered: each with a short snapshot of
 * its own. What can't be read is answered so; the engine goes on without it.
 */

/* READ: the runs are in `runs`, which is cleared first. */
void sync_read_runs(struct log_store *log, const struct ayni_sync_read *read,
                    struct ayni_buffer *runs, struct ayni_sync_runs *answer);
/* CHAINS: points spread evenly between low and high; `points` holds AYNI_CHAIN_POINTS_MAX. */
void sync_read_chains(struct log_store *log, const struct ayni_sync_trace *trace,
                      struct ayni_chain_point *points, struct ayni_sync_chains *answer);
/* COMPARE: low and high as the points narrow them. */
void sync_read_compared(struct log_store *log, const struct ayni_sync_compare *compare,
                        struct ayni_sync_compared *answer);

#endif
