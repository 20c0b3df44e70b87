#include "proto/registry_state.h"

#include <stdlib.h>

#include "proto/cbor.h"

struct group_chains {
    const struct item_list *group;
    const struct ayni_chain_lookup *chains;
};

/* A pair counts where the version that it names is one of the record's, which the fold sees itself.
 */
static bool never_fits(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen)
{
    (void)context;
    (void)feed;
    (void)seen;
    return false;
}

static bool names(const struct ayni_seen *seen, const struct ayni_feed *feed,
                  const struct ayni_registry_item *item)
{
    struct ayni_chain_prefix prefix = ayni_chain_prefix_of(&item->chain);
    return item->seq == seen->seq && ayni_id_equal(&item->feed, feed) &&
           ayni_id_equal(&prefix, &seen->chain);
}

static bool is_on_chain(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen,
                        const struct ayni_fold_item *item)
{
    const struct group_chains *c = context;

    for (size_t i = 0; i < c->group->count; i++) {
        const struct ayni_registry_item *named = c->group->items[i];
        if (names(seen, feed, named))
            return c->chains->ask(c->chains->context, feed, item->seq, &item->chain, named->seq,
                                  &named->chain) != AYNI_CHAIN_OFF;
    }
    return false;
}

static struct ayni_merge_rule latest(void *context, uint32_t type, uint32_t field)
{
    (void)context;
    (void)type;
    (void)field;
    return (struct ayni_merge_rule){ .merge = AYNI_MERGE_LATEST };
}

static struct ayni_fold_item fold_item(const struct ayni_registry_item *item, bool valid)
{
    return (struct ayni_fold_item){ .feed = item->feed,
                                    .node = item->node,
                                    .seq = item->seq,
                                    .chain = item->chain,
                                    .time = item->time,
                                    .version = item->version,
                                    .valid = valid };
}

enum ayni_status group_fold(const struct build *build, const struct item_list *group,
                            item_standing *standing, struct group_fold *fold)
{
    struct group_fold f = { .items = calloc(group->count + 1, sizeof(*f.items)) };
    struct group_chains context = { group, build->chains };
    struct ayni_fold_chains chains = { &context, never_fits,
                                       build->chains == NULL ? NULL : is_on_chain };

    if (f.items == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < group->count; i++) {
        bool valid =
            standing(build->registry, group->items[i], build->chains) != AYNI_STANDING_NO_RIGHT;
        f.items[i] = fold_item(group->items[i], valid);
        f.counting += valid;
    }
    if (ayni_fold(f.items, group->count, &chains, latest, NULL, &f.folded) != AYNI_OK) {
        free(f.items);
        return AYNI_E_MEMORY;
    }
    *fold = f;
    return AYNI_OK;
}

void group_fold_free(struct group_fold *fold)
{
    if (fold->items == NULL)
        return;
    ayni_folded_free(&fold->folded);
    free(fold->items);
    *fold = (struct group_fold){ 0 };
}

bool shown(const struct group_fold *fold, uint32_t number, struct ayni_bytes *raw)
{
    const struct ayni_folded_field *field = ayni_folded_field(&fold->folded, number);

    if (field == NULL || field->shown.size == 0 || ayni_cbor_is_null(field->shown))
        return false;
    *raw = field->shown;
    return true;
}
