#include "daemon/bundle/bundle_writer.h"

#include <stdlib.h>

#include "proto/compress.h"
#include "proto/limits.h"

enum {
    CHUNK_SIZE = 256 * 1024, /* of items, before they are packed */
    END_SIZE = 256,          /* a frame without bytes and the end; less than that */
};

struct bundle_writer {
    struct bundle_writer_options options;
    struct ayni_buffer items; /* of the chunk to come */
    struct ayni_buffer packed, chunk, frames;
    uint32_t volume;         /* that is written; 0: none yet */
    uint64_t volume_size;    /* of what was written of it */
    uint64_t size, chunks;   /* of all volumes; of this one */
    struct ayni_buffer ends; /* struct ayni_hash: the sum of each volume */
    struct ayni_buffer head; /* of this volume, encoded */
    struct ayni_bundle_key key;
    struct ayni_hash sum;
};

size_t bundle_writer_item_size(uint64_t volume_size)
{
    return volume_size == 0 || volume_size / 4 > CHUNK_SIZE ? CHUNK_SIZE
                                                            : (size_t)(volume_size / 4);
}

enum ayni_status bundle_writer_new(const struct bundle_writer_options *options,
                                   struct bundle_writer **writer)
{
    struct bundle_writer *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->options = *options;
    *writer = made;
    return AYNI_OK;
}

void bundle_writer_free(struct bundle_writer *writer)
{
    if (writer == NULL)
        return;
    ayni_buffer_free(&writer->items);
    ayni_buffer_free(&writer->packed);
    ayni_buffer_free(&writer->chunk);
    ayni_buffer_free(&writer->frames);
    ayni_buffer_free(&writer->ends);
    ayni_buffer_free(&writer->head);
    ayni_wipe(&writer->key, sizeof(writer->key));
    free(writer);
}

/* --- bytes of a volume --- */

/* Hand over what is in `frames`. */
static enum ayni_status flush(struct bundle_writer *writer, uint32_t volume)
{
    struct ayni_bytes frames = ayni_buffer_bytes(&writer->frames);
    enum ayni_status status = ayni_buffer_status(&writer->frames);

    if (status == AYNI_OK)
        status = writer->options.sink.write(writer->options.sink.context, volume, frames);
    writer->volume_size += frames.size;
    writer->size += frames.size;
    ayni_buffer_clear(&writer->frames);
    return status;
}

/* A chunk of what is packed, in the volume that is written. */
static enum ayni_status put_chunk(struct bundle_writer *writer, struct ayni_bytes packed)
{
    ayni_buffer_clear(&writer->chunk);
    enum ayni_status status = ayni_bundle_chunk_seal(&writer->key, ayni_buffer_bytes(&writer->head),
                                                     ++writer->chunks, packed, &writer->chunk);

    if (status != AYNI_OK)
        return status;
    writer->sum = ayni_bundle_sum_next(&writer->sum, ayni_buffer_bytes(&writer->chunk));
    ayni_bundle_frame_put(ayni_buffer_bytes(&writer->chunk), &writer->frames);
    return flush(writer, writer->volume);
}

static enum ayni_status put_contents(struct bundle_writer *writer)
{
    SCOPED_BUFFER packed = { 0 };
    enum ayni_status status = ayni_compress(writer->options.contents, &packed);

    return status == AYNI_OK ? put_chunk(writer, ayni_buffer_bytes(&packed)) : status;
}

/* The volume that is written is full; its end follows when all are. */
static void close_volume(struct bundle_writer *writer)
{
    if (writer->volume > 0)
        ayni_buffer_append(&writer->ends, &writer->sum, sizeof(writer->sum));
}

static enum ayni_status open_volume(struct bundle_writer *writer)
{
    struct ayni_bundle_head head = writer->options.head;
    SCOPED_BUFFER box = { 0 };

    if (writer->volume == AYNI_BUNDLE_VOLUMES_MAX)
        return AYNI_E_LIMIT;
    enum ayni_status status = ayni_bundle_key_make(&head.receiver, &writer->key, &box);
    if (status != AYNI_OK)
        return status;
    head.volume = ++writer->volume;
    head.box = ayni_buffer_bytes(&box);
    ayni_buffer_clear(&writer->head);
    ayni_bundle_head_encode(&head, &writer->head);
    struct ayni_hash start = ayni_bundle_sum_start();
    writer->sum = ayni_bundle_sum_next(&start, ayni_buffer_bytes(&writer->head));
    writer->volume_size = writer->chunks = 0;
    ayni_buffer_append_text(&writer->frames, AYNI_BUNDLE_MAGIC);
    ayni_bundle_frame_put(ayni_buffer_bytes(&writer->head), &writer->frames);
    status = ayni_buffer_status(&writer->head);
    return status == AYNI_OK ? put_contents(writer) : status;
}

/* --- items --- */

/* Whether what is packed still goes into the volume that is written. */
static bool has_room(const struct bundle_writer *writer)
{
    uint64_t size = writer->packed.size + AYNI_BUNDLE_CHUNK_EXTRA + AYNI_BUNDLE_FRAME_EXTRA;

    return writer->volume > 0 &&
           (writer->options.volume_size == 0 ||
            writer->volume_size + size + END_SIZE <= writer->options.volume_size);
}

static enum ayni_status write_items(struct bundle_writer *writer)
{
    if (writer->items.size == 0 && writer->volume > 0)
        return AYNI_OK;
    ayni_buffer_clear(&writer->packed);
    enum ayni_status status = ayni_compress(ayni_buffer_bytes(&writer->items), &writer->packed);
    if (status == AYNI_OK && !has_room(writer)) {
        close_volume(writer);
        status = open_volume(writer);
    }
    if (status == AYNI_OK && writer->items.size > 0)
        status = put_chunk(writer, ayni_buffer_bytes(&writer->packed));
    ayni_buffer_clear(&writer->items);
    return status;
}

enum ayni_status bundle_writer_put(struct bundle_writer *writer, struct ayni_bytes item)
{
    size_t wanted = bundle_writer_item_size(writer->options.volume_size);
    enum ayni_status status = AYNI_OK;

    if (writer->items.size + item.size > AYNI_BUNDLE_CHUNK_MAX)
        status = write_items(writer);
    ayni_buffer_append(&writer->items, item.data, item.size);
    if (status == AYNI_OK)
        status = ayni_buffer_status(&writer->items);
    if (status == AYNI_OK && writer->items.size >= wanted)
        status = write_items(writer);
    return status;
}

static enum ayni_status write_end(struct bundle_writer *writer, uint32_t volume)
{
    const struct ayni_hash *sums = (const struct ayni_hash *)writer->ends.data;
    SCOPED_BUFFER end = { 0 };

    ayni_bundle_end_encode(writer->options.secret, &sums[volume - 1], writer->volume, &end);
    ayni_bundle_frame_put((struct ayni_bytes){ NULL, 0 }, &writer->frames);
    ayni_bundle_frame_put(ayni_buffer_bytes(&end), &writer->frames);
    enum ayni_status status = ayni_buffer_status(&end);
    return status == AYNI_OK ? flush(writer, volume) : status;
}

enum ayni_status bundle_writer_end(struct bundle_writer *writer, uint32_t *volumes, uint64_t *size)
{
    enum ayni_status status = write_items(writer);

    if (status == AYNI_OK) {
        close_volume(writer);
        status = ayni_buffer_status(&writer->ends);
    }
    for (uint32_t volume = 1; status == AYNI_OK && volume <= writer->volume; volume++)
        status = write_end(writer, volume);
    if (status != AYNI_OK)
        return status;
    *volumes = writer->volume;
    *size = writer->size;
    return AYNI_OK;
}
