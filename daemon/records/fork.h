#ifndef AYNI_DAEMON_RECORDS_FORK_H
#define AYNI_DAEMON_RECORDS_FORK_H

#include "daemon/records/reader.h"
#include "daemon/records/tables.h"
#include "proto/fork_proof.h"

/*
 * Forks as proof entries (kind 4, lane 0) tell of them: docs/protocol.md,
 * section 3.6. A proof needs nothing to be checked, so the projector checks it
 * once, when it comes, and keeps what it says; an entry that proves nothing is
 * a problem (daemon/records/problem.h).
 */
struct fork_told {
    struct version_ref entry; /* that has the proof */
    struct ayni_feed feed;
    struct ayni_feed_descriptor descriptor;
    struct ayni_head common;    /* up to there both histories agree */
    struct ayni_hash chains[2]; /* of the entry after it, in each */
};

/*
 * What the payload of an entry in `space` proves in the federation of `root`.
 *
 *   AYNI_E_MALFORMED, AYNI_E_LIMIT, AYNI_E_INVALID, AYNI_E_CHAIN, AYNI_E_SIGNATURE
 *                    as ayni_fork_proof_decode()
 *   AYNI_E_RIGHT     it is about another federation or another space
 */
AYNI_CHECKED enum ayni_status fork_told_read(struct ayni_bytes payload,
                                             const struct ayni_node *root,
                                             const struct ayni_space *space,
                                             struct fork_told *told);

/* Keep it in views/. */
AYNI_CHECKED enum ayni_status fork_told_put(struct views_txn *txn, const struct fork_told *told);

/* Each, of one space or of all (NULL), by space and entry; `visit` returns false to stop. */
AYNI_CHECKED enum ayni_status
forks_each_told(struct reader *reader, const struct ayni_space *space,
                bool (*visit)(void *context, const struct fork_told *told), void *context);

/*
 * Whether it is to be acted on: its author may write there or could once, or
 * has a feed there that is held. What strangers sign is nobody's business.
 */
bool fork_told_counts(struct reader *reader, const struct fork_told *told);

#endif
