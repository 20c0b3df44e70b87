#include <string.h>

#include "tests/support/registry_oracle_parts.h"

/* Who may erase what. */

static struct spot spot_of(const struct oracle *o, const struct ayni_registry_entry *entry)
{
    return (struct spot){ oracle_node_of(o, &entry->node), entry->feed, entry->seq, entry->chain,
                          entry->time.ms };
}

static enum ayni_standing lower(enum ayni_standing a, enum ayni_standing b)
{
    return a < b ? a : b;
}

static enum ayni_standing higher(enum ayni_standing a, enum ayni_standing b)
{
    return a > b ? a : b;
}

static enum ayni_standing as_owner(const struct oracle *o, const struct ayni_space *space,
                                   const struct spot *order)
{
    struct ayni_record revocation = oracle_node_record(o, AYNI_TYPE_REVOCATION, order->node);
    enum ayni_standing standing = VALID;
    struct ayni_record transfer;

    if (!o->known[order->node] || oracle_owner_at(o, space, order) != order->node)
        return NO;
    memcpy(transfer.bytes, space->bytes, 16);
    if (oracle_owner(o, space) != order->node)
        standing = oracle_under(o, space, order, &transfer);
    if (o->revoked[order->node])
        standing = lower(standing, oracle_under(o, space, order, &revocation));
    return standing;
}

/* Of what organisation steering last said before the version, or at all, that its node is. */
static bool wrote_for(const struct oracle *o, const struct spot *version, int organisation)
{
    item_ref said = NULL;
    struct spot best;

    if (!o->settled[version->node])
        return o->of[version->node][organisation];
    EACH_ITEM(o, i)
    {
        struct spot spot = oracle_spot_of(o, i);
        if (!oracle_puts_by_steering(o, i) || oracle_about(o, i) != version->node)
            continue;
        bool first = said == NULL || oracle_before(&spot, &best);
        bool later = said != NULL && oracle_before(&best, &spot);
        bool before = !oracle_before(version, &spot);
        bool best_before = said != NULL && !oracle_before(version, &best);
        if (before ? !best_before || later : !best_before && first) {
            said = i;
            best = spot;
        }
    }
    return said != NULL && oracle_organisation_field(o, said) == organisation;
}

static enum ayni_standing as_admin(const struct oracle *o, const struct ayni_space *space,
                                   const struct spot *order, const struct spot *version)
{
    struct ayni_record member = oracle_node_record(o, AYNI_TYPE_MEMBER, order->node);
    enum ayni_standing best = NO;

    for (int g = 0; g < ORACLE_ORGANISATIONS; g++)
        if (o->administered[order->node][g] && wrote_for(o, version, g))
            best = higher(best, o->administers[order->node][g]
                                    ? VALID
                                    : oracle_under(o, space, order, &member));
    return lower(best, oracle_with_right(o, space, order, AYNI_RIGHT_READER));
}

enum ayni_standing oracle_order_standing(const struct oracle *o,
                                         const struct ayni_registry_entry *order,
                                         const struct ayni_registry_entry *version)
{
    struct spot by = spot_of(o, order), of = spot_of(o, version);
    enum ayni_standing best;

    if (oracle_is_registry(o, &order->space))
        return NO;
    best = higher(oracle_by_steering(o, &by), as_owner(o, &order->space, &by));
    if (by.node == of.node)
        best = higher(best, oracle_with_right(o, &order->space, &by, AYNI_RIGHT_READER));
    return higher(best, as_admin(o, &order->space, &by, &of));
}
