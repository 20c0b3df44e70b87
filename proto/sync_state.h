#ifndef AYNI_PROTO_SYNC_STATE_H
#define AYNI_PROTO_SYNC_STATE_H

#include "proto/limits.h"
#include "proto/sync.h"
#include "proto/sync_table.h"

/* What the sync engine keeps. Nothing is ordered by an address. Who does what: proto/sync_parts.h.
 */

/* Times in milliseconds. */
enum {
    SYNC_QUIET = 1000,       /* without a change, before fingerprints are compared */
    SYNC_POSTPONED_MAX = 30, /* times that SYNC_QUIET is waited for */
    SYNC_RETRY = 3000, /* a HELLO, NOTE or TRACE without answer is said again; doubled each time */
    SYNC_RETRY_MAX = 60000,
    SYNC_ACK_DELAY = 200,     /* for STOREs to end, so that one ACK does */
    SYNC_GATHER = 200,        /* between notes to one peer of what others wrote */
    SYNC_ACKED_EVERY = 5000,  /* ACKED actions of one peer */
    SYNC_CHECK_MAX = 20000,   /* between checks that find a difference, */
    SYNC_CHECK_REST = 300000, /* and find it as it was, */
    SYNC_CHECK_HELD = 600000, /* or where a budget holds something back */
    SYNC_STALL_FIRST =
        7500, /* what was asked for doesn't come; until it is known how long it takes */
    SYNC_STALL_MIN = 1500,
    SYNC_STALL_MAX = 60000,
    SYNC_TRIES_MAX = 5,      /* then the claim isn't believed any more */
    SYNC_AUTHOR_FIRST = 300, /* the author's own note is waited for before another peer is asked */
    SYNC_GAP = 200,          /* batches may overtake one another by this much */
    SYNC_BUSY = 2000,        /* a STORE that failed here is tried again; doubled each time */
    SYNC_BUSY_MAX = 32000,
    SYNC_REFILL_AGAIN = 5000, /* payloads that it didn't give are asked for again; doubled each
                                 time that nobody gave any */
    SYNC_REFILL_MAX = 6 * 3600 * 1000,
    SYNC_WINDOW_AHEAD = 1000, /* what a window holds beside what fills the line */
};
#define SYNC_NEVER UINT64_MAX
enum { SYNC_AUTHOR_COUNTERS = 1024 };

struct sync_peer;

/* As small as may be: a node holds one for each feed and segment of its spaces. */
struct sync_feed {
    struct ayni_feed id; /* first: its name */
    struct ayni_feed_descriptor descriptor;
    bool rides;     /* `before` was told, so that the newest entries may ride in notes, */
    bool ours;      /* and they were written here */
    bool known;     /* the log told of it: not only said to exist */
    bool listed;    /* among the heads of its space */
    bool branch;    /* of a fork: known by the fork's proof alone, never by a descriptor */
    bool ended;     /* nothing follows `seq` */
    bool no_riders; /* the last that rode in a note didn't verify */
    struct sync_space *space;
    uint64_t number;        /* in the order in which they became known */
    uint64_t seq;           /* in the log; `start`: nothing of it */
    struct ayni_hash chain; /* of seq */
    uint64_t arrival;
    uint64_t before;            /* the seq before the newest HEAD */
    uint64_t start;             /* what it follows */
    uint64_t source;            /* serial of the peer that brought the newest entries; 0 for none */
    struct sync_peer *puller;   /* who was asked for it */
    struct sync_peer *refiller; /* who was asked for payloads of it */
    uint64_t received;          /* through STOREs under way; seq where there are none */
    uint32_t storing;           /* STOREs under way */
    uint32_t claimants;
    uint32_t failures; /* STOREs in a row that failed here, */
    uint64_t retry_at; /* and when the next may be tried */
    uint64_t scan;     /* of whoever walks through the moves */
};

struct sync_space {
    struct ayni_space id; /* first: its name */
    bool is_registry;
    struct ayni_node *members; /* ascending */
    size_t member_count;
    bool own;                 /* we are one of them */
    struct sync_feed **feeds; /* with a head; ascending by id if sorted */
    size_t feed_count, feed_capacity;
    bool sorted;
    bool printed;
    struct ayni_fingerprint print; /* of all its heads, if printed */
    uint64_t changed;              /* generation of its heads' last change */
    struct ayni_node *unknown;     /* who wrote what was refused for want of a right; ascending */
    size_t unknown_count, unknown_capacity;
    uint64_t told; /* how often something was told of it */
};

/* That a head moved; stale if the feed moved again. */
struct sync_move {
    uint64_t arrival;
    struct sync_feed *feed;
    uint64_t from; /* where it ended before */
};

/* What comparing has shown a peer to lack. */
struct sync_owed {
    struct sync_feed *feed;
    uint64_t seq; /* it holds the feed up to here */
    bool knows;   /* and the feed's descriptor */
    bool told;
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
    bool parked;   /* and nothing more is to be sent for now: what is more urgent needs the room */
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

/* What a HELLO says of what is held. */
struct sync_prints {
    struct ayni_fingerprint registry, shared;
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
    bool doubtful; /* whether it leaves at all isn't known yet */
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
    bool evidence; /* it knows where, and asks for the run */
};

enum sync_refill_state {
    SYNC_REFILL_REST,  /* until `at`, or until more is lost */
    SYNC_REFILL_LOOK,  /* the next hole is to be found */
    SYNC_REFILL_LOOKS, /* the driver was asked for it */
    SYNC_REFILL_HOLD,  /* another peer is being asked for it: look again at `at` */
    SYNC_REFILL_ASK,   /* the peer is to be asked for it */
    SYNC_REFILL_WAIT,  /* it was, until `at` */
    SYNC_REFILL_STORE, /* what came is with the driver */
};
/* Asking a peer for payloads that the log lacks: one hole after the other, again and again. */
struct sync_refill {
    enum sync_refill_state state;
    struct ayni_sync_place place; /* holes up to here were asked for */
    struct sync_feed *feed;       /* of the hole */
    uint64_t from, to;            /* of the hole; `from` moves with what comes */
    struct ayni_chain_mark mark;
    uint64_t left; /* of the credit */
    uint64_t lost; /* when the walk began */
    uint32_t storing;
    unsigned tries; /* WANTs for the hole without an answer */
    uint64_t at, delay;
    bool asks;   /* the peer is being asked for payloads of `feed` */
    bool again;  /* more was lost since the walk began */
    bool failed; /* the peer didn't answer */
    bool asked;  /* for all that was lost when the last walk began */
};

enum {
    SYNC_NOTES_MAX = 4,
    SYNC_ACK_NOTES = 2, /* are acknowledged at once: who writes at every moment never waits */
    SYNC_RIDING_NOTES_MAX = 2,    /* of those on their way that have runs in them, */
    SYNC_RIDERS_SIZE = 16 * 1024, /* and about how many bytes of them: half of a first window */
    SYNC_OWED_MAX = AYNI_NOTE_HEADS_MAX,
};
/* Of a feed that a peer has, and that isn't taken here. */
struct sync_untaken {
    struct ayni_feed_prefix feed;
    struct ayni_space space;
    uint64_t entries;
};

struct sync_peer {
    struct ayni_node node;
    uint64_t serial; /* of this connection, from 1 */
    bool dialled, metered, full;
    bool greeted;
    bool hears;          /* it came out of a backup and has heard nobody yet */
    bool alone;          /* it is connected to nobody else: nobody sends it twice what rides */
    uint64_t lacks;      /* payloads that it lost, and hasn't asked us for yet */
    uint64_t told_lacks; /* what we said that we lack */
    bool told_alone;     /* it was told that of us */
    uint64_t claimed_at; /* when it last said that it has something new */
    bool dirty;          /* there may be something to do */

    /* HELLO and checks */
    bool asked; /* our HELLO waits for an answer */
    bool answer_due;
    uint64_t hello_at; /* when to ask */
    uint64_t hello_delay;
    uint64_t check_at; /* when to see whether it is quiet enough to ask */
    uint64_t check_delay;
    bool hurried; /* it is made as soon as it is quiet, before that time */
    unsigned postponed;
    unsigned unequal;                                 /* checks in a row that found a difference, */
    struct sync_prints differed_own, differed_theirs; /* and what the last of them compared */
    bool agreed;                                      /* the last check found none */
    uint64_t agreed_at;                               /* generation */

    /* the peer's log, as far as we have it */
    struct ayni_incarnation instance;
    uint64_t heard, stored; /* arrivals */
    bool gap;               /* there may be heads we have not heard of */
    uint64_t told_heard, told_stored;
    unsigned untold_notes;      /* that came since */
    uint64_t ack_at, ack_after; /* when one is due, and when the next may be at the earliest */
    uint64_t kept;              /* of the last ACKED */
    uint64_t keep_at;

    /* our log, as far as the peer has it */
    uint64_t looked; /* moves up to here were looked at for this peer */
    uint64_t noted;  /* `upto` of the last NOTE */
    uint64_t peer_heard, peer_stored;
    uint64_t notes[SYNC_NOTES_MAX]; /* `upto` of those not acknowledged */
    size_t note_count;
    uint64_t note_retry_at, note_delay;
    uint64_t note_after;  /* when what others wrote may be noted again */
    bool gathers;         /* it waits for that */
    uint64_t met_arrival; /* the last one when it greeted: what came later has moves of its own */
    struct sync_owed *owed;
    size_t owed_count, owed_capacity;
    bool owed_due; /* not all of it was told */

    /* pulling */
    struct sync_claim *claims; /* ascending by feed number */
    size_t claim_count, claim_capacity;
    size_t stranger_count; /* claims of feeds of which we hold nothing */
    size_t active_count;
    struct sync_untaken *untaken;
    size_t untaken_count, untaken_capacity;
    bool pull_due;
    uint64_t pull_at;
    uint64_t answer_ms,
        answer_spread; /* how long what is asked for takes, and by how much it varies; 0: unknown */
    uint32_t round;
    uint64_t window, outstanding;
    uint64_t window_bytes, window_start;
    bool filled;         /* more was wanted than the window allows, since then */
    uint64_t rate;       /* bytes of runs a second, while the window was filled; 0: unknown */
    uint64_t answer_min; /* the shortest answer_ms: the way there and back; 0: unknown */

    struct ayni_sync_budget budget; /* `left` as of now */
    uint64_t paced_us;              /* what went over the link is within its rate from then on */
    uint64_t later_until;           /* it has said that it gives something then */
    uint64_t refused_until;         /* it was told so until then, and asks again before */

    struct sync_serve *serves;
    size_t serve_count, serve_capacity;
    bool serve_due;            /* one of them may have a batch to send */
    uint64_t serve_at;         /* and when the rate allows it */
    struct ayni_buffer outbox; /* size (4 bytes), message, ... */
    size_t outbox_taken;
    struct sync_trace trace;
    struct sync_question question;
    struct sync_refill refill;

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
    uint64_t told; /* of its space, when it was handed over */
    bool noted;    /* came in a NOTE */
    bool evidence; /* of a fork */
    bool fills;    /* payloads that the log lacks */
};

/* The note that is being made: the driver is asked for what rides in it. */
struct sync_noting {
    uint64_t peer;            /* serial; 0: none */
    bool answers;             /* of what is owed; else of what moved */
    struct ayni_buffer heads; /* encoded */
    size_t head_count, riders_size;
};

/* What the driver was asked to read, and for whom. */
enum sync_reading {
    SYNC_READING_NOTHING,
    SYNC_READING_SERVE,
    SYNC_READING_NOTE,
    SYNC_READING_EVIDENCE,
    SYNC_READING_CHAINS,
    SYNC_READING_COMPARE,
    SYNC_READING_HOLE,
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
    uint32_t feeds_of[SYNC_AUTHOR_COUNTERS]; /* heads by author, space and lane, several to each */
    struct sync_move *moves;                 /* ascending by arrival if sorted */
    size_t move_count, move_capacity, head_count;
    bool moves_sorted;
    uint64_t arrival;    /* the last one */
    uint64_t hurried;    /* that of the last head that isn't gathered before it is noted */
    uint64_t generation; /* counts changes of heads */
    uint64_t lost;       /* payloads that the log lacks and wants */
    bool hearing;        /* nothing is given */
    bool heard;          /* a HEARD action is due; of this one: */
    struct ayni_node heard_from;

    struct sync_peer **peers; /* ascending by node */
    size_t peer_count, peer_capacity;
    size_t turn;               /* whose turn it is to be asked for an action */
    struct sync_peer *touched; /* no other is dirty, */
    bool sweep;                /* unless this says so */
    uint64_t due;              /* no deadline is before it, but of who is dirty */
    uint64_t serial;

    struct sync_store *stores; /* in the order in which they came */
    size_t store_count, store_capacity;
    size_t inbox_bytes; /* in stores not handed over yet */
    uint64_t store_number;
    uint8_t *lent; /* runs of the STORE that was handed over last */

    struct sync_noting noting;
    enum sync_reading reading;
    uint64_t reading_for; /* serial of the peer */
    struct sync_feed *reading_feed;
    uint64_t reading_from;

    struct {
        struct ayni_node node;
        enum ayni_sync_drop reason;
        bool farewell; /* it hasn't heard which version is spoken here: say so first */
    } * drops;         /* DROP actions that nobody has asked for yet */
    size_t drop_count, drop_capacity;

    struct ayni_buffer out;     /* of the last SEND */
    struct ayni_buffer pending; /* made of what was read, to be sent next */
    uint64_t pending_for;       /* serial of the peer */
    struct ayni_buffer scratch, scratch2, plain;
    struct ayni_sync_counters counters;
    struct sync_refused {
        struct ayni_node node;
        struct ayni_sync_refusals refusals;
    } * refused;
    size_t refused_count, refused_capacity;
    struct ayni_sync_refusals refused_unknown; /* where there was no memory */
};

#endif
