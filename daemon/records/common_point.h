#ifndef AYNI_DAEMON_RECORDS_COMMON_POINT_H
#define AYNI_DAEMON_RECORDS_COMMON_POINT_H

#include "daemon/records/reader.h"

/* Where those who say different things of a field last agreed. */
struct common_point {
    const struct ayni_fold_item *item; /* NULL: nowhere */
    struct ayni_bytes value;           /* that it gave to the field */
};

/*
 * Of the versions that set the field and were overwritten by all of its
 * alternatives, the newest. `state` is the reader's, and lends what is found.
 */
AYNI_CHECKED enum ayni_status common_point_find(struct reader *reader,
                                                const struct record_state *state,
                                                const struct ayni_folded_field *field,
                                                struct common_point *point);

/*
 * What was said of the field since then, in order: versions that the common point hadn't seen,
 * those that still stand among them. Of too many the last ones. They are lent by the state.
 */
enum { COMMON_SINCE_MAX = 64 };
struct common_since {
    const struct ayni_fold_item *items[COMMON_SINCE_MAX];
    struct ayni_bytes values[COMMON_SINCE_MAX];
    bool withdrawn[COMMON_SINCE_MAX]; /* a resolution that was taken back */
    size_t count;
};
AYNI_CHECKED enum ayni_status common_since_find(struct reader *reader,
                                                const struct record_state *state,
                                                const struct ayni_folded_field *field,
                                                const struct common_point *point,
                                                struct common_since *since);

#endif
