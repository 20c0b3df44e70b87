#ifndef AYNI_PROTO_MESSAGE_H
#define AYNI_PROTO_MESSAGE_H

#include "proto/entry.h"
#include "proto/feed.h"

/*
 * What nodes say to each other: CBOR arrays [type, ...], one to a message.
 * docs/protocol.md, section 5. Elements after the ones named there, and
 * messages of a type above AYNI_MESSAGE_LAST, are of a newer minor version
 * and are ignored. Feeds are named by the first 16 bytes of their id, chain
 * hashes by their first 16 bytes (a mark). Nothing here keeps state.
 */
enum {
    AYNI_PROTOCOL_MAJOR = 1, /* another one is not understood */
    AYNI_PROTOCOL_MINOR = 0,
};

enum ayni_message_type {
    AYNI_MESSAGE_HELLO = 0,
    AYNI_MESSAGE_NOTE = 1,
    AYNI_MESSAGE_ACK = 2,
    AYNI_MESSAGE_RANGES = 3,
    AYNI_MESSAGE_ASK = 4,
    AYNI_MESSAGE_WANT = 5,
    AYNI_MESSAGE_BATCH = 6,
    AYNI_MESSAGE_FORK = 7,
    AYNI_MESSAGE_TRACE = 8,
    AYNI_MESSAGE_LAST = AYNI_MESSAGE_TRACE,
};

/* The first 16 bytes of a chain hash: nobody can find two histories that share one. */
struct ayni_chain_mark {
    uint8_t bytes[16];
};
struct ayni_chain_mark ayni_chain_mark_of(const struct ayni_hash *chain);

/* The first 16 bytes of a hash over heads or spaces. */
struct ayni_fingerprint {
    uint8_t bytes[16];
};

/* "Here I am, and this is what I hold." */
struct ayni_hello {
    uint64_t major, minor;
    bool hears; /* and came out of a backup: it gives nothing before it has heard what was erased */
    bool alone; /* and is connected to nobody else: who writes to it may let small runs ride */
    bool asks;  /* and wants a HELLO back */
    struct ayni_node root;
    struct ayni_incarnation instance; /* of the sender's log */
    uint64_t arrival;                 /* the last one of the sender's log; 0 for an empty log */
    struct ayni_incarnation
        ack_instance;     /* the receiver's log, as far as the sender knows; zeros if not at all */
    uint64_t ack_arrival; /* of that log the sender has stored everything up to here */
    struct ayni_fingerprint registry; /* of the registry space */
    struct ayni_fingerprint
        shared;       /* of the other spaces both are members of by the sender's registry */
    uint64_t later_s; /* its budget holds back what can wait for so many seconds; 0: it doesn't */
    uint64_t lacks;   /* payloads that it lost, and hasn't asked the receiver for yet */
};
void ayni_hello_encode(const struct ayni_hello *hello, struct ayni_buffer *to);
/* Whether a message is a HELLO that asks for one back: one that is an answer isn't answered. */
bool ayni_message_asks(struct ayni_bytes message);

/*
 * The head of a feed. `runs`, if not empty, are the whole runs from entry
 * `from` + 1 to `seq`, as proto/entry.h has them; then there is no mark.
 */
struct ayni_noted_head {
    struct ayni_feed_prefix feed;
    uint64_t seq; /* 1 and up */
    bool has_mark;
    struct ayni_chain_mark mark;
    bool has_descriptor; /* for who may not know the feed */
    struct ayni_feed_descriptor descriptor;
    uint64_t from;
    struct ayni_bytes runs; /* borrowed; up to AYNI_NOTE_RUN_SIZE_MAX bytes */
};

/*
 * The heads, of those that the receiver may see, that moved in the sender's
 * log after arrival `since` and up to `upto`; or, when both are 0, heads that
 * were asked for, or that a range showed the receiver to lack.
 * A writer begins, adds heads, and ends with the number of them.
 */
struct ayni_note {
    uint64_t since, upto;
    struct ayni_bytes heads; /* raw, checked; read with ayni_note_next() */
    size_t head_count;
};
void ayni_note_encode(uint64_t since, uint64_t upto, size_t head_count, struct ayni_bytes heads,
                      struct ayni_buffer *to);
void ayni_noted_head_encode(const struct ayni_noted_head *head, struct ayni_buffer *to);
/* The next head, in order; false after the last. `*position` starts at 0. */
bool ayni_note_next(const struct ayni_note *note, size_t *position, struct ayni_noted_head *head);

/* Of the receiver's log the sender has heard of all heads up to `heard`, and stored all of them up
 * to `stored`. */
struct ayni_ack {
    uint64_t heard, stored;
};
void ayni_ack_encode(const struct ayni_ack *ack, struct ayni_buffer *to);

/*
 * The bound of a range of feed ids: a prefix of up to 16 bytes, as if zeros
 * followed. An empty one as an upper bound is above all ids.
 */
struct ayni_bound {
    uint8_t size;
    uint8_t bytes[16];
};

enum ayni_range_form {
    AYNI_RANGE_SKIP,        /* nothing to say about this one */
    AYNI_RANGE_FINGERPRINT, /* of the sender's heads in it */
    AYNI_RANGE_LIST,        /* the sender's heads in it, all of them */
};

/* One range: from the upper bound of the one before it to `upper`, this excluded. */
struct ayni_range {
    struct ayni_bound upper;
    enum ayni_range_form form;
    struct ayni_fingerprint fingerprint;
    struct ayni_bytes list; /* of LIST: raw, checked; read with ayni_range_next() */
    size_t list_count;
};
struct ayni_listed_head {
    struct ayni_feed_prefix feed;
    uint64_t seq;
    struct ayni_chain_mark mark;
};

/* A line of ranges, without gaps, over the sorted feed ids of a space. Ranges ascend. */
struct ayni_ranges {
    struct ayni_space space;
    struct ayni_bound lower;  /* where the first range starts */
    struct ayni_bytes ranges; /* raw, checked; read with ayni_ranges_next() */
    size_t range_count;
};
void ayni_ranges_encode(const struct ayni_ranges *ranges, struct ayni_buffer *to);
void ayni_range_encode(const struct ayni_range *range, struct ayni_buffer *to);
void ayni_listed_head_encode(const struct ayni_listed_head *head, struct ayni_buffer *to);
bool ayni_ranges_next(const struct ayni_ranges *ranges, size_t *position, struct ayni_range *range);
bool ayni_range_next(const struct ayni_range *range, size_t *position,
                     struct ayni_listed_head *head);

/* "Send me the heads of these feeds, with their descriptors." */
struct ayni_ask {
    struct ayni_bytes feeds; /* `feed_count` prefixes, each as CBOR; read with ayni_ask_next() */
    size_t feed_count;
};
void ayni_ask_encode(const struct ayni_feed_prefix *feeds, size_t feed_count,
                     struct ayni_buffer *to);
bool ayni_ask_next(const struct ayni_ask *ask, size_t *position, struct ayni_feed_prefix *feed);

/*
 * "I hold this feed up to `from`. Of what follows, up to `credit` bytes of
 * runs may be on their way." The same `round` extends what was granted before;
 * another one starts again after `from`. A credit of 0 takes it back.
 */
struct ayni_want {
    struct ayni_feed_prefix feed;
    uint64_t from;
    struct ayni_chain_mark mark; /* of chain(from) */
    uint64_t credit;
    uint64_t round;
};
struct ayni_wants {
    struct ayni_bytes wants; /* raw, checked; read with ayni_wants_next() */
    size_t want_count;
};
void ayni_wants_encode(size_t want_count, struct ayni_bytes wants, struct ayni_buffer *to);
void ayni_want_encode(const struct ayni_want *want, struct ayni_buffer *to);
bool ayni_wants_next(const struct ayni_wants *wants, size_t *position, struct ayni_want *want);

/*
 * Whole runs of a feed, its entries from + 1 to `to`; or none: "I have nothing
 * after `from` that I could give you."
 */
struct ayni_batch {
    struct ayni_feed_prefix feed;
    uint64_t from;
    uint64_t to;              /* the last entry; `from` where there is none */
    struct ayni_bytes packed; /* zstd; AYNI_BATCH_SIZE_MAX decompressed, or one run if that is
                                 larger; empty: none */
    uint64_t later_s; /* of an empty one: it may be asked for again after so many seconds; 0: it
                         isn't there to be given */
};
void ayni_batch_encode(const struct ayni_batch *batch, struct ayni_buffer *to);

/* A place in a feed, and which history leads there. */
struct ayni_chain_point {
    uint64_t seq;
    struct ayni_chain_mark mark;
};
enum { AYNI_CHAIN_POINTS_MAX = 16 };

/* "Your history of this feed isn't mine: mine goes through these points." Seqs ascend. */
struct ayni_forked {
    struct ayni_feed_prefix feed;
    struct ayni_chain_point points[AYNI_CHAIN_POINTS_MAX];
    size_t point_count;
};
void ayni_forked_encode(const struct ayni_forked *forked, struct ayni_buffer *to);

/*
 * "We agree at `low` and differ at `high`: show me points in between"; or,
 * where nothing is in between, "your run with that entry", which is answered
 * by a BATCH.
 */
struct ayni_trace {
    struct ayni_feed_prefix feed;
    uint64_t low, high; /* low < high */
};
void ayni_trace_encode(const struct ayni_trace *trace, struct ayni_buffer *to);

/* A message as it came. Views borrow from its bytes. */
struct ayni_message {
    uint64_t type; /* enum ayni_message_type, or above AYNI_MESSAGE_LAST: ignore it */
    union {
        struct ayni_hello hello;
        struct ayni_note note;
        struct ayni_ack ack;
        struct ayni_ranges ranges;
        struct ayni_ask ask;
        struct ayni_wants wants;
        struct ayni_batch batch;
        struct ayni_forked forked;
        struct ayni_trace trace;
    };
};

/*
 * Decode one message. All of it is checked, also what is read with the
 * functions named `next`, which therefore can't fail.
 *
 *   AYNI_E_MALFORMED, AYNI_E_TRUNCATED  not of the form: no honest node sends it
 *   AYNI_E_LIMIT                        over a maximum of proto/limits.h
 *   AYNI_E_VERSION                      a HELLO of another major version
 */
AYNI_CHECKED enum ayni_status ayni_message_decode(struct ayni_bytes bytes,
                                                  struct ayni_message *message);

#endif
