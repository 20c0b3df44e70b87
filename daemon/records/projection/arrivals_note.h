#ifndef AYNI_DAEMON_RECORDS_ARRIVALS_NOTE_H
#define AYNI_DAEMON_RECORDS_ARRIVALS_NOTE_H

#include "daemon/records/problem.h"
#include "daemon/records/projection/arrivals.h"

/*
 * What arrivals leave in views/ beside versions: where cuts are, what forks are proven,
 * what can't be read, times far ahead. Sets `*cuts` where there is a cut among them.
 */
AYNI_CHECKED enum ayni_status arrivals_note(const struct arrivals *arrivals, struct views_txn *txn,
                                            bool *cuts);
/* List what is wrong with one entry. */
AYNI_CHECKED enum ayni_status
arrivals_note_problem(struct views_txn *txn, const struct arrived_odd *odd, enum problem_kind kind);
/* Up to where views/ follows each feed with them. */
AYNI_CHECKED enum ayni_status arrivals_note_feeds(const struct arrivals *arrivals,
                                                  struct views_txn *txn);

#endif
