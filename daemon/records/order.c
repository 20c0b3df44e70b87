#include "daemon/records/order.h"

#include <stdlib.h>
#include <string.h>

struct place {
    uint64_t head; /* of the key, after what all keys begin with */
    uint32_t index;
};

struct things {
    const void *things;
    order_key_of *key_of;
};

/* Zeros where the key ends early: then the whole keys decide. */
static uint64_t head_of(struct ayni_bytes key, size_t from)
{
    uint8_t head[8] = { 0 };
    size_t size = key.size - from < sizeof(head) ? key.size - from : sizeof(head);

    memcpy(head, key.data + from, size);
    return ayni_get_u64(head);
}

static int by_whole_key(const void *a, const void *b, void *context)
{
    const struct things *of = context;
    const struct place *left = a;
    const struct place *right = b;
    int order = ayni_bytes_compare(of->key_of(of->things, left->index),
                                   of->key_of(of->things, right->index));

    return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

/* One pass of a radix sort: by one byte of the heads, equal ones staying in their order. False, and
 * nothing moved, where that byte is the same in all. */
static bool sort_by_byte(const struct place *from, struct place *to, size_t count, unsigned shift)
{
    size_t starts[257] = { 0 };

    for (size_t i = 0; i < count; i++)
        starts[(from[i].head >> shift & 0xff) + 1]++;
    if (starts[(from[0].head >> shift & 0xff) + 1] == count)
        return false;
    for (size_t i = 1; i < 256; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < count; i++)
        to[starts[from[i].head >> shift & 0xff]++] = from[i];
    return true;
}

static struct place *sort_by_head(struct place *places, struct place *other, size_t count)
{
    for (unsigned shift = 0; shift < 64; shift += 8) {
        struct place *swapped = places;
        if (!sort_by_byte(places, other, count, shift))
            continue;
        places = other;
        other = swapped;
    }
    return places;
}

/* Where heads are equal, whole keys decide. */
static void sort_equal_heads(const struct things *of, struct place *places, size_t count)
{
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && places[to].head == places[from].head;)
            to++;
        if (to - from > 1)
            qsort_r(&places[from], to - from, sizeof(*places), by_whole_key, (void *)(uintptr_t)of);
    }
}

/* What all keys begin with. */
static size_t common_size(const struct things *of, size_t count)
{
    struct ayni_bytes first = of->key_of(of->things, 0);
    size_t common = first.size;

    for (size_t i = 1; i < count && common > 0; i++) {
        struct ayni_bytes key = of->key_of(of->things, i);
        size_t most = common < key.size ? common : key.size;
        if (most == common && memcmp(first.data, key.data, common) == 0)
            continue;
        for (common = 0; common < most && first.data[common] == key.data[common];)
            common++;
    }
    return common;
}

enum ayni_status order_by_key(const void *things, size_t count, order_key_of *key_of,
                              uint32_t **order)
{
    const struct things of = { things, key_of };
    struct place *places = calloc(2 * count + 1, sizeof(*places));
    uint32_t *made = calloc(count + 1, sizeof(*made));

    if (places == NULL || made == NULL) {
        free(places);
        free(made);
        return AYNI_E_MEMORY;
    }
    size_t common = count == 0 ? 0 : common_size(&of, count);
    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){ head_of(key_of(things, i), common), (uint32_t)i };
    struct place *sorted = count == 0 ? places : sort_by_head(places, places + count, count);
    sort_equal_heads(&of, sorted, count);
    for (size_t i = 0; i < count; i++)
        made[i] = sorted[i].index;
    free(places);
    *order = made;
    return AYNI_OK;
}
