#ifndef AYNI_DAEMON_RECORDS_ERASURE_RESIDUE_H
#define AYNI_DAEMON_RECORDS_ERASURE_RESIDUE_H

#include "daemon/store/log_writer.h"

/*
 * What a life that didn't end in order may have left in the files: pages of a commit that never
 * came to be, which nothing refers to and no drop knows of. Until both stores have been
 * compacted (daemon/records/erasure/scrub.h) nobody can say that something isn't in them.
 * docs/storage.md, "Scrubbed".
 */

/* A life begins: where the one before has not ended, there may be residue. Before the first write.
 */
AYNI_CHECKED enum ayni_status residue_begin(struct log_store *log, struct log_writer *writer);
/* It ends, and nothing is written after that; where this fails, the next one finds residue. */
AYNI_CHECKED enum ayni_status residue_end(struct log_writer *writer);
/* Whether there may be some. */
AYNI_CHECKED enum ayni_status residue_may_be(struct log_snapshot *log, bool *may_be);
/* The files were made anew: there is none. */
AYNI_CHECKED enum ayni_status residue_clear(struct log_txn *txn);

#endif
