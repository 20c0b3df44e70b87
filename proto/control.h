#ifndef AYNI_PROTO_CONTROL_H
#define AYNI_PROTO_CONTROL_H

#include "proto/control_value.h"
#include "proto/control_writer.h"

/*
 * What ayni and aynid say to each other on the control socket: frames, typed
 * values, requests and answers. docs/protocol.md, section 8, which also lists
 * every request. Nothing here does I/O.
 *
 * A frame is a size of 4 bytes, big-endian, and one CBOR item of that size, up
 * to AYNI_CONTROL_FRAME_MAX:
 *
 *   request   ["ayni-control-1", command, object of arguments]
 *   data      [3, value], or [0] for no more; the client, each time it is asked
 *   item      [1, value]
 *   progress  [2, done, total]; total 0 where it isn't known
 *   want      [4]: the daemon asks for the next data
 *   end       [0, status, object of "code" "text" "args" "hint" "hint_args"], exactly one, the last
 */

/* Frames. What begins one clears the buffer and leaves room for the size; finish fills it in. */
enum { AYNI_CONTROL_HEADER_SIZE = 4 };
/* AYNI_E_LIMIT where it grew over AYNI_CONTROL_FRAME_MAX, AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status ayni_control_frame_finish(struct ayni_buffer *frame);
/* The size of what follows a header. AYNI_E_LIMIT for 0 and what is over the maximum. */
AYNI_CHECKED enum ayni_status
ayni_control_frame_size(const uint8_t header[AYNI_CONTROL_HEADER_SIZE], size_t *size);

/* A request: begin, put one object of arguments by the writer, finish the frame. */
struct ayni_control_writer ayni_control_request_begin(struct ayni_buffer *frame,
                                                      const char *command);
struct ayni_control_request {
    struct ayni_bytes command;
    struct ayni_control_value arguments; /* an OBJECT */
};
/* AYNI_E_VERSION where it is of another protocol than ayni-control-1. */
AYNI_CHECKED enum ayni_status ayni_control_request_decode(struct ayni_bytes body,
                                                          struct ayni_control_request *request);

/* Data for a request that asked for it: begin, put one value, finish; or the end of it. */
struct ayni_control_writer ayni_control_data_begin(struct ayni_buffer *frame);
AYNI_CHECKED enum ayni_status ayni_control_data_end(struct ayni_buffer *frame);
/* AYNI_E_NOT_FOUND for the end of the data. */
AYNI_CHECKED enum ayni_status ayni_control_data_decode(struct ayni_bytes body,
                                                       struct ayni_control_value *value);

/* Answers. An item: begin, put one value, finish. The others are whole frames. */
struct ayni_control_writer ayni_control_item_begin(struct ayni_buffer *frame);
AYNI_CHECKED enum ayni_status ayni_control_progress_frame(struct ayni_buffer *frame, uint64_t done,
                                                          uint64_t total);
AYNI_CHECKED enum ayni_status ayni_control_want_frame(struct ayni_buffer *frame);
/* The end: `error` is an encoded object of the keys above, or empty. */
AYNI_CHECKED enum ayni_status
ayni_control_end_frame(struct ayni_buffer *frame, enum ayni_status status, struct ayni_bytes error);

enum ayni_control_answer_type {
    AYNI_CONTROL_END = 0,
    AYNI_CONTROL_ITEM = 1,
    AYNI_CONTROL_PROGRESS = 2,
    AYNI_CONTROL_WANT = 4,
};
struct ayni_control_answer {
    enum ayni_control_answer_type type;
    struct ayni_control_value value; /* of an item; the error object of an end */
    uint64_t done, total;            /* of a progress */
    enum ayni_status status;         /* of an end */
};
AYNI_CHECKED enum ayni_status ayni_control_answer_decode(struct ayni_bytes body,
                                                         struct ayni_control_answer *answer);

#endif
