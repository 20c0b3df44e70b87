#ifndef AYNI_DAEMON_RECORDS_AUTHOR_H
#define AYNI_DAEMON_RECORDS_AUTHOR_H

#include "proto/payload.h"

/*
 * What this node writes: versions with their contexts, in runs under its own
 * seal, in feeds of its own. One author for a node; safe to call from any
 * thread. It knows rights and contexts, and nothing of kinds, codes and rules:
 * those are checked before (daemon/records/check.h).
 */
struct author;

/* One version to write. All is lent for the call. */
struct author_change {
    struct ayni_space space;
    struct ayni_record record;
    uint32_t type;
    const struct ayni_field *fields; /* by number, ascending; may be empty for a withdrawal */
    size_t field_count;
    struct ayni_bytes steward; /* who the node vouches for; required */
    struct ayni_bytes origin;  /* name; empty for `manual`. The organisation is this node's own */
    struct ayni_bytes reason;
    uint64_t act; /* enum ayni_act */
    const struct ayni_entry_name *withdraws; /* of an ACT_WITHDRAWAL */
    bool has_source_day;
    int64_t source_day;
};

struct author_result {
    struct ayni_entry_name name; /* of the entry that was written */
    struct ayni_hash chain;
};

/*
 * Write the changes, all or none, in the order given, in one lane; `results`
 * (count of them) may be NULL. Answers when they are durable in log/ and views/ has
 * caught up with them, so that a reader sees them. Contexts are made here: of
 * all that this node holds of each record, earlier changes of the same call included.
 *
 *   AYNI_E_RIGHT     this node may not write in one of the spaces
 *   AYNI_E_LIMIT     a payload is over AYNI_PAYLOAD_SIZE_MAX
 *   AYNI_E_FULL, AYNI_E_IO, AYNI_E_STOPPED
 */
AYNI_CHECKED enum ayni_status author_write(struct author *author, const struct author_change *changes, size_t count,
                                           uint8_t lane, struct author_result *results);

#endif
