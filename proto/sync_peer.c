#include <stdlib.h>

#include "proto/sync_parts.h"

enum {
    TOKENS_MAX = 400000,  /* microseconds of work that may gather */
    TOKENS_EACH_MS = 200, /* a fifth of a core, for one peer */
    EXCESS_MAX = 20000,   /* messages ignored before it is a flood */
};

/* --- finding --- */

/* Where the peer stands in the sorted list, or would. */
static size_t place_of(const struct ayni_sync *sync, const struct ayni_node *node)
{
    size_t low = 0;
    size_t high = sync->peer_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ayni_id_compare(&sync->peers[middle]->node, node) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct sync_peer *sync_find_peer(const struct ayni_sync *sync, const struct ayni_node *node)
{
    size_t at = place_of(sync, node);

    if (at == sync->peer_count || !ayni_id_equal(&sync->peers[at]->node, node))
        return NULL;
    return sync->peers[at];
}

struct sync_peer *sync_peer_of_serial(const struct ayni_sync *sync, uint64_t serial)
{
    if (sync->touched != NULL && sync->touched->serial == serial)
        return sync->touched;
    for (size_t i = 0; i < sync->peer_count; i++)
        if (sync->peers[i]->serial == serial)
            return sync->peers[i];
    return NULL;
}

/* --- coming and going --- */

static void free_peer(struct sync_peer *peer)
{
    free(peer->claims);
    free(peer->untaken);
    free(peer->serves);
    free(peer->owed);
    ayni_buffer_free(&peer->outbox);
    free(peer);
}

static struct sync_peer *new_peer(struct ayni_sync *sync, const struct ayni_node *node)
{
    struct sync_peer *peer = calloc(1, sizeof(*peer));
    size_t at = place_of(sync, node);

    if (peer == NULL || !sync_grow(sync, &sync->peers, sync->peer_count, &sync->peer_capacity,
                                   sizeof(struct sync_peer *))) {
        sync->counters.out_of_memory++;
        free(peer);
        return NULL;
    }
    memmove(&sync->peers[at + 1], &sync->peers[at], (sync->peer_count - at) * sizeof(*sync->peers));
    sync->peers[at] = peer;
    sync->peer_count++;
    peer->node = *node;
    peer->serial = ++sync->serial;
    return peer;
}

/* Whoever takes us for its peer alone sends us all of others', too: not from now on. */
static void tell_not_alone(struct ayni_sync *sync, const struct sync_peer *second)
{
    for (size_t i = 0; i < sync->peer_count; i++) {
        struct sync_peer *peer = sync->peers[i];
        if (peer == second || !peer->told_alone)
            continue;
        peer->told_alone = false;
        peer->hello_at = sync->now;
        peer->dirty = true;
    }
}

void sync_handle_up(struct ayni_sync *sync, const struct ayni_node *node,
                    const struct ayni_sync_up *up)
{
    struct sync_peer *before = sync_find_peer(sync, node);

    if (ayni_id_equal(node, &sync->own))
        return;
    if (before != NULL)
        sync_peer_gone(sync, before);
    struct sync_peer *peer = new_peer(sync, node);
    if (peer == NULL)
        return;
    peer->dialled = up->dialled;
    peer->metered = up->metered;
    peer->instance = up->acked_instance;
    peer->stored = peer->heard = peer->kept = up->acked_arrival;
    peer->hello_at = up->dialled ? sync->now : sync_after(sync, SYNC_RETRY);
    peer->hello_delay = peer->note_delay = SYNC_RETRY;
    peer->check_delay = SYNC_QUIET;
    peer->budget.left = UINT64_MAX;
    peer->serve_at = SYNC_NEVER;
    peer->check_at = peer->ack_at = peer->note_retry_at = peer->pull_at = SYNC_NEVER;
    peer->window = 4 * AYNI_BATCH_SIZE_MIN;
    peer->tokens = TOKENS_MAX;
    peer->tokens_at = sync->now;
    peer->dirty = true;
    sync_refill_begin(sync, peer);
    tell_not_alone(sync, peer);
}

void sync_peer_gone(struct ayni_sync *sync, struct sync_peer *peer)
{
    size_t at = place_of(sync, &peer->node);

    while (peer->claim_count > 0)
        sync_remove_claim(sync, peer, &peer->claims[peer->claim_count - 1]);
    sync_refill_end(peer);
    memmove(&sync->peers[at], &sync->peers[at + 1],
            (sync->peer_count - at - 1) * sizeof(*sync->peers));
    sync->peer_count--;
    if (sync->touched == peer)
        sync->touched = NULL;
    free_peer(peer);
    sync_turn_all(sync);
    for (size_t i = 0; i < sync->peer_count; i++) {
        sync->peers[i]->pull_due = true; /* what it was asked for is asked of others */
        sync->peers[i]->dirty = true;
    }
}

void sync_drop_peer(struct ayni_sync *sync, struct sync_peer *peer, enum ayni_sync_drop reason)
{
    struct ayni_sync_refusals *refusals = sync_refusals(sync, &peer->node);

    sync->counters.dropped[reason]++;
    refusals->drops++;
    refusals->last_drop = reason;
    if (sync_grow(sync, &sync->drops, sync->drop_count, &sync->drop_capacity,
                  sizeof(*sync->drops))) {
        sync->drops[sync->drop_count].node = peer->node;
        sync->drops[sync->drop_count].farewell =
            reason == AYNI_SYNC_DROP_VERSION && peer->messages_sent == 0;
        sync->drops[sync->drop_count++].reason = reason;
    }
    sync_peer_gone(sync, peer);
}

void sync_free_peers(struct ayni_sync *sync)
{
    for (size_t i = 0; i < sync->peer_count; i++)
        free_peer(sync->peers[i]);
    free(sync->peers);
    free(sync->drops);
}

/* --- bounds --- */

bool sync_peer_affords(struct ayni_sync *sync, struct sync_peer *peer, uint64_t cost)
{
    uint64_t gained = sync_min(sync->now - peer->tokens_at, TOKENS_MAX) * TOKENS_EACH_MS;

    peer->tokens = sync_min(peer->tokens + gained, TOKENS_MAX);
    peer->tokens_at = sync->now;
    if (peer->tokens >= cost) {
        peer->tokens -= cost;
        if (peer->tokens == TOKENS_MAX - cost)
            peer->excess = 0; /* it was quiet for long enough */
        return true;
    }
    sync_ignore(sync, peer);
    if (++peer->excess > EXCESS_MAX)
        sync_drop_peer(sync, peer, AYNI_SYNC_DROP_FLOOD);
    return false;
}

uint64_t sync_peer_deadline(const struct sync_peer *peer)
{
    uint64_t at = peer->hello_at;

    if (peer->full)
        return SYNC_NEVER;
    at = sync_min(at, sync_min(peer->check_at, peer->pull_at));
    at = sync_min(at, sync_min(peer->ack_at, peer->note_retry_at));
    at = sync_min(at, peer->serve_at);
    if (peer->gathers)
        at = sync_min(at, peer->note_after);
    if (peer->trace.state == SYNC_TRACE_WAIT)
        at = sync_min(at, peer->trace.retry_at);
    if (peer->greeted && peer->stored != peer->kept)
        at = sync_min(at, peer->keep_at);
    return sync_min(at, sync_refill_deadline(peer));
}

size_t sync_peer_memory(const struct sync_peer *peer)
{
    return sizeof(*peer) + peer->claim_capacity * sizeof(*peer->claims) +
           peer->stranger_count * (sizeof(struct sync_feed) + sizeof(void *) * 2) +
           peer->untaken_capacity * sizeof(*peer->untaken) +
           peer->serve_capacity * sizeof(*peer->serves) +
           peer->owed_capacity * sizeof(*peer->owed) + peer->outbox.capacity;
}

/* --- answers that wait to be sent --- */

void sync_answer(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_buffer *message)
{
    uint8_t size[4];

    if (ayni_buffer_status(message) != AYNI_OK ||
        peer->outbox.size + sizeof(size) + message->size > AYNI_SYNC_OUTBOX_MAX) {
        sync->counters.out_of_memory += message->failed;
        return;
    }
    ayni_put_u32(size, (uint32_t)message->size);
    ayni_buffer_append(&peer->outbox, size, sizeof(size));
    ayni_buffer_append(&peer->outbox, message->data, message->size);
    if (peer->outbox.failed) {
        sync->counters.out_of_memory++;
        ayni_buffer_free(&peer->outbox);
        peer->outbox_taken = 0;
    }
    peer->dirty = true;
}

bool sync_outbox_next(struct ayni_sync *sync, struct sync_peer *peer,
                      struct ayni_sync_action *action)
{
    if (peer->outbox_taken == peer->outbox.size)
        return false;
    const uint8_t *at = peer->outbox.data + peer->outbox_taken;
    size_t size = ayni_get_u32(at);
    ayni_buffer_clear(&sync->out);
    ayni_buffer_append(&sync->out, at + 4, size);
    peer->outbox_taken += 4 + size;
    if (peer->outbox_taken == peer->outbox.size) {
        ayni_buffer_free(&peer->outbox);
        peer->outbox_taken = 0;
    }
    return sync_send(sync, peer, action);
}
