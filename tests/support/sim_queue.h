#ifndef AYNI_TESTS_SUPPORT_SIM_QUEUE_H
#define AYNI_TESTS_SUPPORT_SIM_QUEUE_H

#include "proto/bytes.h"

/* What will happen, by time and then in the order in which it was put: a binary heap. */
enum sim_event_type {
    SIM_DELIVER, /* a message arrives: link, to, epoch, bytes */
    SIM_STORED,  /* a STORE is done: node, epoch, store */
    SIM_TIMER,   /* node */
    SIM_DIAL,    /* link, epoch */
    SIM_CUT,     /* link, epoch */
    SIM_START,   /* node */
    SIM_WRITE,
    SIM_FAULT,
    SIM_GRANT,  /* node learns of spaces; store: of all of them */
    SIM_REVOKE, /* node learns of revocations */
    SIM_VISIT,  /* node, a leaf; store: comes, else goes */
    SIM_ROOM,   /* node: its disk has room again */
    SIM_COURIER,
    SIM_ATTACK, /* node */
};

struct sim_event {
    uint64_t at;
    enum sim_event_type type;
    uint32_t node, link, epoch;
    uint64_t store;
    struct ayni_buffer bytes;
};

struct sim_queue {
    struct sim_place {
        uint64_t at, order;
        struct sim_event *event;
    } * places;
    size_t count, capacity;
    uint64_t order;
};

/* Takes the event's bytes. */
void sim_queue_put(struct sim_queue *queue, const struct sim_event *event);
/* When the next one is; UINT64_MAX for never. */
uint64_t sim_queue_next_at(const struct sim_queue *queue);
/* The next one, with its bytes; false if there is none. */
bool sim_queue_take(struct sim_queue *queue, struct sim_event *event);
void sim_queue_free(struct sim_queue *queue);

#endif
