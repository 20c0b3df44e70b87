#ifndef AYNI_DAEMON_RECORDS_ARRIVALS_H
#define AYNI_DAEMON_RECORDS_ARRIVALS_H

#include <stdatomic.h>

#include "daemon/records/fork.h"
#include "daemon/records/sealed.h"

/*
 * What the projector takes from the log at once: the versions of some arrivals
 * by their record, and what else came with them. All zero is an empty one.
 */
struct arrived_version {
    uint8_t name[PROBLEM_KEY_SIZE]; /* key and ref as bytes, by which versions are ordered */
    struct record_key key;
    struct version_ref ref;
    struct log_entry entry; /* of a version; its payload borrows from the log's snapshot */
    bool future;            /* its time is far ahead of when it came */
    bool hollow;            /* its payload was here once, and is no more */
};

struct arrived_span { /* of one feed: entries from .. to */
    feed_no feed;
    uint64_t from, to;
};

/* What isn't a version that can be read. */
enum arrived_kind {
    ARRIVED_CUT,       /* a cut entry */
    ARRIVED_ERASE,     /* an order of erasure, by its kind */
    ARRIVED_RECEIPT,   /* a receipt, by its kind */
    ARRIVED_BAD_CUT,   /* one by its kind, but not by its bytes */
    ARRIVED_BAD_PROOF, /* an entry of kind 4 that proves no fork in this space */
    ARRIVED_MALFORMED, /* a version by its kind, but not by its bytes */
    ARRIVED_HOLLOW,    /* a version without its payload, of which nothing is known */
    ARRIVED_SEALED,    /* under a key that isn't here, version or order: daemon/records/sealed.h */
    ARRIVED_LACKING,   /* another entry without its payload: never erased, so it is wanted */
};
struct arrived_odd {
    struct ayni_space space;
    struct version_ref ref;
    uint64_t arrival;
    struct ayni_instant time; /* of its arrival */
    enum arrived_kind kind;
};

struct arrivals {
    struct arrived_version *versions; /* by key, then ref */
    size_t count;
    struct arrived_span *spans; /* by feed and seq */
    size_t span_count;
    struct arrived_odd *odd; /* in the order in which they came */
    size_t odd_count;
    struct fork_told *forks; /* that proof entries prove */
    size_t fork_count;
    uint64_t last; /* the last arrival taken; 0 if there was none */
    uint64_t entries;
    struct sealed_work unsealed; /* what keys that came opened is among the others */
    struct ayni_buffer memory[4];
};

struct arrivals_wish {
    const struct ayni_node *root; /* of the federation */
    struct views_snapshot *views; /* what tasks and sealed entries there are */
    const struct epoch_keys *epoch_keys;
    uint64_t from;           /* the first arrival; 0: none */
    uint64_t until;          /* the last; 0: no such end */
    size_t entries_max;      /* in all; but one arrival is always taken */
    const atomic_bool *stop; /* give up where it is set */
};
/* Take arrivals, whole ones, at least one if there is one, and entries that can be read by now.
 * AYNI_E_STOPPED. Free it also after a
 * failure. */
AYNI_CHECKED enum ayni_status arrivals_take(struct log_snapshot *log,
                                            const struct arrivals_wish *wish,
                                            struct arrivals *arrivals);
void arrivals_free(struct arrivals *arrivals);

#endif
