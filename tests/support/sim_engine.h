#ifndef AYNI_TESTS_SUPPORT_SIM_ENGINE_H
#define AYNI_TESTS_SUPPORT_SIM_ENGINE_H

#include "proto/sync.h"

/*
 * One engine in the hands of a test: node 1 of tests/support/federation.h, in
 * spaces 1 and 2 with nodes 2 to 4, and in space 3 alone. Actions are kept,
 * with their bytes, until they are looked for.
 */
enum { SIM_ENGINE_ACTIONS = 512 };

struct sim_engine {
    struct ayni_sync *sync;
    uint64_t now;
    struct sim_action {
        struct ayni_sync_action action;
        struct ayni_message message; /* of SEND; borrows from `bytes` */
        struct ayni_buffer bytes;    /* of SEND, STORE and FORK */
    } actions[SIM_ENGINE_ACTIONS];
    size_t action_count;
    struct ayni_sync_runs runs; /* the answer to each READ */
    struct ayni_sync_hole hole; /* the only one */
    uint64_t runs_step;         /* not 0: it ends so many entries after what was asked for */
};

void sim_engine_start(struct sim_engine *engine, uint64_t seed);
void sim_engine_stop(struct sim_engine *engine);
struct ayni_node sim_engine_peer(uint8_t number);
struct ayni_space sim_engine_space(uint8_t number);

/* Tell it, and keep what it asks for. */
void sim_engine_tell(struct sim_engine *engine, const struct ayni_sync_event *event);
void sim_engine_time(struct sim_engine *engine, uint64_t ms);
void sim_engine_up(struct sim_engine *engine, uint8_t peer, bool dialled);
void sim_engine_down(struct sim_engine *engine, uint8_t peer);
void sim_engine_say(struct sim_engine *engine, uint8_t peer, const struct ayni_buffer *message);
/* A HELLO of the peer, with fingerprints that differ from all others if `differs`. */
void sim_engine_hello(struct sim_engine *engine, uint8_t peer, bool asks, bool differs);
/* Up and greeted, and what was said about it forgotten. */
void sim_engine_meet(struct sim_engine *engine, uint8_t peer);
/* Members of a space: node 1 and `peer`, or node 1 alone for 0. */
void sim_engine_members(struct sim_engine *engine, uint8_t space, uint8_t peer);
/* Feed `number` of `author` in a space and lane now ends at `seq`. */
struct ayni_feed_descriptor sim_engine_feed(uint8_t author, uint8_t space, uint8_t lane,
                                            uint8_t number);
struct ayni_feed sim_engine_feed_id(const struct ayni_feed_descriptor *descriptor);
void sim_engine_head(struct sim_engine *engine, const struct ayni_feed_descriptor *descriptor,
                     uint64_t seq, uint64_t arrival);
struct ayni_hash sim_engine_chain(const struct ayni_feed_descriptor *descriptor, uint64_t seq);
/* A NOTE of the peer: it has the feed up to `seq`. `upto` 0: an answer. */
void sim_engine_note(struct sim_engine *engine, uint8_t peer,
                     const struct ayni_feed_descriptor *descriptor, uint64_t seq, uint64_t since,
                     uint64_t upto);
void sim_engine_batch(struct sim_engine *engine, uint8_t peer,
                      const struct ayni_feed_descriptor *descriptor, uint64_t from, uint64_t to);
void sim_engine_stored(struct sim_engine *engine, uint64_t store, enum ayni_status status);

/* The first kept action of that type, and for SEND of that message type, of any peer (0) or one.
 * NULL: none. */
const struct sim_action *sim_engine_find(const struct sim_engine *engine,
                                         enum ayni_sync_action_type type, uint8_t peer);
const struct sim_action *sim_engine_sent(const struct sim_engine *engine, uint64_t message,
                                         uint8_t peer);
void sim_engine_forget(struct sim_engine *engine);

/* These fail the test where there is none. */
enum ayni_sync_drop sim_engine_dropped(const struct sim_engine *engine, uint8_t peer);
struct ayni_sync_lag sim_engine_lag(const struct sim_engine *engine, uint8_t peer);
/* The first thing that a kept WANT to the peer asks for. */
struct ayni_want sim_engine_wanted(const struct sim_engine *engine, uint8_t peer);
bool sim_engine_is_up(const struct sim_engine *engine, uint8_t peer);
/* A WANT of the peer, for a feed that it holds up to `from`. */
void sim_engine_want(struct sim_engine *engine, uint8_t peer,
                     const struct ayni_feed_descriptor *descriptor, uint64_t from, uint64_t credit,
                     uint64_t round);

#endif
