#ifndef AYNI_DAEMON_CONTROL_BUNDLE_UPLOAD_H
#define AYNI_DAEMON_CONTROL_BUNDLE_UPLOAD_H

#include "daemon/control/call.h"
#include "proto/bundle_volume.h"

/*
 * The bytes of volumes as the client sends them, piece by piece: the daemon
 * opens no file of a stick, which it may have no right to.
 */
struct bundle_upload {
    struct control_call *call;
    struct ayni_bytes left; /* of the piece that came last; lives until the next is asked for */
    uint64_t taken, total;  /* for the progress; total 0: not known */
    uint64_t besides;       /* what was done besides receiving, and counts in it */
};
struct ayni_bundle_source bundle_upload_source(struct bundle_upload *upload);
/* Tell the client of the progress; AYNI_E_STOPPED: it is gone. */
AYNI_CHECKED enum ayni_status bundle_upload_tell(const struct bundle_upload *upload);

/* Fails the call in words for what is wrong with a volume that was read, or begun to be; where it
 * has failed in words already, that stands. */
enum ayni_status bundle_upload_fail(struct control_call *call, enum ayni_status status);

#endif
