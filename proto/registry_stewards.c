#include "proto/registry_state.h"

#include <stdlib.h>

static int compare_stewards(const void *left, const void *right)
{
    const struct ayni_steward *a = left, *b = right;
    int order = ayni_id_compare(&a->node, &b->node);
    return order != 0 ? order : ayni_bytes_compare(a->name, b->name);
}

static int order_steward_node(const void *thing, const void *key)
{
    const struct ayni_steward *steward = thing;
    return ayni_id_compare(&steward->node, (const struct ayni_node *)key);
}

enum ayni_standing steward_item_standing(const struct ayni_registry *registry,
                                         const struct ayni_registry_item *item,
                                         const struct ayni_chain_lookup *chains)
{
    struct place place = place_of_item(item);
    struct subject subject;

    if (!subject_of(registry, item->version, &subject))
        return AYNI_STANDING_NO_RIGHT;
    if (ayni_id_equal(&subject.node, &item->node))
        return self_standing(registry, &place, chains);
    return admin_standing_over(registry, &place, &subject.node, chains);
}

static enum ayni_status add_steward(const struct build *build, const struct item_list *group)
{
    struct ayni_registry *registry = build->registry;
    const struct ayni_record *record = &group->items[0]->version->record;
    const struct subject *subject = subject_of_record(registry, AYNI_TYPE_STEWARD, record);
    struct ayni_bytes raw, word;
    SCOPED_FOLD fold = { 0 };

    if (subject == NULL)
        return AYNI_OK;
    if (group_fold(build, group, steward_item_standing, &fold) != AYNI_OK)
        return AYNI_E_MEMORY;
    if (fold.counting == 0)
        return AYNI_OK;
    struct ayni_steward *steward = &registry->stewards[registry->steward_count++];
    *steward = (struct ayni_steward){
        .node = subject->node, .name = subject->name, .record = *record, .active = true
    };
    if (!shown(&fold, AYNI_FIELD_STEWARD_ROLE, &raw) || !text_of_value(raw, &word) ||
        ayni_steward_role_parse(word, &steward->role) != AYNI_OK)
        steward->role = AYNI_STEWARD_READER;
    steward->has_key = shown(&fold, AYNI_FIELD_STEWARD_KEY, &raw) &&
                       value_bytes(raw, steward->key, sizeof(steward->key));
    if (shown(&fold, AYNI_FIELD_STEWARD_ACTIVE, &raw) && !value_bool(raw, &steward->active))
        steward->active = false;
    return AYNI_OK;
}

enum ayni_status stewards_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    struct item_list rest = items_of_type(build->items, AYNI_TYPE_STEWARD);
    struct item_list group;

    registry->stewards = state_take(registry, rest.count, sizeof(*registry->stewards));
    if (registry->stewards == NULL)
        return AYNI_E_MEMORY;
    while (items_next_record(&rest, &group))
        if (add_steward(build, &group) != AYNI_OK)
            return AYNI_E_MEMORY;
    qsort(registry->stewards, registry->steward_count, sizeof(*registry->stewards),
          compare_stewards);
    return AYNI_OK;
}

const struct ayni_steward *ayni_registry_stewards(const struct ayni_registry *registry,
                                                  const struct ayni_node *node, size_t *count)
{
    size_t from = state_lower(registry->stewards, registry->steward_count,
                              sizeof(*registry->stewards), node, order_steward_node);
    size_t to = from;

    while (to < registry->steward_count && ayni_id_equal(&registry->stewards[to].node, node))
        to++;
    *count = to - from;
    return registry->stewards + from;
}
