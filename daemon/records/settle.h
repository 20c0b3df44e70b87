#ifndef AYNI_DAEMON_RECORDS_SETTLE_H
#define AYNI_DAEMON_RECORDS_SETTLE_H

#include "daemon/records/edit.h"

/*
 * Settling conflicts. A resolution is an ordinary version that has seen the
 * alternatives; a withdrawal names a resolution, which then counts as if it
 * weren't there. cli.md, "Conflicts and duplicates".
 *
 * In a request of settle_resolve() the assignments are FIELD=VALUE, or
 * FIELD with `pick` in place of a value: the n-th alternative, from 1.
 */
struct settle_choice {
    const char *field;
    const char *value; /* or NULL: */
    size_t pick;
};

struct settle_request {
    const char *id;
    const char *space; /* or NULL */
    const struct settle_choice *choices;
    size_t choice_count;
    const char *steward;
    const char *reason; /* or NULL */
    bool has_expect;
    size_t expect; /* alternatives that each field chosen must have now */
};

AYNI_CHECKED enum ayni_status settle_resolve(struct records *records,
                                             const struct settle_request *request,
                                             struct edit_result *result,
                                             struct complaint *complaint);
/* AYNI_E_NOT_FOUND where no resolution counts, or a later edit already covers it. */
AYNI_CHECKED enum ayni_status settle_unresolve(struct records *records,
                                               const struct settle_request *request,
                                               struct edit_result *result,
                                               struct complaint *complaint);

#endif
