#ifndef AYNI_DAEMON_RECORDS_DERIVE_H
#define AYNI_DAEMON_RECORDS_DERIVE_H

#include "daemon/records/projection/arrivals.h"
#include "daemon/records/projection/derive_conflict.h"
#include "daemon/records/projection/derive_occasion.h"
#include "daemon/records/projection/derive_subject.h"
#include "daemon/records/projection/puts.h"
#include "daemon/records/reader.h"

/*
 * What is derived of one record as it folds: its subjects, whom it links, its
 * conflict, what of it was merged, its problems, where and when it is of, and the
 * entries that its contexts still wait for.
 */
struct derive {
    struct reader *reader;
    struct derive_subjects subjects;
    struct derive_conflicts conflicts;
    struct derive_occasions occasions;
    struct puts problems, awaits, likeness;
};

/*
 * Derive it anew; `fresh`: nothing was derived of it before. Of what is no
 * more, what was derived goes.
 */
AYNI_CHECKED enum ayni_status derive_record(struct derive *derive, const struct record_key *key,
                                            bool fresh);
/* The same of a fresh one that came in one version: nothing is looked up. */
AYNI_CHECKED enum ayni_status derive_only(struct derive *derive,
                                          const struct arrived_version *version);
/* Put what has gathered. */
AYNI_CHECKED enum ayni_status derive_flush(struct derive *derive, struct views_txn *txn);
void derive_free(struct derive *derive);

#endif
