#include "tests/support/registry_oracle_parts.h"

#include <assert.h>
#include <string.h>

#include "proto/root.h"

const char *const oracle_organisations[ORACLE_ORGANISATIONS] = { "MIDIS", "ALFA", "BETA" };

/* --- step 9: spaces --- */

static bool is_of_space(item_ref i, const struct ayni_space *space)
{
    return i->version->type == AYNI_TYPE_SPACE &&
           memcmp(i->version->record.bytes, space->bytes, 16) == 0;
}

static item_ref first_of_space(const struct oracle *o, const struct ayni_space *space)
{
    item_ref first = NULL;

    EACH_ITEM(o, i)
    {
        struct spot spot = oracle_spot_of(o, i), best;
        struct ayni_node creator;
        uint8_t random[16];
        if (!is_of_space(i, space) || oracle_own(o, &spot) == NO ||
            !oracle_bytes_field(i, 1, creator.bytes, 32) || !oracle_bytes_field(i, 2, random, 16) ||
            !ayni_id_equal(&creator, &i->node))
            continue;
        struct ayni_space id = ayni_space_of(&o->world->root, &creator, random);
        if (!ayni_id_equal(&id, space))
            continue;
        if (first != NULL)
            best = oracle_spot_of(o, first);
        if (first == NULL || oracle_before(&spot, &best))
            first = i;
    }
    return first;
}

static bool sets_owner_alone(item_ref i)
{
    return i->version->field_count == 1 && i->version->fields[0].number == AYNI_FIELD_SPACE_OWNER;
}

/*
 * Goes from transfer to transfer by place until `when` (NULL: to the end), and
 * marks who owned it on the way (`owned` may be NULL). -1 where the space isn't known.
 */
static int walk_owners(const struct oracle *o, const struct ayni_space *space,
                       const struct spot *when, bool owned[WORLD_NODES])
{
    item_ref first = first_of_space(o, space);
    struct spot last = { 0 };
    bool any = false;

    if (first == NULL)
        return -1;
    int creator = oracle_node_of(o, &first->node), owner = creator;
    for (;;) {
        item_ref next = NULL;
        struct spot next_spot;
        if (owned != NULL)
            owned[owner] = true;
        EACH_ITEM(o, i)
        {
            struct spot spot = oracle_spot_of(o, i);
            if (!is_of_space(i, space) || (any && !oracle_before(&last, &spot)) ||
                (next != NULL && !oracle_before(&spot, &next_spot)))
                continue;
            next = i;
            next_spot = spot;
        }
        if (next == NULL || (when != NULL && !oracle_before(&next_spot, when)))
            return owner;
        last = next_spot;
        any = true;
        int to = oracle_node_field(o, next, AYNI_FIELD_SPACE_OWNER);
        if (to >= 0 && next_spot.node == owner && oracle_own(o, &next_spot) != NO &&
            (owner == creator || sets_owner_alone(next)))
            owner = to;
    }
}

int oracle_owner_at(const struct oracle *o, const struct ayni_space *space, const struct spot *when)
{
    return walk_owners(o, space, when, NULL);
}

int oracle_owner(const struct oracle *o, const struct ayni_space *space)
{
    return oracle_owner_at(o, space, NULL);
}

static enum ayni_standing as_owner(const struct oracle *o, const struct spot *spot,
                                   const struct ayni_space *space)
{
    return spot->node >= 0 && oracle_owner_at(o, space, spot) == spot->node ? oracle_own(o, spot)
                                                                            : NO;
}

static enum ayni_standing space_standing(const struct oracle *o, item_ref i)
{
    struct spot spot = oracle_spot_of(o, i);
    struct ayni_space space;

    memcpy(space.bytes, i->version->record.bytes, 16);
    item_ref first = first_of_space(o, &space);
    if (first == NULL || (!sets_owner_alone(i) && !ayni_id_equal(&first->node, &i->node)))
        return NO;
    if (oracle_field(i, AYNI_FIELD_SPACE_OWNER) == NULL)
        return oracle_own(o, &spot);
    return oracle_node_field(o, i, AYNI_FIELD_SPACE_OWNER) < 0 ? NO : as_owner(o, &spot, &space);
}

static bool is_confidential(const struct oracle *o, const struct ayni_space *space)
{
    item_ref first = first_of_space(o, space);
    const struct ayni_field *f =
        first == NULL ? NULL : oracle_field(first, AYNI_FIELD_SPACE_CONFIDENTIAL);
    return (f != NULL && oracle_is_true(f->value)) ||
           (first != NULL && oracle_text_is(first, AYNI_FIELD_SPACE_CLASS, "sealed"));
}

/* --- step 10: grants --- */

static enum ayni_right right_field(item_ref i)
{
    static const char *const words[] = { "none", "relay", "reader", "writer" };

    for (int r = AYNI_RIGHT_RELAY; r <= AYNI_RIGHT_WRITER; r++)
        if (oracle_text_is(i, AYNI_FIELD_GRANT_RIGHT, words[r]))
            return (enum ayni_right)r;
    return AYNI_RIGHT_NONE;
}

static enum ayni_standing higher(enum ayni_standing a, enum ayni_standing b)
{
    return a > b ? a : b;
}

static enum ayni_standing grant_standing(const struct oracle *o, item_ref i)
{
    struct spot spot = oracle_spot_of(o, i);
    struct ayni_space space;
    struct ayni_node to;
    enum ayni_right right = right_field(i);

    if (!oracle_bytes_field(i, AYNI_FIELD_GRANT_SPACE, space.bytes, 16) ||
        !oracle_bytes_field(i, AYNI_FIELD_GRANT_NODE, to.bytes, 32) || right == AYNI_RIGHT_NONE ||
        first_of_space(o, &space) == NULL)
        return NO;
    bool confidential = is_confidential(o, &space);
    if (right == AYNI_RIGHT_RELAY && !confidential)
        return NO;
    bool for_itself = confidential && ayni_id_equal(&to, &i->node);
    return higher(as_owner(o, &spot, &space), for_itself ? NO : oracle_by_steering(o, &spot));
}

static enum ayni_standing ungrant_in(const struct oracle *o, item_ref i,
                                     const struct ayni_space *space)
{
    struct spot spot = oracle_spot_of(o, i);
    return higher(as_owner(o, &spot, space), oracle_by_steering(o, &spot));
}

static bool names_grant(const struct oracle *o, item_ref i, struct ayni_record *grant)
{
    struct ayni_record record;
    return i->version->type == AYNI_TYPE_UNGRANT && oracle_bytes_field(i, 1, grant->bytes, 16) &&
           ayni_registry_ungrant_record(&o->world->root, grant, &record) == AYNI_OK &&
           ayni_id_equal(&record, &i->version->record);
}

static enum ayni_standing ungrant_standing(const struct oracle *o, item_ref i)
{
    struct ayni_record grant;
    struct ayni_space space;
    enum ayni_standing best = NO;

    if (!names_grant(o, i, &grant))
        return NO;
    EACH_ITEM(o, g)
    if (g->version->type == AYNI_TYPE_GRANT && ayni_id_equal(&g->version->record, &grant) &&
        grant_standing(o, g) != NO &&
        oracle_bytes_field(g, AYNI_FIELD_GRANT_SPACE, space.bytes, 16))
        best = higher(best, ungrant_in(o, i, &space));
    return best;
}

static bool is_ended(const struct oracle *o, item_ref grant, const struct ayni_space *space)
{
    EACH_ITEM(o, i)
    {
        struct ayni_record named;
        if (names_grant(o, i, &named) && ayni_id_equal(&named, &grant->version->record) &&
            ungrant_in(o, i, space) != NO)
            return true;
    }
    return false;
}

/* --- section 7.3: rights, and how versions stand under them --- */

enum ayni_standing oracle_under(const struct oracle *o, const struct ayni_space *space,
                                const struct spot *spot, const struct ayni_record *ending)
{
    switch (oracle_cut_says(o, space, ending, spot, false)) {
    case OUTSIDE:
        return NO;
    case NONE:
        return MARKED;
    default:
        return VALID;
    }
}

/* `end` is NULL for none of its own. */
static enum ayni_standing under_right(const struct oracle *o, const struct ayni_space *space,
                                      const struct spot *spot, const struct ayni_record *end)
{
    struct ayni_record revocation = oracle_node_record(o, AYNI_TYPE_REVOCATION, spot->node);
    enum ayni_standing by_end = end == NULL ? VALID : oracle_under(o, space, spot, end);
    enum ayni_standing by_revocation =
        o->revoked[spot->node] ? oracle_under(o, space, spot, &revocation) : VALID;
    return by_end < by_revocation ? by_end : by_revocation;
}

static bool grants(const struct oracle *o, item_ref i, const struct ayni_space *space, int node,
                   enum ayni_right *right)
{
    struct ayni_space to;

    *right = right_field(i);
    return i->version->type == AYNI_TYPE_GRANT && grant_standing(o, i) != NO &&
           oracle_bytes_field(i, AYNI_FIELD_GRANT_SPACE, to.bytes, 16) &&
           ayni_id_equal(&to, space) && oracle_node_field(o, i, AYNI_FIELD_GRANT_NODE) == node;
}

enum ayni_standing oracle_with_right(const struct oracle *o, const struct ayni_space *space,
                                     const struct spot *spot, enum ayni_right least)
{
    enum ayni_standing best = NO;
    bool owned[WORLD_NODES] = { 0 };
    enum ayni_right right;

    if (!o->known[spot->node])
        return NO;
    EACH_ITEM(o, i)
    {
        if (!grants(o, i, space, spot->node, &right) || right < least)
            continue;
        struct ayni_record end;
        bool ended = is_ended(o, i, space);
        if (ended &&
            ayni_registry_ungrant_record(&o->world->root, &i->version->record, &end) != AYNI_OK)
            continue;
        best = higher(best, under_right(o, space, spot, ended ? &end : NULL));
    }
    bool owns = walk_owners(o, space, NULL, owned) == spot->node;
    if (owned[spot->node]) {
        struct ayni_record transfer;
        memcpy(transfer.bytes, space->bytes, 16);
        best = higher(best, under_right(o, space, spot, owns ? NULL : &transfer));
    }
    return best;
}

enum ayni_standing oracle_version_standing(const struct oracle *o, unsigned node,
                                           const struct ayni_space *space,
                                           const struct ayni_feed *feed, uint64_t seq,
                                           const struct ayni_hash *chain)
{
    struct spot spot = { (int)node, *feed, seq, *chain, 0 };

    return oracle_with_right(o, space, &spot, AYNI_RIGHT_WRITER);
}

enum ayni_right oracle_right(const struct oracle *o, unsigned node, const struct ayni_space *space)
{
    enum ayni_right best = AYNI_RIGHT_NONE, right;

    if (!o->known[node] || o->revoked[node])
        return AYNI_RIGHT_NONE;
    if (oracle_is_registry(o, space) || oracle_owner_at(o, space, NULL) == (int)node)
        return AYNI_RIGHT_WRITER;
    EACH_ITEM(o, i)
    if (grants(o, i, space, (int)node, &right) && !is_ended(o, i, space) && right > best)
        best = right;
    return best;
}

/* --- all types --- */

static enum ayni_standing statement_standing(const struct oracle *o, item_ref i)
{
    struct ayni_root_statement statement;
    struct ayni_bytes cose;

    if (!oracle_statement_bytes(i, &cose) ||
        ayni_root_statement_decode(cose, &o->world->root, &statement) != AYNI_OK)
        return NO;
    ayni_root_statement_free(&statement);
    return VALID;
}

static enum ayni_standing own_or_admins(const struct oracle *o, item_ref i)
{
    struct spot spot = oracle_spot_of(o, i);
    int node = oracle_about(o, i);

    if (node < 0)
        return NO;
    if (node == spot.node)
        return oracle_own(o, &spot);
    return i->version->type == AYNI_TYPE_STEWARD ? oracle_as_admin_over(o, &spot, node) : NO;
}

enum ayni_standing oracle_item_standing(const struct oracle *o, item_ref i)
{
    switch (i->version->type) {
    case AYNI_TYPE_CARD:
    case AYNI_TYPE_STEWARD:
        return own_or_admins(o, i);
    case AYNI_TYPE_MEMBER:
        return oracle_member_standing(o, i);
    case AYNI_TYPE_REVOCATION:
        return oracle_revocation_standing(o, i);
    case AYNI_TYPE_SPACE:
        return space_standing(o, i);
    case AYNI_TYPE_GRANT:
        return grant_standing(o, i);
    case AYNI_TYPE_UNGRANT:
        return ungrant_standing(o, i);
    case AYNI_TYPE_ROOT_STATEMENT:
        return statement_standing(o, i);
    default:
        return (i->version->type >= 9 && i->version->type <= 12) ||
                       (i->version->type >= 700 && i->version->type <= 799)
                   ? oracle_item_by_steering(o, i)
                   : NO;
    }
}

void oracle_init(struct oracle *o, const struct world *world,
                 const struct ayni_chain_lookup *chains)
{
    *o = (struct oracle){ .world = world, .chains = chains };
    for (int g = 0; g < ORACLE_ORGANISATIONS; g++)
        o->organisations[g] = world_organisation_id(world, oracle_organisations[g]);
    for (uint32_t type = AYNI_TYPE_CARD; type <= AYNI_TYPE_REVOCATION; type++)
        for (int n = 0; n < WORLD_NODES; n++)
            assert(ayni_registry_node_record(&world->root, type, &world->nodes[n].key,
                                             &o->node_records[type][n]) == AYNI_OK);
    EACH_ITEM(o, i)
    o->about[i - world->items] = oracle_find_about(o, i);
    oracle_read_statements(o);
    oracle_find_admins(o);
    oracle_find_claims(o);
    bool revoked[WORLD_NODES] = { 0 };
    EACH_ITEM(o, i)
    if (i->version->type == AYNI_TYPE_REVOCATION && oracle_revocation_standing(o, i) != NO)
        revoked[oracle_about(o, i)] = true;
    memcpy(o->revoked, revoked, sizeof(revoked));
    EACH_ITEM(o, i)
    if (i->version->type == AYNI_TYPE_MEMBER && oracle_member_standing(o, i) != NO)
        o->known[oracle_about(o, i)] = true;
    if (o->steering >= 0)
        o->known[o->steering] = true;
}

void oracle_done(struct oracle *o)
{
    ayni_arena_free(&o->memory);
}
