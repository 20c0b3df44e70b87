#include "daemon/net/sync_driver_private.h"

#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/net/budget.h"
#include "daemon/net/hearing.h"
#include "daemon/net/holes.h"
#include "daemon/net/sync_reads.h"
#include "daemon/report.h"

enum { LOST_EVERY_MS = 1000 };

/* --- what the engine asks to read --- */

static void answer_read(struct sync_driver *driver, const struct ayni_sync_read *read)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_RUNS };

    sync_read_runs(driver->options.log, read, &driver->runs, &event.runs);
    sync_driver_handle(driver, &event);
}

static void answer_chains(struct sync_driver *driver, const struct ayni_sync_trace *trace)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_CHAINS };
    struct ayni_chain_point points[AYNI_CHAIN_POINTS_MAX];

    sync_read_chains(driver->options.log, trace, points, &event.chains);
    sync_driver_handle(driver, &event);
}

static void answer_compare(struct sync_driver *driver, const struct ayni_sync_compare *compare)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_COMPARED };

    sync_read_compared(driver->options.log, compare, &event.compared);
    sync_driver_handle(driver, &event);
}

static void answer_holes(struct sync_driver *driver, const struct ayni_sync_place *after)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_HOLE };

    holes_find(driver->options.log, driver->options.views, after, &event.hole);
    sync_driver_handle(driver, &event);
}

/* --- events and actions --- */

static void end_hearing(struct sync_driver *driver, const struct ayni_node *peer)
{
    char text[AYNI_NODE_TEXT_SIZE];

    ayni_node_text(peer, text);
    text[8] = '\0';
    hearing_end_soon(driver->options.hearing, text);
}

static void perform(struct sync_driver *driver, const struct ayni_sync_action *action)
{
    const struct sync_driver_peers *peers = &driver->options.peers;

    switch (action->type) {
    case AYNI_SYNC_SEND:
        if (!peers->send(peers->context, &action->peer, action->bytes))
            sync_driver_room(driver, &action->peer, false);
        break;
    case AYNI_SYNC_READ:
        answer_read(driver, &action->read);
        break;
    case AYNI_SYNC_CHAINS_OF:
        answer_chains(driver, &action->trace);
        break;
    case AYNI_SYNC_COMPARE:
        answer_compare(driver, &action->compare);
        break;
    case AYNI_SYNC_HOLES:
        answer_holes(driver, &action->place);
        break;
    case AYNI_SYNC_STORE:
    case AYNI_SYNC_FILL:
    case AYNI_SYNC_FORK:
        sync_driver_store(driver, action);
        break;
    case AYNI_SYNC_ACKED:
        acks_note(&driver->acks, &action->peer, &action->acked, clock_ticks_ms());
        break;
    case AYNI_SYNC_HEARD:
        end_hearing(driver, &action->peer);
        break;
    case AYNI_SYNC_DROP:
        peers->drop(peers->context, &action->peer, action->reason);
        break;
    }
}

void sync_driver_handle(struct sync_driver *driver, struct ayni_sync_event *event)
{
    event->now = (struct ayni_instant){ clock_ticks_ms() };
    ayni_sync_handle(driver->engine, event);
}

static void tell(void *driver, struct ayni_sync_event *event)
{
    sync_driver_handle(driver, event);
}

/* Do what the engine asks for until it asks for nothing. */
static void act(struct sync_driver *driver)
{
    for (struct ayni_sync_action action; ayni_sync_next(driver->engine, &action);)
        perform(driver, &action);
}

static void wake(void *context)
{
    struct sync_driver *driver = context;

    driver->options.wake(driver->options.peers.context);
}

enum ayni_status sync_driver_new(const struct sync_driver_options *options,
                                 struct sync_driver **driver)
{
    struct sync_driver *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->options = *options;
    made->heads = (struct head_teller){ .log = options->log, .tell = tell, .context = made };
    struct ayni_sync_options engine = {
        .own = options->identity->node,
        .root = options->root,
        .instance = log_instance(options->log),
        .hearing = hearing_is_on(options->hearing),
        .now = { clock_ticks_ms() },
    };
    struct intake_options intake = {
        .log = options->log,
        .writer = options->writer,
        .views = options->views,
        .root = options->root,
        .self = options->identity->node,
        .own_came = sync_driver_own_came,
        .wake = wake,
        .context = made,
    };
    made->acks = acks_of_log(options->log, options->writer);
    ayni_random(&engine.seed, sizeof(engine.seed));
    made->told_spaces.seed = engine.seed;
    made->engine = ayni_sync_new(&engine);
    enum ayni_status status = made->engine == NULL ? AYNI_E_MEMORY : AYNI_OK;
    if (status == AYNI_OK)
        status = intake_new(&intake, &made->intake);
    if (status == AYNI_OK)
        status = head_teller_tell_all(&made->heads);
    if (status != AYNI_OK) {
        sync_driver_free(made);
        return status;
    }
    *driver = made;
    return AYNI_OK;
}

void sync_driver_free(struct sync_driver *driver)
{
    if (driver == NULL)
        return;
    if (driver->charter != NULL)
        charter_release(driver->charter);
    intake_free(driver->intake);
    peer_settings_free(&driver->acks);
    sync_driver_free_spaces(driver);
    ayni_sync_free(driver->engine);
    ayni_buffer_free(&driver->runs);
    free(driver);
}

void sync_driver_stop(struct sync_driver *driver)
{
    peer_settings_write(&driver->acks, UINT64_MAX);
}

void sync_driver_set_charter(struct sync_driver *driver, const struct charter *charter)
{
    const struct charter *before = driver->charter;

    driver->charter = charter;
    sync_driver_tell_spaces(driver);
    if (before != NULL)
        charter_release(before);
    act(driver);
}

void sync_driver_stop_hearing(struct sync_driver *driver)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_ALONE };

    sync_driver_handle(driver, &event);
    act(driver);
}

void sync_driver_hurry(struct sync_driver *driver)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_HURRY };

    sync_driver_tell_moved(driver); /* who has it not yet doesn't agree */
    sync_driver_handle(driver, &event);
}

void sync_driver_peer_up(struct sync_driver *driver, const struct ayni_node *peer, bool dialled,
                         bool metered)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_PEER_UP, .peer = *peer };

    struct ayni_sync_acked acked = acks_of(&driver->acks, peer);
    event.up = (struct ayni_sync_up){
        .dialled = dialled,
        .metered = metered,
        .acked_instance = acked.instance,
        .acked_arrival = acked.arrival,
    };
    sync_driver_handle(driver, &event);
    act(driver);
}

void sync_driver_peer_down(struct sync_driver *driver, const struct ayni_node *peer)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_PEER_DOWN, .peer = *peer };

    sync_driver_handle(driver, &event);
    act(driver);
}

void sync_driver_budget(struct sync_driver *driver, const struct ayni_node *peer,
                        const struct budget_now *budget)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_BUDGET, .peer = *peer };

    event.budget = (struct ayni_sync_budget){
        .rate = budget->rate,
        .left = budget->left,
        .until = { clock_ticks_ms() + budget->until_ms },
    };
    sync_driver_handle(driver, &event);
    act(driver);
}

void sync_driver_room(struct sync_driver *driver, const struct ayni_node *peer, bool room)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_PEER_ROOM, .peer = *peer };

    event.room = room;
    sync_driver_handle(driver, &event);
}

void sync_driver_message(struct sync_driver *driver, const struct ayni_node *peer,
                         struct ayni_bytes message)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_MESSAGE, .peer = *peer };

    event.message = message;
    sync_driver_handle(driver, &event);
    act(driver);
}

/* They are few, and never in a hurry. */
static void tell_lost(struct sync_driver *driver)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_LOST };
    uint64_t now = clock_ticks_ms();

    if (now < driver->lost_told_at + LOST_EVERY_MS)
        return;
    driver->lost_told_at = now;
    event.lost = holes_count(driver->options.views);
    sync_driver_handle(driver, &event);
}

void sync_driver_turn(struct sync_driver *driver)
{
    struct ayni_sync_event event = { .type = AYNI_SYNC_TIME };

    sync_driver_tell_moved(driver);
    sync_driver_tell_finished(driver);
    tell_lost(driver);
    sync_driver_handle(driver, &event);
    act(driver);
    peer_settings_write(&driver->acks, clock_ticks_ms());
}

uint64_t sync_driver_timeout(const struct sync_driver *driver, uint64_t max_ms)
{
    uint64_t due = ayni_sync_deadline(driver->engine).ms;
    uint64_t now = clock_ticks_ms();

    if (due <= now)
        return 0;
    return due - now < max_ms ? due - now : max_ms;
}

const struct ayni_sync *sync_driver_engine(const struct sync_driver *driver)
{
    return driver->engine;
}
