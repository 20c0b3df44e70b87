#include "tests/support/volume.h"

#include <stdlib.h>

#include "proto/bundle_item.h"
#include "tests/support/federation.h"

/* A sealed box has randomness in it, so this one was made once. */
static const char box_hex[] =
    "ef7595dd0345c24955cae1ed23c17093a63c805d6c8fa1a83e425620cdc0644ea5e6cb14f07600cf64d41c61249729"
    "b0ac9dac05e27ad7c1a7ed9d92be3a64114d564ddb27213f5fa10150041ec88254";
static uint8_t box[AYNI_SEALED_BOX_EXTRA + 32];

void test_volume_begin(struct test_volume *volume, uint32_t number)
{
    if (ayni_hex_parse(ayni_bytes_of_text(box_hex), box, sizeof(box)) != AYNI_OK)
        abort();
    *volume = (struct test_volume){ .key = { { 3, 1, 4, 1, 5, 9, 2, 6 } } };
    volume->head = (struct ayni_bundle_head){
        .root = test_root().node,
        .sender = test_keys(1).node,
        .receiver = test_keys(2).node,
        .bundle = { { 0xb0, 0x0b } },
        .time = { 1795317165678 },
        .volume = number,
        .box = { box, sizeof(box) },
    };
    ayni_bundle_head_encode(&volume->head, &volume->head_bytes);
    struct ayni_hash start = ayni_bundle_sum_start();
    volume->sum = ayni_bundle_sum_next(&start, ayni_buffer_bytes(&volume->head_bytes));
    ayni_buffer_append_text(&volume->bytes, AYNI_BUNDLE_MAGIC);
    ayni_bundle_frame_put(ayni_buffer_bytes(&volume->head_bytes), &volume->bytes);
}

void test_volume_packed(struct test_volume *volume, struct ayni_bytes packed)
{
    SCOPED_BUFFER chunk = { 0 };

    if (ayni_bundle_chunk_seal(&volume->key, ayni_buffer_bytes(&volume->head_bytes),
                               ++volume->chunks, packed, &chunk) != AYNI_OK)
        abort();
    volume->sum = ayni_bundle_sum_next(&volume->sum, ayni_buffer_bytes(&chunk));
    ayni_bundle_frame_put(ayni_buffer_bytes(&chunk), &volume->bytes);
}

void test_volume_chunk(struct test_volume *volume, struct ayni_bytes items)
{
    SCOPED_BUFFER packed = { 0 };

    test_stored_frame(items, &packed);
    test_volume_packed(volume, ayni_buffer_bytes(&packed));
}

void test_volume_end(struct test_volume *volume, uint32_t volumes)
{
    struct test_keys sender = test_keys(1);
    SCOPED_BUFFER end = { 0 };

    ayni_bundle_end_encode(&sender.secret, &volume->sum, volumes, &end);
    ayni_bundle_frame_put((struct ayni_bytes){ NULL, 0 }, &volume->bytes);
    ayni_bundle_frame_put(ayni_buffer_bytes(&end), &volume->bytes);
}

void test_volume_free(struct test_volume *volume)
{
    ayni_buffer_free(&volume->head_bytes);
    ayni_buffer_free(&volume->bytes);
}

void test_stored_frame(struct ayni_bytes plain, struct ayni_buffer *to)
{
    size_t size = plain.size < 256 ? plain.size : plain.size - 256;
    uint32_t block = (uint32_t)plain.size << 3 | 1;
    uint8_t head[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x20, (uint8_t)size, (uint8_t)(size >> 8) };
    uint8_t block_head[] = { (uint8_t)block, (uint8_t)(block >> 8), (uint8_t)(block >> 16) };

    head[4] = plain.size < 256 ? 0x20 : 0x60;
    ayni_buffer_append(to, head, plain.size < 256 ? 6 : 7);
    ayni_buffer_append(to, block_head, sizeof(block_head));
    ayni_buffer_append(to, plain.data, plain.size);
}

void test_items(struct ayni_buffer *to)
{
    struct ayni_bundle_space spaces[] = { { { { 1 } }, 3 }, { { { 2 } }, 0 } };
    SCOPED_BUFFER bytes = { 0 };
    struct test_history history;

    test_history_make(&history, 1, 3, 0);
    struct ayni_listed_head head = { ayni_feed_prefix_of(&history.feed), 3,
                                     ayni_chain_mark_of(&history.end.chain) };
    ayni_run_encode(&history.run, &bytes);
    struct ayni_bundle_runs runs = { history.feed, history.descriptor, history.start,
                                     ayni_buffer_bytes(&bytes) };
    ayni_bundle_contents_put(3, spaces, 2, to);
    ayni_bundle_heads_put(&head, 1, to);
    ayni_bundle_runs_put(&runs, to);
}

static enum ayni_status read_memory(void *context, void *to, size_t size)
{
    struct test_memory *memory = context;
    size_t left = memory->bytes.size - memory->position;

    if (left == 0 && size > 0)
        return AYNI_E_NOT_FOUND;
    if (left < size)
        return AYNI_E_TRUNCATED;
    memcpy(to, memory->bytes.data + memory->position, size);
    memory->position += size;
    return AYNI_OK;
}

struct ayni_bundle_source test_memory_source(struct test_memory *memory)
{
    return (struct ayni_bundle_source){ memory, read_memory };
}
