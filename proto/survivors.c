#include "proto/survivors.h"

#include <stdlib.h>

enum { FEED_SIZE = sizeof(struct ayni_feed) };

/* (feed, seq, chain): <0, 0, >0. */
static int place_order(const struct ayni_fold_item *a, const struct ayni_fold_item *b)
{
    int order = ayni_id_compare(&a->feed, &b->feed);

    if (order == 0)
        order = (a->seq > b->seq) - (a->seq < b->seq);
    return order != 0 ? order : ayni_id_compare(&a->chain, &b->chain);
}

/* --- slots --- */

static int by_place(const void *a, const void *b)
{
    const struct ayni_fold_item *x = *(const struct ayni_fold_item *const *)a;
    const struct ayni_fold_item *y = *(const struct ayni_fold_item *const *)b;
    int order = place_order(x, y);

    return order != 0 ? order : (x > y) - (x < y); /* of one entry twice the first given */
}

void ayni_survivors_sort(const struct ayni_fold_item *items, size_t count,
                         const struct ayni_fold_item **order)
{
    for (size_t i = 0; i < count; i++)
        order[i] = &items[i];
    qsort(order, count, sizeof(*order), by_place);
}

static bool sets_values(const struct ayni_fold_item *item)
{
    return item->valid && item->version != NULL && item->version->act != AYNI_ACT_WITHDRAWAL;
}

static bool make_slots(struct ayni_survivors *s, const struct ayni_fold_item *items, size_t count,
                       struct ayni_arena *arena)
{
    const struct ayni_fold_item **order = ayni_arena_take(arena, count, sizeof(*order));
    s->slots = ayni_arena_take(arena, count, sizeof(*s->slots));
    if (order == NULL || s->slots == NULL || count > UINT32_MAX / 2)
        return false;
    ayni_survivors_sort(items, count, order);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && place_order(order[i - 1], order[i]) == 0)
            continue;
        s->slots[s->slot_count++] =
            (struct ayni_slot){ .item = order[i], .counts = sets_values(order[i]) };
    }
    return true;
}

/* --- withdrawals --- */

/*
 * The first slot that isn't before (feed, seq) or, `after`, that comes after
 * it. Feeds are compared by their first `size` bytes.
 */
static uint32_t find_slot(const struct ayni_survivors *s, const uint8_t *feed, size_t size,
                          uint64_t seq, bool after)
{
    uint32_t low = 0;

    for (uint32_t high = s->slot_count; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        const struct ayni_fold_item *item = s->slots[middle].item;
        int order = memcmp(item->feed.bytes, feed, size);
        if (order == 0)
            order = (item->seq > seq) - (item->seq < seq);
        if (order < 0 || (after && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool chain_begins_with(const struct ayni_fold_item *item,
                              const struct ayni_chain_prefix *prefix)
{
    return memcmp(item->chain.bytes, prefix->bytes, sizeof(prefix->bytes)) == 0;
}

static void withdraw(struct ayni_survivors *s, const struct ayni_entry_name *name)
{
    uint32_t i = find_slot(s, name->feed.bytes, FEED_SIZE, name->seq, false);

    for (; i < s->slot_count; i++) {
        struct ayni_slot *slot = &s->slots[i];
        if (!ayni_id_equal(&slot->item->feed, &name->feed) || slot->item->seq != name->seq)
            return;
        if (slot->item->version == NULL || slot->item->version->act != AYNI_ACT_RESOLUTION ||
            !chain_begins_with(slot->item, &name->chain))
            continue;
        slot->withdrawn = true;
        slot->counts = false;
    }
}

static bool is_withdrawal(const struct ayni_fold_item *item)
{
    return item->valid && item->version != NULL && item->version->act == AYNI_ACT_WITHDRAWAL &&
           item->version->has_withdraws;
}

static void withdraw_all(struct ayni_survivors *s, const struct ayni_fold_item *items, size_t count,
                         bool *withdrawn)
{
    bool any = false;

    for (uint32_t i = 0; i < s->slot_count; i++) {
        if (!is_withdrawal(s->slots[i].item))
            continue;
        withdraw(s, &s->slots[i].item->version->withdraws);
        any = true;
    }
    for (size_t i = 0; any && i < count; i++) {
        uint32_t at = find_slot(s, items[i].feed.bytes, FEED_SIZE, items[i].seq, false);
        while (place_order(s->slots[at].item, &items[i]) != 0)
            at++;
        withdrawn[i] = s->slots[at].withdrawn;
    }
}

/* --- what a pair reaches --- */

static bool on_chain(const struct ayni_survivors *s, const struct ayni_seen *seen,
                     const struct ayni_fold_item *item)
{
    const struct ayni_fold_chains *chains = s->chains;

    return chains->on_chain == NULL || chains->on_chain(chains->context, &item->feed, seen, item);
}

static bool fits(const struct ayni_survivors *s, const struct ayni_reach *reach,
                 const struct ayni_seen *seen)
{
    for (uint32_t i = reach->end; i-- > reach->first && s->slots[i].item->seq == seen->seq;)
        if (chain_begins_with(s->slots[i].item, &seen->chain))
            return true;
    return s->chains->fits(s->chains->context, &s->slots[reach->first].item->feed, seen);
}

/*
 * Of feeds whose ids begin alike, the first that fits. A version whose own
 * entry lies on the pair's chain could not have known that chain's hash: such
 * a pair covers nothing.
 */
static struct ayni_reach reach_of(const struct ayni_survivors *s, uint32_t writer,
                                  const struct ayni_seen *seen)
{
    const uint8_t *feed = seen->own ? s->slots[writer].item->feed.bytes : seen->feed.bytes;
    size_t size = seen->own ? FEED_SIZE : sizeof(seen->feed.bytes);
    uint32_t first = find_slot(s, feed, size, 0, false);

    while (first < s->slot_count && memcmp(s->slots[first].item->feed.bytes, feed, size) == 0) {
        const struct ayni_fold_item *of_feed = s->slots[first].item;
        struct ayni_reach reach = { first, first };
        reach.end = find_slot(s, of_feed->feed.bytes, FEED_SIZE, seen->seq, true);
        if (reach.end > first && fits(s, &reach, seen)) {
            bool own_future =
                writer >= first && writer < reach.end && on_chain(s, seen, s->slots[writer].item);
            return own_future ? (struct ayni_reach){ 0, 0 } : reach;
        }
        first = find_slot(s, of_feed->feed.bytes, FEED_SIZE, UINT64_MAX, true);
    }
    return (struct ayni_reach){ 0, 0 };
}

static bool find_reaches(struct ayni_survivors *s, struct ayni_arena *arena)
{
    for (uint32_t i = 0; i < s->slot_count; i++) {
        const struct ayni_version *version = s->slots[i].item->version;
        if (!s->slots[i].counts || version->seen_count == 0)
            continue;
        struct ayni_reach *reaches = ayni_arena_take(arena, version->seen_count, sizeof(*reaches));
        if (reaches == NULL)
            return false;
        for (size_t k = 0; k < version->seen_count; k++)
            reaches[k] = reach_of(s, i, &version->seen[k]);
        s->slots[i].reaches = reaches;
    }
    return true;
}

/* --- settings --- */

static int by_field(const void *a, const void *b)
{
    const struct ayni_setting *x = a;
    const struct ayni_setting *y = b;

    if (x->field->number != y->field->number)
        return x->field->number < y->field->number ? -1 : 1;
    return (x->slot > y->slot) - (x->slot < y->slot);
}

static bool list_settings(struct ayni_survivors *s, struct ayni_arena *arena)
{
    size_t count = 0;

    for (uint32_t i = 0; i < s->slot_count; i++)
        count += s->slots[i].counts ? s->slots[i].item->version->field_count : 0;
    s->settings = ayni_arena_take(arena, count, sizeof(*s->settings));
    s->walk = ayni_arena_take(arena, count > s->slot_count ? count : s->slot_count,
                              sizeof(struct ayni_setting *));
    if (s->settings == NULL || s->walk == NULL)
        return false;
    for (uint32_t i = 0; i < s->slot_count; i++) {
        const struct ayni_version *version = s->slots[i].item->version;
        for (size_t k = 0; s->slots[i].counts && k < version->field_count; k++)
            s->settings[s->setting_count++] =
                (struct ayni_setting){ .slot = i, .field = &version->fields[k] };
    }
    qsort(s->settings, s->setting_count, sizeof(*s->settings), by_field);
    return true;
}

enum ayni_status ayni_survivors_find(const struct ayni_fold_item *items, size_t count,
                                     const struct ayni_fold_chains *chains,
                                     struct ayni_arena *arena, bool *withdrawn,
                                     struct ayni_survivors *survivors)
{
    *survivors = (struct ayni_survivors){ .chains = chains };
    if (!make_slots(survivors, items, count, arena))
        return AYNI_E_MEMORY;
    withdraw_all(survivors, items, count, withdrawn);
    if (!find_reaches(survivors, arena) || !list_settings(survivors, arena))
        return AYNI_E_MEMORY;
    return AYNI_OK;
}

/* --- overwriting --- */

static const struct ayni_version *version_of(const struct ayni_survivors *s,
                                             const struct ayni_setting *setting)
{
    return s->slots[setting->slot].item->version;
}

/* The first of `walk`, in the order of slots, that is at or after `slot`. */
static size_t find_setting(struct ayni_setting *const *walk, size_t count, uint32_t slot)
{
    size_t low = 0;

    for (size_t high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (walk[middle]->slot < slot)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * What is already gone on a pair's chain was met by an earlier walk, which
 * went on down: a chain's past is one. For that, imports go after all others.
 */
static void sweep(const struct ayni_survivors *s, const struct ayni_setting *writer,
                  struct ayni_setting *const *walk, size_t count)
{
    const struct ayni_slot *slot = &s->slots[writer->slot];

    for (size_t k = 0; k < slot->item->version->seen_count; k++) {
        const struct ayni_reach *reach = &slot->reaches[k];
        size_t i = reach->first == reach->end ? 0 : find_setting(walk, count, reach->end);
        while (i-- > 0 && walk[i]->slot >= reach->first) {
            if (!on_chain(s, &slot->item->version->seen[k], s->slots[walk[i]->slot].item))
                continue;
            if (walk[i]->gone)
                break;
            walk[i]->gone = true;
        }
    }
}

static int compare_origins(const struct ayni_version *a, const struct ayni_version *b)
{
    int order = ayni_bytes_compare(a->origin_organisation, b->origin_organisation);

    return order != 0 ? order : ayni_bytes_compare(a->origin, b->origin);
}

static int by_origin(const void *a, const void *b, void *survivors)
{
    const struct ayni_setting *x = *(struct ayni_setting *const *)a;
    const struct ayni_setting *y = *(struct ayni_setting *const *)b;
    int order = compare_origins(version_of(survivors, x), version_of(survivors, y));

    return order != 0 ? order : (x->slot > y->slot) - (x->slot < y->slot);
}

/* The first of `walk`, in the order of origins, that isn't before `origin` (or, `after`, comes
 * after it). */
static size_t find_origin(const struct ayni_survivors *s, size_t count,
                          const struct ayni_version *origin, bool after)
{
    size_t low = 0;

    for (size_t high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = compare_origins(version_of(s, s->walk[middle]), origin);
        if (order < 0 || (after && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_import(const struct ayni_survivors *s, const struct ayni_setting *setting)
{
    return !ayni_version_is_manual(version_of(s, setting));
}

/* Imports overwrite within their origin: the same walk, over the values of one origin at a time. */
static void sweep_by_origin(const struct ayni_survivors *s, const struct ayni_setting *writers,
                            size_t writer_count, struct ayni_setting *targets, size_t target_count)
{
    size_t count = 0;

    for (size_t i = 0; i < target_count; i++) {
        if (is_import(s, &targets[i]))
            s->walk[count++] = &targets[i];
    }
    qsort_r(s->walk, count, sizeof(struct ayni_setting *), by_origin, (void *)(uintptr_t)s);
    for (size_t i = 0; i < writer_count; i++) {
        const struct ayni_version *version = version_of(s, &writers[i]);
        if (version->seen_count == 0 || !is_import(s, &writers[i]))
            continue;
        size_t first = find_origin(s, count, version, false);
        sweep(s, &writers[i], s->walk + first, find_origin(s, count, version, true) - first);
    }
}

void ayni_survivors_overwrite(const struct ayni_survivors *survivors,
                              const struct ayni_setting *writers, size_t writer_count,
                              struct ayni_setting *targets, size_t target_count)
{
    bool imports = false;

    for (size_t i = 0; i < target_count; i++)
        survivors->walk[i] = &targets[i];
    for (size_t i = 0; i < writer_count; i++) {
        if (version_of(survivors, &writers[i])->seen_count == 0)
            continue;
        if (is_import(survivors, &writers[i]))
            imports = true;
        else
            sweep(survivors, &writers[i], survivors->walk, target_count);
    }
    if (imports)
        sweep_by_origin(survivors, writers, writer_count, targets, target_count);
}
