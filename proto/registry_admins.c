#include "proto/registry_state.h"

#include <stdlib.h>

/*
 * Steering's word on one node, and on its being in one organisation. Only
 * steering's versions of member records are asked here, so that no admin
 * node's word is part of what makes an admin node.
 */
struct word {
    struct ayni_node node;
    bool named;            /* steering once named it an admin node */
    bool has_admin, admin; /* what the field says now, if anything */
    bool has_organisation; /* now: */
    struct ayni_record organisation;
};
struct seat {
    struct word word;
    struct ayni_record organisation;
    struct place place; /* of the version that put it there */
};
struct seats {
    struct seat *seats;
    size_t count;
};

static int compare_seats(const void *left, const void *right)
{
    const struct seat *a = left, *b = right;
    int order = ayni_id_compare(&a->organisation, &b->organisation);
    return order != 0 ? order : place_order(&a->place, &b->place);
}

static int compare_admins(const void *left, const void *right)
{
    const struct admin *a = left, *b = right;
    int order = ayni_id_compare(&a->node, &b->node);
    return order != 0 ? order : ayni_id_compare(&a->organisation, &b->organisation);
}

static int order_admin(const void *thing, const void *key)
{
    return compare_admins(thing, key);
}

static struct word read_word(const struct ayni_node *node, const struct item_list *group,
                             const struct group_fold *fold)
{
    struct word word = { .node = *node };
    struct ayni_bytes raw;

    word.has_organisation = shown(fold, AYNI_FIELD_MEMBER_ORGANISATION, &raw) &&
                            value_bytes(raw, word.organisation.bytes, sizeof(word.organisation));
    word.has_admin = shown(fold, AYNI_FIELD_MEMBER_ADMIN, &raw) && value_bool(raw, &word.admin);
    for (size_t i = 0; i < group->count; i++) {
        bool named = false;
        if (fold->items[i].valid &&
            field_bool(group->items[i]->version, AYNI_FIELD_MEMBER_ADMIN, &named) && named)
            word.named = true;
    }
    return word;
}

/* A seat for each of steering's versions that puts the node into an organisation. */
static enum ayni_status take_seats(const struct build *build, const struct item_list *group,
                                   struct seats *seats)
{
    const struct ayni_version *version = group->items[0]->version;
    const struct subject *subject =
        subject_of_record(build->registry, version->type, &version->record);
    SCOPED_FOLD fold = { 0 };

    if (subject == NULL)
        return AYNI_OK;
    if (group_fold(build, group, steering_member_standing, &fold) != AYNI_OK)
        return AYNI_E_MEMORY;
    struct word word = read_word(&subject->node, group, &fold);
    for (size_t i = 0; i < group->count; i++) {
        struct seat *seat = &seats->seats[seats->count];
        if (!fold.items[i].valid || !field_id(group->items[i]->version,
                                              AYNI_FIELD_MEMBER_ORGANISATION, &seat->organisation))
            continue;
        seat->word = word;
        seat->place = place_of_item(group->items[i]);
        seats->count++;
    }
    return AYNI_OK;
}

/* `seats` are those of one organisation, in order: the first is its first node's. */
static bool named_another(const struct seat *seats, size_t count, const struct ayni_node *than)
{
    for (size_t i = 0; i < count; i++)
        if (seats[i].word.named && !ayni_id_equal(&seats[i].word.node, than))
            return true;
    return false;
}

static bool administers_now(const struct seat *seat, bool first, bool another)
{
    const struct word *word = &seat->word;

    if (!word->has_organisation || !ayni_id_equal(&word->organisation, &seat->organisation))
        return false;
    if (word->has_admin)
        return word->admin;
    return first && !another;
}

static enum ayni_status add_admins(struct ayni_registry *registry, const struct seat *seats,
                                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct ayni_node *node = &seats[i].word.node;
        bool first = ayni_id_equal(node, &seats[0].word.node);
        if (!first && !seats[i].word.named)
            continue;
        struct admin *admin = &registry->admins[registry->admin_count++];
        *admin = (struct admin){ .node = *node, .organisation = seats[i].organisation };
        admin->current =
            administers_now(&seats[i], first, first && named_another(seats, count, node));
        if (ayni_registry_node_record(&registry->root, AYNI_TYPE_MEMBER, node,
                                      &admin->member_record) != AYNI_OK ||
            ayni_registry_node_record(&registry->root, AYNI_TYPE_REVOCATION, node,
                                      &admin->revocation_record) != AYNI_OK)
            return AYNI_E_MEMORY;
    }
    return AYNI_OK;
}

static void sort_admins(struct ayni_registry *registry)
{
    size_t kept = 0;

    qsort(registry->admins, registry->admin_count, sizeof(*registry->admins), compare_admins);
    for (size_t i = 0; i < registry->admin_count; i++)
        if (kept == 0 || compare_admins(&registry->admins[kept - 1], &registry->admins[i]) != 0)
            registry->admins[kept++] = registry->admins[i];
    registry->admin_count = kept;
}

enum ayni_status admins_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    struct item_list rest = items_of_type(build->items, AYNI_TYPE_MEMBER);
    SCOPED_ARENA memory = { 0 };
    struct seats seats = { ayni_arena_take(&memory, rest.count + 1, sizeof(*seats.seats)), 0 };
    struct item_list group;

    registry->admins = state_take(registry, rest.count, sizeof(*registry->admins));
    if (seats.seats == NULL || registry->admins == NULL)
        return AYNI_E_MEMORY;
    while (items_next_record(&rest, &group))
        if (take_seats(build, &group, &seats) != AYNI_OK)
            return AYNI_E_MEMORY;
    qsort(seats.seats, seats.count, sizeof(*seats.seats), compare_seats);
    for (size_t from = 0, to; from < seats.count; from = to) {
        for (to = from + 1; to < seats.count; to++)
            if (!ayni_id_equal(&seats.seats[to].organisation, &seats.seats[from].organisation))
                break;
        if (add_admins(registry, seats.seats + from, to - from) != AYNI_OK)
            return AYNI_E_MEMORY;
    }
    sort_admins(registry);
    return AYNI_OK;
}

const struct admin *admin_find(const struct ayni_registry *registry, const struct ayni_node *node,
                               const struct ayni_record *organisation)
{
    struct admin key = { .node = *node, .organisation = *organisation };
    size_t at =
        state_lower(registry->admins, registry->admin_count, sizeof(key), &key, order_admin);

    if (at == registry->admin_count || compare_admins(&registry->admins[at], &key) != 0)
        return NULL;
    return &registry->admins[at];
}

static int order_admin_node(const void *thing, const void *key)
{
    return ayni_id_compare(&((const struct admin *)thing)->node, (const struct ayni_node *)key);
}

const struct admin *admins_of(const struct ayni_registry *registry, const struct ayni_node *node,
                              size_t *count)
{
    size_t from = state_lower(registry->admins, registry->admin_count, sizeof(*registry->admins),
                              node, order_admin_node);
    size_t to = from;

    while (to < registry->admin_count && ayni_id_equal(&registry->admins[to].node, node))
        to++;
    *count = to - from;
    return registry->admins + from;
}

enum ayni_standing admin_standing(const struct ayni_registry *registry, const struct place *place,
                                  const struct ayni_record *organisation,
                                  const struct ayni_chain_lookup *chains)
{
    const struct admin *admin = admin_find(registry, &place->node, organisation);

    if (admin == NULL)
        return AYNI_STANDING_NO_RIGHT;
    enum verdict revoked = cuts_verdict(&registry->steering_cuts, &registry->id,
                                        &admin->revocation_record, place, chains);
    enum verdict lapsed = admin->current ? CUT_INSIDE
                                         : cuts_verdict(&registry->steering_cuts, &registry->id,
                                                        &admin->member_record, place, chains);
    if (revoked == CUT_OUTSIDE || lapsed == CUT_OUTSIDE)
        return AYNI_STANDING_NO_RIGHT;
    if (lapsed == CUT_NONE || (revoked == CUT_NONE && is_revoked(registry, &place->node)))
        return AYNI_STANDING_MARKED;
    return AYNI_STANDING_VALID;
}
