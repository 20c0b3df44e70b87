#ifndef AYNI_DAEMON_RECORDS_DERIVE_H
#define AYNI_DAEMON_RECORDS_DERIVE_H

#include "daemon/records/puts.h"
#include "daemon/records/reader.h"

/*
 * What is derived of one record as it folds: its subjects, its conflict, its
 * problems, and the entries that its contexts still wait for.
 */
struct derive {
    struct reader *reader;
    struct puts subjects, conflicts, problems, awaits;
    struct ayni_buffer
        named; /* struct ayni_record: whom the records name, in no order, perhaps twice */
};

/* Derive it anew; `fresh`: nothing was derived of it before. */
AYNI_CHECKED enum ayni_status derive_record(struct derive *derive, const struct record_key *key,
                                            bool fresh);
/* Put what has gathered. */
AYNI_CHECKED enum ayni_status derive_flush(struct derive *derive, struct views_txn *txn);
void derive_free(struct derive *derive);

#endif
