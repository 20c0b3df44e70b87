#include "daemon/records/draw.h"

#include <stdlib.h>
#include <string.h>

#include "proto/cbor.h"

static const char domain[] = "ayni-sample-1";

enum ayni_status draw_begin(struct draw *draw, const char *seed, size_t wanted)
{
    *draw = (struct draw){ .seed = ayni_bytes_of_text(seed), .wanted = wanted };
    draw->items = calloc(wanted, sizeof(*draw->items));
    return draw->items == NULL ? AYNI_E_MEMORY : AYNI_OK;
}

void draw_free(struct draw *draw)
{
    free(draw->items);
    *draw = (struct draw){ .items = NULL };
}

static int by_lot(const void *a, const void *b)
{
    const struct drawn *one = a, *other = b;

    return ayni_id_compare(&one->lot, &other->lot);
}

static void swap(struct drawn *a, struct drawn *b)
{
    struct drawn kept = *a;
    *a = *b;
    *b = kept;
}

/* The last one up to where none above it is lower. */
static void sift_up(struct draw *draw)
{
    size_t at = draw->count - 1;

    while (at > 0 && by_lot(&draw->items[at], &draw->items[(at - 1) / 2]) > 0) {
        swap(&draw->items[at], &draw->items[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

/* The first one down to where none below it is higher. */
static void sift_down(struct draw *draw)
{
    size_t at = 0, child;

    while ((child = 2 * at + 1) < draw->count) {
        if (child + 1 < draw->count && by_lot(&draw->items[child + 1], &draw->items[child]) > 0)
            child++;
        if (by_lot(&draw->items[child], &draw->items[at]) <= 0)
            return;
        swap(&draw->items[child], &draw->items[at]);
        at = child;
    }
}

/* A lot that can't be computed for want of memory can't be: it is of fixed size on the stack. */
static struct ayni_hash lot_of(const struct draw *draw, const struct record_key *key)
{
    SCOPED_BUFFER list = { 0 };

    ayni_cbor_put_array(&list, 4);
    ayni_cbor_put_text(&list, ayni_bytes_of_text(domain));
    ayni_cbor_put_text(&list, draw->seed);
    ayni_cbor_put_uint(&list, key->type);
    ayni_cbor_put_id(&list, &key->record);
    return ayni_hash_of(ayni_buffer_bytes(&list));
}

void draw_offer(struct draw *draw, const struct record_key *key)
{
    const struct drawn offered = { lot_of(draw, key), *key };

    draw->population++;
    if (draw->count < draw->wanted) {
        draw->items[draw->count++] = offered;
        sift_up(draw);
    } else if (by_lot(&offered, &draw->items[0]) < 0) {
        draw->items[0] = offered;
        sift_down(draw);
    }
}

void draw_end(struct draw *draw)
{
    if (draw->count > 1)
        qsort(draw->items, draw->count, sizeof(*draw->items), by_lot);
}

/* --- seeds --- */

void draw_seed(char seed[DRAW_SEED_SIZE])
{
    uint8_t bytes[16];

    ayni_random(bytes, sizeof(bytes));
    ayni_hex_text((struct ayni_bytes){ bytes, sizeof(bytes) }, seed);
}

bool draw_seed_valid(const char *seed)
{
    size_t size = strlen(seed);

    return size > 0 && size < DRAW_SEED_SIZE &&
           strspn(seed, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._") ==
               size;
}
