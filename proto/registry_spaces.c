#include "proto/registry_state.h"

#include <stdlib.h>
#include <string.h>

#include "proto/card.h"

static int order_space(const void *thing, const void *key)
{
    const struct ayni_space_info *info = thing;
    return ayni_id_compare(&info->id, (const struct ayni_space *)key);
}

static int order_ownership(const void *thing, const void *key)
{
    return place_order(&((const struct ownership *)thing)->from, key);
}

size_t space_index(const struct ayni_registry *registry, const struct ayni_space *space)
{
    size_t at = state_lower(registry->spaces, registry->space_count, sizeof(*registry->spaces),
                            space, order_space);

    if (at == registry->space_count || !ayni_id_equal(&registry->spaces[at].id, space))
        return SIZE_MAX;
    return at;
}

const struct ayni_space_info *ayni_registry_spaces(const struct ayni_registry *registry,
                                                   size_t *count)
{
    *count = registry->space_count;
    return registry->spaces;
}

const struct ayni_space_info *ayni_registry_space_info(const struct ayni_registry *registry,
                                                       const struct ayni_space *space)
{
    if (ayni_id_equal(space, &registry->id))
        return &registry->self;
    size_t at = space_index(registry, space);
    return at == SIZE_MAX ? NULL : &registry->spaces[at];
}

/* A transfer takes effect after its own place; the creator's ownership is from before any. */
bool owner_was(const struct ayni_registry *registry, size_t space, const struct place *place)
{
    const struct space_more *more = &registry->spaces_more[space];
    size_t later = 1 + state_lower(more->owners + 1, more->owner_count - 1, sizeof(*more->owners),
                                   place, order_ownership);

    return ayni_id_equal(&more->owners[later - 1].node, &place->node);
}

enum ayni_standing owner_standing(const struct ayni_registry *registry, const struct place *place,
                                  const struct ayni_space *space,
                                  const struct ayni_chain_lookup *chains)
{
    size_t at = space_index(registry, space);

    if (at == SIZE_MAX || !owner_was(registry, at, place))
        return AYNI_STANDING_NO_RIGHT;
    return self_standing(registry, place, chains);
}

/* Whether the id of the space commits to the creator and random bytes that the version names. */
static bool proves_creator(const struct ayni_registry *registry, const struct ayni_version *version,
                           struct ayni_node *creator)
{
    uint8_t random[16];

    if (!field_id(version, AYNI_FIELD_SPACE_CREATOR, creator) ||
        !field_bytes(version, AYNI_FIELD_SPACE_RANDOM, random, sizeof(random)))
        return false;
    struct ayni_space id = ayni_space_of(&registry->root, creator, random);
    return memcmp(id.bytes, version->record.bytes, sizeof(id.bytes)) == 0;
}

static bool sets_more_than_owner(const struct ayni_version *version)
{
    for (size_t i = 0; i < version->field_count; i++)
        if (version->fields[i].number != AYNI_FIELD_SPACE_OWNER)
            return true;
    return version->field_count == 0;
}

/* The creator's own, counted from its side; who owns it then is asked beside. */
static enum ayni_standing creator_standing(const struct ayni_registry *registry,
                                           const struct ayni_registry_item *item,
                                           const struct ayni_node *creator,
                                           const struct ayni_chain_lookup *chains)
{
    struct place place = place_of_item(item);

    if (!ayni_id_equal(&item->node, creator))
        return AYNI_STANDING_NO_RIGHT;
    return self_standing(registry, &place, chains);
}

/* The version that makes a space: what an author asks before it is one. */
static enum ayni_standing first_standing(const struct ayni_registry *registry,
                                         const struct ayni_registry_item *item,
                                         const struct ayni_chain_lookup *chains)
{
    struct ayni_node creator, owner;

    if (!proves_creator(registry, item->version, &creator) ||
        (field_find(item->version, AYNI_FIELD_SPACE_OWNER) != NULL &&
         !field_id(item->version, AYNI_FIELD_SPACE_OWNER, &owner)))
        return AYNI_STANDING_NO_RIGHT;
    return creator_standing(registry, item, &creator, chains);
}

enum ayni_standing space_item_standing(const struct ayni_registry *registry,
                                       const struct ayni_registry_item *item,
                                       const struct ayni_chain_lookup *chains)
{
    struct ayni_space id;
    struct place place = place_of_item(item);
    struct ayni_node owner;

    memcpy(id.bytes, item->version->record.bytes, sizeof(id.bytes));
    size_t at = space_index(registry, &id);
    if (at == SIZE_MAX)
        return first_standing(registry, item, chains);
    if (sets_more_than_owner(item->version) &&
        !ayni_id_equal(&item->node, &registry->spaces[at].creator))
        return AYNI_STANDING_NO_RIGHT;
    if (field_find(item->version, AYNI_FIELD_SPACE_OWNER) == NULL)
        return self_standing(registry, &place, chains);
    if (!field_id(item->version, AYNI_FIELD_SPACE_OWNER, &owner))
        return AYNI_STANDING_NO_RIGHT;
    return owner_standing(registry, &place, &id, chains);
}

/* The owners in order: each transfer by who owns the space at its place. */
static enum ayni_status put_owners(const struct build *build, const struct item_list *group,
                                   struct ayni_space_info *info, struct space_more *more)
{
    struct ownership *owners = state_take(build->registry, group->count + 1, sizeof(*owners));
    struct ayni_node next;
    size_t count = 1;

    if (owners == NULL)
        return AYNI_E_MEMORY;
    owners[0].node = info->creator;
    for (size_t i = 0; i < group->count; i++) {
        const struct ayni_registry_item *item = group->items[i];
        struct place place = place_of_item(item);
        if (field_id(item->version, AYNI_FIELD_SPACE_OWNER, &next) &&
            ayni_id_equal(&item->node, &owners[count - 1].node) &&
            !ayni_id_equal(&next, &item->node) &&
            (ayni_id_equal(&item->node, &info->creator) || !sets_more_than_owner(item->version)) &&
            self_standing(build->registry, &place, build->chains) != AYNI_STANDING_NO_RIGHT)
            owners[count++] = (struct ownership){ place, next };
    }
    info->owner = owners[count - 1].node;
    *more = (struct space_more){ owners, count };
    return AYNI_OK;
}

/* Class and confidentiality never change: the creator's first version decides. */
static void put_class(const struct ayni_version *first, struct ayni_space_info *info)
{
    struct ayni_bytes word;

    info->class = AYNI_CLASS_SENSITIVE;
    if (field_text(first, AYNI_FIELD_SPACE_CLASS, &word) &&
        ayni_class_parse(word, &info->class) != AYNI_OK)
        info->class = AYNI_CLASS_SENSITIVE;
    info->confidential = false;
    if (!field_bool(first, AYNI_FIELD_SPACE_CONFIDENTIAL, &info->confidential))
        info->confidential = false;
    info->confidential = info->confidential || info->class == AYNI_CLASS_SEALED;
}

static const struct ayni_version *
first_version(const struct build *build, const struct item_list *group, struct ayni_node *creator)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct ayni_registry_item *item = group->items[i];
        if (proves_creator(build->registry, item->version, creator) &&
            creator_standing(build->registry, item, creator, build->chains) !=
                AYNI_STANDING_NO_RIGHT)
            return item->version;
    }
    return NULL;
}

static enum ayni_status add_space(const struct build *build, const struct item_list *group)
{
    struct ayni_registry *registry = build->registry;
    struct ayni_space_info *info = &registry->spaces[registry->space_count];
    struct space_more *more = &registry->spaces_more[registry->space_count];
    const struct ayni_version *first = first_version(build, group, &info->creator);

    if (first == NULL)
        return AYNI_OK;
    memcpy(info->id.bytes, first->record.bytes, sizeof(info->id.bytes));
    put_class(first, info);
    registry->space_count++; /* groups come by record id, so the list stays sorted */
    return put_owners(build, group, info, more);
}

/* Its name is the creator's to change. Asked last, when all owners are known. */
static enum ayni_status put_name(const struct build *build, struct ayni_space_info *info)
{
    struct ayni_record record;
    struct ayni_bytes raw, name;
    SCOPED_FOLD fold = { 0 };

    memcpy(record.bytes, info->id.bytes, sizeof(record.bytes));
    struct item_list group = items_of_record(build->items, AYNI_TYPE_SPACE, &record);
    if (group_fold(build, &group, space_item_standing, &fold) != AYNI_OK)
        return AYNI_E_MEMORY;
    if (!shown(&fold, AYNI_FIELD_SPACE_NAME, &raw) || !text_of_value(raw, &name) ||
        !ayni_name_valid(name))
        return AYNI_OK;
    return state_keep(build->registry, name, &info->name) ? AYNI_OK : AYNI_E_MEMORY;
}

enum ayni_status spaces_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    struct item_list rest = items_of_type(build->items, AYNI_TYPE_SPACE);
    struct item_list group;

    registry->spaces = state_take(registry, rest.count, sizeof(*registry->spaces));
    registry->spaces_more = state_take(registry, rest.count, sizeof(*registry->spaces_more));
    if (registry->spaces == NULL || registry->spaces_more == NULL)
        return AYNI_E_MEMORY;
    while (items_next_record(&rest, &group))
        if (add_space(build, &group) != AYNI_OK)
            return AYNI_E_MEMORY;
    for (size_t i = 0; i < registry->space_count; i++)
        if (put_name(build, &registry->spaces[i]) != AYNI_OK)
            return AYNI_E_MEMORY;
    return AYNI_OK;
}
