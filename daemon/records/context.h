#ifndef AYNI_DAEMON_RECORDS_CONTEXT_H
#define AYNI_DAEMON_RECORDS_CONTEXT_H

#include "daemon/records/reader.h"

/* What this node has seen of a record, for the version that it is about to write. */
struct context_wish {
    const struct ayni_feed *own; /* the feed that the version goes into */
    const struct ayni_entry_name
        *earlier; /* its newest version there that views/ doesn't know yet; or NULL */
    bool expects; /* the record must have `expected` versions */
    size_t expected;
};

/*
 * The array is allocated, NULL where nothing was seen: the caller frees it with free().
 *
 *   AYNI_E_CHANGED  there are not as many versions as expected
 */
AYNI_CHECKED enum ayni_status context_of(struct reader *reader, const struct record_key *key,
                                         const struct context_wish *wish, struct ayni_seen **seen,
                                         size_t *seen_count);

#endif
