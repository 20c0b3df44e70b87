#ifndef AYNI_TESTS_SUPPORT_SLOW_PAIR_H
#define AYNI_TESTS_SUPPORT_SLOW_PAIR_H

#include "tests/support/sim_node.h"

/*
 * Two nodes that share a space, and a line between them that carries so many bytes a second each
 * way, in order, until it is cut; all in virtual time. Node 1 dials. As long as a connection lasts
 * no entry may go over it twice.
 */
struct slow_message {
    uint64_t at; /* it has arrived */
    struct ayni_buffer bytes;
};

struct slow_way {
    struct slow_message *messages; /* from `first` on; in the order of arrival */
    size_t first, count, capacity;
    uint64_t free_at; /* what was said before has left */
};

struct slow_pair {
    struct sim_press press;
    struct sim_host host;
    struct test_random random;
    struct sim_node nodes[2];
    struct ayni_space space;
    uint64_t now;
    uint64_t rate;           /* bytes a second */
    uint64_t latency;        /* ms, one way */
    struct slow_way ways[2]; /* from node 0, from node 1 */
    bool up[2];
    uint64_t sent_to;       /* of the bulk feed, on this connection */
    uint64_t packed_bytes;  /* of batches */
    uint64_t queued_max_ms; /* the longest that a message waited before it left */
};

void slow_pair_init(struct slow_pair *pair, uint64_t seed, uint64_t rate, uint64_t latency);
void slow_pair_free(struct slow_pair *pair);
/* `count` entries of up to 120 bytes in node 0's feed of that lane. */
void slow_pair_write(struct slow_pair *pair, uint8_t lane, size_t count);
/* How many entries of that feed node 1 holds. */
uint64_t slow_pair_held(struct slow_pair *pair, uint8_t lane);
void slow_pair_connect(struct slow_pair *pair);
/* What is on its way is lost, and both hear of it. */
void slow_pair_cut(struct slow_pair *pair);
void slow_pair_run(struct slow_pair *pair, uint64_t ms);

#endif
