#ifndef AYNI_DAEMON_RECORDS_IMPORT_ROW_H
#define AYNI_DAEMON_RECORDS_IMPORT_ROW_H

#include "daemon/records/identifier.h"
#include "daemon/records/import/import_memo.h"
#include "daemon/records/import/import_overlay.h"
#include "daemon/records/import/import_plan.h"
#include "proto/reason.h"
#include "proto/value_parse.h"

/*
 * A row of a file on its way to records: what it says of each (import_row.c),
 * which records they are (import_find.c), and what of it is to be written
 * (import_decide.c). A draft is one record of the row.
 */
enum { IMPORT_MOVED_MAX = 4 };
struct import_moved { /* a place whose code is another one now: daemon/records/import/import_place.h
                       */
    uint32_t field;   /* its number */
    struct ayni_bytes from; /* the value by the row; what the draft says is that of today */
    bool left;              /* the record has it under the old code, and keeps it */
};

struct import_draft {
    const struct plan_record *plan;
    bool present; /* the row speaks of it */
    struct record_key key;
    struct identifier identifiers[IDENTIFIER_SCHEMES]; /* that the row gives, in the order of use */
    size_t identifier_count;
    bool ambiguous; /* several hold its number: the shown one was taken */
    bool elsewhere; /* of one that must exist: it is in another space, where nothing is written */
    struct ayni_field says[PLAN_FIELDS_MAX]; /* what the row says, by number */
    const struct plan_field *from[PLAN_FIELDS_MAX];
    size_t says_count;
    struct import_moved moved[IMPORT_MOVED_MAX];
    size_t moved_count;

    struct record_state state; /* as the reader sees it; all zero where there is nothing */
    const struct overlay_entry *earlier; /* what earlier rows of the file said of it; or NULL */
    bool is_new;
    struct ayni_field before[PLAN_FIELDS_MAX]; /* what it shows without this row, by number */
    size_t before_count;
    struct ayni_field changes[PLAN_FIELDS_MAX + 1]; /* to be written, by number */
    size_t change_count;
    uint32_t disputed; /* a field of which an earlier row of the file says otherwise; 0 for none */
    bool conflicts;    /* once written, it stands against what others wrote */
    struct import_found {
        bool known;
        struct identifier number;
        struct record_key key;
        bool elsewhere;
    } found; /* by the row before, where it was found by the id that its only number makes */
};

/* Why a row is rejected, or what is doubtful about it. */
struct import_finding {
    uint64_t line;
    const char *column; /* NULL: the row as a whole; lent by the plan */
    bool warning;
    struct ayni_reason reason;
    const char *message_es; /* of a rule of the catalogue; else NULL */
};

/* How values were written that a map lets be found by their form. */
struct import_forms {
    bool day_first, comma;
};

/* What rows are read with; all is lent. */
struct import_reading {
    struct reader *reader; /* for the batch; NULL between two */
    const struct import_plan *plan;
    struct ayni_space space;
    const struct ayni_node *own;
    const char *organisation;              /* the code of this node's own, or its name */
    struct ayni_bytes origin_organisation; /* as versions carry it */
    struct ayni_bytes origin;
    const struct import_overlay *overlay;
    struct identifier_type identifier; /* `type` is NULL where the catalogue has none */
    struct ayni_value_context values;  /* for the batch */
    struct ayni_arena *memory;         /* of the batch: values stay here */
    struct import_memo memo;           /* likewise */
    struct import_forms forms;         /* of all rows until now */
    struct ayni_buffer text, cbor;     /* scratch */
};

/*
 * Read one record of a row into `drafts[index]`: those before are done. AYNI_E_INVALID with the
 * finding's reason and column; AYNI_E_MEMORY and other failures are not the row's.
 */
AYNI_CHECKED enum ayni_status import_row_read(struct import_reading *reading,
                                              struct import_draft *drafts, size_t index,
                                              const struct ayni_bytes *cells,
                                              struct import_finding *finding);
/* The scratch value, where it stays for the batch. */
AYNI_CHECKED enum ayni_status import_keep(struct import_reading *reading, struct ayni_bytes *value);
/* Its key.record, by its own id, the numbers given, its natural key, or a new one. Likewise; of one
 * that must exist AYNI_E_NOT_FOUND. One that lasts is not present any more where it can be neither
 * found nor made. */
AYNI_CHECKED enum ayni_status import_find(struct import_reading *reading,
                                          struct import_draft *drafts, size_t index,
                                          const struct ayni_bytes *cells,
                                          struct import_finding *finding);
/* What is to be written: state, is_new, before, changes, conflicts. No failure is the row's. */
AYNI_CHECKED enum ayni_status import_decide(struct import_reading *reading,
                                            struct import_draft *draft);
/* Whether a version is of the origin that is imported: the same organisation and name. */
bool import_is_own(const struct import_reading *reading, const struct ayni_version *version);
/* What the row leaves the field with: what it says, else what was there. Empty for none. */
struct ayni_bytes import_draft_value(const struct import_draft *draft, uint32_t field);
/* Empty for the next row. What was found of a record that must exist stays, since the next row is
 * often about the same one. */
void import_draft_clear(struct import_draft *draft);
/* That goes, too: before the reader ends. */
void import_draft_forget(struct import_draft *draft);

#endif
