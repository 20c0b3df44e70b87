#ifndef AYNI_DAEMON_VIEW_APPROVAL_PRIVATE_H
#define AYNI_DAEMON_VIEW_APPROVAL_PRIVATE_H

/*
 * What the files of a step share: approval_write.c says whose approval it is and writes it,
 * approval_review.c looks at the acts that it is about.
 */
#include "daemon/view/approval_acts.h"
#include "daemon/view/approval_write.h"

/* A step being taken, from one state of all. */
struct taking {
    struct approval_request *request;
    const struct month_writer *writer;
    struct reader *reader;
    struct complaint *complaint;
    const struct ayni_organisation *own;
    struct approval_acts acts; /* of the month and space */
    bool exists;               /* the approval that the step is about */
    struct approval approval;
};

/*
 * Look at each act of the territory: whether the step may be taken, by the failures of
 * approval_take(), which are not signed, and in how many the children have changed since; both are
 * worth a warning.
 */
AYNI_CHECKED enum ayni_status approval_review(struct taking *taking);
/* Warn where what another approval is about has changed since. */
AYNI_CHECKED enum ayni_status approval_warn_of_content(struct taking *taking,
                                                       const struct approval *below);

#endif
