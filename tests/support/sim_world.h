#ifndef AYNI_TESTS_SUPPORT_SIM_WORLD_H
#define AYNI_TESTS_SUPPORT_SIM_WORLD_H

#include "tests/support/sim_node.h"
#include "tests/support/sim_queue.h"

/*
 * Many nodes, the lines between them, and all that goes wrong, out of one
 * seed. Rules that always hold are asserted after every step: nothing that is
 * unsealed is stored, nothing leaves its space, no head goes back, no peer
 * costs more memory than it may, no honest node drops another.
 */
enum { SIM_NODES_MAX = 64, SIM_SPACES_MAX = 12, SIM_LINKS_MAX = 1024 };

enum sim_malice {
    SIM_HONEST,
    SIM_GARBAGE,  /* says what is no message, or nearly one */
    SIM_LIAR,     /* heads that don't exist, spaces and feeds that aren't its business */
    SIM_FLOOD,    /* far too many messages */
    SIM_REPLAY,   /* says again what it said before */
    SIM_WITHHOLD, /* has heads and doesn't send the entries */
    SIM_CORRUPT,  /* changes a bit in batches */
    SIM_HOLLOW,   /* leaves payloads out of batches */
    SIM_CLONE,    /* its key is in two places, and both write */
    SIM_MALICE_COUNT,
};

struct sim_plan { /* what a seed chose */
    unsigned node_count, space_count, topology;
    unsigned loss, duplicates, reordered; /* per mille of messages */
    bool partitions, restarts, late_grants, metered, losses, returns;
    unsigned hostile_count;
    bool clones;
    unsigned write_count;
    uint64_t trouble_ms; /* how long things go wrong */
};

/* How often each operation and fault came about. */
struct sim_tally {
    uint64_t messages, bytes, lost, duplicated, reordered, cuts, partitions, restarts, grants,
        writes, attacks, drops, forks, stalls, ranges, checks, refused, losses, refills, returns;
    uint64_t entries_sent, entries_stored;
    uint64_t agreed_after_ms, memory_max;
};

struct sim_link {
    uint32_t a, b; /* a dials */
    uint64_t latency;
    bool up_a, up_b, metered;
    bool parted;    /* by a partition: it can't be dialled */
    uint32_t epoch; /* counts connections */
    uint64_t last_at[2];
};

struct sim_world {
    uint64_t seed, now;
    struct test_random random;
    struct sim_plan plan;
    struct sim_press press;
    struct sim_host host;
    struct sim_queue queue;
    struct sim_node nodes[SIM_NODES_MAX];
    enum sim_malice malice[SIM_NODES_MAX];
    uint64_t timer_at[SIM_NODES_MAX];
    uint32_t life[SIM_NODES_MAX]; /* counts starts */
    bool stopped[SIM_NODES_MAX];
    struct sim_mark marks[SIM_NODES_MAX];
    bool restored, rolled_back; /* one was */
    struct sim_space spaces[SIM_SPACES_MAX];
    struct sim_link links[SIM_LINKS_MAX];
    size_t link_count;
    struct ayni_buffer said[SIM_NODES_MAX]; /* the last thing a replayer said */
    struct sim_tally tally;
};

/* Make the world of a seed; trouble begins with the first step. */
void sim_world_init(struct sim_world *world, uint64_t seed, unsigned node_count);
void sim_world_free(struct sim_world *world);
/* What happens next, before `end`; false when there is nothing. */
bool sim_world_step(struct sim_world *world, uint64_t end);
/* Nothing goes wrong from now on but what lines do by themselves. */
void sim_world_heal(struct sim_world *world);
/* Honest members of the same spaces hold the same. */
bool sim_world_agrees(const struct sim_world *world);
/* Honest neighbours say that they are in sync. */
bool sim_world_says_so(const struct sim_world *world);
void sim_world_count(struct sim_world *world);

/* ---- sim_topology.c ---- */
void sim_plan_make(struct sim_world *world, unsigned node_count);
void sim_topology_make(struct sim_world *world);
/* ---- sim_trouble.c ---- */
void sim_trouble_write(struct sim_world *world);
void sim_trouble_fault(struct sim_world *world);
/* ---- sim_attack.c ---- */
void sim_attack(struct sim_world *world, uint32_t node);
/* What a hostile node makes of a message that its engine says. False: it doesn't say it. */
bool sim_attack_twists(struct sim_world *world, uint32_t node, struct ayni_buffer *message);

/* ---- sim_rules.c: what must always hold ---- */
/* Of the peer that has just been heard; not each time, since it takes longer than hearing it. */
void sim_check_memory(struct sim_world *world, uint32_t node, uint32_t from);
/* Nothing that an honest node says names a space or feed that the other must not know of. */
void sim_check_privacy(const struct sim_world *world, const struct sim_node *from,
                       const struct ayni_node *to, struct ayni_bytes bytes);
/* ---- sim_line.c: lines between nodes ---- */
enum { SIM_REDIAL_MS = 2000 };
void sim_line_send(void *context, struct sim_node *from, const struct ayni_node *to,
                   struct ayni_bytes message);
void sim_line_drop(void *context, struct sim_node *from, const struct ayni_node *to,
                   enum ayni_sync_drop reason);
/* Both ends hear of it, and dial again after `redial` ms. */
void sim_line_close(struct sim_world *world, uint32_t index, uint64_t redial);
void sim_line_dialled(struct sim_world *world, const struct sim_event *event);
void sim_line_deliver(struct sim_world *world, struct sim_event *event);

/* ---- of sim_world.c, for these ---- */
uint32_t sim_index_of(const struct sim_world *world, const struct sim_node *node);
bool sim_is_honest(const struct sim_world *world, uint32_t node);
bool sim_is_member(const struct sim_space *space, const struct ayni_node *node);
void sim_world_dial(struct sim_world *world, uint32_t link, uint64_t delay);
void sim_world_cut(struct sim_world *world, uint32_t link);
void sim_world_start(struct sim_world *world, uint32_t node);
void sim_world_stop(struct sim_world *world, uint32_t node);
void sim_world_settle(struct sim_world *world, uint32_t node);
/* Put a message on a line, with what may happen to it there. */
void sim_world_say(struct sim_world *world, uint32_t link, uint32_t from,
                   struct ayni_bytes message);
static inline uint64_t sim_below(struct sim_world *world, uint64_t below)
{
    return test_random_below(&world->random, below);
}

#endif
