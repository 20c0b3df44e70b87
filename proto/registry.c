#include "proto/registry_state.h"

#include <stdlib.h>
#include <string.h>

void *state_take(struct ayni_registry *registry, size_t count, size_t size)
{
    size_t room = count == 0 ? 1 : count;
    void *taken = ayni_arena_take(&registry->memory, room, size);

    if (taken != NULL)
        memset(taken, 0, room * size);
    return taken;
}

bool state_keep(struct ayni_registry *registry, struct ayni_bytes from, struct ayni_bytes *copy)
{
    uint8_t *kept = state_take(registry, from.size, 1);

    if (kept == NULL)
        return false;
    if (from.size > 0)
        memcpy(kept, from.data, from.size);
    *copy = (struct ayni_bytes){ kept, from.size };
    return true;
}

size_t state_lower(const void *things, size_t count, size_t size, const void *key,
                   int (*order)(const void *thing, const void *key))
{
    size_t from = 0;

    while (count > 0) {
        size_t half = count / 2;
        if (order((const uint8_t *)things + (from + half) * size, key) < 0) {
            from += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return from;
}

static void put_self(struct ayni_registry *registry, const struct ayni_node *root)
{
    registry->root = *root;
    registry->id = ayni_registry_space(root);
    registry->self = (struct ayni_space_info){ .id = registry->id,
                                               .name = ayni_bytes_of_text("registry"),
                                               .class = AYNI_CLASS_PERSONAL };
}

/* Each part asks only what those before it have settled. docs/protocol.md, section 7.2. */
static enum ayni_status (*const parts[])(const struct build *build) = {
    subjects_build,    steering_build, cuts_build_steering, admins_build,        claims_build,
    revocations_build, members_build,  cards_build,         organisations_build, spaces_build,
    cuts_build,        grants_build,   rights_build,        endings_build,       stewards_build,
    wrapped_build,     epochs_build,   digest_build,
};

enum ayni_status ayni_registry_build(const struct ayni_node *root,
                                     const struct ayni_registry_item *items, size_t item_count,
                                     const struct ayni_registry_cut *cuts, size_t cut_count,
                                     const struct ayni_chain_lookup *chains,
                                     struct ayni_registry **registry)
{
    SCOPED_ARENA memory = { 0 };
    struct item_list list;
    struct ayni_registry *built = calloc(1, sizeof(*built));
    struct build build = { built, &list, cuts, cut_count, chains };

    if (built == NULL)
        return AYNI_E_MEMORY;
    put_self(built, root);
    enum ayni_status status = items_sort(items, item_count, &memory, &list);
    for (size_t i = 0; status == AYNI_OK && i < sizeof(parts) / sizeof(*parts); i++)
        status = parts[i](&build);
    if (status != AYNI_OK) {
        ayni_registry_free(built);
        return AYNI_E_MEMORY;
    }
    *registry = built;
    return AYNI_OK;
}

void ayni_registry_free(struct ayni_registry *registry)
{
    if (registry == NULL)
        return;
    ayni_arena_free(&registry->memory);
    free(registry);
}

const struct ayni_space *ayni_registry_id(const struct ayni_registry *registry)
{
    return &registry->id;
}

enum ayni_standing ayni_registry_item_standing(const struct ayni_registry *registry,
                                               const struct ayni_registry_item *item,
                                               const struct ayni_chain_lookup *chains)
{
    switch (item->version->type) {
    case AYNI_TYPE_CARD:
        return card_item_standing(registry, item, chains);
    case AYNI_TYPE_MEMBER:
        return member_item_standing(registry, item, chains);
    case AYNI_TYPE_REVOCATION:
        return revocation_item_standing(registry, item, chains);
    case AYNI_TYPE_SPACE:
        return space_item_standing(registry, item, chains);
    case AYNI_TYPE_GRANT:
        return grant_item_standing(registry, item, chains);
    case AYNI_TYPE_UNGRANT:
        return ungrant_item_standing(registry, item, chains);
    case AYNI_TYPE_WRAPPED_KEY:
        return wrapped_item_standing(registry, item, chains);
    case AYNI_TYPE_STEWARD:
        return steward_item_standing(registry, item, chains);
    case AYNI_TYPE_ROOT_STATEMENT:
        return term_item_standing(registry, item, chains);
    case AYNI_TYPE_TYPE:
    case AYNI_TYPE_FIELD:
    case AYNI_TYPE_CODE:
    case AYNI_TYPE_RULE:
        return steering_item_standing(registry, item, chains);
    default:
        if (item->version->type >= 700 && item->version->type <= 799)
            return steering_item_standing(registry, item, chains);
        return AYNI_STANDING_NO_RIGHT;
    }
}
