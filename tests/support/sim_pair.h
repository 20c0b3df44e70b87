#ifndef AYNI_TESTS_SUPPORT_SIM_PAIR_H
#define AYNI_TESTS_SUPPORT_SIM_PAIR_H

#include "tests/support/sim_node.h"

/* Two nodes that share one space, and a faultless line between them, to measure what is said on it.
 */
enum { SIM_PAIR_LATENCY = 10 /* ms, one way */, SIM_PAIR_QUEUE = 4096 };

struct sim_pair {
    struct sim_press press;
    struct sim_host host;
    struct test_random random;
    struct sim_node nodes[2];
    struct ayni_space space;
    uint64_t now, quiet_since; /* when a message last arrived */
    struct sim_pair_message {
        uint64_t at;
        unsigned to;
        struct ayni_buffer bytes;
    } queue[SIM_PAIR_QUEUE]; /* a ring; in the order of arrival */
    size_t first, count;
    bool up[2];
    uint64_t content_bytes; /* of what was said: runs, as they travel */
};

/* ---- for any two honest nodes ---- */
/* What they want to store is stored at once. */
struct sim_host sim_pair_host(void *context,
                              void (*send)(void *context, struct sim_node *from,
                                           const struct ayni_node *to, struct ayni_bytes message));
/* Both, in a federation of their own with one space, started. */
void sim_pair_start(struct sim_node nodes[2], const struct sim_host *host, struct sim_press *press,
                    struct ayni_space *space, struct test_random *random);
/* A message comes, and the connection stands if it didn't. Takes its bytes. */
void sim_pair_hear(struct sim_node *node, const struct sim_node *from, bool *up, uint64_t now,
                   struct ayni_buffer *message);

/* ---- the pair ---- */
void sim_pair_init(struct sim_pair *pair, uint64_t seed);
void sim_pair_free(struct sim_pair *pair);
/* A run of `count` entries of 1 to 40 bytes, in the node's feed in that lane. */
void sim_pair_write(struct sim_pair *pair, unsigned node, uint8_t lane, size_t count);
/* One entry, in a feed of its own. */
void sim_pair_write_new_feed(struct sim_pair *pair, unsigned node);
/* A run of `count` entries in the one feed of somebody else, as if it had come from there. */
void sim_pair_write_of(struct sim_pair *pair, unsigned node, uint32_t author, size_t count);
/* Node 0 dials node 1. */
void sim_pair_connect(struct sim_pair *pair);
/* The line is gone, with what was on it. */
void sim_pair_cut(struct sim_pair *pair);
/* Both stop and start: what isn't in their logs is forgotten. */
void sim_pair_restart(struct sim_pair *pair);
/* The stopped node's log is another than peers know: it came out of a backup. */
void sim_pair_renew_log(struct sim_pair *pair, unsigned node);
void sim_pair_run(struct sim_pair *pair, uint64_t ms);
/* Both hold the same, whether they know or not. */
bool sim_pair_holds_same(const struct sim_pair *pair);
/* Both say so, and it is true. */
bool sim_pair_in_sync(const struct sim_pair *pair);
uint64_t sim_pair_bytes(const struct sim_pair *pair);
uint64_t sim_pair_messages(const struct sim_pair *pair);

#endif
