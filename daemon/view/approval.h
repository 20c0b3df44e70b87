#ifndef AYNI_DAEMON_VIEW_APPROVAL_H
#define AYNI_DAEMON_VIEW_APPROVAL_H

#include "daemon/view/act.h"
#include "daemon/view/party.h"

/*
 * Approvals of a month's acts, which climb from the municipality to MIDIS: records of type 507.
 * What they are about is hashed, so that a later change of an act shows. docs/protocol.md,
 * section 4.10, and docs/month.md.
 */
enum { APPROVAL_TYPE = 507 };
enum approval_field {
    APPROVAL_TERRITORY = 1,
    APPROVAL_MONTH,
    APPROVAL_WORKFLOW,
    APPROVAL_LEVEL,
    APPROVAL_STATE,
    APPROVAL_CONTENT,
    APPROVAL_REASON,
};
enum approval_state {
    APPROVAL_READY,    /* by the level: others may look */
    APPROVAL_APPROVED, /* by the level itself */
    APPROVAL_ACCEPTED, /* by the next level */
    APPROVAL_RETURNED, /* by the next level, with a reason */
    APPROVAL_STATES,
};
/* The code of approval.state. */
const char *approval_state_name(enum approval_state state);

enum { APPROVAL_WORKFLOW_SIZE = 4 * 40 + 1, APPROVAL_REASON_SIZE = 4 * 200 + 1 };
extern const char approval_workflow[]; /* of who says no other */

/* Acts of a month in a space and a territory: what an approval is about. */
struct approval_scope {
    struct ayni_space space;
    char territory[CONTRIBUTION_PLACE_SIZE];
    month_no month;
};
struct approval {
    struct record_key key;
    struct approval_scope scope;
    char workflow[APPROVAL_WORKFLOW_SIZE];
    enum party_level level;
    enum approval_state state;
    struct ayni_hash content;
    char reason[APPROVAL_REASON_SIZE]; /* of what is returned; may be empty */
    bool contested;
    /* Who said the state that is shown: */
    struct ayni_node node;
    struct ayni_instant time;
    bool counts; /* by the registry its organisation is one that may */
};
/* It is approved or accepted, by who may. */
bool approval_holds(const struct approval *approval);

/* The id that the key gives. AYNI_E_RIGHT: this node hasn't got the identity key yet. */
AYNI_CHECKED enum ayni_status approval_key(const struct charter *charter,
                                           const struct approval_scope *scope, const char *workflow,
                                           enum party_level level, struct record_key *key);
/* AYNI_E_NOT_FOUND: there is none, or it lacks what one must have. */
AYNI_CHECKED enum ayni_status approval_of_state(const struct charter *charter,
                                                const struct record_state *state,
                                                struct approval *approval);
AYNI_CHECKED enum ayni_status approval_read(struct reader *reader, const struct record_key *key,
                                            struct approval *approval);

/* Approvals, by space and id; what isn't said means any. */
struct approval_filter {
    const struct ayni_space *space;
    bool has_month;
    month_no month;
    const char *workflow;
    const char *territory; /* in it, itself included */
};
typedef bool approval_visit(void *context, const struct approval *approval);
AYNI_CHECKED enum ayni_status approvals_each(struct reader *reader,
                                             const struct approval_filter *filter,
                                             approval_visit *visit, void *context);

/*
 * An approval of that level which holds and covers the district: its territory is the district or
 * around it; of several that of the largest territory. AYNI_E_NOT_FOUND: there is none.
 */
AYNI_CHECKED enum ayni_status approval_covering(struct reader *reader,
                                                const struct approval_scope *district,
                                                const char *workflow, enum party_level level,
                                                struct approval *approval);

#endif
