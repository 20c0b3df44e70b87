#ifndef AYNI_DAEMON_VIEW_ACT_COMPARE_H
#define AYNI_DAEMON_VIEW_ACT_COMPARE_H

#include "daemon/view/act.h"

/*
 * The list of an act against the one that is held here now: for who is about to sign it, and for
 * "changed since the act". docs/month.md.
 */
enum act_change {
    ACT_CHILD_ADDED,   /* here now, and not in the act */
    ACT_CHILD_REMOVED, /* in the act, and not here now */
    ACT_CHILD_EDITED,  /* in both, and its record shows something else */
};
/* "added", "removed", "edited" */
const char *act_change_name(enum act_change change);

struct act_difference {
    struct ayni_record child;
    enum act_change change;
};

enum { ACT_DIFFERENCES_MAX = 2 * AYNI_SKETCH_CELLS };
struct act_comparison {
    bool known;   /* it could be made here; else the facility or the indicator isn't known */
    bool changed; /* the list is another one, or the act counts it wrongly */
    /* All that differs is below, and was proven by the act's hash. */
    bool named;
    int64_t children;                                       /* in the list as it is now */
    struct act_difference differences[ACT_DIFFERENCES_MAX]; /* by child */
    size_t count;
};

/* With the list as it is now. */
AYNI_CHECKED enum ayni_status act_compare_with(const struct act *act, const struct act_list *now,
                                               struct act_comparison *comparison);
/* The same, and the list is made. */
AYNI_CHECKED enum ayni_status act_compare(struct reader *reader, const struct act *act,
                                          struct act_comparison *comparison);

#endif
