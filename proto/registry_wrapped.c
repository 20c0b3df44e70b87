#include "proto/registry_state.h"

#include <stdlib.h>
#include <string.h>

/* A wrapped key and where it stands among others for the same. */
struct candidate {
    struct ayni_wrapped_key key;
    bool by_steering;
    struct place place;
};

static int compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    int order = ayni_id_compare(&a->key.node, &b->key.node);

    if (order == 0)
        order = (int)a->key.purpose - (int)b->key.purpose;
    if (order == 0)
        order = ayni_id_compare(&a->key.space, &b->key.space);
    if (order == 0)
        order = memcmp(a->key.epoch, b->key.epoch, sizeof(a->key.epoch));
    if (order == 0)
        order = (int)b->by_steering - (int)a->by_steering;
    return order != 0 ? order : place_order(&a->place, &b->place);
}

static int order_wrapped_node(const void *thing, const void *key)
{
    const struct ayni_wrapped_key *wrapped = thing;
    return ayni_id_compare(&wrapped->node, (const struct ayni_node *)key);
}

static bool read_purpose(const struct ayni_version *version, struct ayni_wrapped_key *key)
{
    struct ayni_bytes word;

    if (!field_text(version, AYNI_FIELD_WRAPPED_KEY_PURPOSE, &word) ||
        ayni_key_purpose_parse(word, &key->purpose) != AYNI_OK)
        return false;
    return key->purpose == AYNI_KEY_IDENTITY ||
           (field_id(version, AYNI_FIELD_WRAPPED_KEY_SPACE, &key->space) &&
            field_bytes(version, AYNI_FIELD_WRAPPED_KEY_EPOCH, key->epoch, sizeof(key->epoch)));
}

/* Whole in one version, and of the record that its key makes. */
static bool read_wrapped(const struct ayni_registry *registry,
                         const struct ayni_registry_item *item, struct ayni_wrapped_key *key)
{
    struct ayni_wrapped_key k = { .by = item->node };
    struct ayni_record record;

    if (!read_purpose(item->version, &k) ||
        !field_id(item->version, AYNI_FIELD_WRAPPED_KEY_NODE, &k.node) ||
        !field_view(item->version, AYNI_FIELD_WRAPPED_KEY_BOX, &k.box))
        return false;
    bool of_space = k.purpose == AYNI_KEY_SPACE;
    if (ayni_registry_wrapped_key_record(&registry->root, k.purpose, of_space ? &k.space : NULL,
                                         of_space ? k.epoch : NULL, &k.node, &record) != AYNI_OK ||
        !ayni_id_equal(&record, &item->version->record))
        return false;
    *key = k;
    return true;
}

static enum ayni_standing giver_standing(const struct ayni_registry *registry,
                                         const struct place *place,
                                         const struct ayni_wrapped_key *key,
                                         const struct ayni_chain_lookup *chains)
{
    if (key->purpose == AYNI_KEY_SPACE)
        return owner_standing(registry, place, &key->space, chains);
    enum ayni_standing steering = steering_standing(registry, place, chains);
    if (steering != AYNI_STANDING_NO_RIGHT)
        return steering;
    return admin_standing_over(registry, place, &key->node, chains);
}

/* A key that was given stays given: for reading it isn't asked whether its giver still owned the
 * space, or up to where. docs/protocol.md, section 4.8. */
static bool is_of_an_owner(const struct ayni_registry *registry, const struct ayni_wrapped_key *key)
{
    size_t space = key->purpose == AYNI_KEY_SPACE ? space_index(registry, &key->space) : SIZE_MAX;

    for (size_t i = 0; space != SIZE_MAX && i < registry->spaces_more[space].owner_count; i++)
        if (ayni_id_equal(&registry->spaces_more[space].owners[i].node, &key->by))
            return true;
    return false;
}

enum ayni_standing wrapped_item_standing(const struct ayni_registry *registry,
                                         const struct ayni_registry_item *item,
                                         const struct ayni_chain_lookup *chains)
{
    struct place place = place_of_item(item);
    struct ayni_wrapped_key key;

    if (!read_wrapped(registry, item, &key))
        return AYNI_STANDING_NO_RIGHT;
    return giver_standing(registry, &place, &key, chains);
}

enum ayni_status wrapped_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    struct item_list list = items_of_type(build->items, AYNI_TYPE_WRAPPED_KEY);
    SCOPED_ARENA memory = { 0 };
    struct candidate *candidates = ayni_arena_take(&memory, list.count + 1, sizeof(*candidates));
    size_t count = 0;

    registry->wrapped = state_take(registry, list.count, sizeof(*registry->wrapped));
    registry->wrapped_places = state_take(registry, list.count, sizeof(*registry->wrapped_places));
    if (candidates == NULL || registry->wrapped == NULL || registry->wrapped_places == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < list.count; i++) {
        struct candidate c = { .place = place_of_item(list.items[i]) };
        if (!read_wrapped(registry, list.items[i], &c.key))
            continue;
        c.key.counts =
            giver_standing(registry, &c.place, &c.key, build->chains) != AYNI_STANDING_NO_RIGHT;
        if (!c.key.counts && !is_of_an_owner(registry, &c.key))
            continue;
        c.by_steering =
            steering_standing(registry, &c.place, build->chains) != AYNI_STANDING_NO_RIGHT;
        candidates[count++] = c;
    }
    qsort(candidates, count, sizeof(*candidates), compare_candidates);
    for (size_t i = 0; i < count; i++) {
        registry->wrapped[i] = candidates[i].key;
        registry->wrapped_places[i] = candidates[i].place;
        if (!state_keep(registry, candidates[i].key.box, &registry->wrapped[i].box))
            return AYNI_E_MEMORY;
    }
    registry->wrapped_count = count;
    return AYNI_OK;
}

const struct ayni_wrapped_key *ayni_registry_wrapped_keys(const struct ayni_registry *registry,
                                                          const struct ayni_node *node,
                                                          size_t *count)
{
    size_t from = state_lower(registry->wrapped, registry->wrapped_count,
                              sizeof(*registry->wrapped), node, order_wrapped_node);
    size_t to = from;

    while (to < registry->wrapped_count && ayni_id_equal(&registry->wrapped[to].node, node))
        to++;
    *count = to - from;
    return registry->wrapped + from;
}
