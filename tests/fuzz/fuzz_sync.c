#include <stdlib.h>

#include "proto/limits.h"
#include "tests/support/random.h"
#include "tests/support/sim_engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * An engine that has met three peers, and events as the bytes say: each is a
 * byte for what happens, one for its subject, two for a size or number, and for
 * a message its bytes. Whatever comes, the engine comes to rest, keeps to its
 * memory, and honest peer 4 stays up.
 */
enum { EVENTS_MAX = 64, WAITS_MAX = 4 }; /* more of them take long, and seldom show more */

struct input {
    const uint8_t *data;
    size_t size;
};

static uint16_t take_number(struct input *in)
{
    uint16_t number = in->size >= 2 ? ayni_get_u16(in->data) : 0;
    size_t used = in->size >= 2 ? 2 : in->size;

    in->data += used;
    in->size -= used;
    return number;
}

static uint8_t take_byte(struct input *in)
{
    if (in->size == 0)
        return 0;
    in->size--;
    return *in->data++;
}

static void say(struct sim_engine *engine, uint8_t peer, struct input *in)
{
    SCOPED_BUFFER message = { 0 };
    size_t size = take_number(in);

    size = size < in->size ? size : in->size;
    ayni_buffer_append(&message, in->data, size);
    in->data += size;
    in->size -= size;
    sim_engine_say(engine, peer, &message);
}

/* The last STORE or FORK that was asked for ends so. */
static void end_store(struct sim_engine *engine, uint64_t number, uint8_t how)
{
    sim_engine_stored(engine, number, (enum ayni_status) - (how % 19));
}

static void wait(struct sim_engine *engine, uint16_t ms, unsigned *waits)
{
    if (++*waits <= WAITS_MAX)
        sim_engine_time(engine, ms);
}

/* Payloads of a feed are lost, or are there again. */
static void lose(struct sim_engine *engine, const struct ayni_feed_descriptor *feed,
                 uint16_t number)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_LOST };
    uint64_t from = number % 16;
    struct ayni_hash chain = sim_engine_chain(feed, from);

    event.lost = number >> 8;
    engine->hole = (struct ayni_sync_hole){ .found = event.lost > 0,
                                            .place = { 1, from + 1 },
                                            .feed = sim_engine_feed_id(feed),
                                            .from = from,
                                            .to = from + 1 + (number >> 4) % 16,
                                            .mark = ayni_chain_mark_of(&chain) };
    sim_engine_tell(engine, &event);
}

/* What the link to a peer may carry: anything, nothing, so much, at a rate. */
static void allow(struct sim_engine *engine, uint8_t peer, uint16_t number)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_BUDGET, .peer = sim_engine_peer(peer) };

    event.budget = (struct ayni_sync_budget){ .rate = number % 4 == 3 ? number : 0,
                                              .left = number % 4 == 1   ? UINT64_MAX
                                                      : number % 4 == 2 ? 0
                                                                        : number,
                                              .until = { engine->now + number } };
    sim_engine_tell(engine, &event);
}

static void happen(struct sim_engine *engine, struct input *in, uint64_t *store, unsigned *waits)
{
    uint8_t what = take_byte(in), subject = take_byte(in);
    struct ayni_feed_descriptor feed =
        sim_engine_feed((uint8_t)(1 + subject % 8), subject / 8 % 3, subject / 24 % 3, 1);

    switch (what % 8) {
    case 0:
        wait(engine, take_number(in), waits);
        break;
    case 1:
        sim_engine_up(engine, (uint8_t)(2 + subject % 2), subject & 0x80);
        break;
    case 2:
        sim_engine_head(engine, &feed, 1 + take_number(in) % 1000, subject);
        break;
    case 3:
        if (subject & 0x80)
            allow(engine, (uint8_t)(2 + subject % 2), take_number(in));
        else
            end_store(engine, *store, subject);
        break;
    case 4:
        sim_engine_members(engine, (uint8_t)(1 + subject % 3), (uint8_t)(subject / 3 % 5));
        break;
    case 5:
        engine->runs.status = (enum ayni_status) - (subject % 19);
        engine->runs.to = take_number(in);
        engine->runs.runs = (struct ayni_bytes){ in->data, in->size < 600 ? in->size : 600 };
        break;
    case 6:
        if (subject & 0x80)
            lose(engine, &feed, take_number(in));
        else
            say(engine, (uint8_t)(2 + subject % 2), in);
        break;
    default:
        say(engine, (uint8_t)(2 + subject % 2), in);
        break;
    }
}

/* What an engine must keep to; its actions are then forgotten. */
static void check(struct sim_engine *engine, uint64_t *store)
{
    for (uint8_t peer = 2; peer <= 4; peer++) {
        struct ayni_node node = sim_engine_peer(peer);
        struct ayni_sync_peer_status status;
        bool up = ayni_sync_get_peer(engine->sync, &node, &status) == AYNI_OK;
        if ((up && status.memory > AYNI_SYNC_PEER_MEMORY_MAX) || (peer == 4 && !up))
            abort();
    }
    for (size_t i = 0; i < engine->action_count; i++) {
        const struct ayni_sync_action *action = &engine->actions[i].action;
        if (action->type == AYNI_SYNC_STORE || action->type == AYNI_SYNC_FORK ||
            action->type == AYNI_SYNC_FILL)
            *store = action->store.number;
    }
    sim_engine_forget(engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sim_engine engine;
    struct input in = { data, size };
    uint64_t store = 0;

    if (ayni_crypto_init() != AYNI_OK)
        abort();
    sim_engine_start(&engine, 1);
    for (uint8_t i = 0; i < 8; i++) {
        struct ayni_feed_descriptor feed = sim_engine_feed(7, 1 + i % 2, i % 3, i);
        sim_engine_head(&engine, &feed, 3 + i, 1 + i);
    }
    for (uint8_t peer = 2; peer <= 4; peer++)
        sim_engine_meet(&engine, peer);
    check(&engine, &store);
    for (unsigned i = 0, waits = 0; i < EVENTS_MAX && in.size > 0; i++) {
        happen(&engine, &in, &store, &waits);
        check(&engine, &store);
    }
    sim_engine_stop(&engine);
    return 0;
}
