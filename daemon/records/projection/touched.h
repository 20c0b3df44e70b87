#ifndef AYNI_DAEMON_RECORDS_TOUCHED_H
#define AYNI_DAEMON_RECORDS_TOUCHED_H

#include "daemon/records/projection/arrivals.h"
#include "daemon/store/views.h"

/* One record that the batch reaches. */
struct touched {
    struct record_key key;
    size_t from,
        to;      /* its new versions among the arrivals; none for one that is only folded again */
    bool fresh;  /* views/ had no version of it */
    bool held;   /* and has some now */
    bool parted; /* daemon/records/erasure/erasure_part.h */
};

/*
 * Records whose contexts waited for what came now: appended to `refolds` as struct
 * record_key. They wait no more.
 */
AYNI_CHECKED enum ayni_status touched_awaited(struct views_txn *txn, struct log_snapshot *log,
                                              const struct arrivals *arrivals,
                                              struct ayni_buffer *refolds);
/* Merge what arrived and what is folded again (sorted here) into one list by key, each once; the
 * caller frees it. */
AYNI_CHECKED enum ayni_status touched_list(const struct arrivals *arrivals,
                                           struct ayni_buffer *refolds, struct touched **touched,
                                           size_t *count);

#endif
