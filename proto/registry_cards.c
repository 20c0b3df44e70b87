#include "proto/registry_state.h"

#include <stdlib.h>
#include <string.h>

#include "proto/card.h"

/* The best card so far of one member: highest serial, of equal ones the bytewise higher. */
struct choice {
    bool found;
    struct ayni_card card;
    struct ayni_bytes cose;
    struct place place;
    bool admitted;
};

static void consider(const struct ayni_registry_item *item, uint32_t field,
                     const struct ayni_node *node, struct choice *best)
{
    struct choice c = { .found = true,
                        .place = place_of_item(item),
                        .admitted = field == AYNI_FIELD_MEMBER_CARD };

    if (!field_view(item->version, field, &c.cose) ||
        ayni_card_decode(c.cose, &c.card) != AYNI_OK || !ayni_id_equal(&c.card.node, node))
        return;
    if (best->found && c.card.serial < best->card.serial)
        return;
    if (best->found && c.card.serial == best->card.serial &&
        ayni_bytes_compare(c.cose, best->cose) < 0)
        return;
    bool same = best->found && ayni_bytes_equal(c.cose, best->cose);
    bool admitted = c.admitted || (same && best->admitted);
    if (same && place_order(&best->place, &c.place) < 0)
        c.place = best->place;
    *best = c;
    best->admitted = admitted;
}

/*
 * The newest versions of one record that count: the signature of each card is
 * to be checked, and nobody may make others check without end.
 */
static enum ayni_status consider_record(const struct build *build, uint32_t type, uint32_t field,
                                        const struct ayni_member *member, struct choice *best)
{
    item_standing *standing = type == AYNI_TYPE_CARD ? card_item_standing : member_item_standing;
    struct ayni_record record;

    if (ayni_registry_node_record(&build->registry->root, type, &member->node, &record) != AYNI_OK)
        return AYNI_E_MEMORY;
    struct item_list list = items_of_record(build->items, type, &record);
    size_t looked_at = 0;
    for (size_t i = list.count; i > 0 && looked_at < AYNI_CARDS_PER_RECORD_MAX; i--) {
        const struct ayni_registry_item *item = list.items[i - 1];
        if (field_find(item->version, field) == NULL ||
            standing(build->registry, item, build->chains) == AYNI_STANDING_NO_RIGHT)
            continue;
        consider(item, field, &member->node, best);
        looked_at++;
    }
    return AYNI_OK;
}

static enum ayni_status keep_card(struct ayni_registry *registry, const struct choice *best,
                                  size_t index)
{
    struct ayni_member *member = &registry->members[index];
    struct ayni_bytes *endpoints =
        state_take(registry, best->card.endpoint_count, sizeof(*endpoints));
    bool kept = endpoints != NULL && state_keep(registry, best->cose, &member->card) &&
                state_keep(registry, best->card.name, &member->name);

    for (size_t i = 0; kept && i < best->card.endpoint_count; i++)
        kept = state_keep(registry, best->card.endpoints[i], &endpoints[i]);
    if (!kept)
        return AYNI_E_MEMORY;
    member->has_card = true;
    member->card_serial = best->card.serial;
    memcpy(member->transport_key, best->card.transport_key, sizeof(member->transport_key));
    member->endpoints = endpoints;
    member->endpoint_count = best->card.endpoint_count;
    registry->members_more[index].card_admitted = best->admitted;
    registry->members_more[index].card_place = best->place;
    return AYNI_OK;
}

struct transport_order {
    struct transport transport;
    const struct member_more *more;
};

/* Who else shows a member's transport key doesn't get its place: the admitted card, then the first,
 * stands. */
static int compare_transports(const void *left, const void *right)
{
    const struct transport_order *a = left, *b = right;
    int order = memcmp(a->transport.key, b->transport.key, 32);

    if (order == 0)
        order = (int)b->more->card_admitted - (int)a->more->card_admitted;
    return order != 0 ? order : place_order(&a->more->card_place, &b->more->card_place);
}

static enum ayni_status index_transports(struct ayni_registry *registry)
{
    SCOPED_ARENA memory = { 0 };
    struct transport_order *sorted =
        ayni_arena_take(&memory, registry->member_count + 1, sizeof(*sorted));
    size_t count = 0;

    registry->transports =
        state_take(registry, registry->member_count, sizeof(*registry->transports));
    if (sorted == NULL || registry->transports == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < registry->member_count; i++) {
        const struct ayni_member *member = &registry->members[i];
        if (member->has_card && !member->revoked)
            sorted[count++] = (struct transport_order){ { member->transport_key, i },
                                                        &registry->members_more[i] };
    }
    qsort(sorted, count, sizeof(*sorted), compare_transports);
    for (size_t i = 0; i < count; i++)
        registry->transports[i] = sorted[i].transport;
    registry->transport_count = count;
    return AYNI_OK;
}

enum ayni_status cards_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;

    for (size_t i = 0; i < registry->member_count; i++) {
        const struct ayni_member *member = &registry->members[i];
        struct choice best = { 0 };
        if (consider_record(build, AYNI_TYPE_CARD, AYNI_FIELD_CARD_CARD, member, &best) !=
                AYNI_OK ||
            consider_record(build, AYNI_TYPE_MEMBER, AYNI_FIELD_MEMBER_CARD, member, &best) !=
                AYNI_OK)
            return AYNI_E_MEMORY;
        if (best.found && keep_card(registry, &best, i) != AYNI_OK)
            return AYNI_E_MEMORY;
    }
    return index_transports(registry);
}

enum ayni_standing card_item_standing(const struct ayni_registry *registry,
                                      const struct ayni_registry_item *item,
                                      const struct ayni_chain_lookup *chains)
{
    struct place place = place_of_item(item);
    struct subject subject;

    if (!subject_of(registry, item->version, &subject) ||
        !ayni_id_equal(&subject.node, &item->node))
        return AYNI_STANDING_NO_RIGHT;
    return self_standing(registry, &place, chains);
}

static int order_transport(const void *thing, const void *key)
{
    return memcmp(((const struct transport *)thing)->key, key, 32);
}

const struct ayni_member *ayni_registry_member_by_transport(const struct ayni_registry *registry,
                                                            const uint8_t transport_key[32])
{
    size_t at = state_lower(registry->transports, registry->transport_count,
                            sizeof(*registry->transports), transport_key, order_transport);

    if (at == registry->transport_count ||
        order_transport(&registry->transports[at], transport_key) != 0)
        return NULL;
    return &registry->members[registry->transports[at].member];
}
