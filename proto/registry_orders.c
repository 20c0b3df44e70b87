#include "proto/registry_state.h"

#include <string.h>

/* Who may erase what: docs/protocol.md, section 7.3. */

static struct place place_of_entry(const struct ayni_registry_entry *entry)
{
    return (struct place){ .feed = entry->feed,
                           .node = entry->node,
                           .seq = entry->seq,
                           .chain = entry->chain,
                           .time = entry->time };
}

static enum ayni_standing lower(enum ayni_standing a, enum ayni_standing b)
{
    return a < b ? a : b;
}

static enum ayni_standing higher(enum ayni_standing a, enum ayni_standing b)
{
    return a > b ? a : b;
}

/* What a cut of the ending in the order's space says of it. */
static enum ayni_standing under(const struct ayni_registry *registry,
                                const struct ayni_space *space, const struct ayni_record *ending,
                                const struct place *order, const struct ayni_chain_lookup *chains)
{
    switch (cuts_verdict(&registry->cuts, space, ending, order, chains)) {
    case CUT_OUTSIDE:
        return AYNI_STANDING_NO_RIGHT;
    case CUT_NONE:
        return AYNI_STANDING_MARKED;
    case CUT_INSIDE:
        break;
    }
    return AYNI_STANDING_VALID;
}

/*
 * As the space's owner there. An order destroys, so who gave the space away is
 * held to the cut that ended it, and a dated order of its own helps nobody.
 */
static enum ayni_standing by_owner(const struct ayni_registry *registry,
                                   const struct ayni_space *space, const struct place *order,
                                   const struct ayni_chain_lookup *chains)
{
    size_t at = space_index(registry, space);
    size_t member = member_index(registry, &order->node);
    enum ayni_standing standing = AYNI_STANDING_VALID;
    struct ayni_record transfer;

    if (at == SIZE_MAX || member == SIZE_MAX || !owner_was(registry, at, order))
        return AYNI_STANDING_NO_RIGHT;
    if (!ayni_id_equal(&registry->spaces[at].owner, &order->node)) {
        memcpy(transfer.bytes, space->bytes, sizeof(transfer.bytes));
        standing = under(registry, space, &transfer, order, chains);
    }
    if (registry->members[member].revoked)
        standing = lower(standing,
                         under(registry, space, &registry->members_more[member].revocation_record,
                               order, chains));
    return standing;
}

/* As an admin node of the organisation; `version` NULL: over anything at all. */
static enum ayni_standing by_admins(const struct ayni_registry *registry,
                                    const struct ayni_space *space, const struct place *order,
                                    const struct place *version,
                                    const struct ayni_chain_lookup *chains)
{
    enum ayni_standing best = AYNI_STANDING_NO_RIGHT;
    size_t count;
    const struct admin *admins = admins_of(registry, &order->node, &count);

    for (size_t i = 0; i < count; i++) {
        if (version != NULL && !was_of(registry, version, &admins[i].organisation))
            continue;
        best = higher(best, admins[i].current
                                ? AYNI_STANDING_VALID
                                : under(registry, space, &admins[i].member_record, order, chains));
    }
    return best;
}

/* `version` NULL: to whatever it may reach. */
static enum ayni_standing order_standing(const struct ayni_registry *registry,
                                         const struct ayni_registry_entry *given,
                                         const struct place *version,
                                         const struct ayni_chain_lookup *chains)
{
    const struct ayni_space *space = &given->space;
    struct place order = place_of_entry(given);
    enum ayni_standing best, right;

    if (ayni_id_equal(space, &registry->id))
        return AYNI_STANDING_NO_RIGHT;
    best = higher(steering_standing(registry, &order, chains),
                  by_owner(registry, space, &order, chains));
    if (best == AYNI_STANDING_VALID)
        return best;
    right = right_standing(registry, space, &order, AYNI_RIGHT_READER, chains);
    if (version == NULL || ayni_id_equal(&version->node, &order.node))
        return higher(best, right);
    return higher(best, lower(right, by_admins(registry, space, &order, version, chains)));
}

enum ayni_standing ayni_registry_order_standing(const struct ayni_registry *registry,
                                                const struct ayni_registry_entry *order,
                                                const struct ayni_registry_entry *version,
                                                const struct ayni_chain_lookup *chains)
{
    struct place place = place_of_entry(version);

    return order_standing(registry, order, &place, chains);
}

enum ayni_standing ayni_registry_giver_standing(const struct ayni_registry *registry,
                                                const struct ayni_registry_entry *order,
                                                const struct ayni_chain_lookup *chains)
{
    return order_standing(registry, order, NULL, chains);
}

/* An entry that no cut lists, later than any other. */
bool ayni_registry_may_erase(const struct ayni_registry *registry, const struct ayni_node *by,
                             const struct ayni_registry_entry *version)
{
    struct ayni_registry_entry order = {
        .space = version->space, .node = *by, .seq = UINT64_MAX, .time = { UINT64_MAX }
    };

    return ayni_registry_order_standing(registry, &order, version, NULL) == AYNI_STANDING_VALID;
}
