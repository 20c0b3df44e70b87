#ifndef AYNI_DAEMON_VIEW_ACT_PROBLEMS_H
#define AYNI_DAEMON_VIEW_ACT_PROBLEMS_H

#include "daemon/view/act_list.h"

/* Something that waits for a decision about a child of the list: it blocks no act, and is printed
 * in it. */
struct act_problem {
    struct ayni_record child;
    uint32_t field;         /* 0: the deletion */
    struct ayni_bytes code; /* "contested", "missing", or why its value isn't one */
};
typedef bool act_problem_visit(void *context, const struct record_state *child,
                               const struct act_problem *problem);
/* Each, by child and field; `visit` returns false for enough. */
AYNI_CHECKED enum ayni_status act_problems_each(struct reader *reader,
                                                const struct act_scope *scope,
                                                const struct act_list *list,
                                                act_problem_visit *visit, void *context);

#endif
