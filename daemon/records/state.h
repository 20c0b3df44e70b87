#ifndef AYNI_DAEMON_RECORDS_STATE_H
#define AYNI_DAEMON_RECORDS_STATE_H

#include "daemon/records/key.h"
#include "daemon/store/log.h"
#include "proto/arena.h"
#include "proto/fold.h"

/* One version of a record, with its place in the log. */
struct record_version {
    feed_no feed;
    uint8_t lane;
    bool marked; /* it counts, but under a right that ended and whose cut hasn't come */
    struct ayni_version version; /* borrows from the log's snapshot, or from: */
    struct ayni_buffer plain;    /* its payload, where the space has it encrypted */
};

/*
 * A record in a space: all its versions that can be read, and what they fold
 * to. It borrows from the reader (daemon/records/reader.h) that made it and
 * ends before it.
 */
struct record_state {
    struct record_key key;
    struct ayni_fold_item
        *items; /* by time and chain hash, oldest first; those without right are not `valid` */
    struct record_version *versions; /* versions[i] belongs to items[i] */
    size_t count;
    size_t
        total; /* of all versions, also those that are malformed or not here: problems lists them */
    struct ayni_folded folded;
};

void record_state_free(struct record_state *state); /* all zero again */
#define SCOPED_STATE __attribute__((cleanup(record_state_free))) struct record_state

/* Nothing valid is left of it, or it is deleted: not shown in lists. */
bool record_state_gone(const struct record_state *state);
/* The value shown in a field, as CBOR; empty where there is none or it is null. */
struct ayni_bytes record_state_value(const struct record_state *state, uint32_t field);
/* The same read as a text, a whole number, a reference; false where it is none. */
bool record_state_text(const struct record_state *state, uint32_t field, struct ayni_bytes *text);
bool record_state_integer(const struct record_state *state, uint32_t field, int64_t *integer);
bool record_state_reference(const struct record_state *state, uint32_t field,
                            struct ayni_record *record);
/* All that is shown, in `memory`, ascending; none of a NULL state. NULL where there is no memory.
 */
const struct ayni_field *record_state_shown(const struct record_state *state,
                                            struct ayni_arena *memory, size_t *count);
/* The newest valid version: whose node, steward and time a list shows. NULL if there is none. */
const struct ayni_fold_item *record_state_newest(const struct record_state *state);

#endif
