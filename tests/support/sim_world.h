#ifndef AYNI_TESTS_SUPPORT_SIM_WORLD_H
#define AYNI_TESTS_SUPPORT_SIM_WORLD_H

#include "tests/support/sim_node.h"
#include "tests/support/sim_queue.h"
#include "tests/support/sim_tally.h"

/*
 * Many nodes, the lines between them, and all that goes wrong, out of one
 * seed. Rules that always hold are asserted after every step: nothing that is
 * unsealed is stored, nothing leaves its space, no head goes back, no peer
 * costs more memory than it may, no honest node drops another.
 *
 * A line is what docs/protocol.md section 5 asks for: it authenticates the
 * other end and carries whole messages, which it may lose, double and let
 * overtake one another. TCP does none of that within a connection (there plans
 * without loss, duplicates and reordering are what it does), but what was said on
 * an older connection may come in between what is said on the next one.
 */
enum { SIM_NODES_MAX = 64, SIM_SPACES_MAX = 12, SIM_LINKS_MAX = 1024 };
#define SIM_DAY ((uint64_t)24 * 3600 * 1000)

enum sim_topology {
    SIM_TREE,
    SIM_HUB,
    SIM_RANDOM,
    SIM_CONTINENTS, /* two, with one line of 900 ms */
    SIM_RING,
    SIM_TOPOLOGIES,
};

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

/* What nodes keep their logs in. */
enum sim_ground {
    SIM_IN_MEMORY,
    SIM_IN_STORES, /* honest ones on a disk, with the daemon's store; 5 to 15 nodes */
};

struct sim_plan { /* what a seed chose */
    enum sim_ground ground;
    unsigned node_count, space_count;
    enum sim_topology topology;
    unsigned loss, duplicates, reordered, stragglers; /* per mille of messages */
    bool partitions, restarts, late_grants, metered, losses, returns, full_disks, clocks, newer;
    bool weeks;   /* all of it goes on for weeks, and some leaves come once a week */
    bool islands; /* two, between which people carry bundles and nothing else */
    bool copies;  /* a home that was copied goes on in both places: that of steering */
    bool erasures, preloaded;
    unsigned hostile_count, revoked_count;
    bool clones;
    unsigned write_count;
    uint64_t trouble_ms; /* how long things go wrong */
};

struct sim_link {
    uint32_t a, b; /* a dials */
    uint64_t latency;
    bool up_a, up_b, metered;
    bool parted;    /* by a partition: it can't be dialled */
    bool closed;    /* one of the two was revoked, as the other knows */
    uint64_t since; /* it was parted */
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
    bool revoked[SIM_NODES_MAX];   /* it is, sooner or later */
    bool leaf[SIM_NODES_MAX];      /* it comes once a week */
    uint8_t island[SIM_NODES_MAX]; /* 0 or 1 */
    bool has_copy;                 /* another node has the home of the first, */
    uint32_t copy;                 /* this one; */
    uint32_t witnesses[2];         /* members of all spaces, of whom each may meet one of the two */
    uint64_t timer_at[SIM_NODES_MAX];
    uint32_t life[SIM_NODES_MAX]; /* counts starts */
    bool stopped[SIM_NODES_MAX];
    struct sim_mark marks[SIM_NODES_MAX];
    bool restored, rolled_back; /* one was */
    struct sim_space spaces[SIM_SPACES_MAX];
    struct sim_link links[SIM_LINKS_MAX];
    size_t link_count;
    struct ayni_buffer said[SIM_NODES_MAX]; /* the last thing a replayer said */
    struct ayni_buffer bundle;              /* the last that was carried */
    uint32_t bundle_for;                    /* node */
    bool healed;
    struct sim_tally tally;
};

/* Make the world of a seed; trouble begins with the first step. `node_count` 0: as it chooses. */
void sim_world_init(struct sim_world *world, uint64_t seed, unsigned node_count,
                    enum sim_ground ground);
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
/* Stores on the disk hold what they should, and all of it verifies. */
void sim_world_check_stores(const struct sim_world *world);

/* ---- sim_plan.c ---- */
/* `node_count` 0: as the seed chooses. */
void sim_plan_make(struct sim_world *world, unsigned node_count, enum sim_ground ground);
void sim_plan_print(const struct sim_world *world);
/* Who is who, once nodes are there. */
void sim_plan_cast(struct sim_world *world);
/* ---- sim_topology.c ---- */
void sim_topology_make(struct sim_world *world);
/* ---- sim_trouble.c ---- */
void sim_trouble_write(struct sim_world *world);
void sim_trouble_fault(struct sim_world *world);
/* ---- sim_apart.c: lines that can't be dialled, for a while or for days ---- */
/* Two halves don't reach each other. */
void sim_apart_part(struct sim_world *world);
void sim_apart_mend(struct sim_world *world);
/* Plan the weekly visits of leaves. */
void sim_apart_plan(struct sim_world *world);
void sim_apart_visit(struct sim_world *world, uint32_t node, bool comes);
/* ---- sim_registry.c: what nodes come to know of it, each in its time ---- */
void sim_registry_plan(struct sim_world *world);
void sim_registry_grant(struct sim_world *world, uint32_t node, bool all);
/* All begin with what steering wrote before. */
void sim_registry_preload(struct sim_world *world);
/* The node learns of all revocations. */
void sim_registry_revoke(struct sim_world *world, uint32_t node);
/* ---- sim_newer.c: a version to come ---- */
/* What a node of the next minor version makes of a message: elements that this one doesn't know. */
void sim_newer_says(struct sim_world *world, struct ayni_buffer *message);
/* A message of a type that this version doesn't know. */
void sim_newer_message(struct sim_world *world, struct ayni_buffer *message);
/* ---- sim_courier.c: people who carry bundles from island to island ---- */
void sim_courier_plan(struct sim_world *world);
void sim_courier_go(struct sim_world *world);
/* ---- sim_bundle.c ---- */
/* All that a node holds and the other may have, less what the other's last bundle said it holds. */
void sim_bundle_export(const struct sim_node *from, const struct sim_node *to,
                       struct ayni_buffer *volume);
/* Verified whole, then stored; how many entries are new. AYNI_E_...: it is broken, and nothing was.
 */
AYNI_CHECKED enum ayni_status sim_bundle_import(struct sim_node *node, struct ayni_bytes volume,
                                                uint64_t *entries);
/* ---- sim_attack.c ---- */
void sim_attack(struct sim_world *world, uint32_t node);
/* What a hostile node makes of a message that its engine says. False: it doesn't say it. */
bool sim_attack_twists(struct sim_world *world, uint32_t node, struct ayni_buffer *message);

/* ---- sim_rules.c: what must always hold ---- */
/* Of the peer that has just been heard. */
void sim_check_memory(struct sim_world *world, uint32_t node, uint32_t from);
/* Every segment of a feed of which something is held, as the other node has it. */
bool sim_holds(const struct sim_node *node, const struct sim_feed *root);
/* No honest node holds what an order that it holds has erased. */
void sim_check_erased(const struct sim_world *world);
/* Of what an honest node wrote, the payloads are here. */
bool sim_is_whole(const struct sim_world *world, const struct sim_node *node);
/* Who dialled says that it is. */
bool sim_is_in_sync(const struct sim_world *world, const struct sim_link *link);
/* What the engine of a node that still runs has counted. */
void sim_rules_count_engine(struct sim_world *world, uint32_t node);
/* Nothing that an honest node says names a space or feed that the other must not know of. */
void sim_check_privacy(const struct sim_world *world, const struct sim_node *from,
                       const struct ayni_node *to, struct ayni_bytes bytes);
/* ---- sim_explain.c ---- */
/* Prints what keeps them from agreeing. */
void sim_world_explain(const struct sim_world *world);
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
/* Honest and never revoked: what it holds in the end is compared. */
bool sim_counts(const struct sim_world *world, uint32_t node);
bool sim_is_member(const struct sim_space *space, const struct ayni_node *node);
/* The first node, and whoever has a copy of its home. */
bool sim_is_steering(const struct sim_world *world, uint32_t node);
void sim_world_dial(struct sim_world *world, uint32_t link, uint64_t delay);
void sim_world_cut(struct sim_world *world, uint32_t link);
void sim_world_start(struct sim_world *world, uint32_t node);
void sim_world_stop(struct sim_world *world, uint32_t node);
void sim_world_settle(struct sim_world *world, uint32_t node);
/* Put a message on a line, with what may happen to it there. */
void sim_world_say(struct sim_world *world, uint32_t link, uint32_t from,
                   struct ayni_bytes message);
static inline void sim_count(struct sim_world *world, enum sim_count what)
{
    world->tally.of[what]++;
}
static inline uint64_t sim_below(struct sim_world *world, uint64_t below)
{
    return test_random_below(&world->random, below);
}

#endif
