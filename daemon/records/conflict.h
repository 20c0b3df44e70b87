#ifndef AYNI_DAEMON_RECORDS_CONFLICT_H
#define AYNI_DAEMON_RECORDS_CONFLICT_H

#include "daemon/records/reader.h"
#include "daemon/records/tables.h"

/*
 * The open conflicts: records with a contested field, or a contested deletion.
 *
 * A field is contested since the second of its values came to be: the oldest
 * version of each alternative that survives, of these the second oldest. A
 * record is contested since the first of its contested fields is.
 */
enum { CONFLICT_FIELDS_MAX = 64, CONFLICT_NODES_MAX = 64 };

struct conflict {
    struct record_key key;
    struct ayni_instant since;
    uint32_t fields[CONFLICT_FIELDS_MAX]; /* by number; 0 is the deletion; the first ones, if there
                                             are more */
    size_t field_count;
    struct ayni_node nodes[CONFLICT_NODES_MAX]; /* whose values survive in them, by key; likewise */
    size_t node_count;
};

/* False where nothing of the record is contested. */
bool conflict_of(const struct record_state *state, struct conflict *conflict);

/* What RECORDS_TABLE_CONFLICTS holds of it: since, fields, nodes. Beside it stands a key of
 * RECORDS_TABLE_AGES. */
void conflict_encode(const struct conflict *conflict, struct ayni_buffer *to);
AYNI_CHECKED enum ayni_status conflict_decode(const struct record_key *key, struct ayni_bytes value,
                                              struct conflict *conflict);

/* Where a listing is, which may go on under another reader. All zero: at its beginning. */
struct conflict_cursor {
    bool started, done;
    uint8_t last[AGE_KEY_SIZE];
};
/*
 * From there on, the open conflicts, oldest first, then by key; `type` 0 and `space` NULL mean
 * any. `visit` returns false for enough.
 */
AYNI_CHECKED enum ayni_status
conflicts_each(struct reader *reader, const struct ayni_space *space, uint32_t type,
               struct conflict_cursor *from,
               bool (*visit)(void *context, const struct conflict *conflict), void *context);
AYNI_CHECKED enum ayni_status conflicts_count(struct reader *reader, uint64_t *count);

#endif
