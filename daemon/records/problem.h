#ifndef AYNI_DAEMON_RECORDS_PROBLEM_H
#define AYNI_DAEMON_RECORDS_PROBLEM_H

#include "daemon/records/projection/puts.h"
#include "daemon/records/reader.h"
#include "daemon/records/tables.h"
#include "proto/reason.h"

/*
 * What is wrong with versions that came in, and with records as they fold:
 * listed, and never a reason to leave out what has a right to count.
 */
enum problem_kind {
    PROBLEM_MALFORMED = 1, /* the payload is no version: it doesn't count */
    PROBLEM_NO_RIGHT = 2,  /* its writer may not write there: it doesn't count */
    PROBLEM_MARKED =
        3, /* its writer's right has ended, no cut says up to where: it counts until then */
    PROBLEM_FUTURE = 4,   /* its time is over a day ahead of when it came */
    PROBLEM_VALUE = 5,    /* a value that its field doesn't take: it counts */
    PROBLEM_MISSING = 6,  /* a required field has no value */
    PROBLEM_CUT = 7,      /* a cut entry that is no cut */
    PROBLEM_PROOF = 8,    /* a proof entry that proves no fork */
    PROBLEM_ERASE = 9,    /* an order of erasure that is none */
    PROBLEM_ERASED = 10,  /* erased by an order whose giver didn't know it: can be entered anew */
    PROBLEM_RECEIPT = 11, /* a receipt that is none */
    PROBLEM_KIND_LAST = PROBLEM_RECEIPT,
};

/* Ahead of this node's clock by more is listed. */
enum { PROBLEM_FUTURE_MS = 24 * 60 * 60 * 1000 };

struct problem {
    struct record_key key;  /* type 0 where the payload doesn't say */
    struct version_ref ref; /* all zero: of the record as it folds */
    enum problem_kind kind;
    uint32_t field;         /* of VALUE and MISSING */
    struct ayni_bytes code; /* of VALUE: the reason's, e.g. "out_of_range"; else the kind's name */
};
/* A word for machines, e.g. "no_right". */
const char *problem_kind_name(enum problem_kind kind);

/* What RECORDS_TABLE_PROBLEMS holds under a key: any number of problems, one after the other. */
void problem_append(enum problem_kind kind, uint32_t field, const char *code,
                    struct ayni_buffer *to);
/* Take the first of `rest`; false at the end, and where the rest is none of ours. */
bool problem_next(struct ayni_bytes *rest, struct problem *problem);
/* One that is all there is of that version, among rows of that table. */
void problem_list(struct puts *problems, const struct record_key *key,
                  const struct version_ref *ref, enum problem_kind kind);

/* Of one version; nothing where all is well. */
void problem_of_version(const struct ayni_fold_item *item, bool marked, struct ayni_buffer *to);
/* Of the record as it folds: values that fields don't take, required ones without a value. */
void problem_of_record(const struct charter *charter, const struct record_state *state,
                       struct ayni_buffer *to);

/* Where a listing is, which may go on under another reader. All zero: at its beginning. */
struct problem_cursor {
    bool started, done;
    uint8_t last[PROBLEM_KEY_SIZE];
};
/*
 * From there on, by record key; `type` 0 and `space` NULL mean any. `visit` returns false for
 * enough: what else is wrong with the same version or record still comes.
 */
AYNI_CHECKED enum ayni_status
problems_each(struct reader *reader, const struct ayni_space *space, uint32_t type,
              struct problem_cursor *from,
              bool (*visit)(void *context, const struct problem *problem), void *context);
/* How many records and versions have any. */
AYNI_CHECKED enum ayni_status problems_count(struct reader *reader, uint64_t *count);

#endif
