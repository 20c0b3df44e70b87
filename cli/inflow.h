#ifndef AYNI_CLI_INFLOW_H
#define AYNI_CLI_INFLOW_H

#include "proto/bytes.h"

/*
 * What comes in at a descriptor, read in large pieces: an answer of ten thousand rows is as many
 * frames, and each of them would be two calls of the system. `fd` is lent; all else zero is an
 * empty one.
 */
struct inflow {
    int fd;
    struct ayni_buffer piece;
    size_t taken; /* of it */
};

/* Exactly that many bytes; false where the stream ends before, or there is no memory. */
bool inflow_read(struct inflow *inflow, uint8_t *to, size_t size);
/* Whether something can be read within a time; also where nothing will come any more. */
bool inflow_is_ready(const struct inflow *inflow, int timeout_ms);
void inflow_free(struct inflow *inflow);

#endif
