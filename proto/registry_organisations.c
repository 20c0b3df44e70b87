#include "proto/registry_state.h"

#include <string.h>

#include "proto/cbor.h"

static int order_organisation(const void *thing, const void *key)
{
    const struct ayni_organisation *organisation = thing;
    return ayni_id_compare(&organisation->id, (const struct ayni_record *)key);
}

static const struct ayni_organisation *find_organisation(const struct ayni_registry *registry,
                                                         const struct ayni_record *id)
{
    size_t at = state_lower(registry->organisations, registry->organisation_count,
                            sizeof(*registry->organisations), id, order_organisation);

    if (at == registry->organisation_count ||
        order_organisation(&registry->organisations[at], id) != 0)
        return NULL;
    return &registry->organisations[at];
}

const struct ayni_organisation *
ayni_registry_organisation_by_code(const struct ayni_registry *registry, struct ayni_bytes code)
{
    for (size_t i = 0; i < registry->organisation_count; i++)
        if (ayni_bytes_equal(registry->organisations[i].code, code))
            return &registry->organisations[i];
    return NULL;
}

static bool keep_text(struct ayni_registry *registry, const struct group_fold *fold, uint32_t field,
                      struct ayni_bytes *text)
{
    struct ayni_bytes raw, read;

    if (!shown(fold, field, &raw) || !text_of_value(raw, &read))
        return true;
    return state_keep(registry, read, text);
}

/* A set of words, as authority:<role> compares them. What isn't a set of words is none. */
static bool keep_roles(struct ayni_registry *registry, const struct group_fold *fold,
                       struct ayni_bytes *roles)
{
    struct ayni_bytes raw;
    SCOPED_BUFFER words = { 0 };

    if (!shown(fold, AYNI_FIELD_ORGANISATION_ROLES, &raw))
        return true;
    struct ayni_cbor_reader reader = ayni_cbor_reader(raw);
    size_t count = ayni_cbor_read_array(&reader);
    for (size_t i = 0; i < count && reader.status == AYNI_OK; i++) {
        struct ayni_bytes word = ayni_cbor_read_text(&reader);
        if (word.size > 0 && memchr(word.data, 0, word.size) != NULL)
            continue;
        ayni_buffer_append(&words, word.data, word.size);
        ayni_buffer_append_byte(&words, 0);
    }
    if (ayni_cbor_done(&reader) != AYNI_OK)
        return true;
    return !words.failed && state_keep(registry, ayni_buffer_bytes(&words), roles);
}

static enum ayni_status add_organisation(const struct build *build, const struct item_list *group)
{
    struct ayni_registry *registry = build->registry;
    struct ayni_organisation organisation = { .id = group->items[0]->version->record };
    SCOPED_FOLD fold = { 0 };

    if (group_fold(build, group, steering_item_standing, &fold) != AYNI_OK)
        return AYNI_E_MEMORY;
    if (fold.counting == 0 || fold.folded.deleted)
        return AYNI_OK;
    if (!keep_text(registry, &fold, AYNI_FIELD_ORGANISATION_CODE, &organisation.code) ||
        !keep_text(registry, &fold, AYNI_FIELD_ORGANISATION_NAME, &organisation.name) ||
        !keep_text(registry, &fold, AYNI_FIELD_ORGANISATION_KIND, &organisation.kind) ||
        !keep_roles(registry, &fold, &organisation.roles))
        return AYNI_E_MEMORY;
    registry->organisations[registry->organisation_count++] = organisation;
    return AYNI_OK;
}

enum ayni_status organisations_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    struct item_list rest = items_of_type(build->items, AYNI_TYPE_ORGANISATION);
    struct item_list group;

    registry->organisations = state_take(registry, rest.count, sizeof(*registry->organisations));
    if (registry->organisations == NULL)
        return AYNI_E_MEMORY;
    while (items_next_record(&rest, &group))
        if (add_organisation(build, &group) != AYNI_OK)
            return AYNI_E_MEMORY;
    for (size_t i = 0; i < registry->member_count; i++) {
        struct ayni_member *member = &registry->members[i];
        if (member->has_organisation)
            member->organisation = find_organisation(registry, &member->organisation_id);
    }
    return AYNI_OK;
}
