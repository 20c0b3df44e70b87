#ifndef AYNI_DAEMON_NET_INTAKE_H
#define AYNI_DAEMON_NET_INTAKE_H

#include "daemon/store/log_writer.h"
#include "daemon/store/views.h"
#include "proto/sync.h"

/*
 * The door of the log for what peers send: each batch is verified here, in the
 * net thread, against the head that the batches before it will have made, and
 * then handed to the log writer. Several batches of a feed may be under way.
 */
struct intake;

struct intake_options {
    struct log_store *log;
    struct log_writer *writer;
    struct views *views; /* which payloads are wanted */
    struct ayni_node root, self;
    /* What this node wrote and its log doesn't hold is about to come in, verified: never go on in
     * that feed. In the net thread; a failure refuses the batch. */
    enum ayni_status (*own_came)(void *context, const struct ayni_feed *feed,
                                 const struct ayni_feed_descriptor *descriptor);
    /* intake_next() has something; in the log writer's thread. */
    void (*wake)(void *context);
    void *context;
};

AYNI_CHECKED enum ayni_status intake_new(const struct intake_options *options,
                                         struct intake **intake);
/* The writer has stopped: nothing is under way any more. NULL is fine. */
void intake_free(struct intake *intake);

/*
 * Verify the runs of a STORE action and hand them over; intake_next() names it
 * afterwards, once, if AYNI_OK. Else nothing is kept of it:
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
AYNI_CHECKED enum ayni_status intake_take_fork(struct intake *intake,
                                               const struct ayni_sync_store *evidence);
/*
 * Put the payloads of a FILL action that are wanted where they are missing. As above;
 * AYNI_E_CHAIN if they are of another history.
 */
AYNI_CHECKED enum ayni_status intake_take_payloads(struct intake *intake,
                                                   const struct ayni_sync_store *payloads);
/* The next batch that is in the log, or couldn't be put there; false: none now. */
struct intake_result {
    uint64_t number;
    enum ayni_status status;
    struct ayni_feed feed;
    bool is_fork;
};
bool intake_next(struct intake *intake, struct intake_result *result);

#endif
