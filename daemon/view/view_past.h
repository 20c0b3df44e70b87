#ifndef AYNI_DAEMON_VIEW_VIEW_PAST_H
#define AYNI_DAEMON_VIEW_VIEW_PAST_H

#include "daemon/view/view_query.h"

/*
 * The view as it was known here at a time: nothing of that is kept, so every
 * subject is computed again by a limited reader (daemon/records/reader_limits.h).
 * The indicators and rule sets are those of today.
 */
struct view_past { /* where it is; all zero: at the beginning */
    bool done;
    uint64_t looked_at; /* subjects, once for each space */
    uint32_t at;        /* the type that is walked, from here on */
    bool started;       /* ... and the subject of it that was looked at last */
    struct record_key last;
};

/*
 * Some more subjects, no more than a reader may be held for: each that the
 * request counts, as view_trace() has them. `visit` returns false for enough.
 */
AYNI_CHECKED enum ayni_status view_past_page(struct reader *reader, const struct plan *plan,
                                             const struct view_request *request,
                                             struct view_past *past, view_visit *visit,
                                             void *context);

#endif
