#ifndef AYNI_DAEMON_RECORDS_EDIT_H
#define AYNI_DAEMON_RECORDS_EDIT_H

#include "daemon/records/complaint.h"
#include "daemon/records/records.h"

/*
 * What people do to records: put, set, delete. Texts become values by the
 * catalogue, types with a natural key get derived ids, identifiers given with
 * a child or person become records of their own in the same commit; what a
 * rule forbids is refused in words.
 */
struct edit_assignment {
    const char *name;  /* a field, or of a child or person: dni cnv cui padron code */
    const char *value; /* empty clears the field */
};

struct edit_request {
    const char *type;  /* of put */
    const char *id;    /* of set and delete: a UUID, a unique prefix, or scheme:value */
    const char *space; /* its name or id; NULL where one space alone holds the record */
    const struct edit_assignment *assignments;
    size_t assignment_count;
    const char *steward;
    bool by_admin;      /* she may write in the registry, too */
    bool no_settling;   /* what is contested is for others to settle: she edits all else */
    const char *reason; /* or NULL */
    const char *origin; /* or NULL: manual */
    bool has_expect;    /* refuse where there are not so many alternatives in the contested fields
                           named */
    size_t expect;
    bool english; /* rules of the catalogue speak English, else Spanish */
};

enum { EDIT_CHANGED_MAX = 256 };
struct edit_result {
    struct record_key key;
    bool created;
    uint32_t changed[EDIT_CHANGED_MAX]; /* fields that differ now, by number; none: nothing was
                                           written */
    size_t changed_count;
    struct complaints warnings; /* of what was written all the same */
};

/*
 * All three answer when a reader sees the change. `complaint` says what is wrong:
 *
 *   AYNI_E_USAGE      a type, field, value or space that nobody knows; several spaces hold it
 *   AYNI_E_NOT_FOUND  no such record
 *   AYNI_E_INVALID    against a rule of the catalogue, or a required field is missing
 *   AYNI_E_CHANGED    not what --expect says
 *   AYNI_E_RIGHT      no right to write there, stricter than the space, the registry's and not
 *                     by an admin, or contested and not hers to settle
 */
AYNI_CHECKED enum ayni_status edit_put(struct records *records, const struct edit_request *request,
                                       struct edit_result *result, struct complaint *complaint);
AYNI_CHECKED enum ayni_status edit_set(struct records *records, const struct edit_request *request,
                                       struct edit_result *result, struct complaint *complaint);
AYNI_CHECKED enum ayni_status edit_delete(struct records *records,
                                          const struct edit_request *request,
                                          struct edit_result *result, struct complaint *complaint);

#endif
