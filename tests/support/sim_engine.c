#include "tests/support/sim_engine.h"

#include <assert.h>
#include <stdlib.h>

#include "proto/compress.h"
#include "tests/support/federation.h"
#include "tests/support/suite.h"

/* Making keys takes longer than all else that a test does with an engine. */
struct ayni_node sim_engine_peer(uint8_t number)
{
    static struct ayni_node made[UINT8_MAX + 1];
    static bool is_made[UINT8_MAX + 1];

    if (!is_made[number])
        made[number] = test_keys(number).node;
    is_made[number] = true;
    return made[number];
}

struct ayni_space sim_engine_space(uint8_t number)
{
    struct ayni_node root = sim_engine_peer(0);

    return number == 0 ? ayni_registry_space(&root) : (struct ayni_space){ { number } };
}

void sim_engine_start(struct sim_engine *engine, uint64_t seed)
{
    struct ayni_sync_options options = {
        .own = sim_engine_peer(1), .root = sim_engine_peer(0), .instance = { { 1 } }, .seed = seed
    };
    struct ayni_node members[] = { sim_engine_peer(4), sim_engine_peer(1), sim_engine_peer(3),
                                   sim_engine_peer(2) };

    /* The actions are large and none is there yet: a fuzz target starts a million engines. */
    engine->sync = ayni_sync_new(&options);
    engine->now = 0;
    engine->action_count = 0;
    engine->runs = (struct ayni_sync_runs){ 0 };
    engine->hole = (struct ayni_sync_hole){ 0 };
    for (uint8_t i = 1; i <= 2; i++) {
        struct ayni_sync_event event = { .type = AYNI_SYNC_SPACE };
        event.space = (struct ayni_sync_space){ sim_engine_space(i), members, 4 };
        sim_engine_tell(engine, &event);
    }
    sim_engine_members(engine, 3, 0);
}

void sim_engine_forget(struct sim_engine *engine)
{
    for (size_t i = 0; i < engine->action_count; i++)
        ayni_buffer_free(&engine->actions[i].bytes);
    engine->action_count = 0;
}

void sim_engine_stop(struct sim_engine *engine)
{
    sim_engine_forget(engine);
    ayni_sync_free(engine->sync);
}

/* --- what it asks for --- */

static void keep(struct sim_engine *engine, const struct ayni_sync_action *action)
{
    struct sim_action *kept = &engine->actions[engine->action_count++];

    assert(engine->action_count <= SIM_ENGINE_ACTIONS);
    *kept = (struct sim_action){ .action = *action };
    if (action->type == AYNI_SYNC_SEND) {
        ayni_buffer_append(&kept->bytes, action->bytes.data, action->bytes.size);
        if (ayni_message_decode(ayni_buffer_bytes(&kept->bytes), &kept->message) != AYNI_OK)
            abort();
    } else if (action->type == AYNI_SYNC_STORE || action->type == AYNI_SYNC_FORK ||
               action->type == AYNI_SYNC_FILL) {
        ayni_buffer_append(&kept->bytes, action->store.runs.data, action->store.runs.size);
    }
}

static void answer(struct sim_engine *engine, const struct ayni_sync_action *action)
{
    struct ayni_sync_event event = { .now = { engine->now } };

    if (action->type == AYNI_SYNC_READ) {
        event.type = AYNI_SYNC_RUNS;
        event.runs = engine->runs;
        if (engine->runs_step > 0)
            event.runs.to = action->read.from + engine->runs_step;
    } else if (action->type == AYNI_SYNC_CHAINS_OF) {
        event.type = AYNI_SYNC_CHAINS;
    } else if (action->type == AYNI_SYNC_COMPARE) {
        event.type = AYNI_SYNC_COMPARED;
        event.compared.low = action->compare.low;
        event.compared.high = action->compare.high;
        if (action->compare.point_count > 0)
            event.compared.high = action->compare.points[0].seq; /* nothing is shared */
    } else if (action->type == AYNI_SYNC_HOLES) {
        event.type = AYNI_SYNC_HOLE;
        if (action->place.seq < engine->hole.place.seq)
            event.hole = engine->hole;
    } else {
        return;
    }
    ayni_sync_handle(engine->sync, &event);
}

void sim_engine_tell(struct sim_engine *engine, const struct ayni_sync_event *event)
{
    struct ayni_sync_event now = *event;

    now.now.ms = engine->now;
    ayni_sync_handle(engine->sync, &now);
    for (struct ayni_sync_action action; ayni_sync_next(engine->sync, &action);) {
        keep(engine, &action);
        answer(engine, &action);
    }
}

static bool is_of(const struct sim_action *kept, uint8_t peer)
{
    struct ayni_node node;

    if (peer == 0)
        return true;
    node = sim_engine_peer(peer);
    return ayni_id_equal(&kept->action.peer, &node);
}

const struct sim_action *sim_engine_find(const struct sim_engine *engine,
                                         enum ayni_sync_action_type type, uint8_t peer)
{
    for (size_t i = 0; i < engine->action_count; i++)
        if (engine->actions[i].action.type == type && is_of(&engine->actions[i], peer))
            return &engine->actions[i];
    return NULL;
}

const struct sim_action *sim_engine_sent(const struct sim_engine *engine, uint64_t message,
                                         uint8_t peer)
{
    for (size_t i = 0; i < engine->action_count; i++)
        if (engine->actions[i].action.type == AYNI_SYNC_SEND &&
            engine->actions[i].message.type == message && is_of(&engine->actions[i], peer))
            return &engine->actions[i];
    return NULL;
}

static enum ayni_status get_status(const struct sim_engine *engine, uint8_t peer,
                                   struct ayni_sync_peer_status *status)
{
    struct ayni_node node = sim_engine_peer(peer);

    return ayni_sync_get_peer(engine->sync, &node, status);
}

bool sim_engine_is_up(const struct sim_engine *engine, uint8_t peer)
{
    struct ayni_sync_peer_status status;

    return get_status(engine, peer, &status) == AYNI_OK;
}

struct ayni_sync_lag sim_engine_lag(const struct sim_engine *engine, uint8_t peer)
{
    struct ayni_sync_peer_status status;

    ck_assert_int_eq(get_status(engine, peer, &status), AYNI_OK);
    return status.lag;
}

enum ayni_sync_drop sim_engine_dropped(const struct sim_engine *engine, uint8_t peer)
{
    const struct sim_action *drop = sim_engine_find(engine, AYNI_SYNC_DROP, peer);

    ck_assert_ptr_nonnull(drop);
    return drop->action.reason;
}

struct ayni_want sim_engine_wanted(const struct sim_engine *engine, uint8_t peer)
{
    const struct sim_action *sent = sim_engine_sent(engine, AYNI_MESSAGE_WANT, peer);
    struct ayni_want want;
    size_t position = 0;

    ck_assert_ptr_nonnull(sent);
    ck_assert(ayni_wants_next(&sent->message.wants, &position, &want));
    return want;
}

/* --- what it is told --- */

void sim_engine_time(struct sim_engine *engine, uint64_t ms)
{
    uint64_t end = engine->now + ms;
    struct ayni_sync_event event = { .type = AYNI_SYNC_TIME };

    for (uint64_t at; (at = ayni_sync_deadline(engine->sync).ms) <= end;) {
        assert(at > engine->now || engine->now == 0);
        engine->now = at;
        sim_engine_tell(engine, &event);
    }
    engine->now = end;
    sim_engine_tell(engine, &event);
}

void sim_engine_up(struct sim_engine *engine, uint8_t peer, bool dialled)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_PEER_UP, .peer = sim_engine_peer(peer) };

    event.up.dialled = dialled;
    sim_engine_tell(engine, &event);
}

void sim_engine_down(struct sim_engine *engine, uint8_t peer)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_PEER_DOWN, .peer = sim_engine_peer(peer) };

    sim_engine_tell(engine, &event);
}

void sim_engine_say(struct sim_engine *engine, uint8_t peer, const struct ayni_buffer *message)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_MESSAGE, .peer = sim_engine_peer(peer) };

    event.message = ayni_buffer_bytes(message);
    sim_engine_tell(engine, &event);
}

void sim_engine_hello(struct sim_engine *engine, uint8_t peer, bool asks, bool differs)
{
    struct ayni_hello hello = { .major = AYNI_PROTOCOL_MAJOR,
                                .asks = asks,
                                .root = sim_engine_peer(0),
                                .instance = { { peer } },
                                .arrival = 10 };
    const struct sim_action *ours = sim_engine_sent(engine, AYNI_MESSAGE_HELLO, peer);
    SCOPED_BUFFER message = { 0 };

    if (ours != NULL && !differs) {
        hello.registry = ours->message.hello.registry;
        hello.shared = ours->message.hello.shared;
    }
    ayni_hello_encode(&hello, &message);
    sim_engine_say(engine, peer, &message);
}

void sim_engine_meet(struct sim_engine *engine, uint8_t peer)
{
    sim_engine_up(engine, peer, true);
    sim_engine_hello(engine, peer, false, false);
    sim_engine_forget(engine);
}

void sim_engine_members(struct sim_engine *engine, uint8_t space, uint8_t peer)
{
    struct ayni_node members[] = { sim_engine_peer(1), sim_engine_peer(peer) };
    struct ayni_sync_event event = { .type = AYNI_SYNC_SPACE };

    event.space = (struct ayni_sync_space){ sim_engine_space(space), members, peer == 0 ? 1 : 2 };
    sim_engine_tell(engine, &event);
}

struct ayni_feed_descriptor sim_engine_feed(uint8_t author, uint8_t space, uint8_t lane,
                                            uint8_t number)
{
    return (struct ayni_feed_descriptor){ .node = sim_engine_peer(author),
                                          .space = sim_engine_space(space),
                                          .lane = lane,
                                          .incarnation = { { number } } };
}

struct ayni_feed sim_engine_feed_id(const struct ayni_feed_descriptor *descriptor)
{
    struct ayni_node root = sim_engine_peer(0);

    return ayni_feed_of(&root, descriptor);
}

struct ayni_hash sim_engine_chain(const struct ayni_feed_descriptor *descriptor, uint64_t seq)
{
    struct ayni_feed id = sim_engine_feed_id(descriptor);

    if (seq == 0)
        return ayni_chain_start(&id);
    return ayni_hash_of_two((struct ayni_bytes){ id.bytes, sizeof(id.bytes) },
                            (struct ayni_bytes){ (const uint8_t *)&seq, sizeof(seq) });
}

void sim_engine_head(struct sim_engine *engine, const struct ayni_feed_descriptor *descriptor,
                     uint64_t seq, uint64_t arrival)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_HEAD };

    event.head = (struct ayni_sync_head){ .feed = sim_engine_feed_id(descriptor),
                                          .descriptor = *descriptor,
                                          .seq = seq,
                                          .chain = sim_engine_chain(descriptor, seq),
                                          .arrival = arrival };
    sim_engine_tell(engine, &event);
}

void sim_engine_note(struct sim_engine *engine, uint8_t peer,
                     const struct ayni_feed_descriptor *descriptor, uint64_t seq, uint64_t since,
                     uint64_t upto)
{
    struct ayni_feed id = sim_engine_feed_id(descriptor);
    struct ayni_hash chain = sim_engine_chain(descriptor, seq);
    struct ayni_noted_head head = { .feed = ayni_feed_prefix_of(&id),
                                    .seq = seq,
                                    .has_mark = true,
                                    .mark = ayni_chain_mark_of(&chain),
                                    .has_descriptor = true,
                                    .descriptor = *descriptor };
    SCOPED_BUFFER heads = { 0 }, message = { 0 };

    ayni_noted_head_encode(&head, &heads);
    ayni_note_encode(since, upto, 1, ayni_buffer_bytes(&heads), &message);
    sim_engine_say(engine, peer, &message);
}

void sim_engine_batch(struct sim_engine *engine, uint8_t peer,
                      const struct ayni_feed_descriptor *descriptor, uint64_t from, uint64_t to)
{
    struct ayni_feed id = sim_engine_feed_id(descriptor);
    SCOPED_BUFFER packed = { 0 }, message = { 0 };

    if (to > from && ayni_compress((struct ayni_bytes){ id.bytes, 8 }, &packed) != AYNI_OK)
        abort();
    ayni_batch_encode(
        &(struct ayni_batch){ ayni_feed_prefix_of(&id), from, to, ayni_buffer_bytes(&packed), 0 },
        &message);
    sim_engine_say(engine, peer, &message);
}

void sim_engine_want(struct sim_engine *engine, uint8_t peer,
                     const struct ayni_feed_descriptor *descriptor, uint64_t from, uint64_t credit,
                     uint64_t round)
{
    struct ayni_feed id = sim_engine_feed_id(descriptor);
    struct ayni_hash chain = sim_engine_chain(descriptor, from);
    struct ayni_want want = { ayni_feed_prefix_of(&id), from, ayni_chain_mark_of(&chain), credit,
                              round };
    SCOPED_BUFFER wants = { 0 }, message = { 0 };

    ayni_want_encode(&want, &wants);
    ayni_wants_encode(1, ayni_buffer_bytes(&wants), &message);
    sim_engine_say(engine, peer, &message);
}

void sim_engine_stored(struct sim_engine *engine, uint64_t store, enum ayni_status status)
{
    struct ayni_sync_event event = { .type =
                                         status == AYNI_OK ? AYNI_SYNC_STORED : AYNI_SYNC_REFUSED };

    event.store = store;
    event.status = status;
    sim_engine_tell(engine, &event);
}
