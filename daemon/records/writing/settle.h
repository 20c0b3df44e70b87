#ifndef AYNI_DAEMON_RECORDS_SETTLE_H
#define AYNI_DAEMON_RECORDS_SETTLE_H

#include "daemon/records/writing/edit.h"

/*
 * Settling conflicts. A resolution is an ordinary version that has seen the
 * alternatives; a withdrawal names a resolution, which then counts as if it
 * weren't there. docs/protocol.md, section 4.
 */
struct settle_choice {
    const char *field; /* its name; `_deleted`, with the value true or false, where the deletion is
                          contested */
    const char *value; /* or NULL: */
    size_t pick;       /* the n-th alternative, from 1 */
};

struct settle_request {
    const char *id;
    const char *space; /* or NULL */
    const struct settle_choice *choices;
    size_t choice_count;
    const char *steward;
    bool by_admin;        /* she may write in the registry, too */
    const char *reason;   /* or NULL */
    const char *evidence; /* or NULL: no decision is recorded (daemon/records/writing/decision.h) */
    bool has_expect;
    size_t expect; /* alternatives that each field chosen must have now */
    bool english;  /* rules of the catalogue speak English, else Spanish */
};

/*
 * Settles what is contested, and sets another value over what a rule of the catalogue had merged.
 * Failures as edit_set() has them, AYNI_E_NOT_FOUND where a field has no two values to choose
 * from, and AYNI_E_RIGHT where that is for others (daemon/records/authority.h). `changed` of the
 * result are the fields settled.
 */
AYNI_CHECKED enum ayni_status settle_resolve(struct records *records,
                                             const struct settle_request *request,
                                             struct edit_result *result,
                                             struct complaint *complaint);
/*
 * Take back the last resolution that counts; `changed` are the fields that it had settled.
 *
 *   AYNI_E_NOT_FOUND  no resolution counts, or later edits cover all of the last one
 */
AYNI_CHECKED enum ayni_status settle_unresolve(struct records *records,
                                               const struct settle_request *request,
                                               struct edit_result *result,
                                               struct complaint *complaint);

#endif
