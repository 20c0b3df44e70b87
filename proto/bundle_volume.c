#include "proto/bundle_volume.h"

#include "proto/limits.h"

static enum ayni_status take(struct ayni_bundle_volume *volume, void *to, size_t size)
{
    enum ayni_status status = volume->source.read(volume->source.context, to, size);

    if (status == AYNI_OK)
        volume->size += size;
    return status;
}

/* The same past the first byte, where an end comes too early. */
static enum ayni_status take_more(struct ayni_bundle_volume *volume, void *to, size_t size)
{
    enum ayni_status status = take(volume, to, size);

    return status == AYNI_E_NOT_FOUND ? AYNI_E_TRUNCATED : status;
}

static enum ayni_status read_frame(struct ayni_bundle_volume *volume, struct ayni_buffer *frame)
{
    uint8_t bytes[AYNI_BUNDLE_FRAME_EXTRA];
    enum ayni_status status = take_more(volume, bytes, sizeof(bytes));

    if (status != AYNI_OK)
        return status;
    size_t size = ayni_get_u32(bytes);
    if (size > AYNI_BUNDLE_FRAME_MAX)
        return AYNI_E_LIMIT;
    ayni_buffer_clear(frame);
    if (size == 0)
        return AYNI_OK;
    uint8_t *room = ayni_buffer_extend(frame, size);
    return room == NULL ? AYNI_E_MEMORY : take_more(volume, room, size);
}

static enum ayni_status read_head(struct ayni_bundle_volume *volume)
{
    char magic[AYNI_BUNDLE_MAGIC_SIZE];
    enum ayni_status status = take(volume, magic, sizeof(magic));

    if (status == AYNI_OK && memcmp(magic, AYNI_BUNDLE_MAGIC, sizeof(magic)) != 0)
        status = AYNI_E_VERSION;
    if (status == AYNI_OK)
        status = read_frame(volume, &volume->head_bytes);
    if (status == AYNI_OK)
        status = ayni_bundle_head_decode(ayni_buffer_bytes(&volume->head_bytes), &volume->head);
    return status;
}

enum ayni_status ayni_bundle_volume_begin(struct ayni_bundle_volume *volume,
                                          const struct ayni_bundle_source *source,
                                          const struct ayni_node *node,
                                          const struct ayni_signing_key *secret)
{
    *volume = (struct ayni_bundle_volume){ .source = *source };
    enum ayni_status status = read_head(volume);

    if (status != AYNI_OK)
        return status;
    struct ayni_hash start = ayni_bundle_sum_start();
    volume->sum = ayni_bundle_sum_next(&start, ayni_buffer_bytes(&volume->head_bytes));
    volume->readable = ayni_id_equal(&volume->head.receiver, node);
    return volume->readable ? ayni_bundle_key_open(&volume->head, secret, &volume->key) : AYNI_OK;
}

static enum ayni_status read_end(struct ayni_bundle_volume *volume)
{
    enum ayni_status status = read_frame(volume, &volume->frame);

    if (status == AYNI_OK)
        status = ayni_bundle_end_decode(ayni_buffer_bytes(&volume->frame), &volume->head,
                                        &volume->sum, &volume->volumes);
    return status == AYNI_OK ? AYNI_E_NOT_FOUND : status;
}

enum ayni_status ayni_bundle_volume_next(struct ayni_bundle_volume *volume)
{
    ayni_buffer_clear(&volume->plain);
    enum ayni_status status = read_frame(volume, &volume->frame);

    if (status != AYNI_OK)
        return status;
    struct ayni_bytes chunk = ayni_buffer_bytes(&volume->frame);
    if (chunk.size == 0)
        return read_end(volume);
    volume->sum = ayni_bundle_sum_next(&volume->sum, chunk);
    volume->chunks++;
    if (!volume->readable)
        return AYNI_OK;
    return ayni_bundle_chunk_open(&volume->key, ayni_buffer_bytes(&volume->head_bytes),
                                  volume->chunks, chunk, &volume->plain);
}

void ayni_bundle_volume_done(struct ayni_bundle_volume *volume)
{
    ayni_buffer_free(&volume->head_bytes);
    ayni_buffer_free(&volume->frame);
    ayni_buffer_free(&volume->plain);
    ayni_wipe(&volume->key, sizeof(volume->key));
    *volume = (struct ayni_bundle_volume){ 0 };
}
