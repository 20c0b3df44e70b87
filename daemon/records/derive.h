#ifndef AYNI_DAEMON_RECORDS_DERIVE_H
#define AYNI_DAEMON_RECORDS_DERIVE_H

#include "daemon/records/arrivals.h"
#include "daemon/records/derive_occasion.h"
#include "daemon/records/puts.h"
#include "daemon/records/reader.h"

/*
 * What is derived of one record as it folds: its subjects, whom it links, its
 * conflict, what of it was merged, its problems, where and when it is of, and the
 * entries that its contexts still wait for.
 */
struct derive {
    struct reader *reader;
    struct puts subjects, links, conflicts, ages, merged, merged_ages, problems, awaits, likeness;
    struct derive_occasions occasions;
    struct ayni_buffer named;       /* struct ayni_record: whom the records name */
    struct ayni_record *named_once; /* the same, as derive_named() has lent them */
};

/*
 * Derive it anew; `fresh`: nothing was derived of it before. Of what is no
 * more, what was derived goes.
 */
AYNI_CHECKED enum ayni_status derive_record(struct derive *derive, const struct record_key *key,
                                            bool fresh);
/* Before that: that a version of it named the subject, or linked it, goes, unless one that is left
 * does. */
void derive_unname(struct derive *derive, const struct record_key *key,
                   const struct ayni_record *subject);
/* The reference that the version sets in the field, if it is one. */
bool derive_reference_in(const struct ayni_version *version, uint32_t field,
                         struct ayni_record *record);
/* The same of a fresh one that came in one version: nothing is looked up. */
AYNI_CHECKED enum ayni_status derive_only(struct derive *derive,
                                          const struct arrived_version *version);
/* Whom all these name, in order, each once; lent. */
AYNI_CHECKED enum ayni_status derive_named(struct derive *derive,
                                           const struct ayni_record **subjects, size_t *count);
/* Put what has gathered. */
AYNI_CHECKED enum ayni_status derive_flush(struct derive *derive, struct views_txn *txn);
void derive_free(struct derive *derive);

#endif
