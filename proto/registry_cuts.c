#include "proto/registry_state.h"

#include <stdlib.h>
#include <string.h>

static int order_ending(const struct cut *a, const struct cut *b)
{
    int order = ayni_id_compare(&a->space, &b->space);
    return order != 0 ? order : ayni_id_compare(&a->ending, &b->ending);
}

/* By space, ending and giver; the newest of each giver first. */
static int compare_cuts(const void *left, const void *right)
{
    const struct cut *a = left, *b = right;
    int order = order_ending(a, b);

    if (order == 0)
        order = ayni_id_compare(&a->place.node, &b->place.node);
    return order != 0 ? order : place_order(&b->place, &a->place);
}

static int order_cut(const void *thing, const void *key)
{
    return order_ending(thing, key);
}

static int order_point_feed(const void *thing, const void *key)
{
    const struct ayni_cut_point *point = thing;
    return ayni_id_compare(&point->feed, (const struct ayni_feed *)key);
}

bool cut_covers(const struct ayni_cut_point *points, size_t count, const struct place *place,
                const struct ayni_chain_lookup *chains)
{
    size_t i = state_lower(points, count, sizeof(*points), &place->feed, order_point_feed);

    for (; i < count && ayni_id_equal(&points[i].feed, &place->feed); i++)
        if (place->seq <= points[i].seq &&
            (chains == NULL || chains->ask(chains->context, &place->feed, place->seq, &place->chain,
                                           points[i].seq, &points[i].chain) != AYNI_CHAIN_OFF))
            return true;
    return false;
}

struct cut_table cuts_of(const struct cut_table *table, const struct ayni_space *space,
                         const struct ayni_record *ending)
{
    struct cut key = { .space = *space, .ending = *ending };
    size_t from = state_lower(table->cuts, table->count, sizeof(key), &key, order_cut);
    size_t to = from;

    while (to < table->count && order_ending(&table->cuts[to], &key) == 0)
        to++;
    return (struct cut_table){ table->cuts + from, to - from };
}

enum verdict cuts_verdict(const struct cut_table *table, const struct ayni_space *space,
                          const struct ayni_record *ending, const struct place *place,
                          const struct ayni_chain_lookup *chains)
{
    struct cut_table cuts = cuts_of(table, space, ending);
    enum verdict verdict = CUT_NONE;

    for (size_t i = 0; i < cuts.count; i++) {
        const struct cut *cut = &cuts.cuts[i];
        if (ayni_id_equal(&cut->place.node, &place->node))
            continue; /* nobody says up to where its own feeds count */
        if (!cut_covers(cut->points, cut->point_count, place, chains))
            return CUT_OUTSIDE;
        verdict = CUT_INSIDE;
    }
    return verdict;
}

/* Sorted points of its own, so that whoever made the entry, lookups find them. */
static enum ayni_status keep_cut(struct ayni_registry *registry,
                                 const struct ayni_registry_cut *from, struct cut *cut)
{
    struct cut c = { .space = from->space,
                     .ending = from->cut->ending,
                     .place = place_of_cut(from),
                     .point_count = from->cut->point_count };

    c.points = state_take(registry, c.point_count, sizeof(*c.points));
    if (c.points == NULL)
        return AYNI_E_MEMORY;
    if (c.point_count > 0)
        memcpy(c.points, from->cut->points, c.point_count * sizeof(*c.points));
    ayni_cut_sort_points(c.points, c.point_count);
    *cut = c;
    return AYNI_OK;
}

/* Of each giver and ending the newest alone. */
static void settle(struct cut_table *table)
{
    size_t kept = 0;

    qsort(table->cuts, table->count, sizeof(*table->cuts), compare_cuts);
    for (size_t i = 0; i < table->count; i++) {
        const struct cut *last = kept == 0 ? NULL : &table->cuts[kept - 1];
        if (last == NULL || order_ending(last, &table->cuts[i]) != 0 ||
            !ayni_id_equal(&last->place.node, &table->cuts[i].place.node))
            table->cuts[kept++] = table->cuts[i];
    }
    table->count = kept;
}

typedef enum ayni_standing giver_standing(const struct ayni_registry *registry,
                                          const struct ayni_registry_cut *cut,
                                          const struct ayni_chain_lookup *chains);

static enum ayni_status build_table(const struct build *build, giver_standing *standing,
                                    struct cut_table *table)
{
    struct cut_table t = { state_take(build->registry, build->cut_count, sizeof(*t.cuts)), 0 };

    if (t.cuts == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < build->cut_count; i++) {
        const struct ayni_registry_cut *cut = &build->cuts[i];
        if (standing(build->registry, cut, build->chains) == AYNI_STANDING_NO_RIGHT)
            continue;
        if (keep_cut(build->registry, cut, &t.cuts[t.count]) != AYNI_OK)
            return AYNI_E_MEMORY;
        t.count++;
    }
    settle(&t);
    *table = t;
    return AYNI_OK;
}

static enum ayni_standing by_steering(const struct ayni_registry *registry,
                                      const struct ayni_registry_cut *cut,
                                      const struct ayni_chain_lookup *chains)
{
    struct place place = place_of_cut(cut);
    return steering_standing(registry, &place, chains);
}

enum ayni_status cuts_build_steering(const struct build *build)
{
    return build_table(build, by_steering, &build->registry->steering_cuts);
}

/*
 * A revoked owner's cut counts within steering's cut of its revocation in that
 * space; steering's alone are asked, so that owners never wait for one another.
 */
static enum ayni_standing by_owner(const struct ayni_registry *registry,
                                   const struct ayni_registry_cut *cut,
                                   const struct ayni_chain_lookup *chains)
{
    struct place place = place_of_cut(cut);
    size_t space = space_index(registry, &cut->space);
    size_t member = member_index(registry, &cut->node);

    if (space == SIZE_MAX || member == SIZE_MAX || !owner_was(registry, space, &place))
        return AYNI_STANDING_NO_RIGHT;
    const struct ayni_record *revocation = &registry->members_more[member].revocation_record;
    if (registry->members[member].revoked &&
        cuts_verdict(&registry->steering_cuts, &cut->space, revocation, &place, chains) ==
            CUT_OUTSIDE)
        return AYNI_STANDING_NO_RIGHT;
    return AYNI_STANDING_VALID;
}

static enum ayni_standing by_either(const struct ayni_registry *registry,
                                    const struct ayni_registry_cut *cut,
                                    const struct ayni_chain_lookup *chains)
{
    enum ayni_standing standing = by_steering(registry, cut, chains);
    return standing != AYNI_STANDING_NO_RIGHT ? standing : by_owner(registry, cut, chains);
}

enum ayni_status cuts_build(const struct build *build)
{
    return build_table(build, by_either, &build->registry->cuts);
}
