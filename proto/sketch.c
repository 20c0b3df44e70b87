#include "proto/sketch.h"

#include "proto/cbor.h"

enum { CELL_SIZE = 4 + AYNI_SKETCH_SUM_SIZE, LISTED_SIZE = 16 + 16, CHECK_SIZE = 8 };

/* What one adds to a cell, and to which ones. */
struct trace {
    uint8_t sum[AYNI_SKETCH_SUM_SIZE];
    size_t cells[AYNI_SKETCH_PARTS];
};

static struct trace trace_of(const struct ayni_listed *listed)
{
    uint8_t room[64]; /* holds all of it: what is encoded has a fixed size */
    struct ayni_buffer hashed = ayni_buffer_over(room, sizeof(room));
    struct trace trace;
    struct ayni_hash hash;

    ayni_cbor_put_array(&hashed, 3);
    ayni_cbor_put_string(&hashed, "ayni-sketch-1");
    ayni_cbor_put_id(&hashed, &listed->id);
    ayni_cbor_put_bytes(&hashed, (struct ayni_bytes){ listed->digest, sizeof(listed->digest) });
    hash = ayni_hash_of(ayni_buffer_bytes(&hashed));
    memcpy(trace.sum, listed->id.bytes, 16);
    memcpy(trace.sum + 16, listed->digest, 16);
    memcpy(trace.sum + LISTED_SIZE, hash.bytes, CHECK_SIZE);
    for (size_t i = 0; i < AYNI_SKETCH_PARTS; i++)
        trace.cells[i] =
            AYNI_SKETCH_PART_CELLS * i + hash.bytes[CHECK_SIZE + i] % AYNI_SKETCH_PART_CELLS;
    return trace;
}

static void mix(struct ayni_sketch_cell *cell, const uint8_t *sum, uint32_t count)
{
    cell->count += count;
    for (size_t i = 0; i < AYNI_SKETCH_SUM_SIZE; i++)
        cell->sum[i] ^= sum[i];
}

static void mix_trace(struct ayni_sketch *sketch, const struct trace *trace, uint32_t count)
{
    for (size_t i = 0; i < AYNI_SKETCH_PARTS; i++)
        mix(&sketch->cells[trace->cells[i]], trace->sum, count);
}

void ayni_sketch_add(struct ayni_sketch *sketch, const struct ayni_listed *listed)
{
    struct trace trace = trace_of(listed);

    mix_trace(sketch, &trace, 1);
}

void ayni_sketch_encode(const struct ayni_sketch *sketch, uint8_t to[AYNI_SKETCH_SIZE])
{
    for (size_t i = 0; i < AYNI_SKETCH_CELLS; i++) {
        ayni_put_u32(to + CELL_SIZE * i, sketch->cells[i].count);
        memcpy(to + CELL_SIZE * i + 4, sketch->cells[i].sum, AYNI_SKETCH_SUM_SIZE);
    }
}

enum ayni_status ayni_sketch_decode(struct ayni_bytes bytes, struct ayni_sketch *sketch)
{
    if (bytes.size != AYNI_SKETCH_SIZE)
        return AYNI_E_MALFORMED;
    for (size_t i = 0; i < AYNI_SKETCH_CELLS; i++) {
        sketch->cells[i].count = ayni_get_u32(bytes.data + CELL_SIZE * i);
        memcpy(sketch->cells[i].sum, bytes.data + CELL_SIZE * i + 4, AYNI_SKETCH_SUM_SIZE);
    }
    return AYNI_OK;
}

/* --- what differs --- */

static const uint32_t once_less = UINT32_MAX; /* minus one */

/* Whether exactly one is left in the cell, on either side. */
static bool holds_one(const struct ayni_sketch *left, size_t at, struct ayni_listed *listed,
                      struct trace *trace)
{
    const struct ayni_sketch_cell *cell = &left->cells[at];

    if (cell->count != 1 && cell->count != once_less)
        return false;
    memcpy(listed->id.bytes, cell->sum, 16);
    memcpy(listed->digest, cell->sum + 16, 16);
    *trace = trace_of(listed);
    return memcmp(trace->sum, cell->sum, sizeof(trace->sum)) == 0 &&
           trace->cells[at / AYNI_SKETCH_PART_CELLS] == at;
}

static bool is_empty(const struct ayni_sketch *left)
{
    static const struct ayni_sketch_cell empty;

    for (size_t i = 0; i < AYNI_SKETCH_CELLS; i++)
        if (left->cells[i].count != 0 ||
            memcmp(left->cells[i].sum, empty.sum, sizeof(empty.sum)) != 0)
            return false;
    return true;
}

/* Take the next one out that stands alone in some cell; false where there is none. */
static bool take_one(struct ayni_sketch *left, struct ayni_sketch_difference *difference)
{
    struct ayni_listed listed;
    struct trace trace;

    for (size_t i = 0; i < AYNI_SKETCH_CELLS; i++) {
        if (!holds_one(left, i, &listed, &trace))
            continue;
        if (left->cells[i].count == 1)
            difference->first[difference->first_count++] = listed;
        else
            difference->second[difference->second_count++] = listed;
        mix_trace(left, &trace, 0 - left->cells[i].count);
        return true;
    }
    return false;
}

enum ayni_status ayni_sketch_compare(const struct ayni_sketch *first,
                                     const struct ayni_sketch *second,
                                     struct ayni_sketch_difference *difference)
{
    struct ayni_sketch left = *first;

    difference->first_count = difference->second_count = 0;
    for (size_t i = 0; i < AYNI_SKETCH_CELLS; i++)
        mix(&left.cells[i], second->cells[i].sum, 0 - second->cells[i].count);
    /* Cells that no list makes could go on for ever. */
    for (size_t i = 0; i < AYNI_SKETCH_CELLS && take_one(&left, difference); i++)
        ;
    return is_empty(&left) ? AYNI_OK : AYNI_E_NOT_FOUND;
}
