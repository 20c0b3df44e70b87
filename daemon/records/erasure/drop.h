#ifndef AYNI_DAEMON_RECORDS_DROP_H
#define AYNI_DAEMON_RECORDS_DROP_H

#include "daemon/records/epoch_keys.h"
#include "daemon/store/log_writer.h"
#include "daemon/store/views.h"

/*
 * The payloads of what is erased go from the log: the projector notes in DROPS
 * what the log is to say, in the batch that takes what was derived, and hands
 * it to the log writer when that is committed. So views/ never shows what the
 * log hasn't got, and a crash in between loses nothing.
 */

/*
 * Make the log say so, in the projector's thread; some thousands at once. What
 * is kept of them is read by `keys`. That something is lost is said only where `caught_up`: the
 * order may still be on its way.
 *
 *   AYNI_E_FULL, AYNI_E_IO, AYNI_E_STOPPED
 */
AYNI_CHECKED enum ayni_status drops_run(struct views *views, struct log_writer *writer,
                                        const struct epoch_keys *keys, bool caught_up);
/* Take off DROPS what the log says. */
AYNI_CHECKED enum ayni_status drops_settle(struct views_txn *txn, struct log_snapshot *log);

#endif
