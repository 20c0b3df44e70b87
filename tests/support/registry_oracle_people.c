#include "tests/support/registry_oracle_parts.h"

#include <string.h>

#include "proto/entry.h"

/* --- step 3: cuts --- */

bool oracle_is_registry(const struct oracle *o, const struct ayni_space *space)
{
    struct ayni_space registry = ayni_registry_space(&o->world->root);
    return ayni_id_equal(&registry, space);
}

enum verdict oracle_cut_says(const struct oracle *o, const struct ayni_space *space,
                             const struct ayni_record *ending, const struct spot *spot,
                             bool steerings);

static bool cut_counts(const struct oracle *o, const struct ayni_registry_cut *cut,
                       const struct spot *given, bool steerings)
{
    if (oracle_by_steering(o, given) != NO)
        return true;
    if (steerings || oracle_is_registry(o, &cut->space) || given->node < 0 ||
        !o->known[given->node] || oracle_owner_at(o, &cut->space, given) != given->node)
        return false;
    struct ayni_record revocation = oracle_node_record(o, AYNI_TYPE_REVOCATION, given->node);
    return !o->revoked[given->node] ||
           oracle_cut_says(o, &cut->space, &revocation, given, true) != OUTSIDE;
}

enum verdict oracle_cut_says(const struct oracle *o, const struct ayni_space *space,
                             const struct ayni_record *ending, const struct spot *spot,
                             bool steerings)
{
    enum verdict verdict = NONE;

    for (int giver = 0; giver < WORLD_NODES; giver++) {
        const struct ayni_registry_cut *newest = NULL;
        struct spot newest_spot;
        for (size_t c = 0; c < o->world->cut_count && giver != spot->node; c++) {
            const struct ayni_registry_cut *cut = &o->world->cuts[c];
            struct spot given = { oracle_node_of(o, &cut->node), cut->feed, cut->seq, cut->chain,
                                  cut->time.ms };
            if (given.node != giver || !ayni_id_equal(&cut->space, space) ||
                !ayni_id_equal(&cut->cut->ending, ending) || !cut_counts(o, cut, &given, steerings))
                continue;
            if (newest == NULL || oracle_before(&newest_spot, &given)) {
                newest = cut;
                newest_spot = given;
            }
        }
        if (newest == NULL)
            continue;
        if (!oracle_covered(o, newest->cut->points, newest->cut->point_count, spot))
            return OUTSIDE;
        verdict = INSIDE;
    }
    return verdict;
}

static enum verdict registry_cut_says(const struct oracle *o, uint32_t type, int node,
                                      const struct spot *spot)
{
    struct ayni_space registry = ayni_registry_space(&o->world->root);
    struct ayni_record record = oracle_node_record(o, type, node);
    return oracle_cut_says(o, &registry, &record, spot, true);
}

/* --- what a record shows --- */

typedef enum ayni_standing standing_of(const struct oracle *o, item_ref i);

static bool saw(item_ref by, item_ref what)
{
    for (size_t s = 0; s < by->version->seen_count; s++) {
        const struct ayni_seen *seen = &by->version->seen[s];
        struct ayni_feed_prefix feed = ayni_feed_prefix_of(&what->feed);
        bool same_feed =
            seen->own ? ayni_id_equal(&by->feed, &what->feed) : ayni_id_equal(&seen->feed, &feed);
        if (same_feed && seen->seq >= what->seq)
            return true; /* the world's pairs always name a version that is held */
    }
    return false;
}

/* The shown value of a field by the versions that count; empty if there is none. */
static struct ayni_bytes shows(const struct oracle *o, uint32_t type,
                               const struct ayni_record *record, uint32_t number,
                               standing_of *standing)
{
    item_ref best = NULL;

    EACH_ITEM(o, i)
    {
        bool overwritten = false;
        if (i->version->type != type || !ayni_id_equal(&i->version->record, record) ||
            oracle_field(i, number) == NULL || standing(o, i) == NO)
            continue;
        EACH_ITEM(o, by)
        if (oracle_same_record(i, by) && by != i && oracle_field(by, number) != NULL &&
            standing(o, by) != NO && saw(by, i))
            overwritten = true;
        if (overwritten)
            continue;
        int order = best == NULL                  ? 1
                    : i->time.ms != best->time.ms ? (i->time.ms > best->time.ms ? 1 : -1)
                                                  : memcmp(i->chain.bytes, best->chain.bytes, 32);
        if (order > 0)
            best = i;
    }
    if (best == NULL || oracle_field(best, number)->value.data[0] == 0xF6)
        return (struct ayni_bytes){ 0 };
    return oracle_field(best, number)->value;
}

/* --- step 4: admin nodes --- */

static enum ayni_standing member_by_steering(const struct oracle *o, item_ref i)
{
    return i->version->type == AYNI_TYPE_MEMBER && oracle_about(o, i) >= 0
               ? oracle_item_by_steering(o, i)
               : NO;
}

/* It says of which organisation, or none, a node is from there on. */
bool oracle_puts_by_steering(const struct oracle *o, item_ref i)
{
    return member_by_steering(o, i) != NO &&
           oracle_field(i, AYNI_FIELD_MEMBER_ORGANISATION) != NULL;
}

static int first_node(const struct oracle *o, int organisation)
{
    int first = -1;
    struct spot best;

    EACH_ITEM(o, i)
    {
        struct spot spot = oracle_spot_of(o, i);
        if (member_by_steering(o, i) == NO || oracle_organisation_field(o, i) != organisation ||
            (first >= 0 && !oracle_before(&spot, &best)))
            continue;
        first = oracle_about(o, i);
        best = spot;
    }
    return first;
}

void oracle_find_admins(struct oracle *o)
{
    bool was_in[WORLD_NODES][ORACLE_ORGANISATIONS] = { 0 }, named[WORLD_NODES] = { 0 };

    EACH_ITEM(o, i)
    {
        if (member_by_steering(o, i) == NO)
            continue;
        int node = oracle_about(o, i);
        const struct ayni_field *admin = oracle_field(i, AYNI_FIELD_MEMBER_ADMIN);
        if (oracle_organisation_field(o, i) >= 0)
            was_in[node][oracle_organisation_field(o, i)] = true;
        if (admin != NULL && oracle_is_true(admin->value))
            named[node] = true;
    }
    for (int g = 0; g < ORACLE_ORGANISATIONS; g++) {
        int first = first_node(o, g);
        for (int n = 0; n < WORLD_NODES; n++) {
            struct ayni_record record = oracle_node_record(o, AYNI_TYPE_MEMBER, n);
            struct ayni_bytes is = shows(o, AYNI_TYPE_MEMBER, &record,
                                         AYNI_FIELD_MEMBER_ORGANISATION, member_by_steering);
            struct ayni_bytes word =
                shows(o, AYNI_TYPE_MEMBER, &record, AYNI_FIELD_MEMBER_ADMIN, member_by_steering);
            bool another = false;
            for (int m = 0; m < WORLD_NODES; m++)
                another = another || (m != n && was_in[m][g] && named[m]);
            o->administered[n][g] = was_in[n][g] && (n == first || named[n]);
            o->administers[n][g] = o->administered[n][g] && is.size == 17 &&
                                   oracle_organisation_of_id(o, is.data + 1) == g &&
                                   (word.size > 0 ? oracle_is_true(word) : n == first && !another);
        }
    }
}

static enum ayni_standing as_admin(const struct oracle *o, const struct spot *spot,
                                   int organisation)
{
    if (spot->node < 0 || organisation < 0 || !o->administered[spot->node][organisation])
        return NO;
    enum verdict revoked = registry_cut_says(o, AYNI_TYPE_REVOCATION, spot->node, spot);
    enum verdict lapsed = registry_cut_says(o, AYNI_TYPE_MEMBER, spot->node, spot);
    bool now = o->administers[spot->node][organisation];
    if (revoked == OUTSIDE || (!now && lapsed == OUTSIDE))
        return NO;
    if ((!now && lapsed == NONE) || (o->revoked[spot->node] && revoked == NONE))
        return MARKED;
    return VALID;
}

/* --- step 5: whose nodes --- */

void oracle_find_claims(struct oracle *o)
{
    struct spot firsts[WORLD_NODES];

    for (int n = 0; n < WORLD_NODES; n++)
        o->organisation[n] = -1;
    EACH_ITEM(o, i)
    if (member_by_steering(o, i) != NO &&
        (oracle_field(i, AYNI_FIELD_MEMBER_ORGANISATION) != NULL ||
         oracle_field(i, AYNI_FIELD_MEMBER_CARD) != NULL))
        o->settled[oracle_about(o, i)] = true;
    EACH_ITEM(o, i)
    {
        int node = i->version->type == AYNI_TYPE_MEMBER ? oracle_about(o, i) : -1;
        int organisation = oracle_organisation_field(o, i);
        struct spot spot = oracle_spot_of(o, i);
        if (node < 0 || o->settled[node] || organisation < 0 ||
            oracle_field(i, AYNI_FIELD_MEMBER_ADMIN) != NULL ||
            as_admin(o, &spot, organisation) == NO)
            continue;
        o->of[node][organisation] = true;
        if (o->organisation[node] < 0 || oracle_before(&spot, &firsts[node])) {
            o->organisation[node] = organisation;
            firsts[node] = spot;
        }
    }
    for (int n = 0; n < WORLD_NODES; n++) {
        struct ayni_record record = oracle_node_record(o, AYNI_TYPE_MEMBER, n);
        struct ayni_bytes is =
            shows(o, AYNI_TYPE_MEMBER, &record, AYNI_FIELD_MEMBER_ORGANISATION, member_by_steering);
        if (!o->settled[n] || is.size != 17)
            continue;
        o->organisation[n] = oracle_organisation_of_id(o, is.data + 1);
        o->of[n][o->organisation[n]] = true;
    }
}

enum ayni_standing oracle_as_admin_over(const struct oracle *o, const struct spot *spot, int node)
{
    enum ayni_standing best = NO;

    for (int g = 0; g < ORACLE_ORGANISATIONS; g++)
        if (o->of[node][g] && as_admin(o, spot, g) > best)
            best = as_admin(o, spot, g);
    return best;
}

/* --- steps 6 to 8: revocations, members, and their own --- */

enum ayni_standing oracle_revocation_standing(const struct oracle *o, item_ref i)
{
    struct spot spot = oracle_spot_of(o, i);
    int node = oracle_about(o, i);

    if (node < 0 || node == o->steering)
        return NO;
    return oracle_by_steering(o, &spot) != NO ? oracle_by_steering(o, &spot)
                                              : oracle_as_admin_over(o, &spot, node);
}

enum ayni_standing oracle_member_standing(const struct oracle *o, item_ref i)
{
    struct spot spot = oracle_spot_of(o, i);
    int node = oracle_about(o, i), organisation = oracle_organisation_field(o, i);

    if (member_by_steering(o, i) != NO)
        return member_by_steering(o, i);
    if (node < 0 || oracle_field(i, AYNI_FIELD_MEMBER_ADMIN) != NULL)
        return NO;
    if (oracle_field(i, AYNI_FIELD_MEMBER_ORGANISATION) == NULL)
        return oracle_as_admin_over(o, &spot, node);
    if (organisation < 0 || (o->settled[node] && !o->of[node][organisation]))
        return NO;
    return as_admin(o, &spot, organisation);
}

enum ayni_standing oracle_own(const struct oracle *o, const struct spot *spot)
{
    if (spot->node < 0 || !o->known[spot->node])
        return NO;
    if (spot->node == o->steering)
        return VALID;
    switch (registry_cut_says(o, AYNI_TYPE_REVOCATION, spot->node, spot)) {
    case OUTSIDE:
        return NO;
    case NONE:
        return o->revoked[spot->node] ? MARKED : VALID;
    default:
        return VALID;
    }
}
