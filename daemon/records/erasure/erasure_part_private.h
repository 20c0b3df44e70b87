#ifndef AYNI_DAEMON_RECORDS_ERASURE_PART_PRIVATE_H
#define AYNI_DAEMON_RECORDS_ERASURE_PART_PRIVATE_H

#include "daemon/records/erasure/erasure_part.h"

/* One version while it is judged; made of `ref` alone, to be ended with judged_done(). */
struct judged {
    struct version_ref ref;
    const struct log_feed *feed;
    struct log_entry entry;
    bool here, was_here;         /* its payload; what stays of it */
    struct ayni_version version; /* if it is here, well-formed, and can be read */
    struct ayni_buffer plain;    /* what it borrows from, where that was encrypted */
    struct erasure_stub stub;
    struct erasure_verdict verdict;
};
void judged_done(struct judged *judged);
#define SCOPED_JUDGED __attribute__((cleanup(judged_done))) struct judged

/*
 * Read it, judge it, and note what follows for any entry of kind 1. `key` NULL:
 * nobody knows of which record it is. `parting->orders` are then those that erase it.
 */
AYNI_CHECKED enum ayni_status judged_make(struct parting *parting, const struct record_key *key,
                                          struct judged *judged);
/* Note what follows beside that for one that is known to be of a record. */
void judged_note_version(struct parting *parting, const struct record_key *key,
                         const struct judged *judged);

/* One row, put or not. */
void parting_put(struct puts *puts, struct ayni_bytes key, bool put, struct ayni_bytes value);

#endif
