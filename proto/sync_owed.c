#include "proto/sync_parts.h"

/* What comparing has shown a peer to lack: told in notes, and counted until it is known to hold it.
 */

static struct sync_owed *find_owed(const struct sync_peer *peer, const struct sync_feed *feed)
{
    for (size_t i = 0; i < peer->owed_count; i++)
        if (peer->owed[i].feed == feed)
            return &peer->owed[i];
    return NULL;
}

void sync_forget_told(struct sync_peer *peer)
{
    size_t left = 0;

    for (size_t i = 0; i < peer->owed_count; i++)
        if (!peer->owed[i].told)
            peer->owed[left++] = peer->owed[i];
    peer->owed_count = left;
}

void sync_owe(struct ayni_sync *sync, struct sync_peer *peer, struct sync_feed *feed, uint64_t seq,
              bool knows)
{
    struct sync_owed *owed = find_owed(peer, feed);

    if (owed == NULL) {
        if (peer->owed_count == SYNC_OWED_MAX)
            sync_forget_told(peer);
        if (peer->owed_count == SYNC_OWED_MAX ||
            !sync_grow(sync, &peer->owed, peer->owed_count, &peer->owed_capacity, sizeof(*owed)))
            return; /* a check finds it again */
        owed = &peer->owed[peer->owed_count++];
    }
    *owed = (struct sync_owed){ .feed = feed, .seq = seq, .knows = knows };
    peer->owed_due = peer->dirty = true;
}

bool sync_owes(const struct sync_peer *peer, const struct sync_feed *feed, uint64_t *seq)
{
    const struct sync_owed *owed = find_owed(peer, feed);

    if (owed != NULL)
        *seq = owed->seq;
    return owed != NULL;
}

void sync_owe_nothing(struct sync_peer *peer)
{
    peer->owed_count = 0;
    peer->owed_due = false;
}
