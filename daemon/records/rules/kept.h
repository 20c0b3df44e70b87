#ifndef AYNI_DAEMON_RECORDS_KEPT_H
#define AYNI_DAEMON_RECORDS_KEPT_H

#include <stdatomic.h>

#include "daemon/records/projection/projector.h"
#include "daemon/records/reader.h"

/*
 * What is read of the records of some types of the registry's, and then kept until one of them
 * changes: a table that never changes itself and may be read by any thread. It begins with a struct
 * kept, and whoever holds it gives it back once.
 */
struct kept {
    uint64_t position; /* up to which arrival views/ had followed the log */
    atomic_uint holders;
    void (*free)(struct kept *kept); /* all of it */
};
void kept_release(const struct kept *kept); /* NULL is fine */

struct kept_source {
    const uint32_t *types; /* ended by 0 */
    /* The table as the reader sees it, in new memory; `free` is set, the rest of struct kept isn't.
     */
    enum ayni_status (*load)(struct reader *reader, struct kept **kept);
};

/* The one that was read last. One for a node and source; any thread. */
struct kept_cache;
AYNI_CHECKED enum ayni_status kept_cache_new(const struct kept_source *source,
                                             struct kept_cache **cache);
void kept_cache_free(struct kept_cache *cache); /* NULL is fine */
/* By which it hears of changes: for projector_add_hook(). */
struct projection_hook kept_cache_hook(struct kept_cache *cache);
/* As the reader sees it, or newer. Not inside a projection whose batch changes it: that one loads
 * its own. */
AYNI_CHECKED enum ayni_status kept_cache_hold(struct kept_cache *cache, struct reader *reader,
                                              const struct kept **kept);

#endif
