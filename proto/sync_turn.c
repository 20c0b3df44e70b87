/*
 * Whose turn it is. A node may have thousands of peers, and most of what
 * happens is of one of them: the others aren't looked at then. `due` is never
 * later than what any peer that isn't dirty waits for.
 */
#include "proto/sync_parts.h"

void sync_turn_all(struct ayni_sync *sync)
{
    sync->sweep = true;
}

void sync_turn_touch(struct ayni_sync *sync, struct sync_peer *peer)
{
    if (sync->touched != NULL && sync->touched != peer && sync->touched->dirty)
        sync->sweep = true; /* nobody asked what was to be done for it */
    sync->touched = peer;
    peer->dirty = true;
}

void sync_turn_wake(struct ayni_sync *sync)
{
    if (sync->now < sync->due)
        return;
    sync->sweep = true;
    for (size_t i = 0; i < sync->peer_count; i++)
        if (sync_peer_deadline(sync->peers[i]) <= sync->now)
            sync->peers[i]->dirty = true;
}

typedef bool next_action(struct ayni_sync *sync, struct sync_peer *peer,
                         struct ayni_sync_action *action);

/* What is to be done for a peer. False: it waits, until its deadline at most. */
static bool peer_next(struct ayni_sync *sync, struct sync_peer *peer,
                      struct ayni_sync_action *action)
{
    static next_action *const in_order[] = {
        sync_hello_next, sync_outbox_next, sync_acked_next, sync_trace_next,  sync_ack_next,
        sync_pull_next,  sync_notes_next,  sync_serve_next, sync_refill_next,
    };

    for (size_t i = 0; !peer->full && i < sizeof(in_order) / sizeof(*in_order); i++)
        if (in_order[i](sync, peer, action))
            return true;
    peer->dirty = false;
    sync->due = sync_min(sync->due, sync_peer_deadline(peer));
    return false;
}

static uint64_t find_deadline(const struct ayni_sync *sync)
{
    uint64_t at = SYNC_NEVER;

    for (size_t i = 0; i < sync->peer_count; i++)
        at = sync_min(at, sync_peer_deadline(sync->peers[i]));
    return at;
}

static bool sweep_next(struct ayni_sync *sync, struct ayni_sync_action *action)
{
    for (size_t i = 0; i < sync->peer_count; i++) {
        size_t at = (sync->turn + i) % sync->peer_count;
        if (sync->peers[at]->dirty && peer_next(sync, sync->peers[at], action)) {
            sync->turn = at + 1;
            return true;
        }
    }
    sync->sweep = false;
    sync->due = find_deadline(sync);
    return false;
}

bool sync_turn_next(struct ayni_sync *sync, struct ayni_sync_action *action)
{
    struct sync_peer *touched = sync->touched;

    if (!sync->sweep && touched != NULL && touched->dirty && peer_next(sync, touched, action))
        return true;
    return sync->sweep && sweep_next(sync, action); /* what was done may be of all */
}

struct ayni_instant ayni_sync_deadline(const struct ayni_sync *sync)
{
    uint64_t at = sync->due;

    if (sync->sweep)
        at = find_deadline(sync);
    else if (sync->touched != NULL)
        at = sync_min(at, sync_peer_deadline(sync->touched));
    return (struct ayni_instant){ at };
}
