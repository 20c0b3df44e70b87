#ifndef AYNI_DAEMON_RECORDS_DERIVE_SUBJECT_H
#define AYNI_DAEMON_RECORDS_DERIVE_SUBJECT_H

#include "daemon/records/projection/puts.h"
#include "daemon/records/state.h"

struct charter;

/*
 * Whom records are about, and whom decisions link. All versions count, also
 * those that lost or have no right: so the rows only grow until something is
 * erased, and who reads them asks the fold.
 */
struct derive_subjects {
    struct puts subjects, links;
    struct ayni_buffer named; /* struct ayni_record: whom the records name */
    struct ayni_record *once; /* the same, as derive_subjects_named() has lent them */
};

AYNI_CHECKED enum ayni_status derive_subject(struct derive_subjects *subjects,
                                             const struct charter *charter,
                                             const struct record_state *state);
/* Nothing of the record is left. It may have been a subject itself. */
AYNI_CHECKED enum ayni_status derive_no_subject(struct derive_subjects *subjects,
                                                const struct record_key *key);
/* Before these: that a version of it named the subject, or linked it, goes, unless one that is left
 * does. */
void derive_subject_without(struct derive_subjects *subjects, const struct record_key *key,
                            const struct ayni_record *subject);
/* The reference that the version sets in the field, if it is one. */
bool derive_reference_in(const struct ayni_version *version, uint32_t field,
                         struct ayni_record *record);
/* Whom all these name, in order, each once; lent. */
AYNI_CHECKED enum ayni_status derive_subjects_named(struct derive_subjects *subjects,
                                                    const struct ayni_record **once, size_t *count);
AYNI_CHECKED enum ayni_status derive_subjects_flush(struct derive_subjects *subjects,
                                                    struct views_txn *txn);
void derive_subjects_free(struct derive_subjects *subjects);

#endif
