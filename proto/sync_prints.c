#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/sync_parts.h"

static int compare_feeds(const void *a, const void *b)
{
    const struct sync_feed *x = *(struct sync_feed *const *)a;
    const struct sync_feed *y = *(struct sync_feed *const *)b;

    return ayni_id_compare(&x->id, &y->id);
}

void sync_sort_space(struct sync_space *space)
{
    if (!space->sorted && space->feed_count > 0)
        qsort(space->feeds, space->feed_count, sizeof(*space->feeds), compare_feeds);
    space->sorted = true;
}

static struct ayni_fingerprint print_of(struct ayni_hash hash)
{
    struct ayni_fingerprint print;

    memcpy(print.bytes, hash.bytes, sizeof(print.bytes));
    return print;
}

struct ayni_fingerprint sync_print_range(struct ayni_sync *sync, const struct sync_space *space,
                                         size_t from, size_t to)
{
    enum { PIECE = 4096 }; /* bytes that are hashed at a time */
    struct ayni_buffer *b = &sync->plain;
    struct ayni_hasher hasher;

    ayni_hasher_begin(&hasher);
    ayni_buffer_clear(b);
    ayni_cbor_put_array(b, 1 + 3 * (to - from));
    ayni_cbor_put_string(b, "ayni-heads-1");
    for (size_t i = from; i < to; i++) {
        const struct sync_feed *feed = space->feeds[i];
        ayni_cbor_put_id(b, &feed->id);
        ayni_cbor_put_uint(b, feed->seq);
        ayni_cbor_put_id(b, &feed->chain);
        if (b->size >= PIECE) {
            ayni_hasher_add(&hasher, ayni_buffer_bytes(b));
            ayni_buffer_clear(b);
        }
    }
    ayni_hasher_add(&hasher, ayni_buffer_bytes(b));
    return print_of(ayni_hasher_end(&hasher));
}

struct ayni_fingerprint sync_print_space(struct ayni_sync *sync, struct sync_space *space)
{
    if (!space->printed) {
        sync_sort_space(space);
        space->print = sync_print_range(sync, space, 0, space->feed_count);
        space->printed = true;
    }
    return space->print;
}

struct ayni_fingerprint sync_print_shared(struct ayni_sync *sync, const struct sync_peer *peer)
{
    struct ayni_buffer *b = &sync->scratch2;
    size_t count = 0;

    ayni_buffer_clear(&sync->scratch);
    for (size_t i = 0; i < sync->space_count; i++) {
        struct sync_space *space = sync->space_list[i];
        if (space->feed_count == 0 || !sync_shares(space, peer))
            continue;
        struct ayni_fingerprint print = sync_print_space(sync, space);
        ayni_cbor_put_id(&sync->scratch, &space->id);
        ayni_cbor_put_id(&sync->scratch, &print);
        count++;
    }
    ayni_buffer_clear(b);
    ayni_cbor_put_array(b, 1 + 2 * count);
    ayni_cbor_put_string(b, "ayni-spaces-1");
    ayni_buffer_append(b, sync->scratch.data, sync->scratch.size);
    return print_of(ayni_hash_of(ayni_buffer_bytes(b)));
}

size_t sync_find_bound(const struct sync_space *space, const struct ayni_bound *bound)
{
    size_t low = 0;
    size_t high = space->feed_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(space->feeds[middle]->id.bytes, bound->bytes, sizeof(bound->bytes)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct ayni_bound sync_bound_between(const struct sync_feed *below, const struct sync_feed *above)
{
    struct ayni_bound bound = { 0 };

    while (bound.size < sizeof(bound.bytes)) {
        uint8_t byte = above->id.bytes[bound.size];
        bound.bytes[bound.size++] = byte;
        if (byte != below->id.bytes[bound.size - 1])
            break;
    }
    return bound;
}
