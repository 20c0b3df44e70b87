#ifndef AYNI_DAEMON_STORE_COMPACTION_H
#define AYNI_DAEMON_STORE_COMPACTION_H

#include "daemon/store/store_listener.h"
#include "proto/bytes.h"

/*
 * Compaction of a store: log_compact(), views_compact(). LMDB reuses the pages
 * of what was deleted but never gives them back, and what was deleted stays in
 * them: this makes the file small again and what was erased gone.
 *
 *   AYNI_E_BUSY     another copy of the store is being made, or snapshots didn't end for long
 *   AYNI_E_CHANGED  its tables were emptied meanwhile (a rebuild): ask again
 *   AYNI_E_FULL     no room for a second file; `result->room_bytes` is what it takes
 *   AYNI_E_STOPPED  the listener said so
 *   AYNI_E_IO, AYNI_E_MEMORY
 */
struct compaction_result {
    uint64_t bytes_before, bytes_after; /* of the file, on the disk */
    uint64_t room_bytes; /* that the second file needs at most, also after AYNI_E_FULL */
};

#endif
