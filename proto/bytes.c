#include "proto/bytes.h"

#include <stdlib.h>
#include <string.h>

struct ayni_bytes ayni_bytes_of_text(const char *text)
{
    return (struct ayni_bytes){ (const uint8_t *)text, strlen(text) };
}

bool ayni_bytes_equal(struct ayni_bytes a, struct ayni_bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int ayni_bytes_compare(struct ayni_bytes a, struct ayni_bytes b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);

    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

void ayni_buffer_free(struct ayni_buffer *buffer)
{
    if (!buffer->lent)
        free(buffer->data);
    *buffer = (struct ayni_buffer){ 0 };
}

void ayni_buffer_clear(struct ayni_buffer *buffer)
{
    buffer->size = 0;
}

/* Room for `size` more, in larger memory of its own. */
static bool grow(struct ayni_buffer *buffer, size_t size)
{
    size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;

    if (buffer->lent)
        return false;
    while (capacity - buffer->size < size && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    uint8_t *data = capacity - buffer->size < size ? NULL : realloc(buffer->data, capacity);
    if (data == NULL)
        return false;
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

/* Whether `size` more fit where they are: by far the commonest. */
static bool fits(const struct ayni_buffer *buffer, size_t size)
{
    return buffer->data != NULL && size <= buffer->capacity - buffer->size;
}

uint8_t *ayni_buffer_extend(struct ayni_buffer *buffer, size_t size)
{
    if (buffer->failed)
        return NULL;
    if (!fits(buffer, size) && !grow(buffer, size)) {
        buffer->failed = true;
        return NULL;
    }
    uint8_t *room = buffer->data + buffer->size;
    buffer->size += size;
    return room;
}

void ayni_buffer_append(struct ayni_buffer *buffer, const void *data, size_t size)
{
    if (size == 0 || buffer->failed)
        return;
    if (fits(buffer, size)) {
        memcpy(buffer->data + buffer->size, data, size);
        buffer->size += size;
        return;
    }
    uint8_t *room = ayni_buffer_extend(buffer, size);
    if (room != NULL)
        memcpy(room, data, size);
}

void ayni_buffer_append_byte(struct ayni_buffer *buffer, uint8_t byte)
{
    if (!buffer->failed && fits(buffer, 1)) {
        buffer->data[buffer->size++] = byte;
        return;
    }
    uint8_t *room = ayni_buffer_extend(buffer, 1);
    if (room != NULL)
        *room = byte;
}

void ayni_buffer_append_text(struct ayni_buffer *buffer, const char *text)
{
    ayni_buffer_append(buffer, text, strlen(text));
}

enum ayni_status ayni_buffer_status(const struct ayni_buffer *buffer)
{
    return buffer->failed ? AYNI_E_MEMORY : AYNI_OK;
}

void ayni_put_u16(uint8_t *to, uint16_t value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

void ayni_put_u32(uint8_t *to, uint32_t value)
{
    ayni_put_u16(to, (uint16_t)(value >> 16));
    ayni_put_u16(to + 2, (uint16_t)value);
}

void ayni_put_u64(uint8_t *to, uint64_t value)
{
    ayni_put_u32(to, (uint32_t)(value >> 32));
    ayni_put_u32(to + 4, (uint32_t)value);
}

uint16_t ayni_get_u16(const uint8_t *from)
{
    return (uint16_t)(from[0] << 8 | from[1]);
}

uint32_t ayni_get_u32(const uint8_t *from)
{
    return (uint32_t)ayni_get_u16(from) << 16 | ayni_get_u16(from + 2);
}

uint64_t ayni_get_u64(const uint8_t *from)
{
    return (uint64_t)ayni_get_u32(from) << 32 | ayni_get_u32(from + 4);
}
