#ifndef AYNI_DAEMON_RECORDS_CUT_BRANCHES_H
#define AYNI_DAEMON_RECORDS_CUT_BRANCHES_H

#include "daemon/records/projection/arrivals.h"
#include "daemon/store/views.h"

/*
 * A cut names chains. While one of them isn't held its seq alone counts; when
 * the entry that it names comes, what other branches of a forked feed have
 * before that seq no longer counts. So the feed is folded again then, and
 * `*charter` is set: what it says of the registry may have changed, too.
 */
AYNI_CHECKED enum ayni_status cut_branches_note(const struct arrivals *arrivals,
                                                struct views_txn *txn, struct log_snapshot *log,
                                                bool *charter);

#endif
