#include "proto/registry_state.h"

#include <stdlib.h>
#include <string.h>

static int order_pair(const struct ayni_standing_pair *a, const struct ayni_standing_pair *b)
{
    int order = ayni_id_compare(&a->space, &b->space);
    return order != 0 ? order : ayni_id_compare(&a->node, &b->node);
}

static int order_pair_key(const void *thing, const void *key)
{
    return order_pair(thing, key);
}

static int order_pair_space(const void *thing, const void *key)
{
    const struct ayni_standing_pair *pair = thing;
    return ayni_id_compare(&pair->space, (const struct ayni_space *)key);
}

/* By pair; of one pair the strongest first, then by their ends. */
static int compare_rights(const void *left, const void *right)
{
    const struct right *a = left, *b = right;
    int order = order_pair(&a->pair, &b->pair);

    if (order == 0)
        order = (int)b->pair.right - (int)a->pair.right;
    if (order == 0)
        order = (a->ending_count > b->ending_count) - (a->ending_count < b->ending_count);
    for (size_t i = 0; order == 0 && i < a->ending_count; i++)
        order = ayni_id_compare(&a->endings[i], &b->endings[i]);
    return order;
}

/* A right counts for members alone, and a revocation ends all that a node has. */
static void add_right(struct ayni_registry *registry, const struct ayni_space *space,
                      const struct ayni_node *node, enum ayni_right right,
                      const struct ayni_record *ending)
{
    size_t member = member_index(registry, node);
    struct right r = { .pair = { *space, *node, right } };

    if (member == SIZE_MAX)
        return;
    if (ending != NULL)
        r.endings[r.ending_count++] = *ending;
    if (registry->members[member].revoked)
        r.endings[r.ending_count++] = registry->members_more[member].revocation_record;
    registry->rights[registry->right_count++] = r;
}

static enum ayni_status add_grants(struct ayni_registry *registry)
{
    for (size_t i = 0; i < registry->grant_count; i++) {
        const struct ayni_grant *grant = &registry->grants[i];
        struct ayni_record ungrant;
        if (grant->ended &&
            ayni_registry_ungrant_record(&registry->root, &grant->record, &ungrant) != AYNI_OK)
            return AYNI_E_MEMORY;
        add_right(registry, &grant->space, &grant->node, grant->right,
                  grant->ended ? &ungrant : NULL);
    }
    return AYNI_OK;
}

/* Who gave a space away had a writer's right that the transfer ended: the space's record names it.
 */
static void add_owners(struct ayni_registry *registry)
{
    for (size_t i = 0; i < registry->space_count; i++) {
        const struct ayni_space_info *info = &registry->spaces[i];
        struct ayni_record transfer;
        memcpy(transfer.bytes, info->id.bytes, sizeof(transfer.bytes));
        for (size_t j = 0; j < registry->spaces_more[i].owner_count; j++) {
            const struct ayni_node *node = &registry->spaces_more[i].owners[j].node;
            bool owns = ayni_id_equal(node, &info->owner);
            add_right(registry, &info->id, node, AYNI_RIGHT_WRITER, owns ? NULL : &transfer);
        }
    }
}

static size_t owners_of_all(const struct ayni_registry *registry)
{
    size_t count = 0;

    for (size_t i = 0; i < registry->space_count; i++)
        count += registry->spaces_more[i].owner_count;
    return count;
}

static enum ayni_status make_pairs(struct ayni_registry *registry)
{
    size_t count = 0;

    registry->pairs = state_take(registry, registry->right_count, sizeof(*registry->pairs));
    registry->pairs_more =
        state_take(registry, registry->right_count, sizeof(*registry->pairs_more));
    if (registry->pairs == NULL || registry->pairs_more == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < registry->right_count; i++) {
        const struct right *right = &registry->rights[i];
        if (count == 0 || order_pair(&registry->pairs[count - 1], &right->pair) != 0) {
            registry->pairs_more[count] = (struct pair_more){ .rights = right };
            registry->pairs[count] = right->pair;
            registry->pairs[count++].right = AYNI_RIGHT_NONE;
        }
        struct ayni_standing_pair *pair = &registry->pairs[count - 1];
        struct pair_more *more = &registry->pairs_more[count - 1];
        more->right_count++;
        if (right->ending_count == 0 && right->pair.right > pair->right)
            pair->right = right->pair.right;
        more->open = pair->right == AYNI_RIGHT_WRITER;
    }
    registry->pair_count = count;
    return AYNI_OK;
}

enum ayni_status rights_build(const struct build *build)
{
    struct ayni_registry *registry = build->registry;
    size_t kept = 0;

    registry->rights = state_take(registry, registry->grant_count + owners_of_all(registry),
                                  sizeof(*registry->rights));
    if (registry->rights == NULL || add_grants(registry) != AYNI_OK)
        return AYNI_E_MEMORY;
    add_owners(registry);
    qsort(registry->rights, registry->right_count, sizeof(*registry->rights), compare_rights);
    for (size_t i = 0; i < registry->right_count; i++)
        if (kept == 0 || compare_rights(&registry->rights[kept - 1], &registry->rights[i]) != 0)
            registry->rights[kept++] = registry->rights[i];
    registry->right_count = kept;
    return make_pairs(registry);
}

static size_t pair_index(const struct ayni_registry *registry, const struct ayni_node *node,
                         const struct ayni_space *space)
{
    struct ayni_standing_pair key = { *space, *node, AYNI_RIGHT_NONE };
    size_t at =
        state_lower(registry->pairs, registry->pair_count, sizeof(key), &key, order_pair_key);

    if (at == registry->pair_count || order_pair(&registry->pairs[at], &key) != 0)
        return SIZE_MAX;
    return at;
}

enum ayni_right ayni_registry_right(const struct ayni_registry *registry,
                                    const struct ayni_node *node, const struct ayni_space *space)
{
    if (ayni_id_equal(space, &registry->id)) {
        const struct ayni_member *member = ayni_registry_member(registry, node);
        return member != NULL && !member->revoked ? AYNI_RIGHT_WRITER : AYNI_RIGHT_NONE;
    }
    size_t at = pair_index(registry, node, space);
    return at == SIZE_MAX ? AYNI_RIGHT_NONE : registry->pairs[at].right;
}

bool ayni_registry_may_receive(const struct ayni_registry *registry, const struct ayni_node *node,
                               const struct ayni_space *space)
{
    return ayni_registry_right(registry, node, space) >= AYNI_RIGHT_RELAY;
}

bool ayni_registry_may_read(const struct ayni_registry *registry, const struct ayni_node *node,
                            const struct ayni_space *space)
{
    return ayni_registry_right(registry, node, space) >= AYNI_RIGHT_READER;
}

bool ayni_registry_may_write(const struct ayni_registry *registry, const struct ayni_node *node,
                             const struct ayni_space *space)
{
    return ayni_registry_right(registry, node, space) >= AYNI_RIGHT_WRITER;
}

const struct ayni_standing_pair *ayni_registry_space_members(const struct ayni_registry *registry,
                                                             const struct ayni_space *space,
                                                             size_t *count)
{
    size_t from = state_lower(registry->pairs, registry->pair_count, sizeof(*registry->pairs),
                              space, order_pair_space);
    size_t to = from;

    while (to < registry->pair_count && ayni_id_equal(&registry->pairs[to].space, space))
        to++;
    *count = to - from;
    return registry->pairs + from;
}

/* Under all of its ends: the lowest cut holds. */
static enum ayni_standing under_ends(const struct ayni_registry *registry,
                                     const struct right *right, const struct place *place,
                                     const struct ayni_chain_lookup *chains)
{
    enum ayni_standing standing = AYNI_STANDING_VALID;

    for (size_t i = 0; i < right->ending_count; i++)
        switch (
            cuts_verdict(&registry->cuts, &right->pair.space, &right->endings[i], place, chains)) {
        case CUT_OUTSIDE:
            return AYNI_STANDING_NO_RIGHT;
        case CUT_NONE:
            standing = AYNI_STANDING_MARKED;
            break;
        case CUT_INSIDE:
            break;
        }
    return standing;
}

enum ayni_standing right_standing(const struct ayni_registry *registry,
                                  const struct ayni_space *space, const struct place *place,
                                  enum ayni_right least, const struct ayni_chain_lookup *chains)
{
    size_t at = pair_index(registry, &place->node, space);
    enum ayni_standing best = AYNI_STANDING_NO_RIGHT;

    if (at == SIZE_MAX)
        return AYNI_STANDING_NO_RIGHT;
    const struct pair_more *more = &registry->pairs_more[at];
    if (more->open)
        return AYNI_STANDING_VALID;
    for (size_t i = 0; i < more->right_count && best != AYNI_STANDING_VALID; i++) {
        if (more->rights[i].pair.right < least)
            break; /* the strongest come first */
        enum ayni_standing standing = under_ends(registry, &more->rights[i], place, chains);
        if (standing > best)
            best = standing;
    }
    return best;
}

enum ayni_standing ayni_registry_version_standing(const struct ayni_registry *registry,
                                                  const struct ayni_feed_descriptor *descriptor,
                                                  const struct ayni_feed *feed, uint64_t seq,
                                                  const struct ayni_hash *chain,
                                                  const struct ayni_chain_lookup *chains)
{
    struct place place = { .feed = *feed, .node = descriptor->node, .seq = seq, .chain = *chain };

    return right_standing(registry, &descriptor->space, &place, AYNI_RIGHT_WRITER, chains);
}
