#ifndef AYNI_DAEMON_RECORDS_PUT_VERSIONS_H
#define AYNI_DAEMON_RECORDS_PUT_VERSIONS_H

#include "daemon/records/projection/puts.h"
#include "daemon/records/projection/touched.h"

/*
 * The table of records in a batch: to the versions of each touched record that
 * are held, those that came are added. Records are told in the order of their keys.
 */
struct put_versions {
    struct views_ascent held;
    struct puts records;
    struct ayni_buffer scratch;
};

struct put_versions put_versions_begin(struct views_snapshot *views);
/* Sets touched->fresh and touched->held. */
AYNI_CHECKED enum ayni_status
put_versions_of(struct put_versions *put, const struct arrivals *arrivals, struct touched *touched);
/* Put them all; nothing is put before. */
AYNI_CHECKED enum ayni_status put_versions_flush(struct put_versions *put, struct views_txn *txn);
void put_versions_free(struct put_versions *put);
#define SCOPED_PUT_VERSIONS __attribute__((cleanup(put_versions_free))) struct put_versions

#endif
