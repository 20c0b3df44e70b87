#include "proto/sync.h"

#include <stdlib.h>

#include "proto/sync_parts.h"

struct ayni_sync *ayni_sync_new(const struct ayni_sync_options *options)
{
    struct ayni_sync *sync = calloc(1, sizeof(*sync));

    if (sync == NULL)
        return NULL;
    sync->own = options->own;
    sync->root = options->root;
    sync->instance = options->instance;
    sync->registry_id = ayni_registry_space(&options->root);
    sync->seed = options->seed;
    sync->now = options->now.ms;
    sync->hearing = options->hearing;
    sync->feeds.seed = sync->spaces.seed = options->seed;
    sync->moves_sorted = true;
    sync->registry = sync_add_space(sync, &sync->registry_id);
    if (sync->registry == NULL) {
        ayni_sync_free(sync);
        return NULL;
    }
    return sync;
}

void ayni_sync_free(struct ayni_sync *sync)
{
    if (sync == NULL)
        return;
    sync_free_stores(sync);
    sync_free_peers(sync);
    sync_free_heads(sync);
    ayni_buffer_free(&sync->out);
    ayni_buffer_free(&sync->pending);
    ayni_buffer_free(&sync->noting.heads);
    free(sync->refused);
    ayni_buffer_free(&sync->scratch);
    ayni_buffer_free(&sync->scratch2);
    ayni_buffer_free(&sync->plain);
    free(sync);
}

bool sync_grow(struct ayni_sync *sync, void *array, size_t count, size_t *capacity,
               size_t item_size)
{
    void **items = array;

    if (count < *capacity)
        return true;
    size_t larger = *capacity < 8 ? 8 : *capacity + *capacity / 2;
    void *grown = realloc(*items, larger * item_size);
    if (grown == NULL) {
        sync->counters.out_of_memory++;
        return false;
    }
    *items = grown;
    *capacity = larger;
    return true;
}

/* --- sending --- */

bool sync_send(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action)
{
    if (ayni_buffer_status(&sync->out) != AYNI_OK) {
        sync->counters.out_of_memory++;
        ayni_buffer_free(&sync->out);
        return false;
    }
    sync_count_bytes(sync, peer, sync->out.size);
    peer->bytes_sent += sync->out.size;
    peer->messages_sent++;
    action->type = AYNI_SYNC_SEND;
    action->peer = peer->node;
    action->bytes = ayni_buffer_bytes(&sync->out);
    return true;
}

void sync_pend(struct ayni_sync *sync, const struct sync_peer *peer)
{
    struct ayni_buffer made = sync->out;

    sync->out = sync->pending;
    sync->pending = made;
    sync->pending_for = peer->serial;
}

static bool pending_next(struct ayni_sync *sync, struct ayni_sync_action *action)
{
    struct ayni_buffer made = sync->pending;

    if (made.size == 0)
        return false;
    struct sync_peer *peer = sync_peer_of_serial(sync, sync->pending_for);
    sync->pending = sync->out;
    sync->out = made;
    ayni_buffer_clear(&sync->pending);
    return peer != NULL && sync_send(sync, peer, action);
}

/* --- events --- */

static void receive(struct ayni_sync *sync, struct sync_peer *peer,
                    const struct ayni_message *message)
{
    switch (message->type) {
    case AYNI_MESSAGE_HELLO:
        if (sync_peer_affords(sync, peer, 50))
            sync_receive_hello(sync, peer, &message->hello);
        break;
    case AYNI_MESSAGE_NOTE:
        sync_receive_note(sync, peer, &message->note);
        break;
    case AYNI_MESSAGE_ACK:
        sync_receive_ack(sync, peer, &message->ack);
        break;
    case AYNI_MESSAGE_RANGES:
        sync_receive_ranges(sync, peer, &message->ranges);
        break;
    case AYNI_MESSAGE_ASK:
        sync_receive_ask(sync, peer, &message->ask);
        break;
    case AYNI_MESSAGE_WANT:
        sync_receive_wants(sync, peer, &message->wants);
        break;
    case AYNI_MESSAGE_BATCH:
        sync_receive_batch(sync, peer, &message->batch);
        break;
    case AYNI_MESSAGE_FORK:
        sync_receive_forked(sync, peer, &message->forked);
        break;
    case AYNI_MESSAGE_TRACE:
        sync_receive_trace(sync, peer, &message->trace);
        break;
    default:
        sync->counters.ignored_messages++;
        break;
    }
}

static enum ayni_sync_drop drop_for(enum ayni_status status)
{
    return status == AYNI_E_VERSION ? AYNI_SYNC_DROP_VERSION
           : status == AYNI_E_LIMIT ? AYNI_SYNC_DROP_LIMIT
                                    : AYNI_SYNC_DROP_MALFORMED;
}

static void handle_message(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_bytes bytes)
{
    struct ayni_message message;
    enum { BYTES_A_MICROSECOND = 1000 };

    sync_count_bytes(sync, peer, bytes.size);
    peer->bytes_received += bytes.size;
    peer->messages_received++;
    if (!sync_peer_affords(sync, peer, 1 + bytes.size / BYTES_A_MICROSECOND))
        return;
    enum ayni_status status = ayni_message_decode(bytes, &message);
    if (status != AYNI_OK) {
        sync_drop_peer(sync, peer, drop_for(status));
        return;
    }
    peer->dirty = true;
    if (peer->greeted || message.type == AYNI_MESSAGE_HELLO) {
        receive(sync, peer, &message);
        return;
    }
    /* It takes us for somebody it has met: its HELLO was lost, or we are new. */
    sync_ignore(sync, peer);
    if (!peer->asked)
        peer->hello_at = sync->now;
}

/* Answers to READ and its like, for whom they were asked. */
static void handle_answer(struct ayni_sync *sync, const struct ayni_sync_event *event)
{
    struct sync_peer *peer = sync_peer_of_serial(sync, sync->reading_for);
    enum sync_reading reading = sync->reading;

    sync->reading = SYNC_READING_NOTHING;
    if (peer == NULL)
        return;
    sync_turn_touch(sync, peer);
    if (event->type == AYNI_SYNC_CHAINS && reading == SYNC_READING_CHAINS)
        sync_trace_chains(sync, peer, &event->chains);
    else if (event->type == AYNI_SYNC_COMPARED && reading == SYNC_READING_COMPARE)
        sync_trace_compared(peer, &event->compared);
    else if (event->type == AYNI_SYNC_HOLE && reading == SYNC_READING_HOLE)
        sync_refill_hole(sync, peer, &event->hole);
    else if (event->type == AYNI_SYNC_RUNS && reading == SYNC_READING_SERVE)
        sync_serve_runs(sync, peer, &event->runs);
    else if (event->type == AYNI_SYNC_RUNS && reading == SYNC_READING_NOTE)
        sync_note_runs(sync, peer, &event->runs);
    else if (event->type == AYNI_SYNC_RUNS && reading == SYNC_READING_EVIDENCE)
        sync_trace_runs(sync, peer, &event->runs);
}

static void handle_peer(struct ayni_sync *sync, const struct ayni_sync_event *event)
{
    struct sync_peer *peer = sync_find_peer(sync, &event->peer);

    if (event->type == AYNI_SYNC_PEER_UP) {
        sync_handle_up(sync, &event->peer, &event->up);
        return;
    }
    if (peer == NULL)
        return;
    sync_turn_touch(sync, peer);
    if (event->type == AYNI_SYNC_PEER_DOWN) {
        sync_peer_gone(sync, peer);
    } else if (event->type == AYNI_SYNC_PEER_ROOM) {
        peer->full = !event->room;
    } else if (event->type == AYNI_SYNC_BUDGET) {
        sync_handle_budget(sync, peer, &event->budget);
    } else {
        handle_message(sync, peer, event->message);
    }
}

/* Whether it changes what is to be done for the peer that it is of, and for no other unless
 * sync_turn_all() is called. */
static bool is_of_one_peer(const struct ayni_sync_event *event)
{
    switch (event->type) {
    case AYNI_SYNC_MESSAGE:
    case AYNI_SYNC_PEER_ROOM:
    case AYNI_SYNC_RUNS:
    case AYNI_SYNC_CHAINS:
    case AYNI_SYNC_COMPARED:
    case AYNI_SYNC_HOLE:
    case AYNI_SYNC_TIME:
        return true;
    default:
        return false;
    }
}

void ayni_sync_handle(struct ayni_sync *sync, const struct ayni_sync_event *event)
{
    sync->now = sync_max(sync->now, event->now.ms);
    sync_turn_wake(sync);
    if (!is_of_one_peer(event))
        sync_turn_all(sync);
    switch (event->type) {
    case AYNI_SYNC_SPACE:
        sync_handle_space(sync, &event->space);
        break;
    case AYNI_SYNC_HEAD:
        sync_handle_head(sync, &event->head);
        break;
    case AYNI_SYNC_PEER_UP:
    case AYNI_SYNC_PEER_DOWN:
    case AYNI_SYNC_PEER_ROOM:
    case AYNI_SYNC_BUDGET:
    case AYNI_SYNC_MESSAGE:
        handle_peer(sync, event);
        break;
    case AYNI_SYNC_RUNS:
    case AYNI_SYNC_CHAINS:
    case AYNI_SYNC_COMPARED:
    case AYNI_SYNC_HOLE:
        handle_answer(sync, event);
        break;
    case AYNI_SYNC_LOST:
        sync_handle_lost(sync, event->lost);
        break;
    case AYNI_SYNC_STORED:
        sync_handle_stored(sync, event->store);
        break;
    case AYNI_SYNC_REFUSED:
        sync_handle_refused(sync, event->store, event->status);
        break;
    case AYNI_SYNC_ALONE:
        sync_hearing_ends(sync);
        break;
    case AYNI_SYNC_HURRY:
        sync_check_hurry(sync);
        break;
    case AYNI_SYNC_TIME:
        break;
    }
}

/* --- actions --- */

static bool drop_next(struct ayni_sync *sync, struct ayni_sync_action *action)
{
    if (sync->drop_count == 0)
        return false;
    if (sync->drops[sync->drop_count - 1].farewell) {
        sync->drops[sync->drop_count - 1].farewell = false;
        sync_encode_farewell(sync);
        action->type = AYNI_SYNC_SEND;
        action->peer = sync->drops[sync->drop_count - 1].node;
        action->bytes = ayni_buffer_bytes(&sync->out);
        return true;
    }
    sync->drop_count--;
    action->type = AYNI_SYNC_DROP;
    action->peer = sync->drops[sync->drop_count].node;
    action->reason = sync->drops[sync->drop_count].reason;
    return true;
}

bool ayni_sync_next(struct ayni_sync *sync, struct ayni_sync_action *action)
{
    sync->reading = SYNC_READING_NOTHING; /* what wasn't answered is asked again */
    if (drop_next(sync, action) || sync_hearing_next(sync, action) ||
        sync_store_next(sync, action) || pending_next(sync, action) ||
        sync_noting_next(sync, action))
        return true;
    return sync_turn_next(sync, action);
}
