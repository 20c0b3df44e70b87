#ifndef AYNI_DAEMON_RECORDS_CONFLICT_H
#define AYNI_DAEMON_RECORDS_CONFLICT_H

#include "daemon/records/reader.h"
#include "daemon/records/tables.h"

/*
 * Where people said different things of a record without knowing of each other.
 *
 * Open: records with a contested field, or a contested deletion. Merged: records
 * with a field of which several values survive, and the catalogue's rule settled
 * it. Values that are equal are one, and no merge.
 *
 * A field is contested, or merged, since the second of its values came to be: the
 * oldest version of each alternative that survives, of these the second oldest. A
 * record is contested since the first of its fields is, and was merged when the
 * last one was: so who looks at what was merged since last week misses nothing.
 */
enum conflict_kind { CONFLICT_OPEN, CONFLICT_MERGED };
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

/* False where nothing of the record is so; nothing of a deleted one is. */
bool conflict_of(const struct record_state *state, enum conflict_kind kind,
                 struct conflict *conflict);

/* Since when a field of several alternatives has them. */
struct ayni_instant conflict_field_since(const struct record_state *state,
                                         const struct ayni_folded_field *field);

/* What RECORDS_TABLE_CONFLICTS, or RECORDS_TABLE_MERGED, holds of it: since, fields, nodes. Beside
 * it stands a key of RECORDS_TABLE_AGES, or RECORDS_TABLE_MERGED_AGES. */
void conflict_encode(const struct conflict *conflict, struct ayni_buffer *to);
AYNI_CHECKED enum ayni_status conflict_decode(const struct record_key *key, struct ayni_bytes value,
                                              struct conflict *conflict);

/* Which are asked for. */
struct conflict_filter {
    enum conflict_kind kind;
    const struct ayni_space *space; /* NULL: any */
    uint32_t type;                  /* 0: any */
    struct ayni_instant since;      /* none that is older */
};
/* Where a listing is, which may go on under another reader. All zero: at its beginning. */
struct conflict_cursor {
    bool started, done;
    uint8_t last[AGE_KEY_SIZE];
};
/* How many rows one call looks at, whatever the filter leaves of them: readers are short. */
enum { CONFLICT_ROWS_MAX = 1 << 16 };
/*
 * From there on, oldest first, then by key, until `visit` returns false for enough, or so many
 * were looked at: there are more unless the cursor is done.
 */
AYNI_CHECKED enum ayni_status
conflicts_each(struct reader *reader, const struct conflict_filter *filter,
               struct conflict_cursor *from,
               bool (*visit)(void *context, const struct conflict *conflict), void *context);
/* How many records there are of a kind. */
AYNI_CHECKED enum ayni_status conflicts_count(struct reader *reader, enum conflict_kind kind,
                                              uint64_t *count);

#endif
