#ifndef AYNI_DAEMON_VIEW_ACT_H
#define AYNI_DAEMON_VIEW_ACT_H

#include "daemon/view/act_list.h"
#include "proto/message.h"

/*
 * The monthly act as it is shown: what a municipality has drafted for a month, and who has signed
 * it. docs/protocol.md, section 4.9, and docs/month.md.
 */
enum { ACT_TYPE = 506 };
enum act_field {
    ACT_MUNICIPALITY = 1,
    ACT_FACILITY,
    ACT_MONTH,
    ACT_CHILDREN,
    ACT_ADDED,
    ACT_REMOVED,
    ACT_OPEN_PROBLEMS,
    ACT_LIST_ROOT,
    ACT_SIGNERS,
};

enum { ACT_SIGNERS_MAX = 8 };
struct act_signer {
    struct ayni_record organisation;
    /* It says so itself: a node of its own has signed this list. Else somebody else says it. */
    bool itself;
    struct ayni_node node;    /* of the first such version */
    struct ayni_instant time; /* by its clock */
};

struct act {
    struct record_key key;
    struct act_scope scope; /* its place is the district of the facility; empty: not known here */
    struct ayni_record municipality, facility;
    int64_t children, added, removed, open_problems;
    struct ayni_hash root;
    bool contested;                             /* one of these is: it waits for `resolve` */
    struct act_signer signers[ACT_SIGNERS_MAX]; /* ascending; those who signed before others */
    size_t signer_count;
    bool by_municipality, by_facility; /* the parties that have signed this list themselves */
    bool altered; /* what it says beside its list isn't what the municipality said last */
    /* Of the version that made this list: */
    struct ayni_instant drafted;
    bool has_sketch;
    struct ayni_sketch sketch;
    bool has_frontier;
    struct ayni_fingerprint frontier;
};

/* Both parties have signed, and nobody has changed what stands beside the list. */
bool act_is_closed(const struct act *act);
/* The signature of that organisation itself; NULL where there is none. */
const struct act_signer *act_signed_by(const struct act *act,
                                       const struct ayni_record *organisation);

/*
 *   AYNI_E_NOT_FOUND  there is none, it is deleted, or it lacks what an act must have
 */
AYNI_CHECKED enum ayni_status act_read(struct reader *reader, const struct record_key *key,
                                       struct act *act);
AYNI_CHECKED enum ayni_status act_of_state(struct reader *reader, const struct record_state *state,
                                           struct act *act);

/* Acts; what isn't said means any. */
struct act_filter {
    const struct ayni_space *space;
    bool has_month;
    month_no month;
    const struct ayni_record *municipality;
    const char *place; /* its facility is there */
};
typedef bool act_visit(void *context, const struct act *act);
/* By space and id, until `visit` returns false. */
AYNI_CHECKED enum ayni_status acts_each(struct reader *reader, const struct act_filter *filter,
                                        act_visit *visit, void *context);

#endif
