#ifndef AYNI_TESTS_SUPPORT_SIM_NODE_H
#define AYNI_TESTS_SUPPORT_SIM_NODE_H

#include "proto/sync.h"
#include "tests/support/random.h"
#include "tests/support/sim_log.h"
#include "tests/support/sim_store.h"

/*
 * A simulated node: the real engine over a log in memory, and the driver
 * between them. What it wants to say goes to `send` of its host; what went
 * wrong with the rules of the simulation ends the program with the seed.
 */
struct sim_node;

/* A space of the simulation, and who is told to be a member. */
struct sim_space {
    struct ayni_space id;
    struct ayni_node *members;
    size_t member_count;
};

struct sim_host {
    void *context;
    void (*send)(void *context, struct sim_node *from, const struct ayni_node *to,
                 struct ayni_bytes message);
    void (*drop)(void *context, struct sim_node *from, const struct ayni_node *to,
                 enum ayni_sync_drop reason);
    /* Call sim_node_stored() with it when the commit is done: at once, or later. */
    void (*store_later)(void *context, struct sim_node *node, uint64_t store);
    bool asks_rights; /* runs of who isn't known to be a member of their space are refused */
};

/* What the driver keeps of a peer across restarts. */
struct sim_kept {
    struct ayni_node peer;
    struct ayni_sync_acked acked;
};

/* What a node said in its last bundle that it holds. */
struct sim_heard {
    struct ayni_node node;
    struct ayni_listed_head *heads;
    size_t count;
};

/* What the engine wants stored, until it is. */
struct sim_pending {
    enum ayni_sync_action_type type;
    struct ayni_sync_store store; /* its runs are these: */
    struct ayni_buffer runs;
    bool committed;
    enum ayni_status status; /* then */
};

struct sim_node {
    struct ayni_node id;
    struct ayni_signing_key secret;
    struct ayni_incarnation instance;    /* of its log */
    struct ayni_incarnation incarnation; /* of the feeds that it writes */
    struct ayni_node root;
    uint64_t seed;
    bool hostile;
    bool hearing;           /* out of a backup: gives nothing before it has heard */
    struct ayni_sync *sync; /* NULL while it is stopped */
    struct sim_log log;
    struct sim_store *store; /* the same on a disk, with the daemon's store; NULL: it has none */
    struct ayni_buffer runs; /* of the last READ */
    const struct sim_host *host;
    struct sim_kept kept[64];
    size_t kept_count;
    struct sim_space *spaces; /* as its registry has them */
    size_t space_count, space_capacity;
    struct ayni_node *revoked; /* as its registry has them */
    size_t revoked_count;
    struct sim_heard *heard;
    size_t heard_count;
    struct sim_pending *pending; /* in the order in which they came */
    size_t pending_count, pending_capacity;
    uint64_t told; /* arrivals the engine knows of */
    uint64_t now;
    int64_t clock_off; /* ms, of the clock on its wall */
    bool full;         /* its disk */
    bool newer;        /* it is of a version to come */
    uint64_t entries_sent, entries_stored, riders_sent, bytes_sent, messages_sent, drops, refused,
        forks, rights_unknown, disk_refused, stores_lost,
        forks_carried; /* proven by what a bundle brought */
};

void sim_node_init(struct sim_node *node, const struct sim_host *host, struct sim_press *press,
                   struct test_random *random);
void sim_node_free(struct sim_node *node);
/* Before it starts: it keeps its log in a store on the disk. */
void sim_node_use_store(struct sim_node *node);
/* A started one holds what another has of a feed that hasn't forked. */
void sim_node_preload(struct sim_node *node, const struct sim_feed *of);

/* Start the engine: told all it would be told at a start. */
void sim_node_start(struct sim_node *node, uint64_t now);
/* All is lost but the log and what was acknowledged. Of what isn't committed yet, the first
 * `commits` get into the log, and nobody is told. */
void sim_node_stop(struct sim_node *node, size_t commits);

/* The registry here says so now. */
void sim_node_tell_space(struct sim_node *node, const struct ayni_space *id,
                         const struct ayni_node *members, size_t member_count);
/* It is a member of nothing any more; what it wrote stays. */
void sim_node_revoke(struct sim_node *node, const struct ayni_node *member);
bool sim_node_shares(const struct sim_node *node, const struct ayni_space *space,
                     const struct ayni_node *peer);
/* Whether the registry here has, or had, a right of who writes that feed. */
bool sim_node_knows_writer(const struct sim_node *node,
                           const struct ayni_feed_descriptor *descriptor);

void sim_node_up(struct sim_node *node, const struct ayni_node *peer, bool dialled, bool metered);
void sim_node_down(struct sim_node *node, const struct ayni_node *peer);
void sim_node_message(struct sim_node *node, const struct ayni_node *peer,
                      struct ayni_bytes message);
void sim_node_time(struct sim_node *node);
void sim_node_stored(struct sim_node *node, uint64_t store);
/* A STORE, FILL or FORK as it is committed; by a bundle, too. */
enum ayni_status sim_node_commit(struct sim_node *node, enum ayni_sync_action_type type,
                                 const struct ayni_sync_store *store);
/* The engine is told of what is in the log. */
void sim_node_tell(struct sim_node *node);

/* It need hear nobody before it gives what it holds. */
void sim_node_leave_alone(struct sim_node *node);

/* The feed of this node in a space and lane, made at its first use. */
struct sim_feed *sim_node_feed(struct sim_node *node, const struct ayni_space *space, uint8_t lane,
                               const struct ayni_incarnation *incarnation);
/* Write `count` entries as one run, and tell the engine. */
void sim_node_write(struct sim_node *node, struct sim_feed *feed, struct test_random *random,
                    size_t count, size_t size_max);
/* The same in a feed of somebody else, as if it had come from its author. */
void sim_node_write_as(struct sim_node *node, const struct ayni_signing_key *secret,
                       struct sim_feed *feed, struct test_random *random, size_t count,
                       size_t size_max);
/* The same with entries of any kind. */
void sim_node_write_kind(struct sim_node *node, struct sim_feed *feed, struct test_random *random,
                         uint64_t kind, size_t count, size_t size_max);
/* What the clock on its wall shows. */
struct ayni_instant sim_node_clock(const struct sim_node *node);

/* Lose payloads of a run, and tell the engine. */
void sim_node_lose(struct sim_node *node, struct sim_feed *feed, size_t run, uint64_t which);

/* ---- sim_return.c ---- */
struct sim_mark_feed {
    struct sim_run **runs;
    size_t run_count;
    uint64_t arrival;
};
/* What a backup, or a snapshot of the disk, has of a node. All zero is none. */
struct sim_mark {
    bool taken;
    struct sim_mark_feed *feeds;
    size_t feed_count;
    uint64_t arrival;
    struct sim_kept kept[64];
    size_t kept_count;
};
void sim_mark_free(struct sim_mark *mark);
/* Unless some feed has forked. */
void sim_node_mark(const struct sim_node *node, struct sim_mark *mark);
/* The stopped node holds what it held then. False: there is no mark, or some feed has forked. */
bool sim_node_return(struct sim_node *node, const struct sim_mark *mark);
/* It was returned out of a backup: another log, hearing first. */
void sim_node_restored(struct sim_node *node);
/* It goes on in feeds of their own. */
void sim_node_renew(struct sim_node *node);

/* ---- sim_driver.c, sim_fork.c ---- */
void sim_node_perform(struct sim_node *node, const struct ayni_sync_action *action);
/* Write a run; its node's engine isn't told yet. */
void sim_node_seal(struct sim_node *node, const struct ayni_signing_key *secret,
                   struct sim_feed *feed, struct ayni_entry *entries, size_t count);
struct ayni_sync_event sim_node_event(const struct sim_node *node, enum ayni_sync_event_type type);
/* Tell the engine, and do what it asks for. */
void sim_node_handle(struct sim_node *node, const struct ayni_sync_event *event);
/* At a start: all spaces that it knows of. */
void sim_node_tell_spaces(struct sim_node *node);
/* What is kept of a peer; NULL where there is no more room. */
struct sim_kept *sim_node_kept(struct sim_node *node, const struct ayni_node *peer);
/* Evidence of a fork that a peer showed: its proof is marked and written, or it is none. */
enum ayni_status sim_node_prove_fork(struct sim_node *node, const struct ayni_sync_store *store);
/* Write proofs of branches that no proof names yet. */
void sim_node_name_branches(struct sim_node *node);
/* ---- sim_erase.c ---- */
/* Order entries of a feed of its own to be erased. */
void sim_node_erase(struct sim_node *node, const struct sim_feed *feed, uint64_t from, uint64_t to);
/* Payloads that came or went in the log go the same way in its store. */
void sim_node_put_changes(struct sim_node *node);
/* Obey the orders among what was appended to the log. */
void sim_node_read_orders(struct sim_node *node);

/* Take in the proofs among what was appended to the log, in any lane or branch. */
void sim_node_read_proofs(struct sim_node *node);

#endif
