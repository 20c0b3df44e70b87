#include "proto/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE_ALIGN = alignof(max_align_t), BLOCK_SIZE_MIN = 2048 };

struct ayni_arena_block {
    struct ayni_arena_block *before;
    size_t size;
    alignas(PIECE_ALIGN) unsigned char room[];
};

static size_t room_left(const struct ayni_arena *arena)
{
    return arena->newest == NULL ? 0 : arena->newest->size - arena->used;
}

static void add_block(struct ayni_arena *arena, size_t size)
{
    struct ayni_arena_block *block = size > SIZE_MAX / 2 ? NULL : malloc(sizeof(*block) + size);

    if (block == NULL)
        return;
    *block = (struct ayni_arena_block){ .before = arena->newest, .size = size };
    arena->newest = block;
    arena->used = 0;
}

void ayni_arena_reserve(struct ayni_arena *arena, size_t size)
{
    if (room_left(arena) < size)
        add_block(arena, size);
}

/* Blocks double, so that many pieces take few of them. */
static size_t next_block_size(const struct ayni_arena *arena, size_t wanted)
{
    size_t size = arena->newest == NULL ? BLOCK_SIZE_MIN : 2 * arena->newest->size;

    return size < wanted ? wanted : size;
}

static void *failed(struct ayni_arena *arena)
{
    arena->failed = true;
    return NULL;
}

void *ayni_arena_take(struct ayni_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / 4 / size)
        return failed(arena);
    size_t taken = (count * size + PIECE_ALIGN - 1) / PIECE_ALIGN * PIECE_ALIGN;
    if (arena->newest == NULL || room_left(arena) < taken)
        add_block(arena, next_block_size(arena, taken));
    if (arena->newest == NULL || room_left(arena) < taken)
        return failed(arena);
    unsigned char *piece = arena->newest->room + arena->used;
    arena->used += taken;
    return piece;
}

void *ayni_arena_zero(struct ayni_arena *arena, size_t count, size_t size)
{
    void *piece = ayni_arena_take(arena, count, size);

    if (piece != NULL)
        memset(piece, 0, count * size);
    return piece;
}

char *ayni_arena_text(struct ayni_arena *arena, struct ayni_bytes text)
{
    char *copy = ayni_arena_take(arena, text.size + 1, 1);

    if (copy == NULL)
        return NULL;
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    return copy;
}

enum ayni_status ayni_arena_status(const struct ayni_arena *arena)
{
    return arena->failed ? AYNI_E_MEMORY : AYNI_OK;
}

void ayni_arena_free(struct ayni_arena *arena)
{
    while (arena->newest != NULL) {
        struct ayni_arena_block *before = arena->newest->before;
        free(arena->newest);
        arena->newest = before;
    }
    arena->used = 0;
    arena->failed = false;
}
