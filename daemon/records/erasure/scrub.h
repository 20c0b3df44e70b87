#ifndef AYNI_DAEMON_RECORDS_SCRUB_H
#define AYNI_DAEMON_RECORDS_SCRUB_H

#include "daemon/records/records.h"
#include "daemon/store/compaction.h"

/*
 * Compact both stores, so that what was dropped is in no page of their files,
 * and note up to which drop (struct log_stub) that is so, and that there is no residue: receipts
 * may then say so. What is dropped while they are copied is for the next time. As log_compact();
 * `failed` is what it and views_compact() said of the one that failed.
 *
 *   AYNI_E_CHANGED  views/ is being made anew, perhaps of what was dropped since: when that has
 * ended
 */
struct scrub_result {
    struct compaction_result log, views, failed;
};
AYNI_CHECKED enum ayni_status scrub_run(struct records *records,
                                        const struct store_listener *listener,
                                        struct scrub_result *result);
/* The number of the last drop that is so scrubbed; 0 for none. */
AYNI_CHECKED enum ayni_status scrub_reached(struct log_snapshot *log, uint64_t *drop);

#endif
