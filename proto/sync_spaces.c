#include <stdlib.h>

#include "proto/sync_parts.h"

static int compare_nodes(const void *a, const void *b)
{
    return ayni_id_compare((const struct ayni_node *)a, (const struct ayni_node *)b);
}

static bool is_member(const struct sync_space *space, const struct ayni_node *node)
{
    return space->member_count > 0 &&
           bsearch(node, space->members, space->member_count, sizeof(*node), compare_nodes) != NULL;
}

bool sync_shares(const struct sync_space *space, const struct sync_peer *peer)
{
    return space->is_registry || (space->own && is_member(space, &peer->node));
}

struct sync_space *sync_find_space(const struct ayni_sync *sync, const struct ayni_space *id)
{
    return sync_table_get(&sync->spaces, id->bytes);
}

/* Keep the list ascending, for fingerprints over many spaces. */
static bool list_space(struct ayni_sync *sync, struct sync_space *space)
{
    size_t at = sync->space_count;

    if (!sync_grow(sync, &sync->space_list, sync->space_count, &sync->space_capacity,
                   sizeof(struct sync_space *)))
        return false;
    for (; at > 0 && ayni_id_compare(&sync->space_list[at - 1]->id, &space->id) > 0; at--)
        sync->space_list[at] = sync->space_list[at - 1];
    sync->space_list[at] = space;
    sync->space_count++;
    return true;
}

struct sync_space *sync_add_space(struct ayni_sync *sync, const struct ayni_space *id)
{
    struct sync_space *space = calloc(1, sizeof(*space));

    if (space != NULL)
        space->id = *id;
    if (space == NULL || !sync_table_put(&sync->spaces, space)) {
        sync->counters.out_of_memory++;
        free(space);
        return NULL;
    }
    space->is_registry = ayni_id_equal(id, &sync->registry_id);
    if (!space->is_registry && !list_space(sync, space)) {
        sync_table_remove(&sync->spaces, id->bytes);
        free(space);
        return NULL;
    }
    return space;
}

struct sync_space *sync_get_space(struct ayni_sync *sync, const struct ayni_space *id)
{
    struct sync_space *space = sync_find_space(sync, id);

    return space != NULL ? space : sync_add_space(sync, id);
}

/* What changes for a peer when `before` becomes `space`. */
static void tell_membership(struct ayni_sync *sync, struct sync_peer *peer,
                            const struct sync_space *before, struct sync_space *space)
{
    if (sync_shares(before, peer) != sync_shares(space, peer)) {
        sync_prune_claims(sync, peer);
        sync_prune_serves(peer);
        peer->agreed = false;
        peer->gap = true; /* heads of it may have been noted before we knew */
        if (peer->greeted && sync_shares(space, peer)) /* whoever hears of it last is answered */
            sync_start_space_ranges(sync, peer, space);
    }
    if (!peer->agreed) /* what it has may be taken now */
        sync_check_changed(sync, peer);
}

void sync_handle_space(struct ayni_sync *sync, const struct ayni_sync_space *event)
{
    struct sync_space *space = sync_get_space(sync, &event->space);
    struct ayni_node *members = calloc(event->member_count + 1, sizeof(*members));

    if (space == NULL || members == NULL) {
        sync->counters.out_of_memory++;
        free(members);
        return;
    }
    sync_try_deferred(sync, space);
    if (event->member_count > 0)
        memcpy(members, event->members, event->member_count * sizeof(*members));
    qsort(members, event->member_count, sizeof(*members), compare_nodes);
    struct sync_space before = *space;
    space->members = members;
    space->member_count = event->member_count;
    space->own = is_member(space, &sync->own);
    for (size_t i = 0; i < sync->peer_count; i++)
        tell_membership(sync, sync->peers[i], &before, space);
    free(before.members);
}
