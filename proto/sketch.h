#ifndef AYNI_PROTO_SKETCH_H
#define AYNI_PROTO_SKETCH_H

#include "proto/child_list.h"

/*
 * A sketch of a list (proto/child_list.h): of constant size, and enough to say in what two lists
 * differ where that is little, some thirty edits or sixty names, however long they are. An
 * invertible table of sums; docs/protocol.md, section 4.9. Nothing of it is believed: whoever has
 * found the differences makes the other list of them, whose hash is known.
 */
enum {
    AYNI_SKETCH_PARTS = 4, /* each of the list is in one cell of each part */
    AYNI_SKETCH_PART_CELLS = 24,
    AYNI_SKETCH_CELLS = AYNI_SKETCH_PARTS * AYNI_SKETCH_PART_CELLS,
    AYNI_SKETCH_SUM_SIZE = 16 + 16 + 8,
    AYNI_SKETCH_SIZE = AYNI_SKETCH_CELLS * (4 + AYNI_SKETCH_SUM_SIZE), /* as bytes */
};

struct ayni_sketch_cell {
    uint32_t count;                    /* modulo 2^32 */
    uint8_t sum[AYNI_SKETCH_SUM_SIZE]; /* exclusive or of ids, digests and checks */
};
/* All zero: of an empty list. */
struct ayni_sketch {
    struct ayni_sketch_cell cells[AYNI_SKETCH_CELLS];
};

void ayni_sketch_add(struct ayni_sketch *sketch, const struct ayni_listed *listed);

void ayni_sketch_encode(const struct ayni_sketch *sketch, uint8_t to[AYNI_SKETCH_SIZE]);
/* AYNI_E_MALFORMED: it hasn't got that size. */
AYNI_CHECKED enum ayni_status ayni_sketch_decode(struct ayni_bytes bytes,
                                                 struct ayni_sketch *sketch);

/* In what two lists differ: those that only one of them has. */
struct ayni_sketch_difference {
    struct ayni_listed first[AYNI_SKETCH_CELLS]; /* only in the first */
    size_t first_count;
    struct ayni_listed second[AYNI_SKETCH_CELLS];
    size_t second_count;
};
/* AYNI_E_NOT_FOUND: they differ in more than can be said, or one of them is of no list. */
AYNI_CHECKED enum ayni_status ayni_sketch_compare(const struct ayni_sketch *first,
                                                  const struct ayni_sketch *second,
                                                  struct ayni_sketch_difference *difference);

#endif
