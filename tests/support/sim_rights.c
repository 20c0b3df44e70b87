/* What a simulated node knows of spaces and their members. */
#include <stdlib.h>

#include "tests/support/sim_node.h"

static struct sim_space *find_space(const struct sim_node *node, const struct ayni_space *id)
{
    for (size_t i = 0; i < node->space_count; i++)
        if (ayni_id_equal(&node->spaces[i].id, id))
            return &node->spaces[i];
    return NULL;
}

static bool has_member(const struct sim_space *space, const struct ayni_node *node)
{
    for (size_t i = 0; i < space->member_count; i++)
        if (ayni_id_equal(&space->members[i], node))
            return true;
    return false;
}

static bool is_revoked(const struct sim_node *node, const struct ayni_node *member)
{
    for (size_t i = 0; i < node->revoked_count; i++)
        if (ayni_id_equal(&node->revoked[i], member))
            return true;
    return false;
}

bool sim_node_shares(const struct sim_node *node, const struct ayni_space *id,
                     const struct ayni_node *peer)
{
    struct ayni_space registry = ayni_registry_space(&node->root);
    const struct sim_space *space = find_space(node, id);

    if (is_revoked(node, peer))
        return false;
    return ayni_id_equal(id, &registry) ||
           (space != NULL && has_member(space, &node->id) && has_member(space, peer));
}

bool sim_node_knows_writer(const struct sim_node *node,
                           const struct ayni_feed_descriptor *descriptor)
{
    struct ayni_space registry = ayni_registry_space(&node->root);
    const struct sim_space *space = find_space(node, &descriptor->space);

    return ayni_id_equal(&descriptor->space, &registry) ||
           (space != NULL && has_member(space, &descriptor->node));
}

/* --- its engine is told --- */

static void tell_space(struct sim_node *node, const struct sim_space *space)
{
    struct ayni_sync_event event = sim_node_event(node, AYNI_SYNC_SPACE);
    struct ayni_node *members = calloc(space->member_count + 1, sizeof(*members));
    size_t count = 0;

    for (size_t i = 0; i < space->member_count; i++)
        if (!is_revoked(node, &space->members[i]))
            members[count++] = space->members[i];
    event.space = (struct ayni_sync_space){ space->id, members, count };
    sim_node_handle(node, &event);
    free(members);
}

void sim_node_revoke(struct sim_node *node, const struct ayni_node *member)
{
    node->revoked = realloc(node->revoked, (node->revoked_count + 1) * sizeof(*member));
    node->revoked[node->revoked_count++] = *member;
    for (size_t i = 0; node->sync != NULL && i < node->space_count; i++)
        tell_space(node, &node->spaces[i]);
}

void sim_node_tell_space(struct sim_node *node, const struct ayni_space *id,
                         const struct ayni_node *members, size_t member_count)
{
    struct sim_space *space = find_space(node, id);

    if (space == NULL) {
        if (node->space_count == node->space_capacity) {
            node->space_capacity = node->space_capacity == 0 ? 8 : 2 * node->space_capacity;
            node->spaces = realloc(node->spaces, node->space_capacity * sizeof(*node->spaces));
        }
        space = &node->spaces[node->space_count++];
        *space = (struct sim_space){ .id = *id };
    }
    free(space->members);
    space->members = malloc((member_count + 1) * sizeof(*members));
    memcpy(space->members, members, member_count * sizeof(*members));
    space->member_count = member_count;
    if (node->sync != NULL)
        tell_space(node, space);
}

void sim_node_tell_spaces(struct sim_node *node)
{
    for (size_t i = 0; i < node->space_count; i++)
        tell_space(node, &node->spaces[i]);
}
