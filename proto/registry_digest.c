#include "proto/registry_state.h"

#include <stdlib.h>
#include <string.h>

#include "proto/crypto.h"

/*
 * What standing rests on, as bytes to hash. Never stored or sent: two
 * registries of one program are compared by it.
 */
static void put_number(struct ayni_buffer *to, uint64_t number)
{
    uint8_t bytes[8];

    ayni_put_u64(bytes, number);
    ayni_buffer_append(to, bytes, sizeof(bytes));
}

#define put_id(to, id) ayni_buffer_append(to, (id)->bytes, sizeof((id)->bytes))

static void put_view(struct ayni_buffer *to, struct ayni_bytes view)
{
    put_number(to, view.size);
    ayni_buffer_append(to, view.data, view.size);
}

static void put_place(struct ayni_buffer *to, const struct place *place)
{
    put_number(to, place->time.ms);
    put_number(to, place->seq);
    put_id(to, &place->chain);
    put_id(to, &place->feed);
}

static void put_points(struct ayni_buffer *to, const struct ayni_cut_point *points, size_t count)
{
    put_number(to, count);
    for (size_t i = 0; i < count; i++) {
        put_id(to, &points[i].feed);
        put_number(to, points[i].seq);
        put_id(to, &points[i].chain);
    }
}

/* The cuts that bind `node`: all but its own. */
static void put_cuts(struct ayni_buffer *to, struct cut_table cuts, const struct ayni_node *node)
{
    for (size_t i = 0; i < cuts.count; i++) {
        if (ayni_id_equal(&cuts.cuts[i].place.node, node))
            continue;
        put_number(to, 1);
        put_points(to, cuts.cuts[i].points, cuts.cuts[i].point_count);
    }
    put_number(to, 0);
}

static enum ayni_status hash_pair(const struct ayni_registry *registry, size_t index)
{
    const struct ayni_standing_pair *pair = &registry->pairs[index];
    struct pair_more *more = &registry->pairs_more[index];
    const struct ayni_member *member = ayni_registry_member(registry, &pair->node);
    SCOPED_BUFFER bytes = { 0 };

    for (size_t i = 0; i < more->right_count; i++) {
        const struct right *right = &more->rights[i];
        put_number(&bytes, right->pair.right);
        put_number(&bytes, right->ending_count);
        for (size_t j = 0; j < right->ending_count; j++) {
            put_id(&bytes, &right->endings[j]);
            put_cuts(&bytes, cuts_of(&registry->cuts, &pair->space, &right->endings[j]),
                     &pair->node);
        }
    }
    if (member != NULL && member->organisation != NULL)
        put_view(&bytes, member->organisation->roles);
    more->digest = ayni_hash_of(ayni_buffer_bytes(&bytes));
    return ayni_buffer_status(&bytes);
}

static void put_terms(const struct ayni_registry *registry, struct ayni_buffer *to)
{
    put_number(to, registry->term_count);
    for (size_t i = 0; i < registry->term_count; i++)
        put_view(to, registry->terms[i].statement);
    for (size_t i = 0; i < registry->steering_cuts.count; i++) {
        const struct cut *cut = &registry->steering_cuts.cuts[i];
        if (!ayni_id_equal(&cut->space, &registry->id))
            continue;
        put_id(to, &cut->ending);
        put_id(to, &cut->place.node);
        put_points(to, cut->points, cut->point_count);
    }
}

static void put_people(const struct ayni_registry *registry, struct ayni_buffer *to)
{
    put_number(to, registry->admin_count);
    for (size_t i = 0; i < registry->admin_count; i++) {
        put_id(to, &registry->admins[i].node);
        put_id(to, &registry->admins[i].organisation);
        put_number(to, registry->admins[i].current);
    }
    put_number(to, registry->claim_count);
    for (size_t i = 0; i < registry->claim_count; i++) {
        put_id(to, &registry->claims[i].node);
        put_id(to, &registry->claims[i].organisation);
    }
    put_number(to, registry->settled.count);
    for (size_t i = 0; i < registry->settled.count; i++)
        put_id(to, &registry->settled.nodes[i]);
    put_number(to, registry->member_count);
    for (size_t i = 0; i < registry->member_count; i++) {
        put_id(to, &registry->members[i].node);
        put_number(to, registry->members[i].revoked);
    }
}

static void put_spaces(const struct ayni_registry *registry, struct ayni_buffer *to)
{
    put_number(to, registry->space_count);
    for (size_t i = 0; i < registry->space_count; i++) {
        const struct space_more *more = &registry->spaces_more[i];
        put_id(to, &registry->spaces[i].id);
        put_number(to, registry->spaces[i].confidential);
        put_number(to, more->owner_count);
        for (size_t j = 0; j < more->owner_count; j++) {
            put_place(to, &more->owners[j].from);
            put_id(to, &more->owners[j].node);
        }
    }
    put_number(to, registry->grant_count);
    for (size_t i = 0; i < registry->grant_count; i++) {
        put_id(to, &registry->grants[i].record);
        put_id(to, &registry->grants[i].space);
        put_id(to, &registry->grants[i].node);
        put_number(to, registry->grants[i].right);
        put_number(to, registry->grants[i].ended);
    }
}

/* What the reach of orders rests on beside all that standing does. */
static void put_orders(const struct ayni_registry *registry, struct ayni_buffer *to)
{
    for (size_t i = 0; i < registry->cuts.count; i++) {
        const struct cut *cut = &registry->cuts.cuts[i];
        put_id(to, &cut->space);
        put_id(to, &cut->ending);
        put_id(to, &cut->place.node);
        put_points(to, cut->points, cut->point_count);
    }
    put_number(to, registry->move_count);
    for (size_t i = 0; i < registry->move_count; i++) {
        put_id(to, &registry->moves[i].node);
        put_place(to, &registry->moves[i].place);
        put_number(to, registry->moves[i].has_organisation);
        put_id(to, &registry->moves[i].organisation);
    }
}

enum ayni_status digest_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    SCOPED_BUFFER authority = { 0 };
    SCOPED_BUFFER all = { 0 };

    put_terms(registry, &authority);
    put_people(registry, &authority);
    put_spaces(registry, &authority);
    registry->authority = ayni_hash_of(ayni_buffer_bytes(&authority));

    put_id(&all, &registry->authority);
    for (size_t i = 0; i < registry->pair_count; i++) {
        if (hash_pair(registry, i) != AYNI_OK)
            return AYNI_E_MEMORY;
        put_id(&all, &registry->pairs[i].space);
        put_id(&all, &registry->pairs[i].node);
        put_id(&all, &registry->pairs_more[i].digest);
    }
    put_orders(registry, &all);
    registry->orders = ayni_hash_of(ayni_buffer_bytes(&all));
    return authority.failed || all.failed ? AYNI_E_MEMORY : AYNI_OK;
}

static int order_pairs(const struct ayni_standing_pair *a, const struct ayni_standing_pair *b)
{
    if (a == NULL || b == NULL)
        return (a == NULL) - (b == NULL); /* what has run out comes last */
    int order = ayni_id_compare(&a->space, &b->space);
    return order != 0 ? order : ayni_id_compare(&a->node, &b->node);
}

static const struct ayni_standing_pair *pair_at(const struct ayni_registry *registry, size_t index)
{
    return registry != NULL && index < registry->pair_count ? &registry->pairs[index] : NULL;
}

void ayni_registry_changed(const struct ayni_registry *old, const struct ayni_registry *new,
                           void (*visit)(void *context, const struct ayni_node *node,
                                         const struct ayni_space *space),
                           void *context)
{
    size_t i = 0, j = 0;

    if (old == NULL || !ayni_id_equal(&old->authority, &new->authority))
        visit(context, NULL, &new->id);
    for (;;) {
        const struct ayni_standing_pair *before = pair_at(old, i), *after = pair_at(new, j);
        if (before == NULL && after == NULL)
            return;
        int order = order_pairs(before, after);
        if (order != 0 || !ayni_id_equal(&old->pairs_more[i].digest, &new->pairs_more[j].digest)) {
            const struct ayni_standing_pair *changed = order <= 0 ? before : after;
            visit(context, &changed->node, &changed->space);
        }
        i += order <= 0;
        j += order >= 0;
    }
}

bool ayni_registry_orders_changed(const struct ayni_registry *old, const struct ayni_registry *new)
{
    return !ayni_id_equal(&old->orders, &new->orders);
}
