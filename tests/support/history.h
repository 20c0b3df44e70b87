#ifndef AYNI_TESTS_SUPPORT_HISTORY_H
#define AYNI_TESTS_SUPPORT_HISTORY_H

#include "proto/fold.h"
#include "tests/support/random.h"

/*
 * One record in a small invented federation: nodes that write while they are
 * apart, hand each other parts of what they hold, lose a backup's tail, run
 * twice under one key, forge contexts, and hear late of grants, cuts and
 * erasures. It keeps what really happened, which no entry says: above all what
 * each writer had folded when it wrote.
 *
 * No hashing: a chain hash is 32 random bytes, and an entry knows the one before it.
 */
enum {
    HISTORY_WRITERS = 4, /* keys: node 4 and up are second homes under the keys of the first */
    HISTORY_NODES_MAX = 6,
    HISTORY_FEEDS_MAX = 24,
    HISTORY_ENTRIES_MAX = 64,
    HISTORY_FIELDS_MAX = 4, /* that one version sets */
    HISTORY_FIELD_NUMBERS = 12,
};

struct history_feed {
    struct ayni_feed id;
    int writer;
};

struct history_entry {
    int feed;
    int before; /* the entry before it on its chain, -1 for the first */
    uint64_t seq;
    struct ayni_hash chain;
    uint64_t time_ms;
    bool of_record; /* else it is of another record, which the fold never sees */
    bool honest;    /* its context is what its writer had folded */
    bool erased;
    bool in_cut;                       /* of its writer's ending */
    bool folded[HISTORY_ENTRIES_MAX];  /* by its writer, when it was written */
    bool reached[HISTORY_ENTRIES_MAX]; /* and nothing was in the way of a pair that names it */
    struct ayni_version version;
    struct ayni_field fields[HISTORY_FIELDS_MAX];
};

/* What a node knows of a writer's rights. */
struct history_rights {
    bool granted;
    bool ended;   /* up to the cut */
    bool renewed; /* by a grant without end */
};

struct history_node {
    int writer;
    int feed;  /* that it writes in; -1 before the first */
    int tip;   /* its newest entry there; -1 */
    int clock; /* wrong by so many steps */
    bool holds[HISTORY_ENTRIES_MAX];
    bool hollow[HISTORY_ENTRIES_MAX]; /* holds without the payload */
    bool erased[HISTORY_ENTRIES_MAX]; /* has heard of the order */
    struct history_rights rights[HISTORY_WRITERS];
};

struct history {
    uint64_t seed; /* for messages */
    struct test_random random;
    int step;
    struct history_node nodes[HISTORY_NODES_MAX];
    int node_count;
    struct history_feed feeds[HISTORY_FEEDS_MAX];
    int feed_count;
    struct history_entry entries[HISTORY_ENTRIES_MAX];
    int entry_count;
    int reader; /* the node that the callbacks below speak for */
};

void history_start(struct history *history, uint64_t seed);
void history_end(struct history *history);

/* One thing happens: somebody writes, syncs, forges, loses or learns something. */
void history_go_on(struct history *history);
/* All nodes hold and know everything. */
void history_settle(struct history *history);

/* What `node` holds of the record, as a fold takes it, in the order in which it was written;
 * `items` has room for HISTORY_ENTRIES_MAX. */
size_t history_items(const struct history *history, int node, struct ayni_fold_item *items);
/* The entry that an item is. */
int history_entry_of(const struct history *history, const struct ayni_fold_item *item);
bool history_in_past(const struct history *history, int older, int newer);

/* Answers for struct ayni_fold_chains and struct fold_model; the context is the history, whose
 * `reader` is asked. */
bool history_fits(void *history, const struct ayni_feed *feed, const struct ayni_seen *seen);
bool history_on_chain(void *history, const struct ayni_feed *feed, const struct ayni_seen *seen,
                      const struct ayni_fold_item *item);
bool history_covers(void *history, const struct ayni_fold_item *by,
                    const struct ayni_fold_item *what);
bool history_item_in_past(void *history, const struct ayni_fold_item *older,
                          const struct ayni_fold_item *newer);
/* Whether `node` holds two branches of some feed. */
bool history_has_forks(const struct history *history, int node);

/* Fields 1 to 11 have one rule each, and some two. */
struct ayni_merge_rule history_rule(void *context, uint32_t type, uint32_t field);

#endif
