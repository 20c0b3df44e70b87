#include "proto/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

enum { PIECE_ALIGN = alignof(max_align_t), BLOCK_SIZE_MIN = 1024 };

struct ayni_arena_block {
    struct ayni_arena_block *before;
    size_t size;
    alignas(PIECE_ALIGN) unsigned char room[];
};

static size_t room_left(const struct ayni_arena *arena)
{
    return arena->newest == NULL ? 0 : arena->newest->size - arena->used;
}

void ayni_arena_reserve(struct ayni_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2 || room_left(arena) >= size + PIECE_ALIGN)
        return;
    size_t room = size + PIECE_ALIGN < BLOCK_SIZE_MIN ? BLOCK_SIZE_MIN : size + PIECE_ALIGN;
    struct ayni_arena_block *block = malloc(sizeof(*block) + room);
    if (block == NULL)
        return;
    *block = (struct ayni_arena_block){.before = arena->newest, .size = room};
    arena->newest = block;
    arena->used = 0;
}

void *ayni_arena_take(struct ayni_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / 4 / size)
        return NULL;
    size_t taken = (count * size + PIECE_ALIGN - 1) / PIECE_ALIGN * PIECE_ALIGN;
    if (room_left(arena) < taken)
        ayni_arena_reserve(arena, taken);
    if (arena->newest == NULL || room_left(arena) < taken)
        return NULL;
    unsigned char *piece = arena->newest->room + arena->used;
    arena->used += taken;
    return piece;
}

void ayni_arena_free(struct ayni_arena *arena)
{
    while (arena->newest != NULL) {
        struct ayni_arena_block *before = arena->newest->before;
        free(arena->newest);
        arena->newest = before;
    }
    arena->used = 0;
}
