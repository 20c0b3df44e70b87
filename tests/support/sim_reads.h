#ifndef AYNI_TESTS_SUPPORT_SIM_READS_H
#define AYNI_TESTS_SUPPORT_SIM_READS_H

#include "tests/support/sim_log.h"

/* What the engine asks to read, out of a log in memory: as daemon/net/sync_reads.h of a real one.
 */

/* `runs` holds what the answer points to. */
void sim_read_runs(const struct sim_log *log, const struct ayni_sync_read *read,
                   struct ayni_buffer *runs, struct ayni_sync_runs *answer);
/* `points` has room for AYNI_CHAIN_POINTS_MAX. */
void sim_read_chains(const struct sim_log *log, const struct ayni_sync_trace *trace,
                     struct ayni_chain_point *points, struct ayni_sync_chains *answer);
void sim_read_compared(const struct sim_log *log, const struct ayni_sync_compare *compare,
                       struct ayni_sync_compared *answer);

#endif
