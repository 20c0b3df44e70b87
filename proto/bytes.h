#ifndef AYNI_PROTO_BYTES_H
#define AYNI_PROTO_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/status.h"

/* A view of bytes that somebody else owns. `data` may be NULL when `size` is 0. */
struct ayni_bytes {
    const uint8_t *data;
    size_t size;
};

/* A view of a C string, without its NUL. */
struct ayni_bytes ayni_bytes_of_text(const char *text);
bool ayni_bytes_equal(struct ayni_bytes a, struct ayni_bytes b);
/* Bytewise order, a prefix first: <0, 0, >0. */
int ayni_bytes_compare(struct ayni_bytes a, struct ayni_bytes b);

/*
 * Bytes that grow. Remembers its first failure (no memory): after it nothing
 * is appended, so that a writer asks once, at the end. All zero is an empty one.
 */
struct ayni_buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool failed;
    bool lent; /* `data` is somebody's array: it does not grow, and is not freed here */
};

/* An empty buffer over an array of the caller's; one byte too many is its failure. */
static inline struct ayni_buffer ayni_buffer_over(void *room, size_t capacity)
{
    return (struct ayni_buffer){ .data = room, .capacity = capacity, .lent = true };
}

void ayni_buffer_free(struct ayni_buffer *buffer);  /* all zero again */
void ayni_buffer_clear(struct ayni_buffer *buffer); /* empty, its memory and failure kept */
void ayni_buffer_append(struct ayni_buffer *buffer, const void *data, size_t size);
void ayni_buffer_append_byte(struct ayni_buffer *buffer, uint8_t byte);
void ayni_buffer_append_text(struct ayni_buffer *buffer, const char *text);
/* Room for `size` more bytes, which the caller writes; NULL where there is no memory. */
uint8_t *ayni_buffer_extend(struct ayni_buffer *buffer, size_t size);
/* AYNI_OK or AYNI_E_MEMORY. */
AYNI_CHECKED enum ayni_status ayni_buffer_status(const struct ayni_buffer *buffer);

static inline struct ayni_bytes ayni_buffer_bytes(const struct ayni_buffer *buffer)
{
    return (struct ayni_bytes){ buffer->data, buffer->size };
}

/* A buffer that frees itself at the end of its scope. */
#define SCOPED_BUFFER __attribute__((cleanup(ayni_buffer_free))) struct ayni_buffer

/* Big-endian numbers, as keys and wires hold them. */
void ayni_put_u16(uint8_t *to, uint16_t value);
void ayni_put_u32(uint8_t *to, uint32_t value);
void ayni_put_u64(uint8_t *to, uint64_t value);
uint16_t ayni_get_u16(const uint8_t *from);
uint32_t ayni_get_u32(const uint8_t *from);
uint64_t ayni_get_u64(const uint8_t *from);

#endif
