#ifndef AYNI_PROTO_ARENA_H
#define AYNI_PROTO_ARENA_H

#include "proto/bytes.h"

/*
 * Memory that is taken in many pieces and given back at once. All zero is an
 * empty one. Pieces stay where they are until the arena is freed. It remembers
 * that it once had no memory, so that a builder may ask once, at the end.
 */
struct ayni_arena {
    struct ayni_arena_block *newest;
    size_t used; /* of the newest block */
    bool failed;
};

/* Room for `size` bytes in all without asking the system again. A failure shows when it is taken.
 */
void ayni_arena_reserve(struct ayni_arena *arena, size_t size);
/* `count` things of `size` bytes, not cleared, aligned for any type; never NULL but where there is
 * no memory. */
void *ayni_arena_take(struct ayni_arena *arena, size_t count, size_t size);
/* The same, cleared. */
void *ayni_arena_zero(struct ayni_arena *arena, size_t count, size_t size);
/* A copy with a NUL after it. */
char *ayni_arena_text(struct ayni_arena *arena, struct ayni_bytes text);
/* AYNI_OK, or AYNI_E_MEMORY where anything that was taken was NULL. */
AYNI_CHECKED enum ayni_status ayni_arena_status(const struct ayni_arena *arena);
void ayni_arena_free(struct ayni_arena *arena); /* all zero again */

#define SCOPED_ARENA __attribute__((cleanup(ayni_arena_free))) struct ayni_arena

#endif
