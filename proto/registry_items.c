#include "proto/registry_state.h"

#include <stdlib.h>
#include <string.h>

struct place place_of_item(const struct ayni_registry_item *item)
{
    return (struct place){ item->feed, item->node, item->seq, item->chain, item->time };
}

struct place place_of_cut(const struct ayni_registry_cut *cut)
{
    return (struct place){ cut->feed, cut->node, cut->seq, cut->chain, cut->time };
}

int place_order(const struct place *a, const struct place *b)
{
    if (a->time.ms != b->time.ms)
        return a->time.ms < b->time.ms ? -1 : 1;
    if (a->seq != b->seq)
        return a->seq < b->seq ? -1 : 1;

    int order = ayni_id_compare(&a->chain, &b->chain);
    return order != 0 ? order : ayni_id_compare(&a->feed, &b->feed);
}

static int compare_record(const struct ayni_registry_item *a, const struct ayni_registry_item *b)
{
    if (a->version->type != b->version->type)
        return a->version->type < b->version->type ? -1 : 1;
    return ayni_id_compare(&a->version->record, &b->version->record);
}

static int compare_items(const void *left, const void *right)
{
    const struct ayni_registry_item *a = *(const struct ayni_registry_item *const *)left;
    const struct ayni_registry_item *b = *(const struct ayni_registry_item *const *)right;
    int order = compare_record(a, b);

    if (order != 0)
        return order;
    struct place at = place_of_item(a), bt = place_of_item(b);
    return place_order(&at, &bt);
}

enum ayni_status items_sort(const struct ayni_registry_item *items, size_t count,
                            struct ayni_arena *memory, struct item_list *list)
{
    const struct ayni_registry_item **sorted = ayni_arena_take(memory, count + 1, sizeof(*sorted));
    size_t kept = 0;

    if (sorted == NULL)
        return AYNI_E_MEMORY;
    for (size_t i = 0; i < count; i++)
        sorted[i] = &items[i];
    qsort(sorted, count, sizeof(*sorted), compare_items);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || compare_items(&sorted[kept - 1], &sorted[i]) != 0)
            sorted[kept++] = sorted[i];
    *list = (struct item_list){ sorted, kept };
    return AYNI_OK;
}

struct record_key {
    uint32_t type;
    const struct ayni_record *record; /* NULL: below all of the type */
};

static int order_item(const void *thing, const void *wanted)
{
    const struct ayni_version *version =
        (*(const struct ayni_registry_item *const *)thing)->version;
    const struct record_key *key = wanted;

    if (version->type != key->type)
        return version->type < key->type ? -1 : 1;
    return key->record == NULL ? 1 : ayni_id_compare(&version->record, key->record);
}

static size_t list_lower(const struct item_list *list, uint32_t type,
                         const struct ayni_record *record)
{
    struct record_key key = { type, record };
    return state_lower(list->items, list->count, sizeof(*list->items), &key, order_item);
}

struct item_list items_of_type(const struct item_list *list, uint32_t type)
{
    size_t from = list_lower(list, type, NULL);
    size_t to = type == UINT32_MAX ? list->count : list_lower(list, type + 1, NULL);

    return (struct item_list){ list->items + from, to - from };
}

struct item_list items_of_record(const struct item_list *list, uint32_t type,
                                 const struct ayni_record *record)
{
    size_t from = list_lower(list, type, record);
    struct item_list rest = { list->items + from, list->count - from };
    struct item_list group;

    if (!items_next_record(&rest, &group) || group.items[0]->version->type != type ||
        !ayni_id_equal(&group.items[0]->version->record, record))
        return (struct item_list){ list->items, 0 };
    return group;
}

bool items_next_record(struct item_list *rest, struct item_list *group)
{
    size_t count = 0;

    while (count < rest->count && compare_record(rest->items[0], rest->items[count]) == 0)
        count++;
    *group = (struct item_list){ rest->items, count };
    rest->items += count;
    rest->count -= count;
    return count > 0;
}
