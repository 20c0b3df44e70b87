#include <stdlib.h>

#include "proto/bundle_item.h"

#include "proto/seal.h"
#include "tests/support/federation.h"
#include "tests/support/volume.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every item of a chunk, and all that it holds. */
static void read_items(struct ayni_bytes rest)
{
    struct test_keys root = test_root();
    struct ayni_bundle_item item;
    struct ayni_bundle_space space;
    struct ayni_listed_head head;
    struct ayni_head end;

    for (size_t used; ayni_bundle_item_read(rest, &used, &item) == AYNI_OK;) {
        size_t position = 0;
        if (used == 0 || used > rest.size)
            abort();
        if (item.type == AYNI_BUNDLE_CONTENTS)
            while (ayni_bundle_contents_next(&item.contents, &position, &space))
                ;
        else if (item.type == AYNI_BUNDLE_HEADS)
            while (ayni_bundle_heads_next(&item.heads, &position, &head))
                ;
        else if (item.type == AYNI_BUNDLE_RUNS &&
                 ayni_bundle_runs_verify(&root.node, &item.runs, &end) == AYNI_OK &&
                 end.seq <= item.runs.from.seq)
            abort();
        rest = (struct ayni_bytes){ rest.data + used, rest.size - used };
    }
}

/* As its receiver reads it, to the first failure or to the end. */
static enum ayni_status read_volume(struct ayni_bytes bytes)
{
    SCOPED_BUNDLE_VOLUME volume = { 0 };
    struct test_memory memory = { bytes, 0 };
    struct ayni_bundle_source source = test_memory_source(&memory);
    struct test_keys receiver = test_keys(2);
    enum ayni_status status =
        ayni_bundle_volume_begin(&volume, &source, &receiver.node, &receiver.secret);

    while (status == AYNI_OK && (status = ayni_bundle_volume_next(&volume)) == AYNI_OK)
        read_items(ayni_buffer_bytes(&volume.plain));
    return status;
}

/* The bytes as what node 1 says at the end of a volume. */
static void read_end(struct ayni_bytes payload)
{
    SCOPED_TEST_VOLUME volume = { 0 };
    SCOPED_BUFFER end = { 0 };
    struct test_keys sender = test_keys(1);

    test_volume_begin(&volume, 1);
    ayni_cose_sign(payload, &sender.secret, &end);
    ayni_bundle_frame_put((struct ayni_bytes){ NULL, 0 }, &volume.bytes);
    ayni_bundle_frame_put(ayni_buffer_bytes(&end), &volume.bytes);
    (void)read_volume(ayni_buffer_bytes(&volume.bytes));
}

/* The bytes as a chunk of a volume that is whole and signed: a hostile member's. */
static void read_chunk(struct ayni_bytes bytes, bool packed)
{
    SCOPED_TEST_VOLUME volume = { 0 };

    test_volume_begin(&volume, 1);
    if (packed)
        test_volume_packed(&volume, bytes);
    else
        test_volume_chunk(&volume, bytes);
    test_volume_end(&volume, 1);
    enum ayni_status status = read_volume(ayni_buffer_bytes(&volume.bytes));
    if (!packed && status != AYNI_E_NOT_FOUND)
        abort();
}

/* As a volume, as a chunk before it is packed and after, as items, and as an end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ayni_bytes bytes = { data + 1, size - 1 };

    if (ayni_crypto_init() != AYNI_OK)
        abort();
    if (size == 0)
        return 0;
    switch (data[0] % 5) {
    case 0:
        (void)read_volume(bytes);
        break;
    case 1:
        if (bytes.size <= 65536)
            read_chunk(bytes, false);
        break;
    case 2:
        read_chunk(bytes, true);
        break;
    case 3:
        read_end(bytes);
        break;
    default:
        read_items(bytes);
    }
    return 0;
}
