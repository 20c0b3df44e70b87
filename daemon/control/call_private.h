#ifndef AYNI_DAEMON_CONTROL_CALL_PRIVATE_H
#define AYNI_DAEMON_CONTROL_CALL_PRIVATE_H

#include "daemon/control/call.h"

/* What call.c (data, answers, the end) and call_arguments.c share. */

/* What arguments were copied into, freed with the call. */
struct call_block {
    struct call_block *next;
};

struct control_call {
    struct connection *connection;
    struct ayni_buffer encoded; /* of the arguments */
    struct ayni_buffer data;    /* the chunk that is worked on */
    enum {
        ASKED_NOTHING,
        ASKED,
        ASKED_AND_TAKEN
    } asked; /* of the next one, which is the connection's input when it was taken */
    struct ayni_control_value arguments;
    const char *language;
    struct call_block *kept;
    struct ayni_buffer frame;    /* the item, or what else is sent */
    struct ayni_buffer together; /* frames that are sent at once */
    struct ayni_control_writer writer;
    uint64_t progress_at_ms;
    struct complaint complaint;
    bool answers_no;
};

/* Memory that lasts as long as the call; NULL where there is none. */
void *call_keep(struct control_call *call, size_t size);

#endif
