#ifndef AYNI_PROTO_SYNC_H
#define AYNI_PROTO_SYNC_H

#include "proto/message.h"

/*
 * The sync engine: what one node knows of its own feeds and of its peers', and
 * what is to be done about the difference. docs/protocol.md, section 5.
 *
 * A pure state machine. Events go in with the time inside, actions come out
 * when asked for; the same events give the same actions. It has no clock, no
 * sockets, no threads, no randomness but a seed, and holds heads, never
 * payloads. One thread at a time.
 *
 *     ayni_sync_handle(sync, &event);
 *     for (struct ayni_sync_action action; ayni_sync_next(sync, &action);)
 *         perform(driver, &action);
 *     wait until ayni_sync_deadline(sync), or until something happens
 *
 * Every event is legal in every state; no progress rests on a message having
 * arrived. What a peer must not do ends in a DROP action and a counter. What
 * an action points to is valid until the next call of any function here, what
 * an event points to need live only for the call.
 */
struct ayni_sync;

struct ayni_sync_options {
    struct ayni_node own;
    struct ayni_node root; /* the federation */
    struct ayni_incarnation
        instance;            /* of the own log: acknowledgements of peers are good for it alone */
    bool hearing;            /* out of a backup: nothing is given before HEARD or ALONE */
    uint64_t seed;           /* any number; a random one makes the engine's tables hard to attack */
    struct ayni_instant now; /* never falls between events; a monotonic clock will do */
};

/* NULL where there is no memory. */
struct ayni_sync *ayni_sync_new(const struct ayni_sync_options *options);
void ayni_sync_free(struct ayni_sync *sync);

/* ---- events ---- */

enum ayni_sync_event_type {
    AYNI_SYNC_SPACE, /* .space: who may receive it; at start for each space, and whenever that
                        changes, or whose runs are taken */
    AYNI_SYNC_HEAD,  /* .head: a feed now ends here; at start for each feed, then after each commit
                      */
    AYNI_SYNC_PEER_UP,   /* .peer, .up: a connection to it stands. Again: it is a new connection */
    AYNI_SYNC_PEER_DOWN, /* .peer: it is gone; nothing of it is kept but what STOREs are under way
                          */
    AYNI_SYNC_PEER_ROOM, /* .peer, .room: false: its queue is full, ask for nothing to be sent;
                            true: there is room again */
    AYNI_SYNC_BUDGET,    /* .peer, .budget: what its link may carry from now on; without one it may
                            carry anything */
    AYNI_SYNC_MESSAGE,  /* .peer, .message: bytes came from it, as the transport authenticated it */
    AYNI_SYNC_RUNS,     /* .runs: the answer to READ */
    AYNI_SYNC_CHAINS,   /* .chains: the answer to CHAINS */
    AYNI_SYNC_COMPARED, /* .compared: the answer to COMPARE */
    AYNI_SYNC_LOST, /* .lost: how many payloads the log lacks and wants; at start, and whenever that
                       changes, before STORED is told for what changed it */
    AYNI_SYNC_HOLE, /* .hole: the answer to HOLES */
    AYNI_SYNC_STORED,  /* .store: the STORE (or FORK) of that number is done, and HEAD was told */
    AYNI_SYNC_REFUSED, /* .store, .status: it failed; later STOREs of this feed that continue it are
                          refused as well */
    AYNI_SYNC_ALONE,   /* nobody is to be heard first: ends `hearing` */
    AYNI_SYNC_HURRY,   /* somebody waits: who doesn't agree is compared with, once it is quiet */
    AYNI_SYNC_TIME,    /* nothing came, but `now` has moved on */
};

/*
 * A space of the registry: the nodes that may receive it (readers, writers,
 * relays). The registry space itself needs no event: it is shared with every
 * peer that is up. A space that is gone from the registry has no members.
 */
struct ayni_sync_space {
    struct ayni_space space;
    const struct ayni_node
        *members; /* each once, in any order; the own node among them if it is one */
    size_t member_count;
};

/*
 * Where a feed stands in the log; after a fork its part before the fork, and each branch from one
 * fork point to the next, stand for themselves (docs/protocol.md, section 3.6). After a commit
 * these are told in the order of their arrival numbers (one event for a feed that moved several
 * times in a commit will do), before STORED is told for what was in it, and for what is written
 * here as for what peers brought.
 */
struct ayni_sync_head {
    struct ayni_feed feed; /* of a branch after a fork its segment's id */
    struct ayni_feed_descriptor descriptor;
    bool branch;    /* `feed` is that of a branch */
    uint64_t start; /* the entry that it follows; 0 if it isn't a branch */
    uint64_t seq;   /* of a branch of which nothing is held yet: `start` */
    struct ayni_hash chain;
    uint64_t arrival; /* of its newest entries, */
    uint64_t before;  /* and where the feed ended before they came; of a feed that is told for the
                         first time alone, and `seq` where that isn't known */
    /*
     * The feed forks after `seq`, and its proof is stored: nothing more comes
     * under this id, but under those of the branches. `seq` may be lower than it
     * was; what is held past it is told as branches, and `seq` is `start` where nothing is left.
     */
    bool ended;
};

struct ayni_sync_up {
    bool dialled; /* by us: we speak first. Else it is up because its first message came */
    bool metered; /* no runs in notes */
    /* What the last ACKED action for this peer said, kept across restarts; zeros if there was none.
     */
    struct ayni_incarnation acked_instance;
    uint64_t acked_arrival;
};

/*
 * What a link may carry, both ways together. It binds what can wait: lane 1 of spaces and lane 2.
 * What is urgent (the registry's lanes 0 and 1, lane 0 of all spaces) and what is said about it
 * goes always, and counts.
 */
struct ayni_sync_budget {
    uint64_t rate;             /* bytes a second; 0: any */
    uint64_t left;             /* bytes from now on; 0: nothing that can wait; UINT64_MAX: any */
    struct ayni_instant until; /* about when there is more, once `left` is 0 */
};

struct ayni_sync_runs {
    /*
     *   AYNI_OK           `runs` follow entry `from`; none if nothing could be given
     *   AYNI_E_FORK       chain(from) here isn't the one with the mark that READ names
     *   AYNI_E_NOT_FOUND  no such feed, or `from` is past its end
     *   anything else     nothing can be read now
     */
    enum ayni_status status;
    struct ayni_bytes runs;
    uint64_t to; /* the seq of the last entry in `runs`; of `from` where there are none */
};

struct ayni_sync_chains {
    const struct ayni_chain_point
        *points; /* ascending, each strictly between low and high; or none */
    size_t point_count;
};

struct ayni_sync_compared {
    uint64_t low;  /* the highest of READ's points that is of the own history; the action's `low` if
                      none is */
    uint64_t high; /* the lowest that isn't; the action's `high` if all are */
};

/* Where payloads are missing, in an order of the driver's; zeros are before all. */
struct ayni_sync_place {
    uint64_t feed, seq;
};

/* Entries of one feed, one after the other, of which payloads aren't in the log and are wanted: of
 * the first and the last, and of most. */
struct ayni_sync_hole {
    bool found;                   /* false: there is none after that place */
    struct ayni_sync_place place; /* of its first entry */
    struct ayni_feed feed;        /* of a branch its segment's id */
    uint64_t from, to;            /* the entries `from` + 1 to `to` */
    struct ayni_chain_mark mark;  /* of chain(from) */
};

struct ayni_sync_event {
    enum ayni_sync_event_type type;
    struct ayni_instant now;
    struct ayni_node peer; /* of PEER_UP, PEER_DOWN, PEER_ROOM, BUDGET, MESSAGE */
    union {
        struct ayni_sync_space space;
        struct ayni_sync_head head;
        struct ayni_sync_up up;
        bool room;
        struct ayni_sync_budget budget;
        struct ayni_bytes message;
        struct ayni_sync_runs runs;
        struct ayni_sync_chains chains;
        struct ayni_sync_compared compared;
        uint64_t lost;
        struct ayni_sync_hole hole;
        struct {
            uint64_t store;          /* the number in the action */
            enum ayni_status status; /* of REFUSED; see below */
        };
    };
};

/*
 * What a status means in REFUSED:
 *
 *   AYNI_E_SIGNATURE, AYNI_E_MALFORMED, AYNI_E_INVALID, AYNI_E_LIMIT
 *       the peer broke the protocol: it is dropped (a run that rode in a NOTE
 *       is asked for again first: there may be a fork)
 *   AYNI_E_NOT_FOUND, AYNI_E_RIGHT
 *       the registry here doesn't know the author or its right (yet): no
 *       breach; all feeds of the author in that space wait until a SPACE event
 *       of it comes
 *   anything else (AYNI_E_CHAIN, AYNI_E_FULL, AYNI_E_IO, ...)
 *       not the peer's fault: tried again after a while
 */

void ayni_sync_handle(struct ayni_sync *sync, const struct ayni_sync_event *event);

/* ---- actions ---- */

enum ayni_sync_action_type {
    AYNI_SYNC_SEND, /* .bytes to .peer; if it can't be sent it is lost, and PEER_ROOM is told */
    AYNI_SYNC_READ, /* .read: read runs from the log; answer RUNS before anything else */
    AYNI_SYNC_CHAINS_OF, /* .trace: up to 16 points evenly between low and high; answer CHAINS
                            before anything else */
    AYNI_SYNC_COMPARE,   /* .compare: look for these points in the own log; answer COMPARED before
                            anything else */
    AYNI_SYNC_STORE,     /* .store: verify and store; STORED or REFUSED come when it is done */
    AYNI_SYNC_HOLES, /* .place: look for the first hole after it; answer HOLE before anything else
                      */
    AYNI_SYNC_FILL,  /* .store: payloads that the log lacks, perhaps; STORED or REFUSED come when it
                        is  done */
    AYNI_SYNC_FORK,  /* .store: evidence of a fork: verify, store the proof, tell HEAD, then STORED
                        or REFUSED */
    AYNI_SYNC_ACKED, /* .acked: to be kept for the next PEER_UP of .peer; losing it costs time,
                        nothing else */
    AYNI_SYNC_HEARD, /* .peer has told all that it has of lane 0 and the registry: `hearing` has
                        ended, and what is held is given from now on */
    AYNI_SYNC_DROP,  /* .reason: close the connection to .peer and back off from it; it is down
                        already here */
};

/*
 * Whole runs of `feed` after entry `from`: at least one if there is one, no
 * more of them than fit in `size_max`, none that ends after `seq_max`. Where
 * `from` is inside a run, the rest of that run is a run under the same seal.
 */
struct ayni_sync_read {
    struct ayni_feed feed;
    uint64_t from;
    bool has_mark; /* chain(from) must begin so, else AYNI_E_FORK */
    struct ayni_chain_mark mark;
    size_t size_max;
    uint64_t seq_max;
};

struct ayni_sync_trace {
    struct ayni_feed feed;
    uint64_t low, high; /* low < high; there may be nothing between them */
};

struct ayni_sync_compare {
    struct ayni_feed feed;
    uint64_t low, high; /* known to agree, and known or said to differ */
    const struct ayni_chain_point
        *points; /* seqs between low and high, ascending; high may be among them */
    size_t point_count;
};

/*
 * Runs that peers sent. STORE: verify each with ayni_run_verify() from entry
 * `from` on and store them. Entries that the log holds already are skipped; the
 * rest of a run is verified as a run under the same seal. Several STOREs of a
 * feed may be under way; they come in order, each continuing the one before.
 *
 * FORK: `runs` is one run of another history of the feed; both agree up to
 * `from` and differ in the next entry. If its seal verifies after chain(from),
 * keep the proof and tell HEAD of what has become of the feed.
 *
 * FILL: `runs` are held already, but for some payloads. Verify them from entry `from` on, put
 * each payload that is missing in its place, and leave what is past the head. AYNI_E_CHAIN
 * where they aren't what is held.
 */
struct ayni_sync_store {
    uint64_t number; /* names this action in STORED and REFUSED */
    struct ayni_feed feed;
    struct ayni_feed_descriptor descriptor;
    uint64_t from;
    struct ayni_bytes runs; /* unchecked; AYNI_BATCH_SIZE_MAX, or one run if that is larger */
};

struct ayni_sync_acked {
    struct ayni_incarnation instance; /* of the peer's log */
    uint64_t arrival;
};

enum ayni_sync_drop {
    AYNI_SYNC_DROP_VERSION,    /* another major version */
    AYNI_SYNC_DROP_FEDERATION, /* another root key */
    AYNI_SYNC_DROP_MALFORMED,  /* a message that no honest node sends */
    AYNI_SYNC_DROP_LIMIT,      /* a message, batch or claim over a maximum */
    AYNI_SYNC_DROP_SEAL,       /* runs whose seal does not verify */
    AYNI_SYNC_DROP_FLOOD,      /* far more messages than the protocol has a use for */
};
/* The name in lower case, as logs and JSON spell it: "version", "federation", ... Never NULL. */
const char *ayni_sync_drop_name(enum ayni_sync_drop reason);

struct ayni_sync_action {
    enum ayni_sync_action_type type;
    struct ayni_node peer; /* of all; who is served, or whose runs these are */
    union {
        struct ayni_bytes bytes;
        struct ayni_sync_read read;
        struct ayni_sync_trace trace;
        struct ayni_sync_compare compare;
        struct ayni_sync_store store;
        struct ayni_sync_acked acked;
        struct ayni_sync_place place;
        enum ayni_sync_drop reason;
    };
};

/* What is to be done next; false when there is nothing. Ask until it says so after each event. */
bool ayni_sync_next(struct ayni_sync *sync, struct ayni_sync_action *action);

/* When to come back with a TIME event at the latest; UINT64_MAX for never. */
struct ayni_instant ayni_sync_deadline(const struct ayni_sync *sync);

/* ---- what is known ---- */

/* How far two nodes are from holding the same, as far as is known here. */
struct ayni_sync_lag {
    bool in_sync;     /* fingerprints agreed, nothing has changed since, and neither wants anything
                         that the other wasn't asked for */
    uint64_t behind;  /* entries that the peer is known to hold and we don't */
    uint64_t ahead;   /* entries that we hold and the peer isn't known to hold */
    uint64_t untaken; /* entries that the peer holds and aren't taken here: their author has too
                         many feeds, or no right that is known here */
};

struct ayni_sync_peer_status {
    bool greeted;             /* it has said HELLO on this connection */
    struct ayni_sync_lag lag; /* over all spaces that both share */
    uint64_t bytes_sent, bytes_received;
    uint64_t messages_sent, messages_received;
    uint64_t entries_stored; /* that came from it */
    size_t memory;           /* kept because of it, in bytes */
    bool held;               /* its budget, or the rate of it, holds something back now */
};

/* Bytes kept because of the peer, beside batches in flight; 0: it isn't up. */
size_t ayni_sync_get_memory(const struct ayni_sync *sync, const struct ayni_node *peer);
/* AYNI_E_NOT_FOUND: the peer isn't up. */
AYNI_CHECKED enum ayni_status ayni_sync_get_peer(const struct ayni_sync *sync,
                                                 const struct ayni_node *peer,
                                                 struct ayni_sync_peer_status *status);
/* The same for one space. AYNI_E_NOT_FOUND: the peer isn't up, or the two don't share the space. */
AYNI_CHECKED enum ayni_status ayni_sync_get_lag(const struct ayni_sync *sync,
                                                const struct ayni_node *peer,
                                                const struct ayni_space *space,
                                                struct ayni_sync_lag *lag);

/* What was refused of one node, or not heeded, on all its connections since the engine was made. */
struct ayni_sync_refusals {
    uint64_t ignored;              /* messages that had no meaning here, or were too many */
    uint64_t withheld;             /* heads that it said it has, and never gave the entries of */
    uint64_t runs;                 /* that did not verify */
    uint64_t drops;                /* connections that were ended for a breach, */
    enum ayni_sync_drop last_drop; /* and what the last of them was, if there was one */
};
struct ayni_sync_refusals ayni_sync_get_refusals(const struct ayni_sync *sync,
                                                 const struct ayni_node *node);

/* Since the engine was made. */
struct ayni_sync_counters {
    uint64_t dropped[AYNI_SYNC_DROP_FLOOD + 1]; /* by reason */
    uint64_t ignored_messages; /* of a type, space or feed that means nothing here, or too many of
                                  them */
    uint64_t deferred_heads;   /* of spaces or feeds whose right isn't known here (yet) */
    uint64_t refused_heads;    /* over a quota, or against what is known of the feed */
    uint64_t refused_runs;     /* that did not verify */
    uint64_t stalls;           /* a peer didn't deliver what it said it has */
    uint64_t forks;            /* evidence handed to the driver */
    uint64_t refills;          /* WANTs for payloads that the log lacks */
    uint64_t checks;           /* HELLOs that asked */
    uint64_t range_messages;   /* received */
    uint64_t out_of_memory;    /* work left undone for lack of memory */
};
const struct ayni_sync_counters *ayni_sync_counters(const struct ayni_sync *sync);

#endif
