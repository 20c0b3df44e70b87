#ifndef AYNI_DAEMON_STORE_LMDB_COMPACT_H
#define AYNI_DAEMON_STORE_LMDB_COMPACT_H

#include "daemon/store/compaction.h"
#include "daemon/store/lmdb.h"

/*
 * Write all tables of a store anew into a file beside its own, full pages in the
 * order of keys, and put it in its place, while others read and write; for a
 * moment at the end nobody does. Killed at any time it leaves the old file under
 * its name or the new one, whole, and perhaps a rest that the next start
 * removes. What was deleted is in no page of the new file. Private to
 * daemon/store/; what callers see is daemon/store/compaction.h.
 */
AYNI_CHECKED enum ayni_status lmdb_compact(struct lmdb *lmdb, const struct store_listener *listener,
                                           struct compaction_result *result);

#endif
