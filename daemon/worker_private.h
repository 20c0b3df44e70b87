#ifndef AYNI_DAEMON_WORKER_PRIVATE_H
#define AYNI_DAEMON_WORKER_PRIVATE_H

#include "daemon/config.h"
#include "daemon/records/complaint.h"
#include "proto/control.h"

/* What the workers share: frames of the control protocol on standard output. */

/* Takes the frame over, begun by ayni_control_item_begin(). */
AYNI_CHECKED enum ayni_status worker_send_item(struct ayni_buffer *frame);
/* A bar for who waits; one that can't be sent is no failure. */
void worker_send_progress(uint64_t done, uint64_t total);
/* The end, and the exit code of the process. */
int worker_send_end(enum ayni_status status, const struct complaint *complaint);

/* The settings of a home that has none yet. AYNI_E_USAGE: its path is too long. */
AYNI_CHECKED enum ayni_status worker_config(const char *home, struct config *config,
                                            struct complaint *complaint);
/* Say what a part said, or the status where it said nothing. Of what is too long the end is kept:
 * there is what is wrong, and before it the path. */
enum ayni_status worker_complain(struct complaint *complaint, enum ayni_status status,
                                 const char *why);

/* One for each, as worker_run() describes them. */
int worker_init(int argc, char **argv);
int worker_restore(int argc, char **argv);

#endif
