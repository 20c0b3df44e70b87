/* Who may receive what, and whose runs are taken: told to the engine when that changes. */
#include <stdlib.h>

#include "daemon/net/sync_driver_private.h"
#include "daemon/records/charter.h"
#include "proto/registry.h"

/* A space as the engine was last told of it. */
struct told_space {
    struct ayni_space space;
    struct ayni_hash standing;
};

void sync_driver_free_spaces(struct sync_driver *driver)
{
    for (size_t i = 0; i < driver->told_spaces.capacity; i++)
        free(driver->told_spaces.slots[i]);
    sync_table_free(&driver->told_spaces);
}

/* The members that may receive it. NULL: no memory. */
static struct ayni_node *find_receivers(const struct ayni_registry *registry,
                                        const struct ayni_space *space, size_t *count)
{
    size_t member_count;
    const struct ayni_member *members = ayni_registry_members(registry, &member_count);
    struct ayni_node *nodes = calloc(member_count + 1, sizeof(*nodes));

    *count = 0;
    for (size_t i = 0; nodes != NULL && i < member_count; i++)
        if (!members[i].revoked && ayni_registry_may_receive(registry, &members[i].node, space))
            nodes[(*count)++] = members[i].node;
    return nodes;
}

/* Of all that the engine is told of a space, and that charter_check_author() asks. False: no
 * memory. */
static bool hash_standing(const struct ayni_registry *registry, const struct ayni_space_info *space,
                          const struct ayni_node *receivers, size_t receiver_count,
                          struct ayni_hash *standing)
{
    const struct ayni_node *steering = ayni_registry_steering(registry);
    SCOPED_BUFFER all = { 0 };
    size_t count;

    const struct ayni_standing_pair *pairs =
        ayni_registry_space_members(registry, &space->id, &count);
    for (size_t i = 0; i < count; i++)
        ayni_buffer_append(&all, pairs[i].node.bytes, sizeof(pairs[i].node.bytes));
    ayni_buffer_append(&all, space->owner.bytes, sizeof(space->owner.bytes));
    ayni_buffer_append(&all, space->creator.bytes, sizeof(space->creator.bytes));
    if (steering != NULL)
        ayni_buffer_append(&all, steering->bytes, sizeof(steering->bytes));
    *standing = ayni_hash_of_two(
        ayni_buffer_bytes(&all),
        (struct ayni_bytes){ (const uint8_t *)receivers, receiver_count * sizeof(*receivers) });
    return !all.failed;
}

/* Whether the engine is to be told; it counts as told from now on. */
static bool is_news(struct sync_driver *driver, const struct ayni_space *space,
                    const struct ayni_hash *standing)
{
    struct told_space *told = sync_table_get(&driver->told_spaces, space->bytes);

    if (told != NULL && ayni_id_equal(&told->standing, standing))
        return false;
    if (told == NULL) {
        told = calloc(1, sizeof(*told));
        if (told == NULL)
            return true;
        told->space = *space;
        if (!sync_table_put(&driver->told_spaces, told)) {
            free(told);
            return true;
        }
    }
    told->standing = *standing;
    return true;
}

static void tell_space(struct sync_driver *driver, const struct ayni_space_info *space)
{
    const struct ayni_registry *registry = driver->charter->registry;
    struct ayni_sync_event event = { .type = AYNI_SYNC_SPACE };
    struct ayni_hash standing;
    size_t count;
    struct ayni_node *receivers = find_receivers(registry, &space->id, &count);

    if (receivers == NULL)
        return;
    event.space = (struct ayni_sync_space){ space->id, receivers, count };
    if (!hash_standing(registry, space, receivers, count, &standing) ||
        is_news(driver, &space->id, &standing))
        sync_driver_handle(driver, &event);
    free(receivers);
}

void sync_driver_tell_spaces(struct sync_driver *driver)
{
    size_t count;
    const struct ayni_space_info *spaces = ayni_registry_spaces(driver->charter->registry, &count);

    for (size_t i = 0; i < count; i++)
        tell_space(driver, &spaces[i]);
}
