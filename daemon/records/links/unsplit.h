#ifndef AYNI_DAEMON_RECORDS_UNSPLIT_H
#define AYNI_DAEMON_RECORDS_UNSPLIT_H

#include "daemon/records/complaint.h"
#include "daemon/records/records.h"

/*
 * Take a split back (daemon/records/links/split.h): the resolutions that it wrote are withdrawn, so
 * that each record is what it was, with its conflicts; what it made is deleted, where nobody has
 * written on it since. What was entered about the new one since then stays about it, for `ayni
 * link`.
 */
struct unsplit_request {
    const char *id; /* the new one, as names_record() has it */
    const char *steward;
    const char *reason; /* or NULL */
    bool by_admin;
    bool english;
};

struct unsplit_result {
    struct ayni_record child, from; /* the new one, and the one that it had been split from */
    size_t restored;                /* records whose change was taken back */
    size_t deleted;                 /* that the split had made */
    size_t kept;                    /* likewise, and somebody has written on them since */
};

/*
 * Answers when a reader sees it.
 *
 *   AYNI_E_NOT_FOUND  no such record, or it wasn't split from another, or that was taken back
 *   AYNI_E_RIGHT      no right to write in one of the spaces
 */
AYNI_CHECKED enum ayni_status unsplit_record(struct records *records,
                                             const struct unsplit_request *request,
                                             struct unsplit_result *result,
                                             struct complaint *complaint);

#endif
