#ifndef AYNI_DAEMON_RECORDS_DERIVE_OCCASION_H
#define AYNI_DAEMON_RECORDS_DERIVE_OCCASION_H

#include "daemon/records/occasion.h"
#include "daemon/records/projection/puts.h"
#include "daemon/records/reader.h"

/*
 * Where and when records are of, as daemon/records/occasion_walk.h finds them: of a record of one
 * version that is shown, in a list; of one of several versions as it folds, for itself. Both are
 * functions of the record's versions, so that any order of arrival ends in the same rows.
 */
struct derive_occasions {
    struct puts lists, revised, revised_at;
    const struct ayni_catalogue_type *type; /* that these are of */
    struct occasion_fields fields;
    bool has_fields;
};

/* `fresh`: nothing was derived of it before. */
AYNI_CHECKED enum ayni_status derive_occasion(struct derive_occasions *occasions,
                                              struct reader *reader,
                                              const struct record_state *state, bool fresh);
/* Nothing of the record is left. */
AYNI_CHECKED enum ayni_status derive_no_occasion(struct derive_occasions *occasions,
                                                 struct reader *reader,
                                                 const struct record_key *key);
/* Before these: that a version of it stood in a list goes, unless it is put there again. */
void derive_occasion_without(struct derive_occasions *occasions, const struct record_key *key,
                             const struct version_ref *ref, const struct occasion *occasion);
AYNI_CHECKED enum ayni_status derive_occasions_flush(struct derive_occasions *occasions,
                                                     struct views_txn *txn);
void derive_occasions_free(struct derive_occasions *occasions);

/* All of a type in a space goes: its fields are others now, and all its records are derived again.
 */
AYNI_CHECKED enum ayni_status
derive_occasions_forget(struct views_txn *txn, const struct ayni_space *space, uint32_t type);

#endif
