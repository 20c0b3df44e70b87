#include "proto/sync_parts.h"

/* What of a peer's log is stored here, and of ours there. */

static void settle(struct sync_peer *peer)
{
    uint64_t stored = peer->heard;

    if (peer->gap)
        return;
    for (size_t i = 0; i < peer->claim_count; i++)
        if (sync_claim_is_open(&peer->claims[i]))
            stored = sync_min(stored, peer->claims[i].since);
    peer->stored = sync_max(peer->stored, stored);
}

bool sync_ack_next(struct ayni_sync *sync, struct sync_peer *peer, struct ayni_sync_action *action)
{
    if (!peer->greeted)
        return false;
    settle(peer);
    if (peer->told_heard == peer->heard && peer->told_stored == peer->stored) {
        peer->ack_at = SYNC_NEVER;
        return false;
    }
    if (peer->stored < peer->heard && peer->ack_at == SYNC_NEVER)
        peer->ack_at = sync_after(sync, SYNC_ACK_DELAY);
    if (peer->stored == peer->heard) /* at once, but not for each of many notes */
        peer->ack_at = sync_min(peer->ack_at, peer->ack_after);
    if (sync->now < peer->ack_at && peer->untold_notes < SYNC_ACK_NOTES)
        return false;
    peer->told_heard = peer->heard;
    peer->told_stored = peer->stored;
    peer->untold_notes = 0;
    peer->ack_at = SYNC_NEVER;
    peer->ack_after = sync_after(sync, SYNC_ACK_DELAY);
    ayni_buffer_clear(&sync->out);
    ayni_ack_encode(&(struct ayni_ack){ peer->heard, peer->stored }, &sync->out);
    return sync_send(sync, peer, action);
}

void sync_receive_ack(struct ayni_sync *sync, struct sync_peer *peer, const struct ayni_ack *ack)
{
    size_t left = 0;

    if (ack->heard > sync->arrival || ack->stored > ack->heard) {
        sync_ignore(sync, peer);
        return;
    }
    peer->peer_heard = sync_max(peer->peer_heard, ack->heard);
    peer->peer_stored = sync_max(peer->peer_stored, ack->stored);
    for (size_t i = 0; i < peer->note_count; i++)
        if (peer->notes[i] > ack->heard)
            peer->notes[left++] = peer->notes[i];
    if (left < peer->note_count) {
        peer->note_delay = SYNC_RETRY;
        peer->note_retry_at = sync_after(sync, SYNC_RETRY);
    }
    peer->note_count = left;
    if (left == 0)
        peer->note_retry_at = SYNC_NEVER;
    peer->dirty = true;
}
