#ifndef AYNI_PROTO_FOLD_H
#define AYNI_PROTO_FOLD_H

#include "proto/entry.h"
#include "proto/payload.h"

/*
 * The state of a record in a space, a pure function of the set of its
 * versions. docs/protocol.md, section 4. Survivors depend on valid versions
 * alone: no clock, no catalogue, no order of arrival. The policy then picks
 * among survivors when they are read.
 */

/* One version with its place. Everything is lent by the caller for the life of the fold. */
struct ayni_fold_item {
    struct ayni_feed feed; /* the original feed id, also in a segment */
    struct ayni_node node;
    uint64_t seq;
    struct ayni_hash chain;
    struct ayni_instant time;
    const struct ayni_version *version;
    bool valid;                 /* by the registry (proto/registry.h); what isn't counts as if it weren't there */
    struct ayni_bytes roles;    /* the roles of the writer's organisation, NUL-separated words: for authority:<role> */
};

/*
 * Whether `seen`, found in a version of feed `by`, fits a chain that is held
 * and `item` lies on that chain at or before its seq. Without forks: the same
 * feed, item->seq <= seen->seq, and the chain hash held at seen->seq begins
 * with seen->chain. `seen->own` means the feed of `by`.
 */
typedef bool ayni_fold_covers(void *context, const struct ayni_fold_item *by, const struct ayni_seen *seen,
                              const struct ayni_fold_item *item);

enum ayni_merge {
    AYNI_MERGE_REVIEW = 0, /* different values wait for a steward */
    AYNI_MERGE_LATEST,
    AYNI_MERGE_MAX, /* true over false; null is the lowest */
    AYNI_MERGE_MIN, /* null is never the lowest while there is another */
    AYNI_MERGE_UNION,
    AYNI_MERGE_AUTHORITY, /* survivors among that role's versions alone, if it has any; then review */
};

struct ayni_merge_rule {
    enum ayni_merge merge;
    struct ayni_bytes role; /* of AUTHORITY: e.g. "municipality" */
};

/* The rule of a field; fields that nobody declared are REVIEW. */
typedef struct ayni_merge_rule ayni_fold_rule(void *context, uint32_t type, uint32_t field);

/* One of the values that survive, all that are equal taken together. */
struct ayni_alternative {
    struct ayni_bytes value; /* raw CBOR; null is a value like others */
    size_t *items;           /* indexes of the surviving items that set it, newest first */
    size_t item_count;
};

struct ayni_folded_field {
    uint32_t number;
    struct ayni_bytes shown; /* what is shown: alternatives[0].value, or the union */
    bool contested;          /* two or more alternatives that the rule does not settle */
    bool merged;             /* two or more alternatives that the rule settled */
    struct ayni_alternative *alternatives; /* winner first: the highest (time, chain hash) of its items */
    size_t alternative_count;
};

struct ayni_folded {
    const struct ayni_fold_item *items;
    size_t item_count;
    uint32_t type;
    struct ayni_folded_field *fields; /* by number, without field 0; fields whose shown value is null included */
    size_t field_count;
    bool deleted;          /* a delete survives, and every other surviving version was seen by one that does */
    bool delete_contested; /* a delete survives beside something it had not seen: shown alive */
    bool contested;        /* any field, or the deletion */
    bool *withdrawn;       /* by item: a resolution that a withdrawal names */
};

/*
 * Fold `items` (any order, all of one record; duplicates of one (feed, seq,
 * chain) are allowed and count once). `*folded` borrows from `items`.
 * AYNI_E_MEMORY is its only failure.
 */
AYNI_CHECKED enum ayni_status ayni_fold(const struct ayni_fold_item *items, size_t count, ayni_fold_covers *covers,
                                        void *covers_context, ayni_fold_rule *rule, void *rule_context,
                                        struct ayni_folded *folded);
void ayni_folded_free(struct ayni_folded *folded);
/* The field of that number, or NULL. */
const struct ayni_folded_field *ayni_folded_field(const struct ayni_folded *folded, uint32_t number);
/* The order of what people see: (time, chain hash); <0, 0, >0. */
int ayni_fold_item_order(const struct ayni_fold_item *a, const struct ayni_fold_item *b);

/*
 * The context that a writer puts into its next version of this record: for
 * each feed with a version among `items` that the writer could read, the
 * newest such (seq, chain prefix); the writer's own feed first as `own`. The
 * array is allocated; the caller frees it with free().
 */
AYNI_CHECKED enum ayni_status ayni_fold_context(const struct ayni_fold_item *items, size_t count,
                                                const struct ayni_feed *own, struct ayni_seen **seen,
                                                size_t *seen_count);

#endif
