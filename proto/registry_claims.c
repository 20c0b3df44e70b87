#include "proto/registry_state.h"

#include <stdlib.h>

static int compare_claims(const void *left, const void *right)
{
    const struct claim *a = left, *b = right;
    int order = ayni_id_compare(&a->node, &b->node);

    if (order == 0)
        order = ayni_id_compare(&a->organisation, &b->organisation);
    return order != 0 ? order : place_order(&a->place, &b->place);
}

static int compare_nodes(const void *left, const void *right)
{
    return ayni_id_compare((const struct ayni_node *)left, (const struct ayni_node *)right);
}

static int compare_moves(const void *left, const void *right)
{
    const struct move *a = left, *b = right;
    int order = ayni_id_compare(&a->node, &b->node);

    return order != 0 ? order : place_order(&a->place, &b->place);
}

static int order_move_node(const void *thing, const void *key)
{
    return ayni_id_compare(&((const struct move *)thing)->node, (const struct ayni_node *)key);
}

static int order_node(const void *thing, const void *key)
{
    return compare_nodes(thing, key);
}

static int order_claim_node(const void *thing, const void *key)
{
    return ayni_id_compare(&((const struct claim *)thing)->node, (const struct ayni_node *)key);
}

static bool list_has(const struct node_list *list, const struct ayni_node *node)
{
    size_t at = state_lower(list->nodes, list->count, sizeof(*node), node, order_node);
    return at < list->count && ayni_id_equal(&list->nodes[at], node);
}

/* The list is filled in no order and with repeats; then it is searched. */
static void list_finish(struct node_list *list)
{
    size_t kept = 0;

    qsort(list->nodes, list->count, sizeof(*list->nodes), compare_nodes);
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || !ayni_id_equal(&list->nodes[kept - 1], &list->nodes[i]))
            list->nodes[kept++] = list->nodes[i];
    list->count = kept;
}

bool is_settled(const struct ayni_registry *registry, const struct ayni_node *node)
{
    return list_has(&registry->settled, node);
}

bool is_revoked(const struct ayni_registry *registry, const struct ayni_node *node)
{
    return list_has(&registry->revoked, node);
}

const struct claim *claims_of(const struct ayni_registry *registry, const struct ayni_node *node,
                              size_t *count)
{
    size_t from = state_lower(registry->claims, registry->claim_count, sizeof(*registry->claims),
                              node, order_claim_node);
    size_t to = from;

    while (to < registry->claim_count && ayni_id_equal(&registry->claims[to].node, node))
        to++;
    *count = to - from;
    return registry->claims + from;
}

bool has_claim(const struct ayni_registry *registry, const struct ayni_node *node,
               const struct ayni_record *organisation)
{
    size_t count;
    const struct claim *claims = claims_of(registry, node, &count);

    for (size_t i = 0; i < count; i++)
        if (ayni_id_equal(&claims[i].organisation, organisation))
            return true;
    return false;
}

/* What was written before the first word on a node's organisation is taken for that one's. */
bool was_of(const struct ayni_registry *registry, const struct place *place,
            const struct ayni_record *organisation)
{
    size_t at = state_lower(registry->moves, registry->move_count, sizeof(*registry->moves),
                            &place->node, order_move_node);
    const struct move *last = NULL;

    if (!is_settled(registry, &place->node))
        return has_claim(registry, &place->node, organisation);
    for (; at < registry->move_count && ayni_id_equal(&registry->moves[at].node, &place->node) &&
           (last == NULL || place_order(&registry->moves[at].place, place) <= 0);
         at++)
        last = &registry->moves[at];
    return last != NULL && last->has_organisation &&
           ayni_id_equal(&last->organisation, organisation);
}

enum ayni_standing admin_standing_over(const struct ayni_registry *registry,
                                       const struct place *place, const struct ayni_node *node,
                                       const struct ayni_chain_lookup *chains)
{
    enum ayni_standing best = AYNI_STANDING_NO_RIGHT;
    size_t count;
    const struct claim *claims = claims_of(registry, node, &count);

    for (size_t i = 0; i < count && best != AYNI_STANDING_VALID; i++) {
        enum ayni_standing standing =
            admin_standing(registry, place, &claims[i].organisation, chains);
        if (standing > best)
            best = standing;
    }
    return best;
}

static void add_claim(struct ayni_registry *registry, const struct ayni_node *node,
                      const struct ayni_record *organisation, const struct place *place)
{
    registry->claims[registry->claim_count++] = (struct claim){ *node, *organisation, *place };
}

/* What steering's version says of the node's organisation. False where it says nothing. */
static bool read_move(const struct ayni_registry_item *item, const struct ayni_node *node,
                      struct move *move)
{
    if (field_find(item->version, AYNI_FIELD_MEMBER_ORGANISATION) == NULL)
        return false;
    *move = (struct move){ .node = *node, .place = place_of_item(item) };
    move->has_organisation =
        field_id(item->version, AYNI_FIELD_MEMBER_ORGANISATION, &move->organisation);
    return true;
}

/* Where steering has said an organisation, or admitted the node itself, its word alone holds. */
static enum ayni_status settle_by_steering(const struct build *build, const struct ayni_node *node,
                                           const struct item_list *group, bool *settled)
{
    struct ayni_registry *registry = build->registry;
    struct ayni_record organisation;
    struct ayni_bytes raw;
    SCOPED_FOLD fold = { 0 };

    if (group_fold(build, group, steering_member_standing, &fold) != AYNI_OK)
        return AYNI_E_MEMORY;
    *settled = false;
    for (size_t i = 0; i < group->count; i++) {
        if (!fold.items[i].valid)
            continue;
        bool moves = read_move(group->items[i], node, &registry->moves[registry->move_count]);
        registry->move_count += moves;
        *settled = *settled || moves ||
                   field_find(group->items[i]->version, AYNI_FIELD_MEMBER_CARD) != NULL;
    }
    if (!*settled)
        return AYNI_OK;
    registry->settled.nodes[registry->settled.count++] = *node;
    if (shown(&fold, AYNI_FIELD_MEMBER_ORGANISATION, &raw) &&
        value_bytes(raw, organisation.bytes, sizeof(organisation.bytes))) {
        struct place place = place_of_item(group->items[0]);
        add_claim(registry, node, &organisation, &place);
    }
    return AYNI_OK;
}

/* Else each admin node's that says the node is of its own organisation. */
static void claim_by_admins(const struct build *build, const struct ayni_node *node,
                            const struct item_list *group)
{
    for (size_t i = 0; i < group->count; i++) {
        struct place place = place_of_item(group->items[i]);
        struct ayni_record organisation;
        struct subject subject;
        if (subject_of(build->registry, group->items[i]->version, &subject) &&
            field_id(group->items[i]->version, AYNI_FIELD_MEMBER_ORGANISATION, &organisation) &&
            field_find(group->items[i]->version, AYNI_FIELD_MEMBER_ADMIN) == NULL &&
            admin_standing(build->registry, &place, &organisation, build->chains) !=
                AYNI_STANDING_NO_RIGHT)
            add_claim(build->registry, node, &organisation, &place);
    }
}

enum ayni_status claims_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    struct item_list rest = items_of_type(build->items, AYNI_TYPE_MEMBER);
    struct item_list group;
    size_t kept = 0;

    registry->claims = state_take(registry, rest.count, sizeof(*registry->claims));
    registry->settled.nodes = state_take(registry, rest.count, sizeof(*registry->settled.nodes));
    registry->moves = state_take(registry, rest.count, sizeof(*registry->moves));
    if (registry->claims == NULL || registry->settled.nodes == NULL || registry->moves == NULL)
        return AYNI_E_MEMORY;
    while (items_next_record(&rest, &group)) {
        const struct subject *subject =
            subject_of_record(registry, AYNI_TYPE_MEMBER, &group.items[0]->version->record);
        bool settled;
        if (subject == NULL)
            continue;
        if (settle_by_steering(build, &subject->node, &group, &settled) != AYNI_OK)
            return AYNI_E_MEMORY;
        if (!settled)
            claim_by_admins(build, &subject->node, &group);
    }
    list_finish(&registry->settled);
    qsort(registry->moves, registry->move_count, sizeof(*registry->moves), compare_moves);
    qsort(registry->claims, registry->claim_count, sizeof(*registry->claims), compare_claims);
    for (size_t i = 0; i < registry->claim_count; i++) /* of one node and organisation the first */
        if (kept == 0 ||
            !ayni_id_equal(&registry->claims[kept - 1].node, &registry->claims[i].node) ||
            !ayni_id_equal(&registry->claims[kept - 1].organisation,
                           &registry->claims[i].organisation))
            registry->claims[kept++] = registry->claims[i];
    registry->claim_count = kept;
    return AYNI_OK;
}

enum ayni_standing member_item_standing(const struct ayni_registry *registry,
                                        const struct ayni_registry_item *item,
                                        const struct ayni_chain_lookup *chains)
{
    enum ayni_standing standing = steering_member_standing(registry, item, chains);
    struct place place = place_of_item(item);
    struct ayni_record organisation;
    struct subject subject;

    if (standing != AYNI_STANDING_NO_RIGHT)
        return standing;
    if (!subject_of(registry, item->version, &subject) ||
        field_find(item->version, AYNI_FIELD_MEMBER_ADMIN) != NULL)
        return AYNI_STANDING_NO_RIGHT;
    if (field_find(item->version, AYNI_FIELD_MEMBER_ORGANISATION) == NULL)
        return admin_standing_over(registry, &place, &subject.node, chains);
    if (!field_id(item->version, AYNI_FIELD_MEMBER_ORGANISATION, &organisation) ||
        (is_settled(registry, &subject.node) && !has_claim(registry, &subject.node, &organisation)))
        return AYNI_STANDING_NO_RIGHT;
    return admin_standing(registry, &place, &organisation, chains);
}

/* The steering key can't be revoked: a root statement replaces it. */
enum ayni_standing revocation_item_standing(const struct ayni_registry *registry,
                                            const struct ayni_registry_item *item,
                                            const struct ayni_chain_lookup *chains)
{
    struct place place = place_of_item(item);
    struct subject subject;

    if (!subject_of(registry, item->version, &subject) || steering_is(registry, &subject.node))
        return AYNI_STANDING_NO_RIGHT;
    enum ayni_standing standing = steering_standing(registry, &place, chains);
    if (standing != AYNI_STANDING_NO_RIGHT)
        return standing;
    return admin_standing_over(registry, &place, &subject.node, chains);
}

enum ayni_status revocations_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    struct item_list list = items_of_type(build->items, AYNI_TYPE_REVOCATION);
    struct node_list revoked = { state_take(registry, list.count, sizeof(*revoked.nodes)), 0 };
    struct subject subject;

    if (revoked.nodes == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < list.count; i++)
        if (revocation_item_standing(registry, list.items[i], build->chains) !=
                AYNI_STANDING_NO_RIGHT &&
            subject_of(registry, list.items[i]->version, &subject))
            revoked.nodes[revoked.count++] = subject.node;
    list_finish(&revoked);
    registry->revoked = revoked;
    return AYNI_OK;
}
