#ifndef AYNI_TESTS_SUPPORT_SIM_CROWD_H
#define AYNI_TESTS_SUPPORT_SIM_CROWD_H

#include "proto/sync.h"
#include "proto/sync_table.h"
#include "tests/support/random.h"
#include "tests/support/sim_queue.h"

/*
 * Thousands of nodes with the real engine, to see what gossip costs: all in one
 * space, the registry, each with one feed of one sealed entry. Lines as nodes
 * dial them: steering, which is the first, and the four with the lowest
 * H(own key, their key). Nothing goes wrong. What a log would hold is a byte for
 * each feed; each seal is checked once for all.
 */
struct sim_crowd_entry {
    struct ayni_feed feed; /* first: its name */
    struct ayni_feed_descriptor descriptor;
    struct ayni_hash chain;
    struct ayni_buffer run; /* empty: not written yet */
};

struct sim_crowd_node {
    struct ayni_node id; /* first: its name */
    struct ayni_sync *sync;
    bool *held; /* by the number of the node that wrote it */
    bool *up;   /* likewise of peers */
    size_t held_count;
    uint64_t arrival;
    struct sim_crowd_pending {
        uint64_t store;
        uint32_t entry;
    } * pending; /* to be committed together */
    size_t pending_count, pending_capacity;
    uint64_t timer_at;
    uint64_t messages_sent, bytes_sent, entries_sent;
};

struct sim_crowd {
    struct test_random random;
    struct ayni_node root;
    struct ayni_space space;
    uint64_t now, seed;
    uint32_t count;
    struct sim_crowd_node *nodes;
    struct ayni_signing_key *secrets;
    struct sim_crowd_entry *entries;    /* by the number of who writes it */
    struct sync_table by_node, by_feed; /* sim_crowd_node *, sim_crowd_entry * */
    struct sim_queue queue;
    uint64_t lines, written;
};

void sim_crowd_init(struct sim_crowd *crowd, uint32_t count, uint64_t seed);
void sim_crowd_free(struct sim_crowd *crowd);
/* All dial within `dial_ms`, and then each writes its entry within `write_ms`. */
void sim_crowd_plan(struct sim_crowd *crowd, uint64_t dial_ms, uint64_t write_ms);
/* What happens next, before `end`; false when there is nothing. */
bool sim_crowd_step(struct sim_crowd *crowd, uint64_t end);
/* Everybody holds everything. */
bool sim_crowd_agrees(const struct sim_crowd *crowd);
/* And everybody knows of all its peers that they do. */
bool sim_crowd_says_so(const struct sim_crowd *crowd);

#endif
