#include <stdlib.h>

#include "proto/sync_parts.h"

/* What was refused of each node. Few need it, and none more than one: they are members. */

static struct sync_refused *find(const struct ayni_sync *sync, const struct ayni_node *node)
{
    for (size_t i = 0; i < sync->refused_count; i++)
        if (ayni_id_equal(&sync->refused[i].node, node))
            return &sync->refused[i];
    return NULL;
}

struct ayni_sync_refusals *sync_refusals(struct ayni_sync *sync, const struct ayni_node *node)
{
    struct sync_refused *of = find(sync, node);

    if (of == NULL && sync_grow(sync, &sync->refused, sync->refused_count, &sync->refused_capacity,
                                sizeof(*of))) {
        of = &sync->refused[sync->refused_count++];
        *of = (struct sync_refused){ .node = *node };
    }
    return of != NULL ? &of->refusals : &sync->refused_unknown;
}

void sync_ignore(struct ayni_sync *sync, const struct sync_peer *peer)
{
    sync->counters.ignored_messages++;
    sync_refusals(sync, &peer->node)->ignored++;
}

struct ayni_sync_refusals ayni_sync_get_refusals(const struct ayni_sync *sync,
                                                 const struct ayni_node *node)
{
    const struct sync_refused *of = find(sync, node);

    return of == NULL ? (struct ayni_sync_refusals){ 0 } : of->refusals;
}
