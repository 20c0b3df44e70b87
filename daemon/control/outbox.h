#ifndef AYNI_DAEMON_CONTROL_OUTBOX_H
#define AYNI_DAEMON_CONTROL_OUTBOX_H

#include "daemon/control/call.h"

/*
 * Items of an answer, made while a reader is open and sent when it has ended:
 * a client that reads slowly then keeps no snapshot open. All zero is an empty one.
 */
struct outbox {
    struct ayni_buffer items; /* one after the other */
    struct ayni_buffer sizes; /* size_t, of each */
    struct ayni_control_writer writer;
    size_t start;
};

/* What it should hold at most before it is sent. */
enum { OUTBOX_SIZE_MAX = 256 * 1024 };

/* A writer for one item, which outbox_end() finishes. */
struct ayni_control_writer *outbox_begin(struct outbox *outbox);
void outbox_end(struct outbox *outbox);
bool outbox_is_full(const struct outbox *outbox);
/* Send all, and be empty. AYNI_E_MEMORY where something had no room; else as call_send(). */
AYNI_CHECKED enum ayni_status outbox_send(struct outbox *outbox, struct control_call *call);
void outbox_free(struct outbox *outbox);
#define SCOPED_OUTBOX __attribute__((cleanup(outbox_free))) struct outbox

#endif
