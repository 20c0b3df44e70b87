#ifndef AYNI_PROTO_SYNC_STATE_H
#define AYNI_PROTO_SYNC_STATE_H

#include "proto/limits.h"
#include "proto/sync.h"
#include "proto/sync_table.h"

/*
 * The inside of the sync engine, for its own files: what is kept, and who
 * offers what to the others. Nothing is ordered by an address.
 *
 *   sync.c         events to those who handle them, actions from those who have some
 *   sync_heads.c   feeds, spaces, the order in which heads moved
 *   sync_prints.c  fingerprints, places in a sorted space
 *   sync_peer.c    peers, their claims, their outbox, floods
 *   sync_hello.c   HELLO: greetings and checks
 *   sync_ranges.c  RANGES, ASK: finding what differs
 *   sync_notes.c   NOTE out, ACK
 *   sync_claims.c  NOTE in: what peers say they have
 *   sync_pull.c    WANT out, BATCH in
 *   sync_store.c   STORE and how it ends
 *   sync_serve.c   WANT in, BATCH out
 *   sync_trace.c   FORK, TRACE: where two histories part
 *   sync_status.c  what is known
 */

/* Times in milliseconds. */
enum {
    SYNC_QUIET = 1000,       /* without a change, before fingerprints are compared */
    SYNC_POSTPONED_MAX = 30, /* times that SYNC_QUIET is waited for */
    SYNC_RETRY = 3000, /* a HELLO, NOTE or TRACE without answer is said again; doubled each time */
    SYNC_RETRY_MAX = 60000,
    SYNC_ACK_DELAY = 200,    /* for STOREs to end, so that one ACK does */
    SYNC_ACKED_EVERY = 5000, /* ACKED actions of one peer */
    SYNC_CHECK_MAX = 20000,  /* between checks that find a difference and no progress */
    SYNC_STALL_FIRST =
        5000, /* what was asked for doesn't come; until it is known how long it takes */
    SYNC_STALL_MIN = 1500,
    SYNC_STALL_MAX = 60000,
    SYNC_TRIES_MAX = 5,      /* then the claim isn't believed any more */
    SYNC_AUTHOR_FIRST = 300, /* the author's own note is waited for before another peer is asked */
    SYNC_GAP = 200,          /* batches may overtake one another by this much */
    SYNC_BUSY = 2000,        /* a STORE that failed here is tried again */
    SYNC_WINDOW_FAST = 1000, /* a window that came within this is doubled in any case */
    SYNC_WINDOW_SLOW = 4000, /* one that took longer is halved */
};
#define SYNC_NEVER UINT64_MAX

struct sync_peer;

struct sync_feed {
    struct ayni_feed id;
    struct ayni_feed_descriptor descriptor;
    struct sync_space *space;
    uint64_t number;        /* in the order in which they became known */
    uint64_t seq;           /* in the log; 0: only said to exist */
    struct ayni_hash chain; /* of seq */
    uint64_t arrival;
    uint64_t before; /* the seq before the newest HEAD */
    bool rides;      /* the newest entries were written here: they may ride in notes */
    bool forked;
    uint64_t fork_seq;
    struct ayni_hash fork_chain;
    uint64_t source;          /* serial of the peer that brought the newest entries; 0 for none */
    uint64_t deferred;        /* the registry's generation when it was refused; 0 for never */
    struct sync_peer *puller; /* who was asked for it */
    uint64_t received;        /* through STOREs under way; seq where there are none */
    uint32_t storing;         /* STOREs under way */
    bool no_riders;           /* the last that rode in a note didn't verify */
    uint32_t claimants;
};

struct sync_space {
    struct ayni_space id;
    bool is_registry;
    struct ayni_node *members; /* ascending */
    size_t member_count;
    bool own;                 /* we are one of them */
    struct sync_feed **feeds; /* with a head; ascending by id if sorted */
    size_t feed_count, feed_capacity;
    bool sorted;
    bool printed;
    struct ayni_fingerprint print; /* of all its heads, if printed */
    uint64_t changed;              /* generation of its last change */
};

/* That a head moved; stale if the feed moved again. */
struct sync_move {
    uint64_t arrival;
    struct sync_feed *feed;
};

/* A head that a peer says it has. */
struct sync_claim {
    struct sync_feed *feed;
    uint64_t seq;
    uint64_t since;      /* acknowledgements may go to here while it isn't settled */
    uint64_t not_before; /* ms */
    uint64_t progress;   /* ms; when something of it last came, or when it was asked for */
    uint64_t asked_from; /* of the last WANT */
    uint32_t credit;     /* of the last WANT, while active */
    uint32_t round;
    bool active;   /* this peer was asked for it */
    bool answered; /* and something came */
    uint8_t tries; /* stalls since something came */
};

/* A feed that a peer is sent from. */
enum { SYNC_FLIGHTS_MAX = 8 };
struct sync_serve {
    struct sync_feed *feed;
    uint64_t from;     /* the peer holds it up to here */
    uint64_t position; /* it was sent up to here */
    uint64_t end;      /* of the feed when it was last asked for */
    uint64_t credit, round;
    uint64_t used; /* for the oldest to make room */
    struct ayni_chain_mark mark;
    bool checked; /* the mark is of our history */
    struct {
        uint64_t to;
        uint32_t size;
    } flights[SYNC_FLIGHTS_MAX]; /* batches sent after `from` */
    uint8_t flight_count;
};

/* Looking for the place where the peer's history of a feed leaves ours. */
enum sync_trace_state {
    SYNC_TRACE_NONE,
    SYNC_TRACE_COMPARE, /* points have come */
    SYNC_TRACE_ASK,     /* the next question is due */
    SYNC_TRACE_WAIT,    /* it was asked */
    SYNC_TRACE_STORE,   /* the evidence is with the driver */
};
struct sync_trace {
    enum sync_trace_state state;
    struct sync_feed *feed;
    uint64_t low, high;
    struct ayni_chain_point points[AYNI_CHAIN_POINTS_MAX];
    size_t point_count;
    uint64_t retry_at;
    unsigned tries;
};

/* A question of the peer about our history of a feed. */
struct sync_question {
    struct sync_feed *feed; /* NULL: none */
    uint64_t low, high;
};

enum { SYNC_NOTES_MAX = 4 };
struct sync_peer {
    struct ayni_node node;
    uint64_t serial; /* of this connection, from 1 */
    bool dialled, metered, full;
    bool greeted;
    bool dirty; /* there may be something to do */

    /* HELLO and checks */
    bool asked; /* our HELLO waits for an answer */
    bool answer_due;
    uint64_t hello_at; /* when to ask */
    uint64_t hello_delay;
    uint64_t check_at; /* when to see whether it is quiet enough to ask */
    uint64_t check_delay;
    unsigned postponed;
    unsigned unequal;   /* checks in a row that found a difference */
    bool agreed;        /* the last check found none */
    uint64_t agreed_at; /* generation */

    /* the peer's log, as far as we have it */
    struct ayni_incarnation instance;
    uint64_t heard, stored; /* arrivals */
    bool gap;               /* there may be heads we have not heard of */
    uint64_t told_heard, told_stored;
    uint64_t ack_at;
    uint64_t kept; /* of the last ACKED */
    uint64_t keep_at;

    /* our log, as far as the peer has it */
    uint64_t looked; /* moves up to here were looked at for this peer */
    uint64_t noted;  /* `upto` of the last NOTE */
    uint64_t peer_heard, peer_stored;
    uint64_t notes[SYNC_NOTES_MAX]; /* `upto` of those not acknowledged */
    size_t note_count;
    uint64_t note_retry_at, note_delay;

    /* pulling */
    struct sync_claim *claims; /* ascending by feed number */
    size_t claim_count, claim_capacity;
    size_t stranger_count; /* claims of feeds of which we hold nothing */
    size_t active_count;
    bool pull_due;
    uint64_t pull_at;
    uint64_t answer_ms,
        answer_spread; /* how long what is asked for takes, and by how much it varies; 0: unknown */
    uint32_t round;
    uint64_t window, outstanding;
    uint64_t window_bytes, window_start;
    uint64_t answer_min; /* the shortest answer_ms: the way there and back; 0: unknown */

    struct sync_serve *serves;
    size_t serve_count, serve_capacity;
    bool serve_due; /* one of them may have a batch to send */
    struct ayni_buffer outbox; /* size (4 bytes), message, ... */
    size_t outbox_taken;
    struct sync_trace trace;
    struct sync_question question;

    uint64_t tokens, tokens_at; /* what it may still ask us to do */
    uint64_t excess;            /* messages ignored for lack of them */
    uint64_t bytes_sent, bytes_received, messages_sent, messages_received, entries_stored;
};

/* Runs for the driver to store, and until it has answered. */
struct sync_store {
    uint64_t number;
    uint64_t peer; /* serial */
    struct ayni_node node;
    struct sync_feed *feed;
    uint64_t from, to;
    uint8_t *runs; /* NULL once handed over */
    size_t size;
    bool handed;
    bool noted;    /* came in a NOTE */
    bool evidence; /* of a fork */
};

/* What the driver was asked to read, and for whom. */
enum sync_reading {
    SYNC_READING_NOTHING,
    SYNC_READING_SERVE,
    SYNC_READING_NOTE,
    SYNC_READING_EVIDENCE,
    SYNC_READING_CHAINS,
    SYNC_READING_COMPARE,
};

struct ayni_sync {
    struct ayni_node own, root;
    struct ayni_incarnation instance;
    struct ayni_space registry_id;
    struct sync_space *registry;
    uint64_t seed, now;

    struct sync_table feeds;        /* by the first 16 bytes of their id */
    struct sync_table spaces;       /* by id */
    struct sync_space **space_list; /* but the registry; ascending by id */
    size_t space_count, space_capacity;
    uint64_t feed_number;
    struct sync_move *moves; /* ascending by arrival if sorted */
    size_t move_count, move_capacity, head_count;
    bool moves_sorted;
    uint64_t arrival;    /* the last one */
    uint64_t generation; /* counts changes of heads and spaces */
    uint64_t registry_generation;
    bool started; /* a peer was up */

    struct sync_peer **peers; /* ascending by node */
    size_t peer_count, peer_capacity;
    size_t turn; /* whose turn it is to be asked for an action */
    uint64_t serial;

    struct sync_store *stores; /* in the order in which they came */
    size_t store_count, store_capacity;
    size_t inbox_bytes; /* in stores not handed over yet */
    uint64_t store_number;
    uint8_t *lent; /* runs of the STORE that was handed over last */

    enum sync_reading reading;
    uint64_t reading_for; /* serial of the peer */
    struct sync_feed *reading_feed;
    uint64_t reading_from;

    struct {
        struct ayni_node node;
        enum ayni_sync_drop reason;
    } * drops; /* DROP actions that nobody has asked for yet */
    size_t drop_count, drop_capacity;

    struct ayni_buffer out;     /* of the last SEND */
    struct ayni_buffer pending; /* made of what was read, to be sent next */
    uint64_t pending_for;       /* serial of the peer */
    struct ayni_buffer scratch, scratch2, plain;
    struct ayni_sync_counters counters;
};

/* ---- sync.c ---- */
/* A `SEND` of what is in sync->out. */
bool sync_send(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action);
/* Send what is in sync->out before anything else. */
void sync_pend(struct ayni_sync *sync, const struct sync_peer *peer);
/* Room for one more at the end of an array; false where there is no memory. */
bool sync_grow(struct ayni_sync *sync, void *array, size_t count, size_t *capacity,
               size_t item_size);
static inline uint64_t sync_after(const struct ayni_sync *sync, uint64_t ms)
{
    return sync->now + ms;
}
static inline uint64_t sync_min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}
static inline uint64_t sync_max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* ---- sync_heads.c ---- */
struct sync_feed *sync_find_feed(const struct ayni_sync *sync, const struct ayni_feed_prefix *name);
/* A feed that isn't known yet, with nothing held. NULL where there is no memory. */
struct sync_feed *sync_add_feed(struct ayni_sync *sync, const struct ayni_feed *id,
                                const struct ayni_feed_descriptor *descriptor);
/* Forget a feed of which nothing is held and that nobody claims any more. */
void sync_release_feed(struct ayni_sync *sync, struct sync_feed *feed);
/* NULL where there is no memory. */
struct sync_space *sync_add_space(struct ayni_sync *sync, const struct ayni_space *id);
struct sync_space *sync_find_space(const struct ayni_sync *sync, const struct ayni_space *id);
void sync_handle_space(struct ayni_sync *sync, const struct ayni_sync_space *event);
void sync_handle_head(struct ayni_sync *sync, const struct ayni_sync_head *event);
/* Whether the peer may know of the space's feeds, and we too. */
bool sync_shares(const struct sync_space *space, const struct sync_peer *peer);
/* The index of the first move after an arrival; moves are sorted then. */
size_t sync_moves_after(struct ayni_sync *sync, uint64_t arrival);
static inline bool sync_move_is_stale(const struct sync_move *move)
{
    return move->feed->arrival != move->arrival;
}
/* Up to where a feed may be given. */
static inline uint64_t sync_feed_end(const struct sync_feed *feed)
{
    return feed->forked && feed->fork_seq < feed->seq ? feed->fork_seq : feed->seq;
}
/* Up to where it is wanted of a peer that has it up to `seq`. */
static inline uint64_t sync_feed_target(const struct sync_feed *feed, uint64_t seq)
{
    return feed->forked && feed->fork_seq < seq ? feed->fork_seq : seq;
}
/* What fingerprints and lists say of it: a forked feed ends where the first fork is. */
struct ayni_head sync_feed_head(const struct sync_feed *feed);
/* Whether more feeds of this author would be too many. */
bool sync_over_quota(const struct sync_space *space, const struct ayni_feed_descriptor *descriptor);
void sync_free_heads(struct ayni_sync *sync);

/* ---- sync_prints.c ---- */
void sync_sort_space(struct sync_space *space);
/* Of the feeds with index `from` up to `to`, excluded, of a sorted space. */
struct ayni_fingerprint sync_print_range(struct ayni_sync *sync, const struct sync_space *space,
                                         size_t from, size_t to);
struct ayni_fingerprint sync_print_space(struct ayni_sync *sync, struct sync_space *space);
/* Of all spaces but the registry that both share and that have heads here. */
struct ayni_fingerprint sync_print_shared(struct ayni_sync *sync, const struct sync_peer *peer);
/* The index of the first feed of a sorted space that isn't below the bound. */
size_t sync_find_bound(const struct sync_space *space, const struct ayni_bound *bound);
/* The shortest bound between two feeds next to each other. */
struct ayni_bound sync_bound_between(const struct sync_feed *below, const struct sync_feed *above);

/* ---- sync_peer.c ---- */
/* When the peer needs a TIME at the latest. */
uint64_t sync_peer_deadline(const struct sync_peer *peer);
struct sync_peer *sync_find_peer(const struct ayni_sync *sync, const struct ayni_node *node);
struct sync_peer *sync_peer_of_serial(const struct ayni_sync *sync, uint64_t serial);
void sync_handle_up(struct ayni_sync *sync, const struct ayni_node *node,
                    const struct ayni_sync_up *up);
void sync_peer_gone(struct ayni_sync *sync, struct sync_peer *peer);
/* A breach: the peer is gone, and a DROP action is due. */
void sync_drop_peer(struct ayni_sync *sync, struct sync_peer *peer, enum ayni_sync_drop reason);
/* Whether it may ask for `cost` more work now. One unit is about a microsecond. False is counted;
 * too many end in a drop, of which the caller hears by `sync_find_peer`. */
bool sync_peer_affords(struct ayni_sync *sync, struct sync_peer *peer, uint64_t cost);
/* Put what is in `message` behind the answers that wait; dropped where there is no room. */
void sync_answer(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_buffer *message);
bool sync_outbox_next(struct ayni_sync *sync, struct sync_peer *peer,
                      struct ayni_sync_action *action);
size_t sync_peer_memory(const struct sync_peer *peer);
void sync_free_peers(struct ayni_sync *sync);

/* ---- sync_claims.c ---- */
struct sync_claim *sync_find_claim(const struct sync_peer *peer, const struct sync_feed *feed);
/* The peer says that it has `feed` up to `seq`. NULL where there is no room: then there is a gap.
 */
struct sync_claim *sync_put_claim(struct ayni_sync *sync, struct sync_peer *peer,
                                  struct sync_feed *feed, uint64_t seq, uint64_t since);
/* Forget it. Other claims move. */
void sync_remove_claim(struct ayni_sync *sync, struct sync_peer *peer, struct sync_claim *claim);
/* Whether something of it is still to come. */
bool sync_claim_is_open(const struct ayni_sync *sync, const struct sync_claim *claim);
/* Forget claims that are settled and noted, and those of spaces that are no longer shared. */
void sync_prune_claims(struct ayni_sync *sync, struct sync_peer *peer);
void sync_receive_note(struct ayni_sync *sync, struct sync_peer *peer,
                       const struct ayni_note *note);
/* A head that the peer has of a feed known here, with what it says of the chain. */
void sync_claim_head(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed,
                     uint64_t seq, const struct ayni_chain_mark *mark, uint64_t since);

/* ---- sync_hello.c ---- */
void sync_receive_hello(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_hello *hello);
bool sync_hello_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action);
/* Something changed that both share: compare fingerprints once it is quiet. */
void sync_check_soon(struct ayni_sync *sync, struct sync_peer *peer);
bool sync_acked_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action);

/* ---- sync_ranges.c ---- */
/* Ask the peer to compare: the registry, and the other spaces too if `all`. */
void sync_start_ranges(struct ayni_sync *sync, struct sync_peer *peer, bool all);
void sync_receive_ranges(struct ayni_sync *sync, struct sync_peer *peer,
                         const struct ayni_ranges *ranges);
void sync_receive_ask(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_ask *ask);

/* ---- sync_notes.c ---- */
bool sync_notes_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action);
bool sync_ack_next(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action);
void sync_receive_ack(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_ack *ack);
void sync_note_runs(struct ayni_sync *sync, struct sync_peer *peer,
                    const struct ayni_sync_runs *runs);
/* A head of ours as a note says it. */
void sync_put_head(struct ayni_buffer *to, const struct sync_feed *feed, bool with_descriptor);

/* ---- sync_pull.c ---- */
bool sync_pull_next(struct ayni_sync *sync, struct sync_peer *peer,
                    struct ayni_sync_action *action);
void sync_receive_batch(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_batch *batch);
/* The peer isn't asked for it any more. */
void sync_stop_pull(struct sync_peer *peer, struct sync_claim *claim);
/* The feed's head moved, or its STOREs failed. */
void sync_pull_moved(struct ayni_sync *sync, struct sync_feed *feed);

/* ---- sync_store.c ---- */
/* Runs to be stored, copied. False where there is no room for them. */
bool sync_put_store(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_store *store,
                    struct ayni_bytes runs);
/* The same with the runs of a batch. Where they can't be read the peer is dropped. */
bool sync_put_batch(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_store *store,
                    const struct ayni_batch *batch);
bool sync_store_next(struct ayni_sync *sync, struct ayni_sync_action *action);
void sync_handle_stored(struct ayni_sync *sync, uint64_t number);
void sync_handle_refused(struct ayni_sync *sync, uint64_t number, enum ayni_status status);
/* The serial of the peer whose STORE brought the feed to `seq`; 0 for none. */
uint64_t sync_store_source(const struct ayni_sync *sync, const struct sync_feed *feed,
                           uint64_t seq);
void sync_free_stores(struct ayni_sync *sync);

/* ---- sync_serve.c ---- */
void sync_receive_wants(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_wants *wants);
bool sync_serve_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action);
void sync_serve_runs(struct ayni_sync *sync, struct sync_peer *peer,
                     const struct ayni_sync_runs *runs);
void sync_answer_batch(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_feed *feed,
                       uint64_t from, uint64_t to, struct ayni_bytes runs);
/* Forget what is sent to the peer of spaces that are no longer shared. */
void sync_prune_serves(struct sync_peer *peer);
/* 0 is the most urgent: registry, lane 0, lane 1, others. */
unsigned sync_urgency(const struct sync_feed *feed);

/* ---- sync_trace.c ---- */
/* The peer's history of `feed` isn't ours at `high`. */
void sync_start_trace(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed,
                      uint64_t high);
/* Show the peer points of our history below `high`. */
void sync_show_history(struct sync_peer *peer, struct sync_feed *feed, uint64_t high);
void sync_receive_forked(struct ayni_sync *sync, struct sync_peer *peer,
                         const struct ayni_forked *forked);
void sync_receive_trace(struct ayni_sync *sync, struct sync_peer *peer,
                        const struct ayni_trace *trace);
bool sync_trace_next(struct ayni_sync *sync, struct sync_peer *peer,
                     struct ayni_sync_action *action);
void sync_trace_chains(struct ayni_sync *sync, struct sync_peer *peer,
                       const struct ayni_sync_chains *chains);
void sync_trace_compared(struct sync_peer *peer, const struct ayni_sync_compared *compared);
void sync_trace_runs(struct ayni_sync *sync, struct sync_peer *peer,
                     const struct ayni_sync_runs *runs);
/* Whether a batch is the evidence that was asked for; then it was taken. */
bool sync_trace_takes(struct ayni_sync *sync, struct sync_peer *peer, const struct sync_feed *feed,
                      const struct ayni_batch *batch);
void sync_trace_done(struct sync_peer *peer);

#endif
