#include "proto/registry_state.h"

#include <stdlib.h>

static enum ayni_standing higher(enum ayni_standing a, enum ayni_standing b)
{
    return a > b ? a : b;
}

/* Steering's or the owner's; steering gives itself nothing in a confidential space. */
static enum ayni_standing giver_standing(const struct ayni_registry *registry,
                                         const struct place *place, const struct ayni_grant *grant,
                                         const struct ayni_chain_lookup *chains)
{
    size_t space = space_index(registry, &grant->space);

    if (space == SIZE_MAX)
        return AYNI_STANDING_NO_RIGHT;
    bool confidential = registry->spaces[space].confidential;
    if (grant->right == AYNI_RIGHT_RELAY && !confidential)
        return AYNI_STANDING_NO_RIGHT;
    enum ayni_standing owner = owner_standing(registry, place, &grant->space, chains);
    if (confidential && ayni_id_equal(&grant->node, &place->node))
        return owner;
    return higher(owner, steering_standing(registry, place, chains));
}

static bool read_grant(const struct ayni_version *version, struct ayni_grant *grant)
{
    struct ayni_grant g = { .record = version->record };
    struct ayni_bytes word;

    if (!field_id(version, AYNI_FIELD_GRANT_SPACE, &g.space) ||
        !field_id(version, AYNI_FIELD_GRANT_NODE, &g.node) ||
        !field_text(version, AYNI_FIELD_GRANT_RIGHT, &word) ||
        ayni_right_parse(word, &g.right) != AYNI_OK)
        return false;
    *grant = g;
    return true;
}

enum ayni_standing grant_item_standing(const struct ayni_registry *registry,
                                       const struct ayni_registry_item *item,
                                       const struct ayni_chain_lookup *chains)
{
    struct place place = place_of_item(item);
    struct ayni_grant grant;

    if (!read_grant(item->version, &grant))
        return AYNI_STANDING_NO_RIGHT;
    return giver_standing(registry, &place, &grant, chains);
}

static enum ayni_standing ungrant_standing(const struct ayni_registry *registry,
                                           const struct ayni_registry_item *item,
                                           const struct ayni_space *space,
                                           const struct ayni_chain_lookup *chains)
{
    struct place place = place_of_item(item);
    return higher(steering_standing(registry, &place, chains),
                  owner_standing(registry, &place, space, chains));
}

static int compare_grants(const void *left, const void *right)
{
    const struct ayni_grant *a = left, *b = right;
    int order = ayni_id_compare(&a->space, &b->space);

    if (order == 0)
        order = ayni_id_compare(&a->node, &b->node);
    if (order == 0)
        order = ayni_id_compare(&a->record, &b->record);
    return order != 0 ? order : (int)a->right - (int)b->right;
}

static int compare_by_record(const void *left, const void *right)
{
    const struct ayni_grant *a = *(const struct ayni_grant *const *)left;
    const struct ayni_grant *b = *(const struct ayni_grant *const *)right;
    int order = ayni_id_compare(&a->record, &b->record);
    return order != 0 ? order : ayni_id_compare(&a->space, &b->space);
}

static int order_by_record(const void *thing, const void *key)
{
    const struct ayni_grant *grant = *(const struct ayni_grant *const *)thing;
    return ayni_id_compare(&grant->record, (const struct ayni_record *)key);
}

enum ayni_standing ungrant_item_standing(const struct ayni_registry *registry,
                                         const struct ayni_registry_item *item,
                                         const struct ayni_chain_lookup *chains)
{
    enum ayni_standing best = AYNI_STANDING_NO_RIGHT;
    struct ayni_record grant, derived;

    if (!field_id(item->version, AYNI_FIELD_UNGRANT_GRANT, &grant) ||
        ayni_registry_ungrant_record(&registry->root, &grant, &derived) != AYNI_OK ||
        !ayni_id_equal(&derived, &item->version->record))
        return AYNI_STANDING_NO_RIGHT;
    size_t i = state_lower(registry->grants_by_record, registry->grant_count,
                           sizeof(*registry->grants_by_record), &grant, order_by_record);
    const struct ayni_space *asked = NULL;
    for (; i < registry->grant_count && best != AYNI_STANDING_VALID; i++) {
        const struct ayni_grant *known = registry->grants_by_record[i];
        if (!ayni_id_equal(&known->record, &grant))
            break;
        if (asked == NULL || !ayni_id_equal(asked, &known->space))
            best = higher(best, ungrant_standing(registry, item, &known->space, chains));
        asked = &known->space;
    }
    return best;
}

/* Its id says which grant an ungrant is about: that version must say the same. */
static enum ayni_status put_end(const struct build *build, struct ayni_grant *grant)
{
    struct ayni_record record, named;

    if (ayni_registry_ungrant_record(&build->registry->root, &grant->record, &record) != AYNI_OK)
        return AYNI_E_MEMORY;
    struct item_list ungrants = items_of_record(build->items, AYNI_TYPE_UNGRANT, &record);
    for (size_t i = 0; i < ungrants.count && !grant->ended; i++)
        grant->ended = field_id(ungrants.items[i]->version, AYNI_FIELD_UNGRANT_GRANT, &named) &&
                       ayni_id_equal(&named, &grant->record) &&
                       ungrant_standing(build->registry, ungrants.items[i], &grant->space,
                                        build->chains) != AYNI_STANDING_NO_RIGHT;
    return AYNI_OK;
}

static enum ayni_status index_by_record(struct ayni_registry *registry)
{
    const struct ayni_grant **index = state_take(registry, registry->grant_count, sizeof(*index));

    if (index == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < registry->grant_count; i++)
        index[i] = &registry->grants[i];
    qsort(index, registry->grant_count, sizeof(*index), compare_by_record);
    registry->grants_by_record = index;
    return AYNI_OK;
}

enum ayni_status grants_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    struct item_list list = items_of_type(build->items, AYNI_TYPE_GRANT);
    struct ayni_grant *grants = state_take(registry, list.count, sizeof(*grants));
    size_t count = 0, kept = 0;

    if (grants == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < list.count; i++)
        if (grant_item_standing(registry, list.items[i], build->chains) != AYNI_STANDING_NO_RIGHT &&
            read_grant(list.items[i]->version, &grants[count]))
            count++;
    qsort(grants, count, sizeof(*grants), compare_grants);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || compare_grants(&grants[kept - 1], &grants[i]) != 0)
            grants[kept++] = grants[i];
    for (size_t i = 0; i < kept; i++)
        if (put_end(build, &grants[i]) != AYNI_OK)
            return AYNI_E_MEMORY;
    registry->grants = grants;
    registry->grant_count = kept;
    return index_by_record(registry);
}

const struct ayni_grant *ayni_registry_grants(const struct ayni_registry *registry, size_t *count)
{
    *count = registry->grant_count;
    return registry->grants;
}

bool ayni_registry_may_grant(const struct ayni_registry *registry, const struct ayni_node *by,
                             const struct ayni_space *space, const struct ayni_node *node,
                             enum ayni_right right)
{
    size_t at = space_index(registry, space);

    if (at == SIZE_MAX || is_revoked(registry, by))
        return false;
    const struct ayni_space_info *info = &registry->spaces[at];
    if (right == AYNI_RIGHT_RELAY && !info->confidential)
        return false;
    if (ayni_id_equal(&info->owner, by))
        return true;
    return steering_is(registry, by) &&
           (right == AYNI_RIGHT_NONE || !info->confidential || !ayni_id_equal(by, node));
}
