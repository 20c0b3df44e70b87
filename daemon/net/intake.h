#ifndef AYNI_DAEMON_NET_INTAKE_H
#define AYNI_DAEMON_NET_INTAKE_H

#include "daemon/store/log_writer.h"
#include "proto/sync.h"

/*
 * The door of the log for what peers send: each batch is verified here, in the
 * net thread, against the head that the batches before it will have made, and
 * then handed to the log writer. Several batches of a feed may be under way.
 */
struct intake;

/* A batch is in the log, or not; called in the log writer's thread. */
typedef void intake_done(void *context, uint64_t number, enum ayni_status status);

AYNI_CHECKED enum ayni_status intake_new(struct log_store *log, struct log_writer *writer,
                                         intake_done *done, void *context, struct intake **intake);
/* The writer has stopped: nothing is under way any more. NULL is fine. */
void intake_free(struct intake *intake);

/*
 * Verify the runs of a STORE action and hand them over; `done` follows, once,
 * if AYNI_OK. Else nothing is kept of it:
 *
 *   AYNI_E_SIGNATURE, AYNI_E_MALFORMED, AYNI_E_INVALID, AYNI_E_LIMIT  the peer's fault
 *   AYNI_E_CHAIN   the batch doesn't start where the log or the batches under way end
 *   AYNI_E_MEMORY, AYNI_E_IO, AYNI_E_STOPPED
 */
AYNI_CHECKED enum ayni_status intake_take(struct intake *intake,
                                          const struct ayni_sync_store *batch);
/*
 * Verify the run of a FORK action against the history held here, and keep the
 * proof. As above; AYNI_E_SIGNATURE if it proves nothing.
 */
AYNI_CHECKED enum ayni_status intake_take_fork(struct intake *intake, const struct ayni_node *root,
                                               const struct ayni_sync_store *evidence);
/* In the net thread, after `done`: the batch no longer counts as under way. */
void intake_settle(struct intake *intake, uint64_t number, enum ayni_status status);

#endif
