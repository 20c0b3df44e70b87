#include "proto/registry_state.h"

#include <stdlib.h>

static int compare_members(const void *left, const void *right)
{
    const struct ayni_member *a = left, *b = right;
    return ayni_id_compare(&a->node, &b->node);
}

static int order_member(const void *thing, const void *key)
{
    const struct ayni_member *member = thing;
    return ayni_id_compare(&member->node, (const struct ayni_node *)key);
}

size_t member_index(const struct ayni_registry *registry, const struct ayni_node *node)
{
    size_t at = state_lower(registry->members, registry->member_count, sizeof(*registry->members),
                            node, order_member);

    if (at == registry->member_count || !ayni_id_equal(&registry->members[at].node, node))
        return SIZE_MAX;
    return at;
}

const struct ayni_member *ayni_registry_member(const struct ayni_registry *registry,
                                               const struct ayni_node *node)
{
    size_t at = member_index(registry, node);
    return at == SIZE_MAX ? NULL : &registry->members[at];
}

const struct ayni_member *ayni_registry_members(const struct ayni_registry *registry, size_t *count)
{
    *count = registry->member_count;
    return registry->members;
}

/* Steering's word, else of what admin nodes say the first. */
static void put_organisation(const struct ayni_registry *registry, struct ayni_member *member)
{
    size_t count;
    const struct claim *claims = claims_of(registry, &member->node, &count);
    const struct claim *first = claims;

    for (size_t i = 1; i < count; i++)
        if (place_order(&claims[i].place, &first->place) < 0)
            first = &claims[i];
    member->has_organisation = count > 0;
    if (count > 0)
        member->organisation_id = first->organisation;
}

static void fill_member(const struct ayni_registry *registry, const struct ayni_node *node,
                        struct ayni_bytes role_word, struct ayni_member *member)
{
    const struct admin *admin = NULL;

    *member = (struct ayni_member){ .node = *node, .role = AYNI_ROLE_PARTNER };
    if (ayni_member_role_parse(role_word, &member->role) != AYNI_OK ||
        member->role == AYNI_ROLE_STEERING)
        member->role = AYNI_ROLE_PARTNER;
    member->steering = steering_is(registry, node);
    if (member->steering)
        member->role = AYNI_ROLE_STEERING;
    member->revoked = is_revoked(registry, node);
    put_organisation(registry, member);
    if (member->has_organisation)
        admin = admin_find(registry, node, &member->organisation_id);
    member->admin = !member->revoked && admin != NULL && admin->current;
}

static enum ayni_status add_member(const struct build *build, const struct item_list *group)
{
    struct ayni_registry *registry = build->registry;
    const struct subject *subject =
        subject_of_record(registry, AYNI_TYPE_MEMBER, &group->items[0]->version->record);
    struct ayni_bytes raw, role = { 0 };
    SCOPED_FOLD fold = { 0 };

    if (subject == NULL)
        return AYNI_OK;
    if (group_fold(build, group, member_item_standing, &fold) != AYNI_OK)
        return AYNI_E_MEMORY;
    if (fold.counting == 0)
        return AYNI_OK;
    if (shown(&fold, AYNI_FIELD_MEMBER_ROLE, &raw) && !text_of_value(raw, &role))
        role = (struct ayni_bytes){ 0 };
    fill_member(registry, &subject->node, role, &registry->members[registry->member_count++]);
    return AYNI_OK;
}

/* Who steers is a member, also before its own record has come. */
static void add_steering(struct ayni_registry *registry)
{
    const struct ayni_node *steering = ayni_registry_steering(registry);

    for (size_t i = 0; steering != NULL && i < registry->member_count; i++)
        if (ayni_id_equal(&registry->members[i].node, steering))
            return;
    if (steering != NULL)
        fill_member(registry, steering, (struct ayni_bytes){ 0 },
                    &registry->members[registry->member_count++]);
}

enum ayni_status members_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    struct item_list rest = items_of_type(build->items, AYNI_TYPE_MEMBER);
    struct item_list group;

    registry->members = state_take(registry, rest.count + 1, sizeof(*registry->members));
    if (registry->members == NULL)
        return AYNI_E_MEMORY;
    while (items_next_record(&rest, &group))
        if (add_member(build, &group) != AYNI_OK)
            return AYNI_E_MEMORY;
    add_steering(registry);
    qsort(registry->members, registry->member_count, sizeof(*registry->members), compare_members);

    registry->members_more =
        state_take(registry, registry->member_count, sizeof(*registry->members_more));
    if (registry->members_more == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < registry->member_count; i++)
        if (ayni_registry_node_record(&registry->root, AYNI_TYPE_REVOCATION,
                                      &registry->members[i].node,
                                      &registry->members_more[i].revocation_record) != AYNI_OK)
            return AYNI_E_MEMORY;
    return AYNI_OK;
}

enum ayni_standing self_standing(const struct ayni_registry *registry, const struct place *place,
                                 const struct ayni_chain_lookup *chains)
{
    size_t member = member_index(registry, &place->node);

    if (member == SIZE_MAX)
        return AYNI_STANDING_NO_RIGHT;
    if (registry->members[member].steering)
        return AYNI_STANDING_VALID;
    enum verdict verdict =
        cuts_verdict(&registry->steering_cuts, &registry->id,
                     &registry->members_more[member].revocation_record, place, chains);
    if (verdict == CUT_OUTSIDE)
        return AYNI_STANDING_NO_RIGHT;
    return verdict == CUT_NONE && registry->members[member].revoked ? AYNI_STANDING_MARKED
                                                                    : AYNI_STANDING_VALID;
}

bool ayni_registry_may_admit(const struct ayni_registry *registry, const struct ayni_node *by,
                             const struct ayni_node *node, const struct ayni_record *organisation)
{
    size_t count;

    if (steering_is(registry, by))
        return true;
    if (organisation == NULL || is_revoked(registry, by))
        return false;
    const struct admin *admin = admin_find(registry, by, organisation);
    if (admin == NULL || !admin->current)
        return false;
    claims_of(registry, node, &count);
    return has_claim(registry, node, organisation) || (count == 0 && !is_settled(registry, node));
}
