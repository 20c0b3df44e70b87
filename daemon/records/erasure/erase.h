#ifndef AYNI_DAEMON_RECORDS_ERASE_H
#define AYNI_DAEMON_RECORDS_ERASE_H

#include "daemon/records/complaint.h"
#include "daemon/records/links/link_component.h"
#include "daemon/records/records.h"

/*
 * Order that a record be erased: of a child or another subject with all records
 * that are about it, and about those in turn, and with all who are one with it
 * (daemon/records/links/link_component.h) and the decisions on them, in each space where this
 * node's order reaches something of it. An order names the versions that are here; those that come
 * later without having seen it are erased as well. daemon/records/erasure/erasure.h.
 */
struct erase_request {
    const char *id;    /* as names_record() has it */
    const char *space; /* its name or id; NULL: all that hold it */
    const char *reason;
    const char *steward;
    bool only;  /* the record, without those that are about it */
    bool alone; /* with those, and without others that are one with it */
};

struct erase_result {
    struct ayni_record record;
    size_t records;  /* orders given: one for each space and record */
    size_t versions; /* that they name */
    size_t kept;     /* versions of these records that are out of this node's reach */
    struct link_component component; /* who was erased as one */
};

/*
 * Answers when the orders are durable, nothing of it is read here any more and
 * its payloads are gone from the log.
 *
 *   AYNI_E_NOT_FOUND  no such record
 *   AYNI_E_USAGE      more than one, or a space that nobody knows
 *   AYNI_E_INVALID    whether others are one with it is contested: nothing is erased that may be of
 *                     another child
 *   AYNI_E_RIGHT      all of it was written by others, and this node is neither the owner of the
 *                     space, nor steering, nor an admin node of their organisations
 */
AYNI_CHECKED enum ayni_status erase_record(struct records *records,
                                           const struct erase_request *request,
                                           struct erase_result *result,
                                           struct complaint *complaint);

#endif
