#ifndef AYNI_PROTO_FOLD_H
#define AYNI_PROTO_FOLD_H

#include "proto/arena.h"
#include "proto/entry.h"
#include "proto/payload.h"

/*
 * The state of a record in a space, a pure function of the set of its
 * versions. docs/protocol.md, section 4. Survivors depend on valid versions
 * alone: no clock, no catalogue, no order of arrival. The policy then picks
 * among survivors when they are read.
 */

/*
 * One entry of kind version with its place. Everything is lent by the caller
 * for the life of the fold.
 */
struct ayni_fold_item {
    struct ayni_feed feed; /* the original feed id, also in a segment */
    struct ayni_node node;
    uint64_t seq;
    struct ayni_hash chain;
    struct ayni_instant time;
    const struct ayni_version *version; /* NULL: not readable here, see ayni_fold_context() */
    bool valid; /* by the registry (proto/registry.h); what isn't counts as if it weren't there */
    struct ayni_bytes roles; /* of the writer's organisation, NUL-separated: authority:<role> */
};

/*
 * What the fold asks about the chains that are held. It asks only about feeds
 * that items are of, and never where the items themselves give the answer.
 */
struct ayni_fold_chains {
    void *context;
    /* On some chain of `feed` that is held, the chain hash at seen->seq begins with seen->chain. */
    bool (*fits)(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen);
    /*
     * Of a pair that fits: whether `item`, of that feed and at or before
     * seen->seq, lies on the pair's chain. NULL: no feed of the items is forked.
     */
    bool (*on_chain)(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen,
                     const struct ayni_fold_item *item);
};

enum ayni_merge {
    AYNI_MERGE_REVIEW = 0, /* different values wait for a steward */
    AYNI_MERGE_LATEST,
    AYNI_MERGE_MAX, /* true over false; null is the lowest */
    AYNI_MERGE_MIN, /* null is never the lowest while there is another */
    AYNI_MERGE_UNION,
    /* Survivors among that role's versions alone, if it has any; then review. */
    AYNI_MERGE_AUTHORITY,
};

struct ayni_merge_rule {
    enum ayni_merge merge;
    struct ayni_bytes role; /* of AUTHORITY: e.g. "municipality" */
};

/* The rule of a field; fields that nobody declared are REVIEW. */
typedef struct ayni_merge_rule ayni_fold_rule(void *context, uint32_t type, uint32_t field);

/* One of the values that survive: all that are equal, taken together. */
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
    /*
     * What the rule picks first, then the newest first, by the (time, chain
     * hash) of their newest item; with AUTHORITY the role's values before others'.
     */
    struct ayni_alternative *alternatives;
    size_t alternative_count;
};

struct ayni_folded {
    const struct ayni_fold_item *items;
    size_t item_count;
    uint32_t type;
    /* By number, without field 0; fields whose shown value is null included. */
    struct ayni_folded_field *fields;
    size_t field_count;
    /* A delete survives, and every other surviving version was seen by one that does. */
    bool deleted;
    bool delete_contested;    /* a delete survives beside something it had not seen: shown alive */
    size_t deletes, keeps;    /* then, of the items: the newest delete that survives, and the newest
                                 survivor that none of these had seen */
    bool contested;           /* not deleted, and some field or the deletion is contested */
    bool *withdrawn;          /* by item: a resolution that a withdrawal names */
    struct ayni_arena memory; /* the fold's own: what the pointers above point into */
};

/*
 * Fold `items`: any order, all of one record and type; duplicates of one
 * (feed, seq, chain) are allowed and count once. `*folded` borrows from
 * `items`. AYNI_E_MEMORY is its only failure.
 */
AYNI_CHECKED enum ayni_status ayni_fold(const struct ayni_fold_item *items, size_t count,
                                        const struct ayni_fold_chains *chains, ayni_fold_rule *rule,
                                        void *rule_context, struct ayni_folded *folded);
void ayni_folded_free(struct ayni_folded *folded);
/* The field of that number, or NULL. */
const struct ayni_folded_field *ayni_folded_field(const struct ayni_folded *folded,
                                                  uint32_t number);
/* The order of what people see: (time, chain hash); <0, 0, >0. */
int ayni_fold_item_order(const struct ayni_fold_item *a, const struct ayni_fold_item *b);

/*
 * The context that a writer puts into its next version of this record: for
 * each feed and branch the newest version among `items` that the writer has
 * folded, `own` (NULL: none yet) first. No pair reaches past an item that
 * isn't valid or can't be read: so hand in one item without a version for each
 * entry of these feeds that can't be read here, whatever record it may be of,
 * but for erased ones. At most AYNI_CONTEXT_PAIRS_MAX pairs: what is left out
 * is not seen, and no more. The array is allocated; the caller frees it with free().
 */
AYNI_CHECKED enum ayni_status ayni_fold_context(const struct ayni_fold_item *items, size_t count,
                                                const struct ayni_fold_chains *chains,
                                                const struct ayni_feed *own,
                                                struct ayni_seen **seen, size_t *seen_count);

#endif
