#ifndef AYNI_DAEMON_VIEW_VIEW_H
#define AYNI_DAEMON_VIEW_VIEW_H

#include "daemon/records/records.h"

/*
 * The national view: it follows the projector, and keeps what each subject
 * contributes and the counters that add up to. In each batch the subjects that
 * were touched are computed again: what they contributed is taken away, what
 * they contribute now is added, in the batch's transaction. docs/view.md.
 */
struct view;

/* The records are open and not started: the view hooks itself into their projector. */
AYNI_CHECKED enum ayni_status view_open(struct records *records, struct view **view);
/* The projector has ended. NULL is fine. */
void view_close(struct view *view);

#endif
