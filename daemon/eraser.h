#ifndef AYNI_DAEMON_ERASER_H
#define AYNI_DAEMON_ERASER_H

#include <stdint.h>

#include "proto/status.h"

struct daemon;

/*
 * What follows from orders of erasure without anybody asking, in a thread of its
 * own: versions that came late are named (daemon/records/erasure/erase_late.h), receipts
 * are given (daemon/federation/receipts.h), and within the time that the
 * configuration sets (`scrub-after`) both stores are compacted, and volumes of
 * bundles that wait and may bring it let go of, so that nothing of what was
 * dropped is in the files of the home.
 */
struct eraser;

/* Listens from here on; before the projector starts. */
AYNI_CHECKED enum ayni_status eraser_new(struct daemon *daemon, struct eraser **eraser);
AYNI_CHECKED enum ayni_status eraser_start(struct eraser *eraser);
/* Bytes that must be free on the disk for what was erased to be gone from the files; 0 where that
 * isn't what it waits for. It is tried again by itself. Any thread. */
uint64_t eraser_room_needed(const struct eraser *eraser);
/* Something has changed that it doesn't hear of: a compaction. NULL is fine. */
void eraser_wake(struct eraser *eraser);
void eraser_stop(struct eraser *eraser); /* NULL is fine */
void eraser_free(struct eraser *eraser);

#endif
