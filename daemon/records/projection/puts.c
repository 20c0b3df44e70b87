#include "daemon/records/projection/puts.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/order.h"

static struct views_item *next_item(struct puts *puts)
{
    size_t wider = puts->capacity == 0 ? 256 : puts->capacity * 2;
    struct views_item *grown;

    if (puts->count == puts->capacity) {
        grown = reallocarray(puts->items, wider, sizeof(*grown));
        if (grown == NULL) {
            puts->failed = true;
            return NULL;
        }
        puts->items = grown;
        puts->capacity = wider;
    }
    return &puts->items[puts->count];
}

static void add(struct puts *puts, struct ayni_bytes key, struct ayni_bytes value, bool removed)
{
    struct views_item *item = puts->failed ? NULL : next_item(puts);
    uint8_t *room = item == NULL ? NULL : ayni_arena_take(&puts->memory, key.size + value.size, 1);

    if (room == NULL) {
        puts->failed = true;
        return;
    }
    memcpy(room, key.data, key.size);
    if (value.size > 0)
        memcpy(room + key.size, value.data, value.size);
    *item = (struct views_item){ .key = { room, key.size },
                                 .value = { room + key.size, value.size },
                                 .removed = removed };
    if (puts->count > 0 && ayni_bytes_compare(item[-1].key, item->key) >= 0)
        puts->unsorted = true;
    puts->count++;
}

void puts_add(struct puts *puts, struct ayni_bytes key, struct ayni_bytes value)
{
    add(puts, key, value, false);
}

void puts_remove(struct puts *puts, struct ayni_bytes key)
{
    add(puts, key, (struct ayni_bytes){ 0 }, true);
}

static struct ayni_bytes key_of(const void *items, size_t index)
{
    return ((const struct views_item *)items)[index].key;
}

/* The last of its kind stands. */
static enum ayni_status sort(struct puts *puts)
{
    struct views_item *sorted = calloc(puts->count, sizeof(*sorted));
    uint32_t *order = NULL;
    size_t kept = 0;
    enum ayni_status status =
        sorted == NULL ? AYNI_E_MEMORY : order_by_key(puts->items, puts->count, key_of, &order);

    if (status != AYNI_OK) {
        free(sorted);
        return status;
    }
    for (size_t i = 0; i < puts->count; i++) {
        const struct views_item *item = &puts->items[order[i]];
        if (kept > 0 && ayni_bytes_equal(sorted[kept - 1].key, item->key))
            kept--;
        sorted[kept++] = *item;
    }
    free(order);
    free(puts->items);
    puts->items = sorted;
    puts->capacity = puts->count;
    puts->count = kept;
    return AYNI_OK;
}

enum ayni_status puts_sort(struct puts *puts)
{
    if (puts->failed)
        return AYNI_E_MEMORY;
    return puts->unsorted ? sort(puts) : AYNI_OK;
}

enum ayni_status puts_flush(struct puts *puts, struct views_txn *txn, size_t table)
{
    enum ayni_status status = puts_sort(puts);

    if (status == AYNI_OK && puts->count > 0)
        status = views_put_sorted(txn, table, puts->items, puts->count);
    puts_free(puts);
    return status;
}

void puts_free(struct puts *puts)
{
    ayni_arena_free(&puts->memory);
    free(puts->items);
    *puts = (struct puts){ 0 };
}
