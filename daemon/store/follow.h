#ifndef AYNI_DAEMON_STORE_FOLLOW_H
#define AYNI_DAEMON_STORE_FOLLOW_H

#include "proto/bytes.h"

/*
 * A place to wait for an arrival number: one for what the log has committed
 * (the log writer advances it), one for what views/ has followed (the
 * projector does). Any thread may wait.
 */
struct follow;

AYNI_CHECKED enum ayni_status follow_new(struct follow **follow); /* at 0 */
/* Nobody waits any more. NULL is fine. */
void follow_free(struct follow *follow);

/*
 * Wait until `arrival` is reached.
 *
 *   AYNI_E_BUSY     not within `timeout_ms`
 *   AYNI_E_STOPPED  follow_stop() was called and it isn't reached
 */
AYNI_CHECKED enum ayni_status follow_wait(struct follow *follow, uint64_t arrival,
                                          uint64_t timeout_ms);
/* The same without hurry: follow_wanted() doesn't name it. */
AYNI_CHECKED enum ayni_status follow_wait_unhurried(struct follow *follow, uint64_t arrival,
                                                    uint64_t timeout_ms);
/* `arrival` is reached; a lower one than before changes nothing. Its form is that of a
 * log_committed listener. */
void follow_advance(void *follow, uint64_t arrival);
/* Wake all who wait, for good. */
void follow_stop(struct follow *follow);

/* What is reached. */
uint64_t follow_reached(struct follow *follow);
/* The highest arrival that somebody waits for in a hurry and that isn't reached; 0 if nobody waits.
 */
uint64_t follow_wanted(struct follow *follow);

#endif
