#include "proto/registry_state.h"

#include <stdlib.h>

static int compare_endings(const void *left, const void *right)
{
    const struct ayni_ending *a = left, *b = right;
    int order = ayni_id_compare(&a->space, &b->space);

    if (order == 0)
        order = ayni_id_compare(&a->node, &b->node);
    return order != 0 ? order : ayni_id_compare(&a->record, &b->record);
}

/* Whose cuts are there already: the present owner's, the present steering's. */
static void put_cuts(const struct ayni_registry *registry, struct ayni_ending *ending)
{
    struct cut_table cuts = cuts_of(&registry->cuts, &ending->space, &ending->record);
    const struct ayni_space_info *info = ayni_registry_space_info(registry, &ending->space);

    for (size_t i = 0; i < cuts.count; i++) {
        const struct ayni_node *giver = &cuts.cuts[i].place.node;
        if (ayni_id_equal(giver, &ending->node))
            continue;
        if (info != NULL && ayni_id_equal(giver, &info->owner))
            ending->cut_by_owner = true;
        if (steering_is(registry, giver))
            ending->cut_by_steering = true;
    }
}

static void add_ending(struct ayni_registry *registry, const struct ayni_space *space,
                       const struct ayni_node *node, const struct ayni_record *record)
{
    struct ayni_ending *ending = &registry->endings[registry->ending_count++];

    *ending = (struct ayni_ending){ .space = *space, .node = *node, .record = *record };
    put_cuts(registry, ending);
}

/* What ended in the registry itself: membership, and being an admin node. */
static void add_registry_endings(struct ayni_registry *registry)
{
    for (size_t i = 0; i < registry->member_count; i++)
        if (registry->members[i].revoked)
            add_ending(registry, &registry->id, &registry->members[i].node,
                       &registry->members_more[i].revocation_record);
    for (size_t i = 0; i < registry->admin_count; i++)
        if (!registry->admins[i].current)
            add_ending(registry, &registry->id, &registry->admins[i].node,
                       &registry->admins[i].member_record);
}

/* In a space: of who wrote there or could order erasures, which readers and admin nodes can. */
static void add_space_endings(struct ayni_registry *registry)
{
    for (size_t i = 0; i < registry->right_count; i++) {
        const struct right *right = &registry->rights[i];
        size_t admin_count;
        const struct admin *admins = admins_of(registry, &right->pair.node, &admin_count);
        bool lapsed = false;
        if (right->pair.right < AYNI_RIGHT_READER)
            continue; /* receipts need no right */
        for (size_t j = 0; j < right->ending_count; j++)
            add_ending(registry, &right->pair.space, &right->pair.node, &right->endings[j]);
        for (size_t j = 0; j < admin_count && !lapsed; j++)
            lapsed = !admins[j].current;
        if (lapsed) /* one record for all its organisations */
            add_ending(registry, &right->pair.space, &right->pair.node, &admins[0].member_record);
    }
}

enum ayni_status endings_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    size_t room = 3 * registry->right_count + registry->member_count + registry->admin_count;
    size_t kept = 0;

    registry->endings = state_take(registry, room, sizeof(*registry->endings));
    if (registry->endings == NULL)
        return AYNI_E_MEMORY;
    add_space_endings(registry);
    add_registry_endings(registry);
    qsort(registry->endings, registry->ending_count, sizeof(*registry->endings), compare_endings);
    for (size_t i = 0; i < registry->ending_count; i++)
        if (kept == 0 || compare_endings(&registry->endings[kept - 1], &registry->endings[i]) != 0)
            registry->endings[kept++] = registry->endings[i];
    registry->ending_count = kept;
    return AYNI_OK;
}

const struct ayni_ending *ayni_registry_endings(const struct ayni_registry *registry, size_t *count)
{
    *count = registry->ending_count;
    return registry->endings;
}
