#ifndef AYNI_DAEMON_RECORDS_DERIVE_CONFLICT_H
#define AYNI_DAEMON_RECORDS_DERIVE_CONFLICT_H

#include "daemon/records/projection/puts.h"
#include "daemon/records/reader.h"

/*
 * The conflict of a record, and what of it a rule of the catalogue merged
 * (daemon/records/conflict.h): each by record, and by since when.
 */
struct derive_conflicts {
    struct puts open, open_ages, merged, merged_ages;
};

/* `fresh`: nothing was derived of it before. */
AYNI_CHECKED enum ayni_status derive_conflict(struct derive_conflicts *conflicts,
                                              struct reader *reader,
                                              const struct record_state *state, bool fresh);
/* Nothing of the record is left. */
AYNI_CHECKED enum ayni_status derive_no_conflict(struct derive_conflicts *conflicts,
                                                 struct reader *reader,
                                                 const struct record_key *key);
AYNI_CHECKED enum ayni_status derive_conflicts_flush(struct derive_conflicts *conflicts,
                                                     struct views_txn *txn);
void derive_conflicts_free(struct derive_conflicts *conflicts);

#endif
