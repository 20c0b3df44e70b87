#ifndef AYNI_DAEMON_RECORDS_CHARTER_CHANGE_H
#define AYNI_DAEMON_RECORDS_CHARTER_CHANGE_H

#include "daemon/records/key.h"
#include "daemon/records/standing.h"
#include "daemon/store/log.h"
#include "daemon/store/views.h"

/*
 * Plan, as tasks (daemon/records/task.h), to fold again what a new charter
 * reaches: records with versions of writers whose standing changed, records of types that
 * the catalogue says something new about, and entries that keys that came may open. `keys` are the
 * records that this batch changed.
 */
AYNI_CHECKED enum ayni_status charter_change_plan(const struct charter *before,
                                                  const struct charter *after,
                                                  struct views_txn *txn, struct log_snapshot *log,
                                                  const struct record_key *keys, size_t key_count);

#endif
