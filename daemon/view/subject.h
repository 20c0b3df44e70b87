#ifndef AYNI_DAEMON_VIEW_SUBJECT_H
#define AYNI_DAEMON_VIEW_SUBJECT_H

#include "daemon/records/reader.h"
#include "daemon/view/contribution.h"
#include "daemon/view/plan.h"

/* All that one subject contributes to all indicators of a plan. */
struct subject_share {
    size_t indicator; /* its place in the plan */
    struct contribution contribution;
};
struct subject_result {
    struct subject_facts facts;
    struct subject_share *shares; /* by indicator, then month */
    size_t count, room;
};

void subject_result_free(struct subject_result *result);
#define SCOPED_SUBJECT __attribute__((cleanup(subject_result_free))) struct subject_result

/*
 * Compute it from the records here: what several spaces say of the subject, and of those who are
 * one with it (daemon/records/links/link_component.h), is taken together, each field from where it
 * was written last, or where decisions keep one of them from that one. All of it is contributed by
 * the one whose id goes on, and nothing by the others. A subject that isn't here, or is gone,
 * contributes nothing.
 */
AYNI_CHECKED enum ayni_status subject_compute(struct reader *reader, const struct plan *plan,
                                              uint32_t type, const struct ayni_record *record,
                                              struct subject_result *result);

/* What one space alone shows of it. */
void subject_facts_of(struct record_state *state, const struct ayni_catalogue_type *type,
                      struct subject_facts *facts);

/* As views/ keeps it. */
void subject_encode(const struct subject_result *result, struct ayni_buffer *to);
AYNI_CHECKED enum ayni_status subject_decode(struct ayni_bytes bytes,
                                             struct subject_result *result);

#endif
